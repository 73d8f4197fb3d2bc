// A front end on another origin logs users in with cookies (docs/tokens.md, "A front end on another origin").

import assert from "node:assert/strict";
import { test } from "node:test";

import { openTrustingWindow, openWindow } from "./chromium.mjs";
import { freePort, startDoorward } from "./doorward.mjs";
import { certificate, serveFrontEnd, serveTls } from "./sites.mjs";

const DAY = 24 * 60 * 60;

/** Starts a doorward that allows a front end of its own site; returns the URLs of both. */
async function sameSite(t, settings = {}) {
  const frontEnd = `http://app.example.test:${await serveFrontEnd(t)}`;
  const port = await freePort();
  const api = `http://accounts.example.test:${port}`;
  const own = { public_url: api, "cookies.refresh": true, "cors.allowed_origins": frontEnd };
  const doorward = await startDoorward(t, { ...own, ...settings }, port);
  return { doorward, frontEnd, api };
}

/** Starts a doorward and a front end on two sites, over TLS. */
async function crossSite(t, settings = {}) {
  const tls = certificate();
  const frontEnd = `https://app.elsewhere.test:${await serveFrontEnd(t, tls)}`;
  let doorward;
  const api = `https://accounts.example.test:${await serveTls(t, tls, () => doorward.port)}`;
  const own = { public_url: api, "cookies.refresh": true, "cors.allowed_origins": frontEnd };
  doorward = await startDoorward(t, { ...own, ...settings });
  return { doorward, frontEnd, api };
}

/** Opens the front end in a window. */
async function open(window, { frontEnd, api }) {
  const page = await window.newPage();
  await page.goto(`${frontEnd}/?api=${encodeURIComponent(api)}`);
  const said = page.locator("#said:not(:empty)");
  const press = async (button) => {
    await page.click(button);
    return said.textContent();
  };
  return {
    page,
    press,
    async logIn(name, password) {
      await page.fill("[name=username]", name);
      await page.fill("[name=password]", password);
      return press("#log-in button");
    },
  };
}

const cookieNames = async (window) => (await window.cookies()).map((cookie) => cookie.name).sort();

/** Logs in, refreshes and logs out, and checks what is left. */
async function wholeLife(window, place) {
  const password = place.doorward.addUser("alice");
  const { page, press, logIn } = await open(window, place);
  assert.match(await press("#who"), /^401 /);
  assert.match(await logIn("alice", password), /^200 .*"Login successfully"/);
  assert.deepEqual(await cookieNames(window), ["access_token", "refresh_token"]);
  assert.equal(await page.evaluate("document.cookie"), "");
  assert.match(await press("#who"), /^200 .*"alice@example.com"/);

  await window.clearCookies({ name: "access_token" });
  assert.match(await press("#who"), /^401 /);
  assert.match(await press("#refresh"), /^200 .*"access"/);
  assert.match(await press("#who"), /^200 /);

  const kept = await window.cookies();
  assert.match(await press("#log-out"), /^200 .*"Logout successfully"/);
  assert.deepEqual(await cookieNames(window), []);
  assert.match(await press("#who"), /^401 /);
  // Stolen cookies no longer work, and the browser deletes a refused one.
  await window.addCookies(kept);
  assert.match(await press("#who"), /^401 .*"Token is invalid or expired"/);
  assert.match(await press("#refresh"), /^401 .*"Token is blacklisted"/);
  assert.deepEqual(await cookieNames(window), ["access_token"]);
}

/** Checks that the login works, and that the browser discards the cookies. */
async function keepsNothing(window, place) {
  const password = place.doorward.addUser("alice");
  const { press, logIn } = await open(window, place);
  assert.match(await logIn("alice", password), /^200 /);
  assert.deepEqual(await cookieNames(window), []);
  assert.match(await press("#who"), /^401 /);
}

test("a front end on another origin of the site logs in, refreshes and logs out", async (t) => {
  await wholeLife(await openWindow(t), await sameSite(t));
});

test("a front end on another site does so with SameSite=None over TLS", async (t) => {
  await wholeLife(await openTrustingWindow(t), await crossSite(t, { "cookies.same_site": "None" }));
});

test("a browser that blocks third-party cookies cannot log in from another site", async (t) => {
  await keepsNothing(await openWindow(t), await crossSite(t, { "cookies.same_site": "None" }));
});

test("with SameSite=Lax a browser stores no cookie for a front end on another site", async (t) => {
  await keepsNothing(await openTrustingWindow(t), await crossSite(t));
});

test("the refresh cookie outlives the browser and the access cookie does not", async (t) => {
  const place = await sameSite(t);
  const password = place.doorward.addUser("alice");
  const window = await openWindow(t);
  const { logIn } = await open(window, place);
  await logIn("alice", password);
  const cookies = Object.fromEntries((await window.cookies()).map((cookie) => [cookie.name, cookie]));
  assert.equal(cookies.access_token.expires, -1);
  const days = (cookies.refresh_token.expires - Date.now() / 1000) / DAY;
  assert.ok(days > 9.9 && days <= 10.1, `${days}`);
});

test("with rotation each refresh sets a new cookie, with which the next refresh works", async (t) => {
  const place = await sameSite(t, { "tokens.rotate_refresh": true, "tokens.reuse_grace": "0s" });
  const password = place.doorward.addUser("alice");
  const window = await openWindow(t);
  const { press, logIn } = await open(window, place);
  await logIn("alice", password);
  const shown = async () => (await window.cookies()).find((cookie) => cookie.name === "refresh_token").value;
  const seen = [await shown()];
  for (let round = 0; round < 2; round++) {
    const answer = await press("#refresh");
    assert.match(answer, /^200 /);
    seen.push(await shown());
    assert.ok(!answer.includes(seen.at(-1)), "no page can read it");
  }
  assert.equal(new Set(seen).size, 3);
});

test("an origin that is not allowed reads nothing and changes nothing", async (t) => {
  const place = await sameSite(t);
  const password = place.doorward.addUser("alice");
  const window = await openWindow(t);
  const ours = await open(window, place);
  await ours.logIn("alice", password);

  // The origin is of the same site, so the browser sends the cookies.
  const evil = `http://evil.example.test:${await serveFrontEnd(t)}`;
  const theirs = await open(window, { frontEnd: evil, api: place.api });
  for (const button of ["#who", "#refresh", "#log-out"]) {
    assert.match(await theirs.press(button), /^nothing: /, button);
  }
  assert.match(await theirs.logIn("alice", password), /^nothing: /);
  // A simple request without a CORS preflight, as a form sends it.
  for (const path of ["/api/logout/", "/api/token/blacklist/", "/api/user/delete/"]) {
    const blind = { method: "POST", mode: "no-cors", credentials: "include" };
    const kind = await theirs.page.evaluate(async ([url, how]) => (await fetch(url, how)).type, [place.api + path, blind]);
    assert.equal(kind, "opaque");
  }
  assert.match(await ours.press("#who"), /^200 /);
  assert.match(await ours.press("#refresh"), /^200 /);
});
