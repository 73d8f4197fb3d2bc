// Chromium with a new profile for each test. Every name under example.test and elsewhere.test, which are two
// sites, resolves to this machine.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium } from "playwright-core";

import { closeAtEnd } from "./ending.mjs";

const RESOLVE = "--host-resolver-rules=MAP *.example.test 127.0.0.1, MAP *.elsewhere.test 127.0.0.1";
const COMMON = { executablePath: process.env.CHROMIUM, args: [RESOLVE] };

/** Opens a browser without cookies, which is closed when the test `t` ends. */
export async function openWindow(t, options = {}) {
  const browser = await chromium.launch(COMMON);
  closeAtEnd(t, () => browser.close());
  return browser.newContext({ ignoreHTTPSErrors: true, ...options });
}

/**
 * Opens a browser in which every violation of the content security policy, message in the console and failed
 * request fails the test. `options.launch` is for Chromium, the rest for the window.
 */
export async function openStrictWindow(t, { launch = {}, ...options } = {}) {
  const browser = await chromium.launch({ ...COMMON, ...launch });
  const window = await browser.newContext({ reducedMotion: "reduce", ...options });
  const faults = watch(window);
  await window.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  closeAtEnd(t, async () => {
    await browser.close();
    assert.deepEqual(faults, [], "what the pages did wrong");
  });
  return window;
}

/** Collects these problems. The status of a page itself is not one of them. */
function watch(window) {
  const faults = [];
  window.on("console", (message) => {
    const isStatus = message.text().startsWith("Failed to load resource: the server responded with");
    if (["error", "warning"].includes(message.type()) && !isStatus) faults.push(message.text());
  });
  window.on("weberror", (error) => faults.push(String(error.error())));
  window.on("requestfailed", (request) => {
    const why = request.failure()?.errorText;
    // A request that was running when the page was closed.
    if (why !== "net::ERR_ABORTED") faults.push(`${request.url()}: ${why}`);
  });
  window.on("response", (response) => {
    if (response.status() >= 400 && !response.request().isNavigationRequest()) {
      faults.push(`${response.url()}: ${response.status()}`);
    }
  });
  return faults;
}

/** Opens a browser with third-party cookies allowed; the default blocks them. */
export async function openTrustingWindow(t) {
  const folder = mkdtempSync(join(tmpdir(), "doorward-profile-"));
  const chosen = { profile: { cookie_controls_mode: 0, block_third_party_cookies: false } };
  mkdirSync(join(folder, "Default"));
  writeFileSync(join(folder, "Default", "Preferences"), JSON.stringify(chosen));
  const window = await chromium.launchPersistentContext(folder, { ...COMMON, ignoreHTTPSErrors: true });
  closeAtEnd(t, async () => {
    await window.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return window;
}
