// The button that shows a password, and the strength meter.

import assert from "node:assert/strict";
import test from "node:test";

import { openStrictWindow } from "./chromium.mjs";
import { startDoorward } from "./doorward.mjs";

test("a password can be shown and hidden, and is sent as a password", async (t) => {
  const doorward = await startDoorward(t);
  const password = doorward.addUser("grace", "--admin");
  const page = await (await openStrictWindow(t, { baseURL: doorward.url })).newPage();
  await page.goto("/admin/sign-in");
  const field = page.locator("#password");
  const button = page.getByRole("button", { name: "Show password" });
  await page.fill("#username", "grace");
  await field.fill(password);
  for (const [pressed, type] of [["true", "text"], ["false", "password"], ["true", "text"]]) {
    await button.click();
    assert.equal(await button.getAttribute("aria-pressed"), pressed);
    assert.equal(await field.getAttribute("type"), type);
    assert.equal(await field.inputValue(), password);
  }
  assert.equal(await page.locator("meter").count(), 0, "only a new password is measured");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Sign out" }).waitFor();
});

test("a new password is measured by the server's least length, in the reader's language", async (t) => {
  const doorward = await startDoorward(t, { "password.min_length": 10 });
  const page = await (await openStrictWindow(t, { baseURL: doorward.url, locale: "de-AT" })).newPage();
  await page.goto(doorward.log().match(/\/admin\/setup\/[\w-]+/)[0]);
  const field = page.locator("#password");
  for (const [typed, text, value] of [
    ["neun-zei9", "Zu kurz oder nur Ziffern", 0],
    ["1234567890123", "Zu kurz oder nur Ziffern", 0],
    ["zehn-zeich", "Schwach: länger ist besser", 1],
    ["zwölf-zeichen", "Mittel", 2],
    ["vier ganz andere Wörter", "Gut, wenn Sie es nirgends sonst verwenden", 3],
  ]) {
    await field.fill(typed);
    assert.equal(await page.locator("#password-strength").textContent(), text);
    assert.equal(await page.locator("meter").evaluate((meter) => meter.value), value);
  }
  await field.fill("");
  assert.ok(await page.locator("meter").isHidden());
});

test("without JavaScript there is neither button nor meter", async (t) => {
  const doorward = await startDoorward(t);
  doorward.addUser("grace", "--admin");
  const page = await (await openStrictWindow(t, { baseURL: doorward.url, javaScriptEnabled: false })).newPage();
  await page.goto("/admin/sign-in");
  assert.equal(await page.getByRole("button", { name: "Show password" }).count(), 0);
  assert.equal(await page.locator("meter").count(), 0);
});
