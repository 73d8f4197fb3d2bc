// The account pages: signing in, changing the password, sessions, deletion, and the view of an administrator.

import assert from "node:assert/strict";
import { test } from "node:test";

import { follow, openAdmin, openMenu, path, press, says, shows, signIn } from "./admin.mjs";
import { openStrictWindow } from "./chromium.mjs";
import { startDoorward } from "./doorward.mjs";

/** Opens a page of a new browser with these options. */
async function openPage(t, doorward, options = {}) {
  return (await openStrictWindow(t, { baseURL: doorward.url, ...options })).newPage();
}

async function changePassword(page, old, changed) {
  await follow(page, "Security");
  await page.fill("[name=old_password]", old);
  await page.fill("[name=password]", changed);
  await page.fill("[name=password_again]", changed);
  await press(page, "Change password");
}

test("without JavaScript a user signs in to the account, changes the password, ends a session and signs out", async (t) => {
  const doorward = await startDoorward(t);
  const password = doorward.addUser("ada", "--confirmed");
  const [page, phone] = [await openPage(t, doorward, { javaScriptEnabled: false }), await openPage(t, doorward)];
  await page.goto("/account");
  assert.equal(path(page), "/sign-in");
  await signIn(page, "ada@example.com", password);
  await shows(page, "Your account");
  await phone.goto("/sign-in");
  await signIn(phone, "ada", password);

  await changePassword(page, "not it", "Looms-and-numbers-1843");
  await page.getByRole("alert").waitFor();
  await changePassword(page, password, "Looms-and-numbers-1843");
  assert.equal(path(page), "/account/security");
  await says(page, "Password changed. You have been signed out everywhere else.");

  // The other browser was signed out; it signs in with the new password.
  await phone.goto("/account/sessions");
  await shows(phone, "Sign in");
  await signIn(phone, "ada", "Looms-and-numbers-1843");
  await shows(phone, "Sessions");
  await follow(page, "Sessions");
  await page.getByRole("button", { name: /^End session/ }).click();
  await phone.goto("/account");
  await shows(phone, "Sign in");

  await follow(page, "Activity");
  await page.getByRole("rowheader", { name: "Password changed" }).waitFor();
  await press(page, "Sign out");
  await page.goto("/account");
  assert.equal(path(page), "/sign-in");
});

test("without JavaScript a user registers, and deletes the account", async (t) => {
  const doorward = await startDoorward(t);
  const page = await openPage(t, doorward, { javaScriptEnabled: false });
  await page.goto("/sign-up");
  await page.fill("[name=username]", "ada");
  await page.fill("[name=email]", "ada@example.com");
  await page.fill("[name=password]", "Looms-and-numbers-1843");
  await page.fill("[name=password_again]", "Looms-and-numbers-1843");
  await press(page, "Create account");
  await shows(page, "Account created");
  await follow(page, "Sign in");
  await signIn(page, "ada", "Looms-and-numbers-1843");
  await shows(page, "Your account");
  await page.goto("/account/data");
  await page.fill("[name=password]", "Looms-and-numbers-1843");
  await page.locator("form[action$='/account/data/delete'] button[type=submit]").click();
  assert.equal(path(page), "/account/data/deleted");
  await page.goto("/sign-in");
  await signIn(page, "ada", "Looms-and-numbers-1843");
  await page.getByText("Incorrect username or password.").waitFor();
});

test("an administrator views an account read-only, below a banner, and stops", async (t) => {
  const { doorward, page } = await openAdmin(t);
  doorward.addUser("ada");
  await page.goto("/admin/users/2");
  await openMenu(page, "More actions");
  await page.locator("form[action$='/view'] button").click();
  await page.waitForURL((url) => url.pathname === "/account");
  for (const place of ["", "/security", "/sessions", "/activity", "/data"]) {
    await page.goto(`/account${place}`);
    assert.match(await page.locator(".view-banner").textContent(), /ada/);
    assert.equal(await page.locator("main form").count(), 0, place);
  }
  await page.locator(".view-banner button").click();
  await page.waitForURL(/\/admin\//);
  await page.goto("/account");
  assert.equal(await page.locator(".view-banner").count(), 0);
  await page.getByText("grace@example.com").waitFor();
});

test("the theme and the language that a reader chooses are on every page, also after signing in", async (t) => {
  const doorward = await startDoorward(t);
  const password = doorward.addUser("ada");
  const page = await openPage(t, doorward, { javaScriptEnabled: false, colorScheme: "light" });
  const theme = () => page.locator("html").getAttribute("data-theme");
  await page.goto("/");
  assert.equal(await theme(), "system");
  await page.getByRole("link", { name: "Dark" }).click();
  assert.equal(page.url(), `${doorward.url}/`, "the choice is not in the address");
  await page.getByRole("link", { name: "Deutsch" }).click();
  await page.goto("/sign-in");
  await page.locator("[name=username]").fill("ada");
  await page.locator("[name=password]").fill(password);
  await page.getByRole("button", { name: "Anmelden" }).click();
  for (const place of ["/account", "/account/security", "/admin/sign-in", "/nowhere"]) {
    await page.goto(place);
    assert.equal(await theme(), "dark", place);
    assert.equal(await page.locator("html").getAttribute("lang"), "de", place);
  }
});
