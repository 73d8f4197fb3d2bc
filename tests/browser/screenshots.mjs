// Takes screenshots of every page (pages.mjs): wide and narrow, each light, dark and with forced colours. All go
// to target/screenshots/ in full height; those for the docs go to docs/screenshots/, cut at the bottom and without
// forced colours. Names of pages as arguments limit it to those. scripts/screenshots calls it with a clock in the
// past, so that the demo has old data.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

import { signIn } from "./admin.mjs";
import { ADMIN, PASSWORD, SITE_USER, startDemo, startSite } from "./demo.mjs";
import { startDoorward } from "./doorward.mjs";
import { atEnd } from "./ending.mjs";
import { ACCOUNT, ADMINS, FIRST, OPEN, SITE_ACCOUNT, SITE_ADMIN, SITE_OPEN, USER, open } from "./pages.mjs";

/** The width, the device scale factor, and the height of screenshots in the docs. */
const FORMS = [
  { width: 1280, height: 720, scale: 1, most: 900 },
  { width: 390, height: 844, scale: 1.5, most: 1200 },
];
const root = fileURLToPath(new URL("../../", import.meta.url));
const ALL = join(root, "target/screenshots");
const KEPT = join(root, "docs/screenshots");

const only = process.argv.slice(2);
let end = () => {};
/** Takes the place of a test `t`: it ends after the last screenshot. */
const t = { after: (ending) => (end = ending) };

/** A clock for doorward by faketime; `set` moves it back by milliseconds. */
function clock() {
  if (!process.env.FAKETIME_LIBRARY) return { environment: {}, set: () => {} };
  const folder = mkdtempSync(join(tmpdir(), "doorward-clock-"));
  atEnd(t, () => rmSync(folder, { recursive: true }));
  const file = join(folder, "now");
  const environment = {
    LD_PRELOAD: process.env.FAKETIME_LIBRARY,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: "1",
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
  };
  return { environment, set: (ago) => writeFileSync(file, `-${Math.round(ago / 1000)}\n`) };
}

/** Takes one screenshot. */
async function shoot(page, entry, { width, height, most }, colorScheme) {
  const name = `${entry.name}-${width}-${colorScheme}`;
  await page.setViewportSize({ width, height });
  const whole = await page.evaluate("document.documentElement.scrollHeight");
  if (entry.keep) {
    await page.setViewportSize({ width, height: Math.min(whole, most) });
    const session = await page.context().newCDPSession(page);
    const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: 70 });
    writeFileSync(join(KEPT, `${name}.webp`), Buffer.from(data, "base64"));
    await session.detach();
  }
  // Elements that stick to the bottom of the window are at the bottom of the screenshot.
  await page.setViewportSize({ width, height: whole });
  await page.screenshot({ path: join(ALL, `${name}.png`) });
}

/** Takes the screenshots of every page of a list. */
async function album(browser, list, place, baseURL, prepare = async () => {}) {
  const forms = [];
  for (const form of FORMS) {
    const { width, height, scale: deviceScaleFactor } = form;
    const window = await browser.newContext({ baseURL, viewport: { width, height }, deviceScaleFactor, reducedMotion: "reduce" });
    await prepare(window);
    forms.push({ form, window });
  }
  for (const entry of list.filter(({ name }) => only.length === 0 || only.includes(name))) {
    // What can be opened only once is opened in the first window.
    for (const { form, window } of entry.once ? forms.slice(0, 1) : forms) {
      const page = await window.newPage();
      await open(page, entry, place);
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        for (const one of entry.once ? FORMS : [form]) await shoot(page, entry, one, colorScheme);
      }
      await page.emulateMedia({ colorScheme: "light", forcedColors: "active" });
      for (const one of entry.once ? FORMS : [form]) await shoot(page, { ...entry, keep: false }, one, "forced");
      await page.close();
    }
  }
}

/** What signs a window in at this path. */
const signedIn = (path, name) => async (window) => {
  const page = await window.newPage();
  await page.goto(path);
  await signIn(page, name, PASSWORD);
  await page.getByRole("button", { name: "Sign out" }).waitFor();
  // A background job counts the past logins of the overview.
  for (let tries = 0; tries < 60 && (await page.getByText("still being counted").count()) > 0; tries++) {
    await page.waitForTimeout(1000);
    await page.reload();
  }
  await page.close();
};

async function everything() {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM });
  atEnd(t, () => browser.close());
  const fresh = await startDoorward(t);
  const setup = /\/admin\/setup\/[A-Za-z0-9_-]{43}/.exec(fresh.log())[0];
  await album(browser, FIRST, { setup }, fresh.url);

  const { environment, set } = clock();
  const demo = await startDemo(t, { environment, clock: set });
  const { url } = demo.doorward;
  await album(browser, ADMINS, demo, url, signedIn("/admin/sign-in", ADMIN));
  await album(browser, ACCOUNT, demo, url, signedIn("/sign-in", USER));
  await album(browser, OPEN, demo, url);

  const site = await startSite(t);
  await album(browser, SITE_OPEN, site, site.doorward.url);
  await album(browser, SITE_ACCOUNT, site, site.doorward.url, signedIn("/sign-in", SITE_USER));
  await album(browser, SITE_ADMIN, site, site.doorward.url, signedIn("/admin/sign-in", ADMIN));
}

if (only.length === 0) for (const folder of [ALL, KEPT]) rmSync(folder, { recursive: true, force: true });
for (const folder of [ALL, KEPT]) mkdirSync(folder, { recursive: true });
try {
  await everything();
} finally {
  await end();
}
