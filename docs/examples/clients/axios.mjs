// A client with axios: an interceptor refreshes the access token, and requests that fail meanwhile wait for it.
//
//   npm install axios
//   node axios.mjs http://127.0.0.1:8000 alice PASSWORD [SECONDS]

import axios from "axios";

/** An axios instance that is logged in, with `logOut`. */
export async function logIn(baseURL, username, password) {
  const plain = axios.create({ baseURL });
  let tokens = (await plain.post("/api/token/", { username, password })).data;
  let refreshing;

  const api = axios.create({ baseURL });
  api.interceptors.request.use((request) => {
    request.headers.Authorization = `Bearer ${tokens.access}`;
    return request;
  });
  api.interceptors.response.use(undefined, async (error) => {
    const request = error.config;
    if (error.response?.status !== 401 || request.isRetried) throw error;
    request.isRetried = true;
    // Requests that fail together wait for one refresh. With rotation it has a new refresh token.
    refreshing ??= plain
      .post("/api/token/refresh/", { refresh: tokens.refresh })
      .then(({ data }) => (tokens = { ...tokens, ...data }))
      .finally(() => (refreshing = undefined));
    await refreshing;
    return api(request);
  });
  api.logOut = () => plain.post("/api/token/blacklist/", { refresh: tokens.refresh });
  return api;
}

if (globalThis.process?.argv[1]?.endsWith("axios.mjs")) {
  const [base, username, password, seconds = 0] = process.argv.slice(2);
  try {
    const api = await logIn(base, username, password);
    console.log("logged in as", (await api.get("/api/user/")).data.username);
    await new Promise((resume) => setTimeout(resume, seconds * 1000));
    const answers = await Promise.all([1, 2, 3].map(() => api.get("/api/user/")));
    console.log("still", ...new Set(answers.map((answer) => answer.data.username)));
    await api.logOut();
    console.log("logged out");
  } catch (error) {
    // {"detail": "…"}, or a list of errors for each field.
    console.error(error.response ? `${error.response.status}: ${JSON.stringify(error.response.data)}` : error.message);
    process.exit(1);
  }
}
