// Checks with jose the tokens of a running doorward whose signing key is known (scripts/clients).
//
// Arguments: the folder with jose, the URL, the key, a user's name and password.

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [folder, url, secret, username, password] = process.argv.slice(2);
const { SignJWT, errors, jwtVerify } = createRequire(`${folder}/package.json`)("jose");
const { version } = JSON.parse(readFileSync(`${folder}/node_modules/jose/package.json`));
const key = new TextEncoder().encode(secret);
const algorithms = ["HS256"];

function check(what, isSo) {
  console.log(`jose ${version}: ${what} ... ${isSo ? "ok" : "FAILED"}`);
  if (!isSo) process.exitCode = 1;
}

async function call(path, body, token) {
  const headers = { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) };
  const answer = await fetch(url + path, { method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body) });
  return { status: answer.status, said: await answer.json() };
}

const refuses = (token, withKey = key) =>
  jwtVerify(token, withKey, { algorithms }).then(
    () => false,
    (error) => error instanceof errors.JWSSignatureVerificationFailed,
  );

/** A token with the signature of another one and other claims. */
function tampered(token) {
  const [head, payload, signature] = token.split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url"));
  const forged = Buffer.from(JSON.stringify({ ...claims, user_id: claims.user_id + 1 })).toString("base64url");
  return [head, forged, signature].join(".");
}

const { said: pair } = await call("/api/token/", { username, password });
for (const kind of ["access", "refresh"]) {
  const { payload, protectedHeader } = await jwtVerify(pair[kind], key, { algorithms, requiredClaims: ["exp", "iat", "jti"] });
  check(`the ${kind} token has a valid signature`, protectedHeader.alg === "HS256" && payload.token_type === kind);
  const other = new TextEncoder().encode("another key".repeat(4));
  check("a tampered token and another key are refused", (await refuses(tampered(pair[kind]))) && (await refuses(pair[kind], other)));
}

const { payload } = await jwtVerify(pair.access, key, { algorithms });
const minted = await new SignJWT({ token_type: "access", jti: randomUUID().replaceAll("-", ""), user_id: payload.user_id })
  .setProtectedHeader({ alg: "HS256", typ: "JWT" })
  .setIssuedAt()
  .setExpirationTime("5m")
  .sign(key);
const { status, said } = await call("/api/user/", undefined, minted);
check(`doorward accepts a token of jose: ${JSON.stringify(said)}`, status === 200 && said.username === username);
