// Every page, wide and narrow, light and dark, in English and German: axe-core and html-validate report nothing, no
// element is too wide for a small phone, and the page is small. Prints the size of each page. With PAGES=NAME,NAME only
// these are opened.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";

import { HtmlValidate } from "html-validate";

import { openStrictWindow } from "./chromium.mjs";
import { ADMIN, PASSWORD, SITE_USER, startDemo, startSite } from "./demo.mjs";
import { startDoorward } from "./doorward.mjs";
import { ACCOUNT, ADMINS, FIRST, NO_PAGES, OPEN, SITE_ACCOUNT, SITE_ADMIN, SITE_OPEN, USER, open } from "./pages.mjs";

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
    // The id of a setting is its name, which has a dot.
    "valid-id": ["error", { relaxed: true }],
    // Each selected user is a field with the same name.
    "form-dup-name": "off",
  },
});

/** The paths of the tested pages, their links and their sizes. */
const seen = { paths: new Set(), links: new Map(), weights: [] };

/** The violations that axe-core reports. */
async function axe(page, rules) {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(AXE);
  // The only frame has a mail, in which no script runs.
  const options = { runOnly: rules, resultTypes: ["violations"], iframes: false };
  const found = await page.evaluate(async (options) => (await axe.run(document, options)).violations, options);
  return found.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(" ")}`);
}

async function checkAxe(page, { name, hasBar }) {
  for (const { width, colorScheme, rules } of AXE_RUNS) {
    await page.setViewportSize({ width, height: 844 });
    if (hasBar) await page.setViewportSize({ width, height: await page.evaluate("document.documentElement.scrollHeight") });
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await axe(page, rules), [], `${name}, ${width}, ${colorScheme}`);
  }
}

/** Checks that the page does not scroll sideways. */
async function checkWidth(page, name = "") {
  await page.setViewportSize({ width: NARROWEST, height: 640 });
  const wide = await page.evaluate((most) => {
    const beyond = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > most);
    const isWide = document.documentElement.scrollWidth > most;
    return isWide ? beyond.map((one) => `${one.localName}.${one.className}`) : [];
  }, NARROWEST);
  assert.deepEqual(wide, [], `${name} wider than ${NARROWEST}`);
}

async function checkHtml(html) {
  const { results } = await validator.validateString(html);
  const found = results.flatMap(({ messages }) => messages);
  assert.deepEqual(found.map(({ ruleId, message, line }) => `${line} ${ruleId}: ${message}: ${html.split("\n")[line - 1].trim()}`), []);
}

/**
 * Measures the HTML of a page, and what a first visit loads: the HTML and the static files, compressed. Returns what it
 * loads besides static files.
 */
async function checkWeight(page, name) {
  const { bytes, first, files } = await page.evaluate(() => {
    const [document] = performance.getEntriesByType("navigation");
    const all = performance.getEntriesByType("resource");
    return {
      bytes: document.decodedBodySize,
      first: all.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, document.encodedBodySize),
      // What a script of a page asks for again and again is no part of it.
      files: all.filter((file) => file.initiatorType !== "fetch").map((file) => new URL(file.name).pathname),
    };
  });
  seen.weights.push({ name, bytes, first });
  assert.ok(bytes <= MOST_BYTES, `${bytes} bytes of HTML`);
  assert.ok(first <= MOST_BYTES, `${first} bytes at a first visit`);
  return files.filter((path) => !path.startsWith("/static/"));
}

async function gatherLinks(page, name) {
  seen.paths.add(kind(new URL(page.url()).pathname));
  const links = await page.locator("a[href]").evaluateAll((all) => all.map((one) => one.href));
  for (const link of links) {
    const { origin, pathname } = new URL(link);
    if (origin === new URL(page.url()).origin) seen.links.set(kind(pathname), name);
  }
}

/** A path without ids, keys, and names of mails. */
const kind = (path) =>
  path.replace(/[A-Za-z0-9_-]{43}/, "key").replace(/\d+/g, "0").replace(/\/texts\/\w+\/(en|de)/, "/texts/text").replace(/(.)\/$/, "$1");

/**
 * Loads the static files into the cache, as the first page does. Chromium loads the icon of a page late, and blames
 * the policy of the next one for it.
 */
async function fillCache(window) {
  const page = await window.newPage();
  for (const any of ["/nowhere", "/admin/sign-in", "/admin/", "/admin/users/", "/admin/users/1"]) await page.goto(any, { waitUntil: "networkidle" });
  await page.close();
}

/** The names of the pages to open, if not all. */
const ONLY = process.env.PAGES?.split(",");
const chosen = (list) => list.filter(({ name }) => !ONLY || ONLY.includes(name));

/** Opens a window that is signed in at this path as a user of the demo. */
async function signedIn(t, options, path, name) {
  const window = await openStrictWindow(t, options);
  const page = await window.newPage();
  await page.goto(path);
  await page.fill("[name=username]", name);
  await page.fill("[name=password]", PASSWORD);
  await page.keyboard.press("Enter");
  await page.locator("form[action$='/sign-out']").waitFor();
  await page.close();
  return window;
}

/** One test for each page of the list. They share a tab: to open one takes as long as the checks of a page. */
async function look(t, window, list, place) {
  await fillCache(window);
  let shared = null;
  for (const entry of chosen(list)) {
    await t.test(`the page ${entry.name} has no problems`, async () => {
      const page = shared ?? (await window.newPage());
      // A test that fails leaves its tab behind.
      shared = null;
      await page.setViewportSize({ width: 1280, height: 720 });
      await page.emulateMedia({ colorScheme: "light" });
      const answer = await open(page, entry, place);
      assert.equal(answer.status(), entry.status ?? 200);
      const html = await answer.text();
      assert.deepEqual(await checkWeight(page, entry.name), (entry.also ?? []).map((of) => of(place)), "loaded besides");
      await gatherLinks(page, entry.name);
      await checkWidth(page);
      if (!entry.isMail) {
        await checkHtml(html);
        await checkAxe(page, entry);
      }
      shared = page;
    });
  }
  await shared?.close();
}

/** One test for all pages of the list in German, which has longer words, but those that open once. */
async function lookInGerman(t, window, list, place, what) {
  await t.test(`the pages ${what} have no problems in German`, async () => {
    const page = await window.newPage();
    for (const entry of chosen(list).filter((one) => !one.once && !one.isMail)) {
      const answer = await open(page, entry, place);
      assert.equal(await page.locator("html").getAttribute("lang"), "de", entry.name);
      assert.equal(answer.status(), entry.status ?? 200, entry.name);
      await checkHtml(await answer.text());
      await checkWidth(page, entry.name);
    }
    await page.close();
  });
}

test("without an account", async (t) => {
  const doorward = await startDoorward(t);
  const setup = /\/admin\/setup\/[A-Za-z0-9_-]{43}/.exec(doorward.log())[0];
  const german = await openStrictWindow(t, { baseURL: doorward.url, locale: "de" });
  await lookInGerman(t, german, FIRST, { setup }, "of the first start");
  await look(t, await openStrictWindow(t, { baseURL: doorward.url }), FIRST, { setup });
});

test("with demo data", async (t) => {
  const demo = await startDemo(t);
  const english = { baseURL: demo.doorward.url };
  const german = { ...english, locale: "de" };
  await lookInGerman(t, await openStrictWindow(t, german), OPEN, demo, "for everybody");
  await look(t, await openStrictWindow(t, english), OPEN, demo);
  await lookInGerman(t, await signedIn(t, german, "/sign-in", USER), ACCOUNT, demo, "of an account");
  await look(t, await signedIn(t, english, "/sign-in", USER), ACCOUNT, demo);
  await look(t, await signedIn(t, english, "/admin/sign-in", ADMIN), ADMINS, demo);
  await lookInGerman(t, await signedIn(t, german, "/admin/sign-in", ADMIN), ADMINS, demo, "of the admin");
  await t.test("every page with a link to it is in the list", () => {
    const path = (entry) => (typeof entry.path === "string" ? entry.path : entry.path(demo));
    const listed = new Set([...OPEN, ...ACCOUNT, ...ADMINS].map((entry) => kind(new URL(path(entry), english.baseURL).pathname)));
    const isListed = (path) => listed.has(path) || seen.paths.has(path) || NO_PAGES.some((pattern) => pattern.test(path));
    assert.deepEqual([...seen.links].filter(([path]) => !isListed(path)), []);
    assert.ok(ONLY || seen.links.size > 15);
  });
});

test("of a site with its own address, logo, colour and rules", async (t) => {
  const site = await startSite(t);
  const english = { baseURL: site.doorward.url };
  const german = { ...english, locale: "de" };
  await look(t, await openStrictWindow(t, english), SITE_OPEN, site);
  await lookInGerman(t, await openStrictWindow(t, german), SITE_OPEN, site, "of the site");
  await lookInGerman(t, await signedIn(t, german, "/sign-in", SITE_USER), SITE_ACCOUNT, site, "of an account at the site");
  await look(t, await signedIn(t, english, "/sign-in", SITE_USER), SITE_ACCOUNT, site);
  await look(t, await signedIn(t, english, "/admin/sign-in", ADMIN), SITE_ADMIN, site);
  await lookInGerman(t, await signedIn(t, german, "/admin/sign-in", ADMIN), SITE_ADMIN, site, "of the admin of the site");
});

after(() => {
  const lines = seen.weights.map(({ name, bytes, first }) => `${name.padEnd(36)}${String(bytes).padStart(10)}${String(first).padStart(13)}`);
  console.log(["page                                HTML bytes  first visit", ...lines].join("\n"));
});
