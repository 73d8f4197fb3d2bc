// Every page, one line each. A link to a page that is not in this list fails pages.test.mjs.
// scripts/screenshots uses the same list.
//
//   name   the name of its screenshot
//   path   the path, or a function of the place: what startDemo or startSite (demo.mjs) returns
//   status the HTTP status; 200 by default
//   act    what leads from the path to the page, such as submitting a form, in every language
//   once   whether it can be opened only once, since it changes something
//   unfold the selector of what is opened on it, a <details>
//   hasBar a bar at the bottom of the window covers a part of it, until it is scrolled
//   also   resources that it loads besides the static files of every page
//   keep   its screenshots are stored in docs/screenshots/
//   isMail it is the HTML of a mail, to which the rules for pages do not apply

import { ADMIN, PASSWORD, SITE_USER } from "./demo.mjs";

const user = (name, rest = "") => (place) => `/admin/users/${place.id(name)}${rest}`;
const mail = (rest = "") => (demo) => `/admin/mail/${demo.mail}${rest}`;
const key = (kind) => (demo) => new URL(demo.keys[kind]).pathname;
const chosen = (action, ...names) => (place) =>
  `/admin/users/chosen?do=${action}&${names.map((name) => `id=${place.id(name)}`).join("&")}`;

/** Presses the first button of the form that is sent to a path with this end, in a menu, too. */
const press = (end) => (page) => page.locator(`form[action$="${end}"]`).first().evaluate((form) => form.requestSubmit());

/** Fills the fields of a form by name and presses its first button, or the one that `button` selects. */
const send = (fields, button = "button[type=submit]") => async (page) => {
  for (const [name, value] of Object.entries(fields)) {
    const field = page.locator(`main [name="${name}"]:not([type=hidden], [type=submit], :disabled)`);
    if ((await field.evaluate((one) => one.localName)) === "select") await field.selectOption(value);
    else await field.fill(value);
  }
  await page.locator(`main form:has([name="${Object.keys(fields)[0]}"]) ${button}`).first().click();
};

/** Opens the account pages of a user as an administrator, and then one of them. */
const view = (rest = "") => async (page) => {
  await Promise.all([page.waitForURL((url) => url.pathname === "/account"), press("/view")(page)]);
  await page.goto(`/account${rest}`);
};

const stopView = (page) => press("/view/stop")(page);

/** Sends the form of a page after the session in the admin has ended. */
async function sendAfterSignOut(page) {
  const window = page.context();
  const cookies = await window.cookies();
  const other = await window.newPage();
  await other.goto(new URL("/admin/mail", page.url()).href);
  await press("/sign-out")(other);
  await other.waitForURL((url) => url.pathname === "/admin/sign-in");
  await other.close();
  // The browser of an expired session still has its cookie.
  await window.addCookies(cookies);
  await send({ username: "elif.y" })(page);
  await page.locator("[name=password]").waitFor();
}

/** Opens the page of the last bulk action. */
async function lastBulk(page) {
  await page.goto("/admin/users/bulk");
  await page.locator("tbody th a").first().click();
}

/** Makes an API key. */
async function makeApiKey(page) {
  await page.locator("[name=users_read]").check();
  await send({ name: "billing" })(page);
  await page.locator("#key").waitFor();
}

/** Opens the form that revokes the first API key of the list. */
const revokeApiKey = (page) => page.locator('a[href$="/revoke"]').first().click();

const NO_KEY = "A".repeat(43);

/** The pages before the first account. `setup` is the link in the log. */
export const FIRST = [
  { name: "setup", path: ({ setup }) => setup, keep: true },
  {
    name: "setup-refused",
    path: ({ setup }) => setup,
    status: 422,
    act: send({ username: "a b", email: "nobody", password: "12345678", password_again: "1" }),
  },
];

/** The public pages. */
export const OPEN = [
  { name: "front-page", path: "/" },
  { name: "api-docs", path: "/api/docs/" },
  { name: "sign-in", path: "/admin/sign-in", keep: true },
  { name: "sign-in-forgotten", path: "/admin/sign-in", unfold: "details.forgot" },
  { name: "sign-in-ended", path: "/admin/sign-in?ended=1" },
  { name: "sign-in-refused", path: "/admin/sign-in", status: 422, act: send({ username: "rosa", password: "x" }) },
  {
    name: "sign-in-throttled",
    path: "/admin/sign-in",
    status: 429,
    async act(page) {
      // The failed logins of the demo are too old for the rate limit.
      for (let status; status !== 429; ) {
        const answer = page.waitForResponse((response) => response.request().method() === "POST");
        await send({ username: "elif.yilmaz", password: "x" })(page);
        status = (await answer).status();
        await page.waitForLoadState("load");
      }
    },
  },
  {
    name: "sign-in-not-administrator",
    path: "/admin/sign-in",
    status: 403,
    act: send({ username: "zoe.martin", password: PASSWORD }),
  },
  { name: "setup-done", path: "/admin/setup/done" },
  { name: "setup-gone", path: `/admin/setup/${NO_KEY}`, status: 404 },
  { name: "error-not-found", path: "/nowhere", status: 404 },
  { name: "confirm-email", path: key("confirm"), keep: true },
  { name: "confirm-email-done", path: "/confirm-email/done" },
  { name: "confirm-email-gone", path: `/confirm-email/${NO_KEY}`, status: 404 },
  { name: "reset-password", path: key("reset") },
  {
    name: "reset-password-refused",
    path: key("reset"),
    status: 422,
    act: send({ password: "12345678", password_again: "1" }),
  },
  { name: "reset-password-done", path: "/reset-password/done" },
  { name: "reset-password-gone", path: `/reset-password/${NO_KEY}`, status: 404 },
  { name: "accept-invite", path: key("invite"), keep: true },
  {
    name: "accept-invite-refused",
    path: key("invite"),
    status: 422,
    act: send({ username: "chiara.rossi", password: "12345678", password_again: "1" }),
  },
  { name: "accept-invite-done", path: "/accept-invite/done" },
  { name: "accept-invite-gone", path: `/accept-invite/${NO_KEY}`, status: 404 },
  { name: "account-deleted", path: "/account/data/deleted" },
  { name: "undo-email", path: key("undo") },
  { name: "undo-email-gone", path: `/undo-email/${NO_KEY}`, status: 404 },
  { name: "not-me", path: key("notMe") },
  { name: "not-me-gone", path: `/not-me/${NO_KEY}`, status: 404 },
  { name: "account-sign-in", path: "/sign-in", keep: true },
  { name: "account-sign-in-ended", path: "/sign-in?ended=1&next=%2Faccount%2Fsessions" },
  { name: "account-sign-in-refused", path: "/sign-in", status: 422, act: send({ username: "zoe.martin", password: "x" }) },
  { name: "sign-up", path: "/sign-up" },
  {
    name: "sign-up-refused",
    path: "/sign-up",
    status: 422,
    act: send({ username: "a b", email: "nobody", password: "12345678", password_again: "1" }),
  },
  { name: "sign-up-done", path: "/sign-up/done" },
  { name: "forgot-password", path: "/forgot-password" },
  { name: "forgot-password-refused", path: "/forgot-password", status: 422, act: send({ email: "zoe@" }) },
  { name: "forgot-password-done", path: "/forgot-password/done" },
  // The last two: each takes the browser on to the page for a new password.
  { name: "undo-email-done", path: key("undo"), act: (page) => page.locator("main button").click(), once: true },
  { name: "not-me-done", path: key("notMe"), act: (page) => page.locator("main button").click(), once: true },
];

/** The user who opens the account pages. */
export const USER = "hannah.lindqvist";

/** The pages of users about their own account. */
export const ACCOUNT = [
  { name: "account", path: "/account", keep: true },
  { name: "account-sign-out", path: "/sign-out" },
  { name: "account-name", path: "/account/name" },
  { name: "account-name-refused", path: "/account/name", status: 422, act: send({ username: "zoe.martin" }) },
  { name: "account-email", path: "/account/email" },
  { name: "account-email-refused", path: "/account/email", status: 422, act: send({ email: "elif@", old_password: "x" }) },
  { name: "account-security", path: "/account/security" },
  {
    name: "account-security-refused",
    path: "/account/security",
    status: 422,
    act: send({ old_password: "x", password: "12345678", password_again: "1" }),
  },
  { name: "account-sessions", path: "/account/sessions", keep: true },
  { name: "account-activity", path: "/account/activity" },
  { name: "account-data", path: "/account/data" },
  { name: "account-data-refused", path: "/account/data", status: 422, act: send({ password: "x" }) },
  { name: "account-data-all", path: "/account/data/all" },
  { name: "account-confirm-password", path: "/account/confirm-password" },
  { name: "account-confirm-password-refused", path: "/account/confirm-password", status: 422, act: send({ password: "x" }) },
  { name: "account-error-not-found", path: "/account/nowhere", status: 404 },
  { name: "account-session-ended", path: "/account/sessions", act: press("/account/sessions/end"), once: true },
  {
    name: "account-name-changed",
    path: "/account/name",
    act: send({ username: "hannah.berg" }),
    once: true,
  },
];

/** The pages of the admin. */
export const ADMINS = [
  { name: "home", path: "/admin/", keep: true },
  { name: "users", path: "/admin/users/", keep: true },
  { name: "users-found", path: "/admin/users/?confirmed=no&login=never", keep: true },
  { name: "users-nobody", path: "/admin/users/?q=zzz" },
  { name: "users-ticked", path: (demo) => `/admin/users/?sel=${demo.id("ben.okafor")}.${demo.id("kenji.tanaka")}`, hasBar: true },
  { name: "users-selected", path: "/admin/users/?sel=all&cols=id.email.state", hasBar: true },
  { name: "users-searched", path: "/admin/users/?q=an&added=month" },
  { name: "users-refused", path: "/admin/users/?confirmed=maybe&login=before&since=2026-02-31" },
  { name: "users-inside", path: "/admin/users/?after=nadia.kowalska" },
  { name: "users-filters", path: "/admin/users/?confirmed=no", unfold: ".list-search details" },
  { name: "users-export", path: "/admin/users/?confirmed=no", unfold: ".export-columns" },
  {
    name: "users-views",
    path: "/admin/users/?q=an&confirmed=no&sort=-added",
    async act(page) {
      await page.locator(".list-line details").evaluate((one) => (one.open = true));
      await send({ name: "Not confirmed, with a name that has as many" })(page);
    },
    unfold: ".list-line details",
  },
  { name: "users-chosen", path: chosen("deactivate", "ben.okafor", "kenji.tanaka", "goran.petrovic", ADMIN), keep: true },
  { name: "users-chosen-many", path: "/admin/users/chosen?do=deactivate&all=1" },
  { name: "users-chosen-many-refused", path: "/admin/users/chosen?do=deactivate&all=1", status: 422, act: send({ count: "1" }) },
  { name: "users-chosen-nobody", path: "/admin/users/chosen?do=confirm" },
  { name: "users-chosen-delete", path: "/admin/users/chosen?do=delete&all=1" },
  { name: "users-chosen-delete-refused", path: "/admin/users/chosen?do=delete&all=1", status: 422, act: send({ count: "1" }) },
  { name: "users-bulk-none", path: "/admin/users/bulk", once: true },
  {
    name: "users-bulk-said",
    path: chosen("deactivate", "ben.okafor", "kenji.tanaka", "goran.petrovic"),
    act: send({ reason: "On request" }),
    once: true,
  },
  { name: "users-bulk-one", path: "/admin/users/bulk", act: lastBulk },
  {
    name: "users-bulk-undone",
    path: "/admin/users/bulk",
    async act(page) {
      await Promise.all([page.waitForURL(/\/bulk\/\d+$/), press("/undo")(page)]);
    },
    once: true,
  },
  { name: "users-bulk", path: "/admin/users/bulk" },
  {
    name: "users-bulk-running",
    path: "/admin/users/bulk",
    async act(page, demo) {
      demo.doorward.pretendBulk("running");
      await lastBulk(page);
    },
  },
  { name: "users-groups-none", path: "/admin/users/groups", once: true },
  {
    name: "users-groups",
    path: "/admin/users/groups",
    async act(page, demo) {
      demo.doorward.importUsers();
      await page.goto("/admin/users/groups");
    },
  },
  {
    name: "users-of-group",
    path: "/admin/users/groups",
    async act(page, demo) {
      demo.doorward.importUsers();
      await page.goto("/admin/users/groups");
      await page.locator("tbody td a").first().click();
    },
  },
  { name: "users-imports-none", path: "/admin/users/imports", once: true },
  {
    name: "users-imports",
    path: "/admin/users/imports",
    async act(page, demo) {
      demo.doorward.importUsers();
      await page.goto("/admin/users/imports");
    },
  },
  {
    name: "users-import",
    path: "/admin/users/imports",
    async act(page, demo) {
      demo.doorward.importUsers();
      await page.goto("/admin/users/imports");
      await page.locator("tbody th a").first().click();
    },
  },
  { name: "user-add", path: "/admin/users/add" },
  {
    name: "user-add-refused",
    path: "/admin/users/add",
    status: 422,
    act: send({ username: "zoe.martin", email: "zoe", password: "1", password_again: "2" }),
  },
  { name: "invite", path: "/admin/users/invite" },
  {
    name: "invite-checked",
    path: "/admin/users/invite",
    act: send({
      addresses: "Sofia Marin <sofia@example.org>\nliam@example.org, noa@example.org\nzoe.martin@example.com\nsofia@example.org\nMr. Nobody",
    }),
    keep: true,
  },
  { name: "invite-checked-again", path: "/admin/users/invite", act: send({ addresses: "noor@example.org" }) },
  { name: "invitations", path: "/admin/users/invitations", keep: true },
  { name: "invitation-withdraw", path: "/admin/users/invitations/withdraw?address=noor%40example.org" },
  { name: "invitation-link", path: "/admin/users/invitations", act: press("/invitations/link") },
  { name: "user", path: user("elif.yilmaz"), keep: true },
  { name: "user-menu", path: user("elif.yilmaz"), unfold: ".menu:first-child" },
  { name: "user-reset-menu", path: user("goran.petrovic"), unfold: ".menu:last-child" },
  { name: "user-sessions", path: user("elif.yilmaz", "?tab=sessions") },
  { name: "user-activity", path: user("elif.yilmaz", "?tab=activity"), keep: true },
  { name: "user-emails", path: user("chiara.rossi", "?tab=emails") },
  { name: "user-inactive", path: user("goran.petrovic") },
  { name: "user-oneself", path: user(ADMIN) },
  { name: "user-deleted", path: (demo) => `/admin/users/${demo.deleted}`, status: 404 },
  { name: "user-data", path: user("elif.yilmaz", "/data") },
  { name: "user-edit", path: user("elif.yilmaz", "/edit") },
  { name: "user-edit-refused", path: user("elif.yilmaz", "/edit"), status: 422, act: send({ username: "zoe.martin", email: "elif@" }) },
  {
    name: "user-edit-conflict",
    path: user("priya.raman", "/edit"),
    status: 422,
    async act(page, demo) {
      demo.doorward.run(["user", "deactivate", "priya.raman"]);
      demo.doorward.run(["user", "activate", "priya.raman"]);
      await send({ username: "priya.r" })(page);
    },
  },
  { name: "user-deactivate", path: user("elif.yilmaz", "/deactivate") },
  { name: "user-password", path: user("elif.yilmaz", "/password") },
  { name: "user-password-generated", path: user("elif.yilmaz", "/password?generate") },
  { name: "user-password-refused", path: user("elif.yilmaz", "/password"), status: 422, act: send({ password: "12345678", password_again: "1" }) },
  { name: "user-make-admin", path: user("elif.yilmaz", "/make-admin") },
  { name: "user-revoke-admin", path: user("theo.brandt", "/revoke-admin") },
  { name: "user-delete", path: user("elif.yilmaz", "/delete") },
  { name: "user-delete-refused", path: user("elif.yilmaz", "/delete"), status: 422, act: send({ name: "elif" }) },
  { name: "user-link", path: user("elif.yilmaz", "/reset-link") },
  { name: "user-link-made", path: user("elif.yilmaz", "/reset-link"), act: press("/reset-link"), keep: true },
  { name: "user-said", path: user("viktor.horvat"), act: press("/send-confirmation") },
  { name: "login-help", path: "/admin/login-help" },
  { name: "login-help-answer", path: "/admin/login-help?who=goran.petrovic", keep: true },
  { name: "login-help-similar", path: "/admin/login-help?who=goran.petrovik" },
  { name: "login-help-nobody", path: "/admin/login-help?who=zzzqqq" },
  { name: "mails", path: "/admin/mail", keep: true },
  { name: "mails-found", path: "/admin/mail?state=waiting" },
  { name: "mails-none", path: "/admin/mail?to=nobody%40example.com" },
  { name: "mail", path: mail(), also: [mail("/preview")], keep: true },
  { name: "mail-drop", path: mail("/drop") },
  { name: "mail-preview", path: mail("/preview"), isMail: true },
  { name: "mail-test", path: "/admin/mail/test" },
  { name: "mail-test-refused", path: "/admin/mail/test", status: 422, act: send({ to: "ruth@example.com" }) },
  { name: "mail-texts", path: "/admin/mail/texts" },
  { name: "mail-text", path: "/admin/mail/texts/reset_password/en", also: [() => "/admin/mail/texts/reset_password/en/preview"], keep: true },
  {
    name: "mail-text-refused",
    path: "/admin/mail/texts/reset_password/de",
    status: 422,
    act: send({ subject: "Passwort", body: "{{ nothing }}" }),
  },
  { name: "mail-text-draft", path: "/admin/mail/texts/reset_password/en", act: send({ subject: "Your new password" }, "[value=preview]") },
  {
    name: "mail-text-saved",
    path: "/admin/mail/texts/reset_password/en",
    act: send({ subject: "Your new password" }),
    also: [() => "/admin/mail/texts/reset_password/en/preview"],
  },
  { name: "mail-text-reset", path: "/admin/mail/texts/reset_password/en/reset" },
  { name: "mail-text-preview", path: "/admin/mail/texts/reset_password/en/preview", isMail: true },
  { name: "audit", path: "/admin/audit", keep: true },
  { name: "audit-found", path: "/admin/audit?who=elif.yilmaz&action=login-failed" },
  { name: "audit-refused", path: "/admin/audit?action=danced&from=2026-02-31" },
  { name: "audit-nothing", path: "/admin/audit?who=nobody" },
  { name: "audit-skimmed", path: "/admin/audit?kind=changes&period=7-days&who=el" },
  { name: "time-zone", path: "/admin/time-zone?next=%2Fadmin%2Faudit" },
  { name: "settings", path: "/admin/settings", keep: true },
  { name: "settings-unfolded", path: "/admin/settings", unfold: "main details" },
  { name: "settings-keys", path: "/admin/settings/keys" },
  { name: "settings-api-key-add", path: "/admin/settings/api-keys/add" },
  { name: "settings-api-key-refused", path: "/admin/settings/api-keys/add", status: 422, act: send({ name: "billing", days: "x" }) },
  { name: "settings-api-key-made", path: "/admin/settings/api-keys/add", act: makeApiKey },
  { name: "settings-api-keys", path: "/admin/settings/api-keys" },
  { name: "settings-api-key-revoke", path: "/admin/settings/api-keys", act: revokeApiKey },
  { name: "settings-site", path: "/admin/settings/site" },
  { name: "settings-mail", path: "/admin/settings/mail" },
  { name: "search", path: "/admin/search?q=an" },
  { name: "search-places", path: "/admin/search?q=mail", keep: true },
  { name: "search-nothing", path: "/admin/search?q=zzzqqq" },
  { name: "search-empty", path: "/admin/search" },
  { name: "prove", path: "/admin/prove?next=%2Fadmin%2Fusers%2F" },
  { name: "prove-refused", path: "/admin/prove?next=%2Fadmin%2Fusers%2F", status: 422, act: send({ password: "x" }) },
  { name: "error-no-such-user", path: "/admin/users/999999", status: 404 },
  {
    name: "error-stale-form",
    path: user("elif.yilmaz", "/edit"),
    status: 403,
    async act(page) {
      await page.evaluate("document.querySelector('main [name=form_token]').value = 'of another session'");
      await send({ username: "elif" })(page);
    },
  },
  { name: "view-account", path: user("zoe.martin"), act: view() },
  { name: "view-account-security", path: user("zoe.martin"), act: view("/security") },
  { name: "view-account-sessions", path: user("zoe.martin"), act: view("/sessions") },
  { name: "view-account-activity", path: user("zoe.martin"), act: view("/activity") },
  { name: "view-account-data", path: user("zoe.martin"), act: view("/data") },
  { name: "view-account-refused", path: user("zoe.martin"), act: view("/name"), status: 403 },
  { name: "view-account-stopped", path: "/account", act: stopView, once: true },
  {
    name: "form-waits",
    path: user("elif.yilmaz", "/edit"),
    async act(page) {
      await sendAfterSignOut(page);
      await send({ username: ADMIN, password: PASSWORD })(page);
    },
  },
  { name: "sign-in-form-waits", path: user("elif.yilmaz", "/edit"), act: sendAfterSignOut, status: 403 },
];

/** The public pages of a site that has an address and a logo, and lets nobody register. */
export const SITE_OPEN = [
  { name: "site-front-page", path: "/" },
  { name: "site-sign-in", path: "/sign-in" },
  { name: "site-sign-up", path: "/sign-up" },
  { name: "site-forgot-password", path: "/forgot-password" },
  { name: "site-confirm-email-done", path: "/confirm-email/done" },
  { name: "site-confirm-email-gone", path: `/confirm-email/${NO_KEY}`, status: 404 },
  { name: "site-reset-password-done", path: "/reset-password/done" },
  { name: "site-accept-invite-done", path: "/accept-invite/done" },
  { name: "site-undo-email-gone", path: `/undo-email/${NO_KEY}`, status: 404 },
  { name: "site-account-deleted", path: "/account/data/deleted" },
];

/** The account pages of that site, where names are fixed and deletion waits. */
export const SITE_ACCOUNT = [
  { name: "site-account", path: "/account" },
  { name: "site-account-email", path: "/account/email" },
  { name: "site-account-security", path: "/account/security" },
  { name: "site-account-data", path: "/account/data" },
  { name: "site-account-data-deleted", path: "/account/data", act: send({ password: PASSWORD }), once: true },
];

/** The admin of that site, after the user above has asked for the deletion. */
export const SITE_ADMIN = [
  { name: "site-home", path: "/admin/" },
  { name: "site-user-to-be-deleted", path: user(SITE_USER) },
  { name: "site-user-delete-now", path: user(SITE_USER, "/delete") },
  { name: "site-users-to-be-deleted", path: (site) => `/admin/users/?deletion=yes&sel=${site.id(SITE_USER)}` },
  { name: "site-users-chosen-restore", path: chosen("restore", SITE_USER) },
  { name: "site-users-chosen-delete", path: chosen("delete", SITE_USER, ADMIN) },
  { name: "site-mail-none", path: "/admin/mail" },
  { name: "site-mail-test", path: "/admin/mail/test" },
  { name: "site-settings-site", path: "/admin/settings/site" },
  { name: "site-settings-site-refused", path: "/admin/settings/site", status: 422, act: send({ "site.change_password_url": "nowhere", "site.time_zone": "Mars" }) },
  { name: "site-settings-site-saved", path: "/admin/settings/site", act: send({ "site.time_zone": "Europe/Berlin" }) },
  { name: "site-settings-mail", path: "/admin/settings/mail" },
  {
    name: "site-settings-mail-refused",
    path: "/admin/settings/mail",
    status: 422,
    act: (page, site) => send(site.mailSettings({ "mail.smtp.port": "1" }))(page),
  },
  {
    name: "site-settings-mail-saved",
    path: "/admin/settings/mail",
    act: (page, site) => send(site.mailSettings())(page),
  },
];

/** Links without a page of their own: they select rows, sign out, or download a file. */
export const NO_PAGES = [/^\/(admin|account)\/language\//, /^\/admin\/account$/, /\/export\.(csv|json)$/, /\/data\.json$/];

/** Opens a page of the list; returns the response. */
export async function open(page, entry, place) {
  const answers = [];
  const keep = (response) => {
    const isPage = response.request().isNavigationRequest() && response.frame() === page.mainFrame();
    if (isPage && response.status() !== 303) answers.push(response);
  };
  page.on("response", keep);
  await page.goto(typeof entry.path === "string" ? entry.path : entry.path(place));
  if (entry.act) {
    const before = answers.length;
    await entry.act(page, place);
    for (let tries = 0; answers.length === before; tries++) {
      if (tries > 500) throw new Error(`nothing came of what is done on ${entry.name}`);
      await page.waitForTimeout(20);
    }
    await page.waitForLoadState("load");
  }
  page.off("response", keep);
  if (entry.unfold) await page.locator(entry.unfold).evaluateAll((all) => all.forEach((one) => (one.open = true)));
  return answers.at(-1);
}
