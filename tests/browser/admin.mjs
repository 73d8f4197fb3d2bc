// An administrator at the browser: what tests do on the pages of the admin, in the words of a person.

import assert from "node:assert/strict";

import { openStrictWindow } from "./chromium.mjs";
import { startDoorward } from "./doorward.mjs";

/** The administrator of `openAdmin`. */
export const ADMIN = { name: "grace", email: "grace@example.com" };

/** A doorward with an administrator, and a window that is signed in. */
export async function openAdmin(t, { settings = {}, window: options = {} } = {}) {
  const doorward = await startDoorward(t, settings);
  const password = doorward.addUser(ADMIN.name, "--admin");
  const window = await openStrictWindow(t, { baseURL: doorward.url, ...options });
  const page = await window.newPage();
  await page.goto("/admin/");
  await signIn(page, ADMIN.name, password);
  await page.waitForURL((url) => url.pathname !== "/admin/sign-in");
  return { doorward, window, page, password };
}

/** Fills the form of signing in and sends it. */
export async function signIn(page, name, password) {
  await page.fill("[name=username]", name);
  await page.fill("[name=password]", password);
  await press(page, "Sign in");
}

/** Presses a button, and waits until all is there that it leads to. */
export async function press(page, name) {
  await page.getByRole("button", { name, exact: true }).click();
  await page.waitForLoadState();
}

/** Follows a link. */
export async function follow(page, name) {
  await page.getByRole("link", { name, exact: true }).click();
  await page.waitForLoadState();
}

/** The path of the page. */
export const path = (page) => new URL(page.url()).pathname;

/** The heading of the page is this. */
export async function shows(page, heading) {
  assert.equal(await page.locator("h1").textContent(), heading);
}

/** The page says what the last action did. */
export async function says(page, text) {
  assert.equal(await page.locator(".notice[role=status]").first().textContent(), text);
}
