// Sign-in, re-authentication, expiry and sign-out of the admin.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { ADMIN, focusGiven, follow, openAdmin, path, press, says, shows, signIn } from "./admin.mjs";
import { openStrictWindow } from "./chromium.mjs";
import { startDoorward } from "./doorward.mjs";

test("a wrong password is reported, and the form keeps the username but not the password", async (t) => {
  const doorward = await startDoorward(t);
  const password = doorward.addUser("grace", "--admin");
  const page = await (await openStrictWindow(t, { baseURL: doorward.url })).newPage();
  await page.goto("/admin/users/?q=ada");
  await signIn(page, "grace", "not the password");
  assert.match(await page.locator("[role=alert]").textContent(), /Incorrect username or password\./);
  assert.equal(await page.inputValue("[name=username]"), "grace");
  assert.equal(await page.inputValue("[name=password]"), "");
  await focusGiven(page);
  assert.equal(await page.evaluate("document.activeElement.name"), "password");
  await signIn(page, "grace", password);
  assert.equal(new URL(page.url()).search, "?q=ada", "and then the page that was asked for");
});

test("a user who is no administrator gets an explanation", async (t) => {
  const doorward = await startDoorward(t);
  const password = doorward.addUser("ada");
  const page = await (await openStrictWindow(t, { baseURL: doorward.url })).newPage();
  await page.goto("/admin/");
  await signIn(page, "ada", password);
  await shows(page, "You don’t have administrator access");
  await page.goto("/admin/users/");
  assert.equal(path(page), "/admin/sign-in");
});

test("a form is restored after sign-in when its session had expired", async (t) => {
  const { doorward, page, password } = await openAdmin(t, { settings: { "admin.session_idle_timeout": "3s" } });
  doorward.addUser("ada");
  await page.goto("/admin/users/2/edit");
  await page.fill("[name=username]", "lovelace");
  await pause(3500);
  await press(page, "Save");
  await shows(page, "Sign in");
  await says(page, "Your session has ended and your changes haven’t been applied yet. Sign in to continue.");
  await signIn(page, ADMIN.name, password);
  await shows(page, "You are signed in again");
  await press(page, "Apply changes");
  assert.equal(path(page), "/admin/users/2");
  await shows(page, "lovelace");
});

test("a dangerous action asks for re-authentication and continues afterwards", async (t) => {
  const { doorward, page, password } = await openAdmin(t, { settings: { "admin.reauthenticate_after": "1s" } });
  doorward.addUser("ada");
  await page.goto("/admin/users/2");
  await pause(1500);
  await follow(page, "Delete ada…");
  await shows(page, "Confirm your password");
  await page.fill("[name=password]", password);
  await press(page, "Continue");
  assert.equal(path(page), "/admin/users/2/delete");
  await shows(page, "Permanently delete ada?");
});

test("after sign-out the back button displays no page of the admin", async (t) => {
  // With the back/forward cache, which Playwright turns off by default.
  const launch = { ignoreDefaultArgs: ["--disable-back-forward-cache"] };
  const { doorward, page } = await openAdmin(t, { window: { launch } });
  doorward.addUser("ada");
  await page.goto("/admin/users/");
  await follow(page, "ada");
  await press(page, "Sign out");
  await says(page, "You are signed out.");
  for (let steps = 0; steps < 3; steps++) {
    await page.goBack({ waitUntil: "commit" });
    await page.getByText("For administrators of this server.").waitFor({ timeout: 5000 }).catch(() => {});
    assert.equal(path(page), "/admin/sign-in", `after ${steps + 1} steps back`);
    assert.ok(!(await page.content()).includes("ada@example.com"));
  }
});
