// Every page, one line each. A link to a page that is not in this list fails pages.test.mjs.
// scripts/screenshots uses the same list.
//
//   name   the name of its screenshot
//   path   the path, or a function of the demo (demo.mjs)
//   status the HTTP status; 200 by default
//   act    what leads from the path to the page, such as submitting a form
//   also   resources that it loads besides the static files of every page
//   keep   its screenshots are stored in docs/screenshots/
//   isMail it is the HTML of a mail, to which the rules for pages do not apply

import { ADMIN, PASSWORD } from "./demo.mjs";

const user = (name, rest = "") => (demo) => `/admin/users/${demo.id(name)}${rest}`;
const mail = (rest = "") => (demo) => `/admin/mail/${demo.mail}${rest}`;
const key = (kind) => (demo) => new URL(demo.keys[kind]).pathname;
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();
const chosen = (action, ...names) => (demo) =>
  `/admin/users/chosen?do=${action}&${names.map((name) => `id=${demo.id(name)}`).join("&")}`;

/** Fills the fields of a form by name and submits it. */
const send = (button, fields) => async (page) => {
  for (const [name, value] of Object.entries(fields)) await page.fill(`[name=${name}]`, value);
  await press(page, button);
};

const NO_KEY = "A".repeat(43);

/** The pages before the first account. `setup` is the link in the log. */
export const FIRST = [
  { name: "setup", path: ({ setup }) => setup, keep: true },
  {
    name: "setup-refused",
    path: ({ setup }) => setup,
    status: 422,
    act: send("Create administrator", { username: "a b", email: "nobody", password: "12345678", password_again: "1" }),
  },
];

/** The public pages. */
export const OPEN = [
  { name: "front-page", path: "/" },
  { name: "sign-in", path: "/admin/sign-in", keep: true },
  { name: "sign-in-ended", path: "/admin/sign-in?ended=1" },
  { name: "sign-in-refused", path: "/admin/sign-in", status: 422, act: send("Sign in", { username: "rosa", password: "x" }) },
  {
    name: "sign-in-throttled",
    path: "/admin/sign-in",
    status: 429,
    async act(page) {
      // The failed logins of the demo are too old for the rate limit.
      for (let status; status !== 429; ) {
        const answer = page.waitForResponse((response) => response.request().method() === "POST");
        await send("Sign in", { username: "elif.yilmaz", password: "x" })(page);
        status = (await answer).status();
        await page.waitForLoadState("load");
      }
    },
  },
  {
    name: "sign-in-not-administrator",
    path: "/admin/sign-in",
    status: 403,
    act: send("Sign in", { username: "zoe.martin", password: PASSWORD }),
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
    act: send("Set password", { password: "12345678", password_again: "1" }),
  },
  { name: "reset-password-done", path: "/reset-password/done" },
  { name: "reset-password-gone", path: `/reset-password/${NO_KEY}`, status: 404 },
  { name: "accept-invite", path: key("invite"), keep: true },
  {
    name: "accept-invite-refused",
    path: key("invite"),
    status: 422,
    act: send("Create account", { username: "chiara.rossi", password: "12345678", password_again: "1" }),
  },
  { name: "accept-invite-done", path: "/accept-invite/done" },
  { name: "accept-invite-gone", path: `/accept-invite/${NO_KEY}`, status: 404 },
  { name: "account-deleted", path: "/account/data/deleted" },
  { name: "undo-email", path: key("undo") },
  { name: "undo-email-gone", path: `/undo-email/${NO_KEY}`, status: 404 },
  { name: "undo-email-done", path: key("undo"), act: (page) => page.getByRole("button", { name: /^Restore / }).click() },
  { name: "account-sign-in", path: "/sign-in", keep: true },
  { name: "account-sign-in-refused", path: "/sign-in", status: 422, act: send("Sign in", { username: "zoe.martin", password: "x" }) },
  { name: "sign-up", path: "/sign-up" },
  {
    name: "sign-up-refused",
    path: "/sign-up",
    status: 422,
    act: send("Create account", { username: "a b", email: "nobody", password: "12345678", password_again: "1" }),
  },
  { name: "sign-up-done", path: "/sign-up/done" },
  { name: "forgot-password", path: "/forgot-password" },
  { name: "forgot-password-done", path: "/forgot-password/done" },
];

/** The user who opens the account pages. */
export const USER = "hannah.lindqvist";

/** The pages of users about their own account. */
export const ACCOUNT = [
  { name: "account", path: "/account", keep: true },
  { name: "account-name", path: "/account/name" },
  { name: "account-email", path: "/account/email" },
  { name: "account-email-refused", path: "/account/email", status: 422, act: send("Save", { email: "elif@", old_password: "x" }) },
  { name: "account-security", path: "/account/security" },
  {
    name: "account-security-refused",
    path: "/account/security",
    status: 422,
    act: send("Change password", { old_password: "x", password: "12345678", password_again: "1" }),
  },
  { name: "account-sessions", path: "/account/sessions", keep: true },
  { name: "account-activity", path: "/account/activity" },
  { name: "account-data", path: "/account/data" },
  { name: "account-data-all", path: "/account/data/all" },
  { name: "account-confirm-password", path: "/account/confirm-password" },
];

/** The pages of the admin. */
export const ADMINS = [
  { name: "home", path: "/admin/", keep: true },
  { name: "users", path: "/admin/users/", keep: true },
  { name: "users-found", path: "/admin/users/?confirmed=no&login=never", keep: true },
  { name: "users-nobody", path: "/admin/users/?q=zzz" },
  { name: "users-selected", path: "/admin/users/?sel=all&cols=id.email.state" },
  { name: "users-searched", path: "/admin/users/?q=an&added=month" },
  { name: "users-refused", path: "/admin/users/?confirmed=maybe&login=before&since=2026-02-31" },
  { name: "users-inside", path: "/admin/users/?after=nadia.kowalska" },
  { name: "users-chosen", path: chosen("deactivate", "ben.okafor", "kenji.tanaka", "goran.petrovic", ADMIN), keep: true },
  { name: "users-bulk", path: "/admin/users/bulk" },
  {
    name: "users-bulk-one",
    path: chosen("confirm", "ben.okafor"),
    async act(page) {
      await press(page, "Confirm email address");
      await page.goto("/admin/users/bulk/1");
    },
  },
  { name: "users-chosen-nobody", path: "/admin/users/chosen?do=confirm" },
  { name: "users-chosen-delete", path: "/admin/users/chosen?do=delete&all=1" },
  {
    name: "users-chosen-delete-refused",
    path: "/admin/users/chosen?do=delete&all=1",
    status: 422,
    act: send("Delete", { count: "1" }),
  },
  { name: "user-add", path: "/admin/users/add" },
  {
    name: "user-add-refused",
    path: "/admin/users/add",
    status: 422,
    act: send("Add user", { username: "zoe.martin", email: "zoe", password: "1", password_again: "2" }),
  },
  { name: "invite", path: "/admin/users/invite" },
  {
    name: "invite-checked",
    path: "/admin/users/invite",
    act: send("Check list", {
      addresses: "Sofia Marin <sofia@example.org>\nliam@example.org, noa@example.org\nzoe.martin@example.com\nsofia@example.org\nMr. Nobody",
    }),
    keep: true,
  },
  {
    name: "invite-checked-again",
    path: "/admin/users/invite",
    act: send("Check list", { addresses: "noor@example.org" }),
  },
  { name: "invitations", path: "/admin/users/invitations", keep: true },
  { name: "not-me-gone", path: `/not-me/${NO_KEY}`, status: 404 },
  { name: "user", path: user("elif.yilmaz"), keep: true },
  { name: "user-sessions", path: user("elif.yilmaz", "?tab=sessions") },
  { name: "user-activity", path: user("elif.yilmaz", "?tab=activity"), keep: true },
  { name: "user-emails", path: user("chiara.rossi", "?tab=emails") },
  { name: "user-inactive", path: user("goran.petrovic") },
  { name: "user-oneself", path: user(ADMIN) },
  { name: "user-data", path: user("elif.yilmaz", "/data") },
  { name: "user-edit", path: user("elif.yilmaz", "/edit") },
  {
    name: "user-edit-refused",
    path: user("elif.yilmaz", "/edit"),
    status: 422,
    act: send("Save", { username: "zoe.martin", email: "elif@" }),
  },
  { name: "user-deactivate", path: user("elif.yilmaz", "/deactivate") },
  { name: "user-password", path: user("elif.yilmaz", "/password") },
  { name: "user-make-admin", path: user("elif.yilmaz", "/make-admin") },
  { name: "user-revoke-admin", path: user("theo.brandt", "/revoke-admin") },
  { name: "user-delete", path: user("elif.yilmaz", "/delete") },
  { name: "user-link", path: user("elif.yilmaz", "/reset-link") },
  { name: "user-link-made", path: user("elif.yilmaz", "/reset-link"), act: (page) => press(page, "Create link"), keep: true },
  { name: "login-help", path: "/admin/login-help" },
  { name: "login-help-answer", path: "/admin/login-help?who=goran.petrovic", keep: true },
  { name: "login-help-similar", path: "/admin/login-help?who=goran.petrovik" },
  { name: "mails", path: "/admin/mail", keep: true },
  { name: "mails-found", path: "/admin/mail?state=waiting" },
  { name: "mails-none", path: "/admin/mail?to=nobody%40example.com" },
  { name: "mail", path: mail(), also: [mail("/preview")], keep: true },
  { name: "mail-drop", path: mail("/drop") },
  { name: "mail-preview", path: mail("/preview"), isMail: true },
  { name: "mail-test", path: "/admin/mail/test" },
  { name: "mail-texts", path: "/admin/mail/texts" },
  { name: "mail-text", path: "/admin/mail/texts/reset_password/en", keep: true },
  {
    name: "mail-text-refused",
    path: "/admin/mail/texts/reset_password/de",
    act: send("Save text", { subject: "", body: "{{ nothing }}" }),
  },
  { name: "audit", path: "/admin/audit", keep: true },
  { name: "audit-found", path: "/admin/audit?who=elif.yilmaz&action=login-failed" },
  { name: "audit-refused", path: "/admin/audit?action=danced&from=2026-02-31" },
  { name: "audit-nothing", path: "/admin/audit?who=nobody" },
  { name: "audit-skimmed", path: "/admin/audit?kind=changes&period=7-days&who=el" },
  { name: "time-zone", path: "/admin/time-zone?next=%2Fadmin%2Faudit" },
  { name: "settings", path: "/admin/settings", keep: true },
  { name: "settings-site", path: "/admin/settings/site" },
  { name: "settings-mail", path: "/admin/settings/mail" },
  {
    name: "settings-mail-refused",
    path: "/admin/settings/mail",
    status: 422,
    act: (page) => page.fill("#mail-smtp-host", "localhost").then(() => press(page, "Test and save")),
  },
  { name: "search", path: "/admin/search?q=mail", keep: true },
  { name: "search-nothing", path: "/admin/search?q=zzzqqq" },
  { name: "search-empty", path: "/admin/search" },
  { name: "prove", path: "/admin/prove?next=%2Fadmin%2Fusers%2F" },
  { name: "error-no-such-user", path: "/admin/users/999999", status: 404 },
  {
    name: "error-stale-form",
    path: user("elif.yilmaz", "/edit"),
    status: 403,
    async act(page) {
      await page.evaluate("document.querySelector('main [name=form_token]').value = 'of another session'");
      await press(page, "Save");
    },
  },
  { name: "user-said", path: user("ben.okafor"), act: (page) => press(page, "Resend confirmation") },
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
    await entry.act(page);
    for (let tries = 0; answers.length === before; tries++) {
      if (tries > 500) throw new Error(`nothing came of what is done on ${entry.name}`);
      await page.waitForTimeout(20);
    }
    await page.waitForLoadState("load");
  }
  page.off("response", keep);
  return answers.at(-1);
}
