// Logs in, refreshes and logs out with the types that openapi-typescript generated of doorward's document, through
// openapi-fetch. The TypeScript compiler has checked this file against the types.
//
// Arguments: the URL, a user's name and password.

import createClient from "openapi-fetch";
import type { paths } from "./doorward.js";

const [url, username, password] = process.argv.slice(2) as [string, string, string];
let failed = false;

function check(what: string, isSo: boolean | undefined) {
  failed ||= !isSo;
  console.log(`openapi-typescript: ${what} ... ${isSo ? "ok" : "FAILED"}`);
}

const client = createClient<paths>({ baseUrl: url });
const loggedIn = await client.POST("/api/login/", { body: { username, password } });
check("logs in", loggedIn.data?.user.username === username);
const blank = await client.POST("/api/register/", { body: { username: "", email: "", password: "" } });
check("is refused", blank.response.status === 400 && blank.error !== undefined);
// Simple JWT's documents have one type for a request and its answer.
const pair = await client.POST("/api/token/", { body: { username, password, access: "", refresh: "" } });
const fresh = await client.POST("/api/token/refresh/", { body: { refresh: pair.data?.refresh ?? "", access: "" } });
const headers = { Authorization: `Bearer ${fresh.data?.access}` };
const user = await client.GET("/api/user/", { headers });
check("refreshes, and reads the user", user.data?.username === username);
const out = await client.POST("/api/logout/", { headers, body: { all: false } });
check("logs out", out.data?.Success.startsWith("Logout"));
const after = await client.GET("/api/user/", { headers });
const error = after.error;
check("is logged out, and has a type for that", error && "code" in error && error.code === "token_not_valid");
process.exitCode = Number(failed);
