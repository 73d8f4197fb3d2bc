// Administrators and users: from the first start to bulk actions.

import assert from "node:assert/strict";
import { test } from "node:test";

import { focusGiven, follow, openAdmin, openMenu, path, press, says, shows } from "./admin.mjs";
import { openStrictWindow } from "./chromium.mjs";
import { startDoorward } from "./doorward.mjs";
import { openMailbox } from "./mailbox.mjs";

const setupLink = (doorward) => /http:\S+\/admin\/setup\/[A-Za-z0-9_-]{43}/.exec(doorward.log())[0];

/** Whether a login over the API works. */
async function canLogIn(doorward, username, password) {
  const body = new URLSearchParams({ username, password });
  const answer = await fetch(`${doorward.url}/api/login/`, { method: "POST", body });
  return answer.status === 200;
}

/** Selects these users in the list. */
async function choose(page, ...names) {
  for (const name of names) await page.getByLabel(`Select ${name}`, { exact: true }).check();
}

async function makeFirstAdministrator(page, doorward) {
  await page.goto(setupLink(doorward));
  await shows(page, "Create the first administrator");
  await page.fill("[name=username]", "grace");
  await page.fill("[name=email]", "grace@example.com");
  await page.fill("[name=password]", "Tide-tables-1906");
  await page.fill("[name=password_again]", "Tide-tables-1906");
  await press(page, "Create administrator");
  await shows(page, "Administrator created");
}

async function findAndConfirm(page) {
  await page.locator("#q").fill("HOPP");
  await page.locator("#q").press("Enter");
  await page.getByText("1 user ·").waitFor();
  await follow(page, "hopper");
  await shows(page, "hopper");
  await page.locator(".remedies").getByRole("button", { name: "Confirm email address" }).click();
  await says(page, "Email address of hopper confirmed.");
  await openMenu(page, "More actions");
  await page.getByRole("button", { name: "Mark email address as unconfirmed" }).waitFor();
}

async function deactivateMany(page) {
  await choose(page, "ada", "hopper");
  await press(page, "Deactivate");
  await shows(page, "Deactivate 2 users?");
  assert.deepEqual(await page.locator(".selection li").allTextContents(), ["ada (ada@example.com)", "hopper (hopper@example.com)"]);
  await page.fill("[name=count]", "2");
  await press(page, "Deactivate");
  await says(page, "2 users deactivated.");
}

async function inviteAndAccept(page, guest, mailbox) {
  await page.goto("/admin/users/invite");
  await page.getByLabel("Email addresses").fill("Katherine <katherine@example.com>\nno address");
  await press(page, "Check list");
  await page.getByText("1 invitation will be sent").waitFor();
  await page.getByText("1 invalid email address").waitFor();
  await press(page, "Send 1 invitation");
  await says(page, "1 invitation sent.");
  await guest.goto(await mailbox.link("katherine@example.com", "accept-invite"));
  await shows(guest, "Create your account");
  await guest.fill("[name=username]", "katherine");
  await guest.fill("[name=password]", "Orbit-and-return-62");
  await guest.fill("[name=password_again]", "Orbit-and-return-62");
  await press(guest, "Create account");
  await shows(guest, "Account created");
}

test("the setup link of the first start creates the first administrator, who is signed in", async (t) => {
  const doorward = await startDoorward(t);
  const page = await (await openStrictWindow(t)).newPage();
  await makeFirstAdministrator(page, doorward);
  await follow(page, "Go to overview");
  await shows(page, "Overview");
  await page.getByRole("link", { name: "grace", exact: true }).waitFor();
  // The link works once.
  await page.goto(setupLink(doorward));
  await shows(page, "This link no longer works");
});

test("an error in the setup form is beside its field, and the input stays", async (t) => {
  const doorward = await startDoorward(t);
  const page = await (await openStrictWindow(t)).newPage();
  await page.goto(setupLink(doorward));
  await page.fill("[name=username]", "grace");
  await page.fill("[name=email]", "grace@");
  await page.fill("[name=password]", "12345678");
  await page.fill("[name=password_again]", "12345678");
  await press(page, "Create administrator");
  await focusGiven(page);
  assert.equal(await page.evaluate("document.activeElement.getAttribute('role')"), "alert");
  assert.equal(await page.inputValue("[name=username]"), "grace");
  assert.equal(await page.inputValue("[name=password]"), "");
  const email = page.locator("[name=email]");
  assert.equal(await email.inputValue(), "grace@");
  assert.equal(await email.getAttribute("aria-invalid"), "true");
  assert.match(await email.getAttribute("aria-describedby"), /email-error/);
});

test("a search by a part of the name lists a user, who is confirmed", async (t) => {
  const { doorward, page } = await openAdmin(t);
  for (const name of ["ada", "hopper", "mary"]) doorward.addUser(name);
  await page.goto("/admin/users/");
  await findAndConfirm(page);
});

test("a bulk action deactivates users after a confirmation page with their names, and can be undone", async (t) => {
  const { doorward, page } = await openAdmin(t);
  const password = doorward.addUser("ada");
  doorward.addUser("hopper");
  const skipped = doorward.addUser("mary");
  await page.goto("/admin/users/");
  await deactivateMany(page);
  assert.equal(await canLogIn(doorward, "ada", password), false);
  assert.equal(await canLogIn(doorward, "mary", skipped), true);
  await press(page, "Undo");
  await page.waitForURL(/\/bulk\/\d+$/);
  assert.equal(await canLogIn(doorward, "ada", password), true);
});

test("the page of a long bulk action shows its progress, and the result once it is done", async (t) => {
  const { doorward, page } = await openAdmin(t);
  doorward.addUser("ada");
  await page.goto("/admin/users/chosen?do=deactivate&id=2");
  await press(page, "Deactivate");
  await says(page, "1 user deactivated.");
  doorward.pretendBulk("running");
  await page.goto("/admin/users/bulk/1");
  await page.getByText("31,641 of 94,923 users").waitFor();
  await page.evaluate(() => { window.isLoadedOnce = true; });
  doorward.pretendBulk("done");
  await page.locator(".bulk-state", { hasText: "Done" }).waitFor();
  assert.equal(await page.evaluate(() => window.isLoadedOnce), true);
  assert.equal(await page.getByRole("button", { name: "Stop" }).isVisible(), false);
  await page.getByRole("link", { name: "Show result" }).click();
  await page.locator("#bulk-refresh").waitFor({ state: "detached" });
});

test("a list says that entries came since it was loaded", async (t) => {
  const { doorward, page } = await openAdmin(t);
  await page.clock.install();
  await page.goto("/admin/users/");
  doorward.addUser("ada");
  await page.clock.runFor(11_000);
  await page.getByText("1 new entry in the audit log since this page was loaded.").waitFor();
  await page.getByRole("link", { name: "Load again" }).click();
  await page.getByRole("link", { name: "ada", exact: true }).waitFor();
});

test("a long bulk action is followed and stopped without JavaScript", async (t) => {
  const { doorward, page } = await openAdmin(t, { window: { javaScriptEnabled: false } });
  doorward.addUser("ada");
  await page.goto("/admin/users/chosen?do=deactivate&id=2");
  await press(page, "Deactivate");
  await says(page, "1 user deactivated.");
  doorward.pretendBulk("running");
  await page.goto("/admin/users/bulk/1");
  await page.getByText("31,641 of 94,923 users").waitFor();
  assert.equal(await page.locator(".bulk-state").textContent(), "Running");
  doorward.pretendBulk("done");
  await page.getByRole("link", { name: "Reload" }).click();
  await page.locator(".bulk-state", { hasText: "Done" }).waitFor();
  doorward.pretendBulk("running");
  await page.goto("/admin/users/bulk/1");
  await press(page, "Stop");
  await page.locator(".bulk-state", { hasText: "Stopped before the end" }).waitFor();
});

test("a double click on a button submits the form once", async (t) => {
  const { doorward, page } = await openAdmin(t);
  doorward.addUser("ada");
  let sent = 0;
  await page.route("**/deactivate", async (route) => {
    if (route.request().method() === "POST") sent += 1;
    await new Promise((done) => setTimeout(done, 500));
    await route.continue();
  });
  await page.goto("/admin/users/2/deactivate");
  await page.locator("main button[type=submit]").dblclick({ delay: 100 });
  await says(page, "ada deactivated and signed out everywhere.");
  assert.equal(sent, 1);
});

test("an invited person creates an account with the link in the mail", async (t) => {
  const mailbox = await openMailbox(t);
  const { doorward, page } = await openAdmin(t, { settings: mailbox.settings });
  const guest = await (await openStrictWindow(t)).newPage();
  await inviteAndAccept(page, guest, mailbox);
  assert.equal(await canLogIn(doorward, "katherine", "Orbit-and-return-62"), true);
  await page.goto("/admin/users/?q=katherine");
  await page.getByRole("row", { name: /katherine@example\.com.* confirmed/ }).waitFor();
});

test("the admin works without JavaScript", async (t) => {
  const mailbox = await openMailbox(t);
  const doorward = await startDoorward(t, mailbox.settings);
  const window = await openStrictWindow(t, { baseURL: doorward.url, javaScriptEnabled: false });
  const [page, guest] = [await window.newPage(), await window.newPage()];
  await makeFirstAdministrator(page, doorward);
  for (const name of ["ada", "hopper", "mary"]) doorward.addUser(name);
  await page.goto("/admin/users/");
  await findAndConfirm(page);
  await page.goto("/admin/users/");
  await deactivateMany(page);
  await inviteAndAccept(page, guest, mailbox);

  await page.goto("/admin/users/");
  await follow(page, "mary");
  await openMenu(page, "Reset password");
  await follow(page, "Create reset link…");
  await press(page, "Create link");
  assert.match(await page.inputValue("#link"), /\/reset-password\/[A-Za-z0-9_-]{43}$/);
  assert.equal(await page.getByRole("button", { name: "Copy" }).count(), 0, "what needs a script is not shown");
  await follow(page, "Back to mary");
  await follow(page, "Delete mary…");
  await page.getByLabel("Enter the username to confirm").fill("mary");
  await press(page, "Delete account");
  await says(page, "mary deleted.");
  await press(page, "Sign out");
  assert.equal(path(page), "/admin/sign-in");
});

/** Presses the button that copies, and checks that the clipboard has this text. */
async function copies(page, name, text) {
  await page.getByRole("button", { name, exact: true }).click();
  await page.getByText("Copied", { exact: true }).waitFor();
  assert.equal(await page.evaluate("navigator.clipboard.readText()"), text);
}

test("buttons copy a one-time link, an email address, an invitation and settings", async (t) => {
  const permissions = ["clipboard-read", "clipboard-write"];
  const { doorward, page } = await openAdmin(t, { window: { permissions } });
  doorward.addUser("mary");
  await page.goto("/admin/users/2/reset-link");
  await press(page, "Create link");
  await copies(page, "Copy", await page.inputValue("#link"));

  await page.goto("/admin/users/2");
  await copies(page, "Copy email address", "mary@example.com");

  doorward.run(["user", "invite", "katherine@example.com"]);
  await page.goto("/admin/users/invitations");
  await page.getByRole("button", { name: /^Copy link/ }).click();
  await shows(page, "Invitation link for katherine@example.com");
  const link = await page.inputValue("#link");
  assert.match(link, /\/accept-invite\/[A-Za-z0-9_-]{43}$/);
  await copies(page, "Copy", link);

  await page.goto("/admin/settings");
  await page.locator(".toml summary").click();
  const toml = await page.locator(".toml textarea").inputValue();
  assert.match(toml, /\[password\]\ncost = "?4"?/);
  await copies(page, "Copy as TOML", toml);
});

test("a generated password can be read and copied, and signs the user in", async (t) => {
  const permissions = ["clipboard-read", "clipboard-write"];
  const { doorward, page } = await openAdmin(t, { window: { permissions } });
  doorward.addUser("mary");
  await page.goto("/admin/users/2/password");
  await follow(page, "Generate password");
  const generated = await page.inputValue("#password");
  assert.ok(generated.length >= 12, generated);
  assert.equal(await page.locator("#password").getAttribute("type"), "text");
  assert.equal(await page.inputValue("#password_again"), generated);
  await copies(page, "Copy", generated);
  await follow(page, "Generate password");
  assert.notEqual(await page.inputValue("#password"), generated);
  const last = await page.inputValue("#password");
  await press(page, "Set password");
  await shows(page, "mary");
  assert.equal(await canLogIn(doorward, "mary", last), true);
});
