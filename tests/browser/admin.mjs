// Actions of an administrator in the browser.

import assert from "node:assert/strict";

import { openStrictWindow } from "./chromium.mjs";
import { startDoorward } from "./doorward.mjs";

/** The administrator of `openAdmin`. */
export const ADMIN = { name: "grace", email: "grace@example.com" };

/** Starts a doorward with an administrator, and opens a window that is signed in. */
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

/** Submits the sign-in form. */
export async function signIn(page, name, password) {
  await page.fill("[name=username]", name);
  await page.fill("[name=password]", password);
  await press(page, "Sign in");
}

/**
 * Waits until the element that the page names with `autofocus` has the focus. Chromium gives it with the first frame,
 * which may come after the load: a key before that reaches no field.
 */
export async function focusGiven(page) {
  await page.waitForFunction(() => {
    const named = document.querySelector("[autofocus]");
    return named !== null && named === document.activeElement;
  });
}

/** Presses a button and waits until the next page is loaded. */
export async function press(page, name) {
  await page.getByRole("button", { name, exact: true }).click();
  await page.waitForLoadState();
}

/** Opens a menu of the page. */
export async function openMenu(page, name) {
  await page.locator("summary").filter({ hasText: name }).click();
}

/** Follows a link and waits until its page is loaded. */
export async function follow(page, name) {
  await page.getByRole("link", { name, exact: true }).click();
  await page.waitForLoadState();
}

/** The path of the page. */
export const path = (page) => new URL(page.url()).pathname;

/** Checks the heading of the page. */
export async function shows(page, heading) {
  assert.equal(await page.locator("h1").textContent(), heading);
}

/** Checks the message about the last action, beside which may be a button. */
export async function says(page, text) {
  assert.equal(await page.locator("p.notice[role=status], .notice[role=status] > p").first().textContent(), text);
}
