// The authProvider of a react-admin application whose users log in at doorward.
//
//   import { Admin } from "react-admin";
//   import { authProvider } from "./react-admin.mjs";
//   <Admin authProvider={authProvider("https://accounts.example.com")} … />
//
//   node react-admin.mjs http://127.0.0.1:8000 alice PASSWORD [SECONDS]     calls it as react-admin does

import { Doorward } from "./fetch.mjs";

/** What react-admin asks: https://marmelab.com/react-admin/AuthProviderWriting.html */
export function authProvider(base) {
  let client;
  return {
    async login({ username, password }) {
      const next = new Doorward(base);
      await next.logIn(username, password);
      client = next;
    },
    async logout() {
      // Logging out twice, or after the session has ended, is no error.
      await client?.logOut().catch(() => {});
      client = undefined;
    },
    async checkAuth() {
      if (!client) throw new Error("not logged in");
    },
    async checkError(error) {
      if (error.status === 401) throw new Error("the session has ended");
    },
    async getIdentity() {
      const user = await client.get("/api/user/");
      return { id: user.id ?? user.username, fullName: user.username };
    },
    getPermissions: async () => undefined,
    /** For a dataProvider: JSON from doorward or from a service that accepts its tokens. */
    get: (path) => client.get(path),
  };
}

if (globalThis.process?.argv[1]?.endsWith("react-admin.mjs")) {
  const [base, username, password, seconds = 0] = process.argv.slice(2);
  const provider = authProvider(base);
  try {
    await provider.login({ username, password });
    await provider.checkAuth();
    console.log("logged in as", (await provider.getIdentity()).fullName);
    await new Promise((resume) => setTimeout(resume, seconds * 1000));
    console.log("still", (await provider.getIdentity()).fullName);
    await provider.logout();
    await provider.checkAuth().then(() => process.exit(2), () => console.log("logged out"));
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
