// The admin with the keyboard alone, in another language, in dark mode and on a phone.

import assert from "node:assert/strict";
import { test } from "node:test";

import { focusGiven, openAdmin, path, press, says, shows, signIn } from "./admin.mjs";
import { openStrictWindow } from "./chromium.mjs";
import { startDoorward } from "./doorward.mjs";

/** The focused element: its accessible name, and whether the focus is visible. */
function focus() {
  const element = document.activeElement;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const isThere = box.width > 0 && box.height > 0 && box.top < innerHeight && box.bottom > 0;
  const isVisible = isThere && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const name = element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent ?? element.textContent;
  return { name: name.trim(), tag: element.localName, isVisible };
}

/** Presses Tab until `name` has the focus, and checks that the focus is always visible; returns the stops. */
async function tabTo(page, name) {
  const stops = [];
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(focus);
    stops.push(stop.name);
    assert.ok(stop.isVisible, `the focus on ${stop.tag} “${stop.name}” is not seen`);
    if (stop.name === name) return stops;
  }
  assert.fail(`Tab never came to ${name}, but to ${stops.join(", ")}`);
}

/** Presses Enter and waits for the next page. */
async function enter(page) {
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
}

test("signing in and confirming a user work with the keyboard alone", async (t) => {
  const doorward = await startDoorward(t);
  const password = doorward.addUser("grace", "--admin");
  for (const name of ["ada", "hopper"]) doorward.addUser(name);
  const page = await (await openStrictWindow(t, { baseURL: doorward.url })).newPage();
  await page.goto("/admin/users/");
  await focusGiven(page);
  assert.equal(await page.evaluate("document.activeElement.name"), "username");
  await page.keyboard.type("grace");
  await tabTo(page, "Password");
  await page.keyboard.type(password);
  await enter(page);
  await shows(page, "Users");

  await page.keyboard.press("Tab");
  assert.deepEqual(await page.evaluate(focus), { name: "Skip to content", tag: "a", isVisible: true });
  await page.keyboard.press("Enter");
  await tabTo(page, "Search by username or email");
  await page.keyboard.type("hopp");
  await enter(page);
  await tabTo(page, "hopper");
  await enter(page);
  await shows(page, "hopper");
  await tabTo(page, "More actions");
  await page.keyboard.press("Enter");
  await tabTo(page, "Confirm email address");
  await enter(page);
  await says(page, "Email address of hopper confirmed.");
  await tabTo(page, "Sign out");
  await enter(page);
  assert.equal(path(page), "/admin/sign-in");
});

test("a browser that prefers German gets it, until the user chooses a language", async (t) => {
  const doorward = await startDoorward(t);
  const password = doorward.addUser("grace", "--admin");
  const page = await (await openStrictWindow(t, { baseURL: doorward.url, locale: "de-AT" })).newPage();
  await page.goto("/admin/users/");
  assert.equal(await page.locator("html").getAttribute("lang"), "de");
  await shows(page, "Anmelden");
  await page.fill("[name=username]", "grace");
  await page.fill("[name=password]", password);
  await page.getByRole("button", { name: "Anmelden" }).click();
  await shows(page, "Benutzer");
  await page.getByRole("link", { name: "English" }).click();
  await shows(page, "Users");
  assert.equal(path(page), "/admin/users/");
  await page.goto("/admin/settings");
  await shows(page, "Settings");
  await page.goto("/nowhere");
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
});

test("the pages have a dark mode, which follows the system or the reader's choice", async (t) => {
  const { page } = await openAdmin(t);
  /** The lightness of the page and its text, from 0 to 255. */
  const lightness = () =>
    page.evaluate(() => {
      const { backgroundColor, color } = getComputedStyle(document.body);
      const mean = (text) => text.match(/\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 3;
      return { page: mean(backgroundColor), text: mean(color) };
    });
  const light = await lightness();
  await page.getByRole("link", { name: "Dark" }).click();
  const chosen = await lightness();
  assert.ok(chosen.page < 60 && chosen.text > 180, "chosen, whatever the system has");
  await page.getByRole("link", { name: "System" }).click();
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await lightness();
  assert.ok(light.page > 220 && light.text < 60, JSON.stringify(light));
  assert.ok(dark.page < 40 && dark.text > 200, JSON.stringify(dark));
});

test("after a failed sign-in the focus is at the field with the error", async (t) => {
  const doorward = await startDoorward(t);
  doorward.addUser("grace", "--admin");
  const page = await (await openStrictWindow(t, { baseURL: doorward.url })).newPage();
  await page.goto("/admin/");
  await signIn(page, "grace", "wrong");
  await focusGiven(page);
  assert.equal(await page.evaluate("document.activeElement.name"), "password");
});

test("slash and Ctrl K lead to the search from every page, and not out of a field", async (t) => {
  const { page } = await openAdmin(t);
  for (const key of ["/", "Control+k"]) {
    await page.goto("/admin/audit");
    await page.keyboard.press(key);
    assert.equal(await page.evaluate("document.activeElement.id"), "bar-search", key);
  }
  await page.keyboard.type("a/b");
  assert.equal(await page.inputValue("#bar-search"), "a/b");
  await page.fill("#bar-search", "grace");
  await enter(page);
  await shows(page, "Search");
  await page.getByRole("main").getByRole("link", { name: "grace", exact: true }).waitFor();
  await page.setViewportSize({ width: 390, height: 700 });
  await page.goto("/admin/audit");
  await Promise.all([page.waitForNavigation(), page.keyboard.press("/")]);
  assert.equal(path(page), "/admin/search");
});

test("ticks work for the page and for a range, and survive paging and the way back", async (t) => {
  const { doorward, page } = await openAdmin(t);
  for (let number = 10; number < 70; number++) doorward.addUser(`user${number}`);
  const selected = () => page.locator("#selected b").textContent();
  await page.goto("/admin/users/");
  await page.getByLabel("Select user10", { exact: true }).check();
  await page.getByLabel("Select user14", { exact: true }).click({ modifiers: ["Shift"] });
  assert.equal(await selected(), "5");
  await press(page, "Next →");
  assert.equal(await selected(), "5");
  await page.getByLabel("Select user65", { exact: true }).check();
  await page.getByRole("link", { name: "user66", exact: true }).click();
  await shows(page, "user66");
  await page.getByRole("navigation", { name: "Breadcrumbs" }).getByRole("link", { name: "Users" }).click();
  assert.equal(await selected(), "6");
  assert.ok(await page.getByLabel("Select user65", { exact: true }).isChecked());
  await press(page, "Deactivate");
  await shows(page, "Deactivate 6 users?");
  await page.getByRole("link", { name: "Cancel" }).click();
  assert.equal(await selected(), "6", "cancelling keeps them");
  await page.getByLabel("Select this page").check();
  assert.equal(await selected(), String(5 + (await page.locator("tbody tr").count())));
  await press(page, "Clear");
  assert.equal(await selected(), "0");
  assert.ok(!page.url().includes("sel="), page.url());
});

test("Enter on a tick does nothing to users", async (t) => {
  const { doorward, page } = await openAdmin(t);
  doorward.addUser("ada");
  await page.goto("/admin/users/");
  await page.getByLabel("Select ada", { exact: true }).focus();
  await page.keyboard.press("Space");
  await enter(page);
  await shows(page, "Users");
  assert.ok(await page.getByLabel("Select ada", { exact: true }).isChecked());
});

test("a window of 800 pixels has 15 users", async (t) => {
  const { doorward, page } = await openAdmin(t);
  for (let number = 10; number < 40; number++) doorward.addUser(`user${number}`);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto("/admin/users/");
  const rows = await page.evaluate(() =>
    [...document.querySelectorAll("tbody tr")].filter((row) => row.getBoundingClientRect().bottom <= innerHeight).length);
  assert.ok(rows >= 15, `${rows} rows`);
});

/** Whether the bar is visible without scrolling, and leaves most of the window free. */
function isBarInSight() {
  const { top, bottom } = document.querySelector(".selection-bar").getBoundingClientRect();
  return bottom <= innerHeight && top >= innerHeight * 0.7;
}

/** Whether the bar of bulk actions covers the focused row. */
function isUnderBar() {
  const [element, bar] = [document.activeElement, document.querySelector(".selection-bar")];
  if (!element.closest("table")) return false;
  return element.getBoundingClientRect().bottom > bar.getBoundingClientRect().top;
}

test("the sticky bar hides no focused row, and the longest name fits on the narrowest screen", async (t) => {
  const { doorward, page } = await openAdmin(t);
  const longest = "W".repeat(150);
  for (let number = 0; number < 15; number++) doorward.addUser(`user${number}`);
  doorward.run(["user", "add", "--username", longest, "--email", "w@example.com", "--password-stdin"], "a-Pass-word-7");
  for (const width of [390, 800, 1280]) {
    await page.setViewportSize({ width, height: 700 });
    await page.goto("/admin/users/");
    assert.ok(!(await page.evaluate(isBarInSight)), `in the way at ${width} pixels`);
    await page.getByLabel("Select user0", { exact: true }).check();
    assert.ok(await page.evaluate(isBarInSight), `out of reach at ${width} pixels`);
    await page.evaluate("document.activeElement.blur(); scrollTo(0, 0)");
    for (let presses = 0; presses < 55; presses++) {
      await page.keyboard.press("Tab");
      assert.ok(!(await page.evaluate(isUnderBar)), `hidden at ${width} pixels after ${presses} presses`);
    }
  }
  await page.goto(`/admin/users/?q=${longest}`);
  const link = (await page.locator("tbody th a").getAttribute("href")).split("?")[0];
  for (const width of [320, 390, 1280]) {
    await page.setViewportSize({ width, height: 700 });
    await page.goto(`${link}/delete`);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, `${width}`);
  }
});

test("on a phone the sort links are visible and a one-time link is displayed in full", async (t) => {
  const { doorward, page } = await openAdmin(t);
  for (const name of ["ada", "zoe"]) doorward.addUser(name);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/admin/users/");
  const stops = await tabTo(page, "Last login");
  assert.deepEqual(stops.slice(-4), ["Username (ascending)", "Email address", "Created", "Last login"]);
  await page.getByRole("button", { name: "Username (ascending)" }).press("Enter");
  await page.getByRole("button", { name: "Username (descending)" }).waitFor();
  assert.deepEqual(await page.locator("tbody th").allTextContents(), ["zoe", "grace", "ada"]);

  await page.goto("/admin/users/2/reset-link");
  await press(page, "Create link");
  const [whole, shown] = await page.locator("#link").evaluate((link) => [link.scrollHeight, link.clientHeight]);
  assert.ok(whole <= shown, `${whole} pixels in ${shown}`);
});

/** Links and buttons that are too small for touch, except those within a sentence (WCAG 2.2, 2.5.8). */
function tooSmall() {
  const all = [...document.querySelectorAll("a, button, summary, select, input:not([type=hidden])")];
  const boxes = all.map((one) => [one.outerHTML, one.getBoundingClientRect()]);
  return boxes.filter(([, { width, height }]) => width > 1 && height > 0 && height < 24).map(([html]) => html);
}

test("touch targets on a phone are large enough", async (t) => {
  const { doorward, page } = await openAdmin(t);
  doorward.addUser("ada");
  await page.setViewportSize({ width: 390, height: 844 });
  for (const there of ["/admin/", "/admin/users/", "/admin/users/2", "/admin/users/2/edit", "/admin/users/invite", "/admin/audit"]) {
    await page.goto(there);
    assert.deepEqual(await page.evaluate(tooSmall), [], there);
  }
});
