// Checks with jose and jwks-rsa the tokens that a running doorward signs with a key pair (scripts/clients).
//
// Arguments: the folder with the packages, the URL, the algorithm, a user's name and password, and a command that
// rotates the keys at once.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [folder, url, algorithm, username, password, program, ...rotate] = process.argv.slice(2);
const require = createRequire(`${folder}/package.json`);
const { createRemoteJWKSet, jwtVerify } = require("jose");
const jwksClient = require("jwks-rsa");
const jsonwebtoken = require("jsonwebtoken");
const keySet = `${url}/.well-known/jwks.json`;
const versionOf = (name) => JSON.parse(readFileSync(`${folder}/node_modules/${name}/package.json`)).version;

function check(what, isSo) {
  console.log(`${algorithm}: ${what} ... ${isSo ? "ok" : "FAILED"}`);
  if (!isSo) process.exitCode = 1;
}

async function obtain() {
  const body = JSON.stringify({ username, password });
  const answer = await fetch(`${url}/api/token/`, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  return (await answer.json()).access;
}

function forged(token) {
  const [head, payload, signature] = token.split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url"));
  const other = Buffer.from(JSON.stringify({ ...claims, user_id: claims.user_id + 1 })).toString("base64url");
  return [head, other, signature].join(".");
}

const keys = createRemoteJWKSet(new URL(keySet), { cacheMaxAge: 300_000, cooldownDuration: 0 });
const client = jwksClient({ jwksUri: keySet, cacheMaxAge: 300_000 });
const clients = {
  [`jose ${versionOf("jose")}`]: async (token) =>
    (await jwtVerify(token, keys, { algorithms: [algorithm], requiredClaims: ["exp", "iat", "jti"] })).payload,
  // jsonwebtoken knows no EdDSA: node itself checks the signature with the key of jwks-rsa.
  [`jwks-rsa ${versionOf("jwks-rsa")}`]: async (token) => {
    const [head, payload, signature] = token.split(".");
    const { kid } = JSON.parse(Buffer.from(head, "base64url"));
    const key = (await client.getSigningKey(kid)).getPublicKey();
    if (algorithm !== "EdDSA") return jsonwebtoken.verify(token, key, { algorithms: [algorithm] });
    const { verify } = await import("node:crypto");
    const isGood = verify(null, Buffer.from(`${head}.${payload}`), key, Buffer.from(signature, "base64url"));
    if (!isGood) throw new Error("wrong signature");
    return JSON.parse(Buffer.from(payload, "base64url"));
  },
};
const accepts = (decode, token) =>
  decode(token).then(
    (claims) => claims.token_type === "access",
    () => false,
  );

const before = await obtain();
for (const [name, decode] of Object.entries(clients)) {
  check(`${name} accepts the access token`, await accepts(decode, before));
  check(`${name} refuses a forged one`, !(await accepts(decode, forged(before))));
}
execFileSync(program, rotate);
const after = await obtain();
for (const [name, decode] of Object.entries(clients)) {
  check(`${name} reads the new key by its kid, and accepts tokens of both`, (await accepts(decode, after)) && (await accepts(decode, before)));
}
