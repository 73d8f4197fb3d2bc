// The pages of the admin at every width: they do not scroll sideways, an open menu is inside the window, chosen columns
// are visible, and the words of a table are whole. Escape and a click elsewhere close a menu. Heads, moments, boxes.

import assert from "node:assert/strict";
import { test } from "node:test";

import { openAdmin, openMenu } from "./admin.mjs";

const WIDTHS = [320, 490, 560, 770, 832, 1280];
const PAGES = [
  "/admin/",
  "/admin/users/",
  "/admin/users/?cols=id.email.added.login.state",
  "/admin/users/1",
  "/admin/users/3",
  "/admin/users/invitations",
  "/admin/audit",
];

/** What is wrong with the page at the width of the window, with each of its menus open once. */
function faults() {
  const found = [];
  const isWide = () => document.documentElement.scrollWidth > innerWidth;
  if (isWide()) found.push("the page scrolls sideways");
  for (const menu of document.querySelectorAll(".menu, .list-menu")) {
    menu.open = true;
    const { left, right } = menu.querySelector(".menu-list, .list-panel").getBoundingClientRect();
    const name = menu.querySelector("summary").textContent.trim();
    if (left < 0 || right > document.documentElement.clientWidth) found.push(`${name} from ${left} to ${right}`);
    if (isWide()) found.push(`the page scrolls sideways with ${name}`);
    menu.open = false;
  }
  for (const cell of document.querySelectorAll("td.added")) {
    if (cell.getClientRects().length === 0) found.push("a chosen column is hidden");
  }
  const words = document.querySelectorAll(".table :is(thead th, time, .state, .agent, .words), .panel dt");
  for (const walk of [...words].map((one) => document.createTreeWalker(one, NodeFilter.SHOW_TEXT))) {
    for (let text = walk.nextNode(); text !== null; text = walk.nextNode()) {
      if (text.parentElement.closest(".unseen, .detail")) continue;
      for (const { 0: word, index } of text.data.matchAll(/[^\s-]+/g)) {
        const range = new Range();
        range.setStart(text, index);
        range.setEnd(text, index + word.length);
        if (new Set([...range.getClientRects()].map(({ top }) => top)).size > 1) found.push(`${word} is broken`);
      }
    }
  }
  return found;
}

test("at every width the pages fit, open menus are in the window, and words are whole", async (t) => {
  const { doorward, page } = await openAdmin(t);
  for (const name of ["hannah.lindqvist", "W".repeat(150)]) {
    const who = ["--username", name, "--email", `${name.slice(0, 60)}@example.com`, "--password-stdin"];
    doorward.run(["user", "add", ...who, "--admin"], "Lantern-by-the-door-7");
  }
  doorward.run(["user", "deactivate", "hannah.lindqvist"]);
  doorward.run(["user", "invite", "sofia@example.org"]);
  for (const language of ["en", "de"]) {
    await page.goto(`/admin/?language=${language}`);
    for (const path of PAGES) {
      await page.goto(path);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 800 });
        assert.deepEqual(await page.evaluate(faults), [], `${path}, ${language}, ${width}`);
      }
    }
  }
});

test("Escape and a click elsewhere close a menu", async (t) => {
  const { page } = await openAdmin(t);
  for (const [path, name] of [["/admin/users/1", "More actions"], ["/admin/users/", "View"], ["/admin/users/", "Filters"]]) {
    await page.goto(path);
    const open = page.locator(":is(.menu, .list-menu)[open]");
    await openMenu(page, name);
    await page.keyboard.press("Tab");
    assert.equal(await open.count(), 1, name);
    await page.keyboard.press("Escape");
    assert.equal(await open.count(), 0, `${name} after Escape`);
    assert.equal(await page.evaluate("document.activeElement.textContent.trim()"), name, "the focus is at its button");
    await openMenu(page, name);
    await page.locator("h1").click();
    assert.equal(await open.count(), 0, `${name} after a click elsewhere`);
  }
});

test("on a phone the head of the admin has two rows, and every place has its name", async (t) => {
  const { page } = await openAdmin(t);
  await page.setViewportSize({ width: 390, height: 844 });
  for (const language of ["en", "de"]) {
    await page.goto(`/admin/users/?language=${language}`);
    const { rows, names } = await page.evaluate(() => {
      const visible = [...document.querySelectorAll(".bar > *")].filter((one) => one.offsetHeight > 1);
      const middles = visible.map((one) => one.getBoundingClientRect()).map(({ top, bottom }) => (top + bottom) / 2);
      const places = [...document.querySelectorAll(".bar-nav a")];
      const tops = places.map((one) => Math.round(one.getBoundingClientRect().top));
      return { rows: new Set(middles.map((at) => Math.round(at / 20))).size + new Set(tops).size - 1, names: places.length };
    });
    assert.deepEqual({ rows, names }, { rows: 2, names: 6 }, language);
  }
});

test("a moment under the pointer does not widen the page", async (t) => {
  const { page } = await openAdmin(t);
  const isWide = () => document.documentElement.scrollWidth > innerWidth;
  for (const width of [560, 768, 850, 880, 900, 1152, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    for (const path of ["/admin/users/?cols=email.state.added.login", "/admin/audit"]) {
      await page.goto(path);
      for (const moment of (await page.locator("td time").all()).slice(0, 3)) {
        await page.mouse.move(0, 0);
        await moment.hover();
        assert.equal(await page.evaluate(isWide), false, `${path}, ${width}`);
        const shown = await moment.locator(".unseen").boundingBox();
        assert.ok(shown.width > 20 && shown.x >= 0 && shown.x + shown.width <= width, `${path}, ${width}: ${shown.x}, ${shown.width}`);
      }
    }
  }
});

test("an unchecked box on a dark ground has a visible edge, and a dangerous button a sign", async (t) => {
  const { page } = await openAdmin(t);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto("/admin/users/");
  const luminance = (colour) => {
    const [red, green, blue] = colour.match(/[\d.]+/g).map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const box = page.locator("input[name='id']").first();
  const { edge, ground } = await box.evaluate((one) => {
    const { borderTopColor, backgroundColor } = getComputedStyle(one);
    return { edge: borderTopColor, ground: backgroundColor };
  });
  // WCAG 2.2, 1.4.11.
  assert.ok((luminance(edge) + 0.05) / (luminance(ground) + 0.05) >= 3, `${edge} on ${ground}`);
  await box.check();
  const sign = await page.locator("button[value='delete']").evaluate((one) => getComputedStyle(one, "::before").clipPath);
  assert.match(sign, /^polygon/);
});
