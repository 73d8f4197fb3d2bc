// Every page, wide and narrow, light and dark: axe-core and html-validate report nothing, no element is too wide
// for a small phone, and the page is small. Prints the size of each page.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { HtmlValidate } from "html-validate";

import { signIn } from "./admin.mjs";
import { openStrictWindow } from "./chromium.mjs";
import { ADMIN, PASSWORD, startDemo } from "./demo.mjs";
import { startDoorward } from "./doorward.mjs";
import { ACCOUNT, ADMINS, FIRST, NO_PAGES, OPEN, USER, open } from "./pages.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const MOST_BYTES = 50 * 1024;
const NARROWEST = 320;

/** All rules of axe-core for WCAG 2.2, at every level, and its best practices. */
const ALL_RULES = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Those that depend on colours. */
const COLOUR_RULES = ["color-contrast", "color-contrast-enhanced", "link-in-text-block"];

/** Each layout is checked by all rules once, and in the other colours by the rules for colours. */
const AXE_RUNS = [
  { width: 1280, colorScheme: "light", rules: ALL_RULES },
  { width: 1280, colorScheme: "dark", rules: COLOUR_RULES },
  { width: 390, colorScheme: "dark", rules: ALL_RULES },
  { width: 390, colorScheme: "light", rules: COLOUR_RULES },
];

/** The rules for the HTML of a page, and the exceptions. */
const validator = new HtmlValidate({
  root: true,
  extends: ["html-validate:recommended"],
  rules: {
    // The doctype may be in lower case (HTML Standard §13.1.1).
    "doctype-style": ["error", { style: "lowercase" }],
    // Conditions in templates leave blanks.
    "no-trailing-whitespace": "off",
    // A table that is displayed as cards on a phone needs explicit roles.
    "no-redundant-role": "off",
    // Each selected user is a field with the same name.
    "form-dup-name": "off",
  },
});

/** The links of the tested pages, and their sizes. */
const seen = { links: new Map(), weights: [] };

/** The violations that axe-core reports. */
async function axe(page, rules) {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(AXE);
  // The only frame has a mail, in which no script runs.
  const options = { runOnly: rules, resultTypes: ["violations"], iframes: false };
  const found = await page.evaluate(async (options) => (await axe.run(document, options)).violations, options);
  return found.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(" ")}`);
}

async function checkAxe(page, name) {
  for (const { width, colorScheme, rules } of AXE_RUNS) {
    await page.setViewportSize({ width, height: 844 });
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await axe(page, rules), [], `${name}, ${width}, ${colorScheme}`);
  }
}

/** Checks that the page does not scroll sideways. */
async function checkWidth(page) {
  await page.setViewportSize({ width: NARROWEST, height: 640 });
  const wide = await page.evaluate((most) => {
    const beyond = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > most);
    const isWide = document.documentElement.scrollWidth > most;
    return isWide ? beyond.map((one) => `${one.localName}.${one.className}`) : [];
  }, NARROWEST);
  assert.deepEqual(wide, [], `wider than ${NARROWEST}`);
}

async function checkHtml(html) {
  const { results } = await validator.validateString(html);
  const found = results.flatMap(({ messages }) => messages);
  assert.deepEqual(found.map(({ ruleId, message, line }) => `${line} ${ruleId}: ${message}: ${html.split("\n")[line - 1].trim()}`), []);
}

/** Measures the size of a page; returns what it loads besides cached static files. */
async function checkWeight(page, name) {
  const { bytes, files } = await page.evaluate(() => ({
    bytes: performance.getEntriesByType("navigation")[0].decodedBodySize,
    files: performance.getEntriesByType("resource").map(({ name, transferSize }) => ({ name, isCached: transferSize === 0 })),
  }));
  seen.weights.push({ name, bytes, files: files.length });
  assert.ok(bytes <= MOST_BYTES, `${bytes} bytes`);
  return files.filter((file) => !file.isCached).map((file) => new URL(file.name).pathname);
}

async function gatherLinks(page, name) {
  const links = await page.locator("a[href]").evaluateAll((all) => all.map((one) => one.href));
  for (const link of links) {
    const { origin, pathname } = new URL(link);
    if (origin === new URL(page.url()).origin) seen.links.set(kind(pathname), name);
  }
}

/** A path without ids and keys. */
const kind = (path) => path.replace(/[A-Za-z0-9_-]{43}/, "key").replace(/\d+/g, "0");

/**
 * Loads the static files into the cache, as the first page does. Chromium loads the icon of a page late, and blames
 * the policy of the next one for it.
 */
async function fillCache(window) {
  const page = await window.newPage();
  for (const any of ["/nowhere", "/admin/sign-in", "/admin/", "/admin/users/", "/admin/users/1"]) await page.goto(any, { waitUntil: "networkidle" });
  await page.close();
}

/** One test for each page of the list. */
async function look(t, window, list, place) {
  await fillCache(window);
  for (const entry of list.filter((one) => !process.env.PAGES || process.env.PAGES.split(",").includes(one.name))) {
    await t.test(`the page ${entry.name} has no problems`, async () => {
      const page = await window.newPage();
      const answer = await open(page, entry, place);
      assert.equal(answer.status(), entry.status ?? 200);
      const html = await answer.text();
      assert.deepEqual(await checkWeight(page, entry.name), (entry.also ?? []).map((of) => of(place)), "loaded besides");
      await gatherLinks(page, entry.name);
      await checkWidth(page);
      if (!entry.isMail) {
        await checkHtml(html);
        await checkAxe(page, entry.name);
      }
      await page.close();
    });
  }
}

/** Checks in German every page that can be opened directly. */
async function lookInGerman(t, demo) {
  const window = await openStrictWindow(t, { baseURL: demo.doorward.url, locale: "de" });
  const page = await window.newPage();
  await page.goto("/admin/sign-in");
  await page.fill("[name=username]", ADMIN);
  await page.fill("[name=password]", PASSWORD);
  await page.getByRole("button", { name: "Anmelden" }).click();
  await page.getByRole("button", { name: "Abmelden" }).waitFor();
  for (const entry of ADMINS.filter((one) => !one.act && !one.isMail)) {
    const answer = await open(page, entry, demo);
    assert.equal(await page.locator("html").getAttribute("lang"), "de", entry.name);
    await checkHtml(await answer.text());
    await checkWidth(page);
  }
}

test("without an account", async (t) => {
  const doorward = await startDoorward(t);
  const setup = /\/admin\/setup\/[A-Za-z0-9_-]{43}/.exec(doorward.log())[0];
  await look(t, await openStrictWindow(t, { baseURL: doorward.url }), FIRST, { setup });
});

test("with demo data", async (t) => {
  const demo = await startDemo(t);
  const { url: baseURL } = demo.doorward;
  await look(t, await openStrictWindow(t, { baseURL }), OPEN, demo);
  const own = await openStrictWindow(t, { baseURL });
  const signInPage = await own.newPage();
  await signInPage.goto("/sign-in");
  await signIn(signInPage, USER, PASSWORD);
  await signInPage.getByRole("button", { name: "Sign out" }).waitFor();
  await look(t, own, ACCOUNT, demo);
  const window = await openStrictWindow(t, { baseURL });
  const page = await window.newPage();
  await page.goto("/admin/sign-in");
  await signIn(page, ADMIN, PASSWORD);
  await page.getByRole("button", { name: "Sign out" }).waitFor();
  await look(t, window, ADMINS, demo);
  await t.test("the pages have no problems in German", () => lookInGerman(t, demo));
  await t.test("every page with a link to it is in the list", () => {
    const listed = new Set([...OPEN, ...ACCOUNT, ...ADMINS].map((entry) => kind(new URL(typeof entry.path === "string" ? entry.path : entry.path(demo), baseURL).pathname)));
    const isListed = (path) => listed.has(path) || NO_PAGES.some((pattern) => pattern.test(path));
    assert.deepEqual([...seen.links].filter(([path]) => !isListed(path)), []);
    assert.ok(seen.links.size > 15);
  });
  const lines = seen.weights.map(({ name, bytes, files }) => `${name.padEnd(28)}${String(bytes).padStart(7)}${String(files).padStart(7)}`);
  console.log(["page                       HTML bytes  static files", ...lines].join("\n"));
});
