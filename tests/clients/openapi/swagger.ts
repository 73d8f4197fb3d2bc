// Logs in, refreshes and logs out with the client that swagger-typescript-api generated of doorward's document. The
// TypeScript compiler has checked this file against it.
//
// Arguments: the URL, a user's name and password.

import { Api } from "./api.js";

const [url, username, password] = process.argv.slice(2) as [string, string, string];
let failed = false;

function check(what: string, isSo: boolean) {
  failed ||= !isSo;
  console.log(`swagger-typescript-api: ${what} ... ${isSo ? "ok" : "FAILED"}`);
}

const { api } = new Api({ baseUrl: url });
const loggedIn = await api.loginCreate({ username, password });
check("logs in", loggedIn.data.user.username === username);
const wrong = await api.loginCreate({ username, password: "wrong" }).catch((reply: Response) => reply.status);
check("throws for wrong credentials", wrong === 404);
// Simple JWT's documents have one type for a request and its answer.
const pair = await api.tokenCreate({ username, password, access: "", refresh: "" });
const fresh = await api.tokenRefreshCreate({ refresh: pair.data.refresh, access: "" });
const signed = { headers: { Authorization: `Bearer ${fresh.data.access}` } };
const user = await api.userRetrieve(signed);
check("refreshes, and reads the user", user.data.username === username);
const out = await api.logoutCreate({}, signed);
check("logs out", out.data.Success.startsWith("Logout"));
const after = await api.userRetrieve(signed).catch((reply: Response) => reply.status);
check("is logged out", after === 401);
process.exitCode = Number(failed);
