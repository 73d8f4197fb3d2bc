// Servers on other origins than doorward: the front end of docs/examples/, and a TLS proxy in front of doorward.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { atEnd } from "./ending.mjs";

const FRONT_END = new URL("../../docs/examples/front-end/", import.meta.url);
const TYPES = { html: "text/html", js: "text/javascript" };

/** Serves the front end until the test `t` ends; returns the port. `tls` is a result of `certificate`. */
export function serveFrontEnd(t, tls = undefined) {
  return serve(t, tls, (request, response) => {
    const name = new URL(request.url, "http://x").pathname.slice(1) || "index.html";
    if (!["index.html", "front-end.js"].includes(name)) return response.writeHead(404).end();
    response.setHeader("Content-Type", TYPES[name.split(".").pop()]);
    response.end(readFileSync(new URL(name, FRONT_END)));
  });
}

/** A TLS proxy for the server on `port()`; returns its own port. */
export function serveTls(t, tls, port) {
  return serve(t, tls, (request, response) => {
    const { method, url: path, headers } = request;
    const onward = http.request({ host: "127.0.0.1", port: port(), method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.rawHeaders);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
}

/** Creates a self-signed certificate for both sites. */
export function certificate() {
  const folder = mkdtempSync(join(tmpdir(), "doorward-tls-"));
  const [key, cert] = ["key.pem", "cert.pem"].map((name) => join(folder, name));
  const names = "subjectAltName=DNS:*.example.test,DNS:*.elsewhere.test";
  const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"];
  const what = ["-subj", "/CN=example.test", "-addext", names, "-keyout", key, "-out", cert];
  execFileSync("openssl", ["req", ...kind, ...what], { stdio: "ignore" });
  const tls = { key: readFileSync(key), cert: readFileSync(cert) };
  rmSync(folder, { recursive: true });
  return tls;
}

async function serve(t, tls, listener) {
  const server = tls ? https.createServer(tls, listener) : http.createServer(listener);
  await new Promise((resume) => server.listen(0, "127.0.0.1", resume));
  atEnd(t, () => {
    server.close();
    server.closeAllConnections();
  });
  return server.address().port;
}
