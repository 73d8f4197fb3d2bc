// What the browser itself says about origins: links from other sites, development proxies, plain HTTP.

import assert from "node:assert/strict";
import * as http from "node:http";
import { test } from "node:test";

import { ADMIN, path, shows, signIn } from "./admin.mjs";
import { openStrictWindow, openWindow } from "./chromium.mjs";
import { freePort, startDoorward } from "./doorward.mjs";
import { atEnd } from "./ending.mjs";

/** A server with this page at every path; what `forward` takes goes to doorward instead. Returns its port. */
async function serve(t, page, forward = () => false) {
  const server = http.createServer((request, response) => {
    const onward = forward(request);
    if (!onward) return response.writeHead(200, { "Content-Type": "text/html" }).end(page);
    const { method, url } = request;
    const out = http.request({ host: "127.0.0.1", method, path: url, ...onward }, (answer) => {
      response.writeHead(answer.statusCode, answer.rawHeaders);
      answer.pipe(response);
    });
    request.pipe(out);
  });
  await new Promise((resume) => server.listen(0, "127.0.0.1", resume));
  atEnd(t, () => {
    server.close();
    server.closeAllConnections();
  });
  return server.address().port;
}

// The browser says "cross-site" to a trustworthy host only; else the referrer tells. And without scripts.
for (const [what, host, other, options] of [
  ["which the browser trusts", "accounts.localhost", "chat.localhost", {}],
  ["at plain HTTP", "accounts.example.test", "chat.elsewhere.test", {}],
  ["without scripts", "accounts.localhost", "chat.localhost", { javaScriptEnabled: false }],
]) {
  test(`a link on another site opens the page of the admin: ${what}`, async (t) => {
    const port = await freePort();
    const doorward = await startDoorward(t, {}, port);
    const password = doorward.addUser(ADMIN.name, "--admin");
    const home = `http://${host}:${port}`;
    // At plain HTTP the console has a message about a header that is for https.
    const open = host.endsWith(".localhost") ? openStrictWindow : openWindow;
    const page = await (await open(t, { baseURL: home, ...options })).newPage();
    await page.goto("/admin/");
    await signIn(page, ADMIN.name, password);

    const links = ["/admin/users/1", "/admin/audit", "/admin/users/?q=grace", "/admin/sign-in"];
    const html = links.map((link) => `<a href="${home}${link}">${link}</a>`).join(" ");
    const chat = `http://${other}:${await serve(t, html)}/`;
    for (const link of links) {
      await page.goto(chat);
      await page.click(`text="${link}"`);
      const target = link === "/admin/sign-in" ? "/admin/" : link;
      // The page in between has the same URL.
      await page.getByRole("button", { name: "Sign out" }).waitFor();
      await page.waitForURL(home + target);
      await page.reload();
      assert.equal(page.url(), home + target);
      await page.goBack();
      assert.equal(page.url(), chat, "nothing in between is in the history");
    }
  });
}

test("a link on another site leads to the sign-in page without a session, and then to the page", async (t) => {
  const port = await freePort();
  const doorward = await startDoorward(t, {}, port);
  const password = doorward.addUser(ADMIN.name, "--admin");
  const page = await (await openStrictWindow(t, {})).newPage();
  await page.goto(`http://chat.localhost:${await serve(t, `<a href="http://accounts.localhost:${port}/admin/users/1">x</a>`)}/`);
  await page.click("a");
  await page.waitForURL((url) => url.pathname === "/admin/sign-in");
  await page.reload();
  await shows(page, "Sign in");
  await signIn(page, ADMIN.name, password);
  assert.equal(path(page), "/admin/users/1");
});

test("a page behind the proxy of a development server logs in, writes and logs out", async (t) => {
  const doorward = await startDoorward(t);
  const password = doorward.addUser("alice");
  for (const [host, keepsHost] of [["localhost", false], ["localhost", true], ["dev.example.test", true]]) {
    const port = await serve(t, "<h1>app</h1>", ({ url, headers }) => {
      const changed = { ...headers, host: `127.0.0.1:${doorward.port}` };
      return url.startsWith("/api/") && { port: doorward.port, headers: keepsHost ? headers : changed };
    });
    const page = await (await openWindow(t)).newPage();
    await page.goto(`http://${host}:${port}/`);
    const call = (method, url, body) =>
      page.evaluate(async ([method, url, body]) => {
        const headers = { "Content-Type": "application/json" };
        return (await fetch(url, { method, headers, body: body && JSON.stringify(body) })).status;
      }, [method, url, body]);
    assert.equal(await call("POST", "/api/login/", { username: "alice", password }), 200);
    assert.equal(await call("PUT", "/api/user/", { username: "alice" }), 200);
    assert.equal(await call("POST", "/api/logout/"), 200);
    assert.equal(await call("GET", "/api/user/"), 401);
  }
});

test("under an https public_url a page at plain HTTP says where to sign in, and localhost works", async (t) => {
  const doorward = await startDoorward(t, { public_url: "https://accounts.example.test" });
  const password = doorward.addUser(ADMIN.name, "--admin");
  const page = await (await openWindow(t)).newPage();
  await page.goto(`http://nas.example.test:${doorward.port}/admin/users/`);
  const link = page.getByRole("link", { name: "https://accounts.example.test/admin/users/" });
  assert.ok(await link.isVisible());
  await signIn(page, ADMIN.name, password);
  assert.match(await page.locator("[role=alert]").textContent(), /without https/);
  assert.ok(await link.isVisible());
  for (const host of ["localhost", "127.0.0.1"]) {
    await page.goto(`http://${host}:${doorward.port}/admin/`);
    assert.ok(!(await page.content()).includes("another address"));
    await signIn(page, ADMIN.name, password);
    assert.equal(path(page), "/admin/", `the browser stores Secure cookies of ${host}`);
  }
});

test("a listed page may set common request headers, and reads an error", async (t) => {
  const app = `http://app.example.test:${await serve(t, "<h1>app</h1>")}`;
  const doorward = await startDoorward(t, { "cors.allowed_origins": app, "cors.allowed_headers": "sentry-trace" });
  const page = await (await openWindow(t)).newPage();
  await page.goto(app);
  const call = (name) =>
    page.evaluate(async ([url, name]) => {
      const headers = { "Content-Type": "application/json", [name]: "x" };
      const sent = fetch(url, { method: "POST", headers, credentials: "include", body: "{}" });
      return sent.then((answer) => answer.status, (error) => error.name);
    }, [`http://accounts.example.test:${doorward.port}/api/login/`, name]);
  assert.equal(await call("X-CSRFToken"), 400);
  assert.equal(await call("X-Requested-With"), 400);
  assert.equal(await call("Sentry-Trace"), 400);
  assert.equal(await call("X-Other"), "TypeError");
});
