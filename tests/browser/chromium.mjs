// Chromium, with a fresh profile for each test. Every name under example.test and elsewhere.test, which
// are two sites, is this machine.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium } from "playwright-core";

const RESOLVE = "--host-resolver-rules=MAP *.example.test 127.0.0.1, MAP *.elsewhere.test 127.0.0.1";
const COMMON = { executablePath: process.env.CHROMIUM, args: [RESOLVE] };

/** A browser without any cookies that is closed when the test `t` ends. */
export async function openWindow(t, options = {}) {
  const browser = await chromium.launch(COMMON);
  t.after(() => browser.close());
  return browser.newContext({ ignoreHTTPSErrors: true, ...options });
}

/** The same where somebody has chosen to let other sites keep cookies, which it refuses as it comes. */
export async function openTrustingWindow(t) {
  const folder = mkdtempSync(join(tmpdir(), "doorward-profile-"));
  const chosen = { profile: { cookie_controls_mode: 0, block_third_party_cookies: false } };
  mkdirSync(join(folder, "Default"));
  writeFileSync(join(folder, "Default", "Preferences"), JSON.stringify(chosen));
  const window = await chromium.launchPersistentContext(folder, { ...COMMON, ignoreHTTPSErrors: true });
  t.after(async () => {
    await window.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return window;
}
