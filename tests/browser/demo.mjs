// Servers with data for every page: the demo has logins and failed logins, waiting mails, invitations and deactivated
// users; the site has settings that change what its pages say.

import { request } from "node:http";
import { fileURLToPath } from "node:url";

import { startDoorward } from "./doorward.mjs";
import { openMailbox } from "./mailbox.mjs";

const PEOPLE = [
  "amira.haddad", "ben.okafor", "chiara.rossi", "daniel.weiss", "elif.yilmaz", "fatou.diallo", "goran.petrovic",
  "hannah.lindqvist", "ines.carvalho", "jakub.nowak", "kenji.tanaka", "leila.farahani", "mateo.vargas",
  "nadia.kowalska", "oscar.bergman", "priya.raman", "quentin.moreau", "rosa.delgado", "samuel.mensah", "tomas.dvorak",
];
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0";
const SAFARI =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1";
const AGENTS = [FIREFOX, SAFARI, "curl/8.14.1"];
const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

/** The administrator of the demo. */
export const ADMIN = "ruth.mercer";

/** The user of the site who asks for the deletion of the account. */
export const SITE_USER = "lena.hoffmann";

/** The password of every user. */
export const PASSWORD = "Lantern-by-the-door-7";

/**
 * Starts a doorward with demo data; returns it with `keys`, the links in its mails. `clock`, if there is one, sets
 * its time: it gets how many milliseconds ago the next events happened.
 */
export async function startDemo(t, { settings = {}, environment = {}, clock = () => {} } = {}) {
  const mailbox = await openMailbox(t);
  clock(9 * DAY);
  const own = { trusted_proxies: "127.0.0.1", "limits.failed_logins_per_account": 6, "log.level": "warn" };
  const doorward = await startDoorward(t, { ...mailbox.settings, ...own, ...settings }, undefined, environment);
  const call = (path, body, from, token) => ask(doorward.port, path, body, from, token);
  const logIn = (name, number, password = PASSWORD) =>
    call("/api/login/", { username: name, password }, visitor(number));

  const add = (name, ...more) => {
    const who = ["--username", name, "--email", `${name}@example.com`, "--password-stdin"];
    doorward.run(["user", "add", ...who, ...more], PASSWORD);
  };
  const register = (name, number) =>
    call("/api/register/", { username: name, email: `${name}@example.com`, password: PASSWORD }, visitor(number));

  add(ADMIN, "--admin", "--confirmed");
  add("theo.brandt", "--admin", "--confirmed");
  for (const [number, name] of PEOPLE.entries()) {
    clock(9 * DAY - number * 8 * HOUR);
    if (number % 5 === 4) {
      await register(name, number);
    } else {
      add(name, ...(number % 3 === 1 ? [] : ["--confirmed"]));
    }
  }
  for (let round = 0; round < 14; round++) {
    clock(round < 7 ? 3 * DAY - round * 10 * HOUR : (28 - round * 2) * HOUR - HOUR * 0.4);
    for (let number = round % 3; number < PEOPLE.length - 3; number += 3 + (round % 4)) {
      await logIn(PEOPLE[number], number + round);
      if ((number + round) % 6 === 0) await logIn(PEOPLE[number], number, "Summer2026");
    }
  }
  doorward.run(["user", "deactivate", "goran.petrovic"]);

  // A password reset link is valid for an hour.
  clock(0.8 * HOUR);
  await register("ada.novak", 30);
  add("iris.lang", "--confirmed");
  const keys = await mailKeys(doorward, mailbox, call);
  // From here on the SMTP server is down.
  await mailbox.close();
  clock(0.6 * HOUR);
  for (const name of ["uma.joshi", "viktor.horvat"]) await register(name, 40);
  for (const email of ["wanda@example.org", "xavier@example.org", "yusuf@example.org"]) doorward.run(["user", "invite", email]);
  clock(40 * 1000);
  for (let tries = 0; tries < 8; tries++) await logIn("elif.yilmaz", 3, "Wintergarten");
  clock(0);
  add("zoe.martin", "--confirmed");
  await logIn("zoe.martin", 5);
  const mail = Number(JSON.parse(doorward.run(["mail", "list", "--state", "waiting", "--json"]))[0].id);
  add("emil.kim");
  const id = ids(doorward);
  doorward.run(["user", "delete", "emil.kim", "--yes"]);
  return { doorward, keys, mail, id, deleted: id("emil.kim") };
}

/**
 * Starts a doorward of a site with an address and a logo of its own, where nobody can register, names are fixed,
 * deletion waits, and no mail server is set; `mailSettings` are the fields of its form with one that takes mails.
 */
export async function startSite(t) {
  const mailbox = await openMailbox(t);
  const doorward = await startDoorward(t, {
    "site.name": "Example",
    "site.url": "https://www.example.com/",
    "site.colour": "#7c3aed",
    "site.logo": fileURLToPath(new URL("../../static/icon.svg", import.meta.url)),
    "registration.mode": "invite",
    "account.change": "email, password, delete",
    "account.delete_after": "14d",
    "log.level": "warn",
  });
  for (const [name, ...more] of [[ADMIN, "--admin", "--confirmed"], [SITE_USER], ["theo.brandt", "--confirmed"]]) {
    const who = ["--username", name, "--email", `${name}@example.com`, "--password-stdin"];
    doorward.run(["user", "add", ...who, ...more], PASSWORD);
  }
  const taken = mailbox.settings;
  const mailSettings = (changed = {}) => ({
    "mail.from": taken["mail.from"],
    "mail.smtp.host": taken["mail.smtp.host"],
    "mail.smtp.port": String(taken["mail.smtp.port"]),
    "mail.smtp.tls": taken["mail.smtp.tls"],
    test_to: `${ADMIN}@example.com`,
    ...changed,
  });
  return { doorward, id: ids(doorward), mailSettings };
}

/** The ids of users by their first names. */
function ids(doorward) {
  const users = JSON.parse(doorward.run(["user", "list", "--json"]));
  const all = new Map(users.map(({ id, username }) => [username, Number(id)]));
  return (name) => all.get(name);
}

/** One link of each kind of mail. */
async function mailKeys(doorward, mailbox, call) {
  const { access } = await call("/api/token/", { username: "iris.lang", password: PASSWORD }, visitor(31));
  await call("/api/token/", { username: "iris.lang", password: PASSWORD }, { "X-Forwarded-For": "203.0.113.9", "User-Agent": SAFARI });
  await call("/api/user/", { email: "iris@elsewhere.example" }, visitor(31), access);
  await call("/api/password/reset/", { email: "chiara.rossi@example.com" }, visitor(2));
  doorward.run(["user", "invite", "noor@example.org"]);
  return {
    confirm: await mailbox.link("ada.novak@example.com", "confirm-email"),
    undo: await mailbox.link("iris.lang@example.com", "undo-email"),
    notMe: await mailbox.link("iris.lang@example.com", "not-me"),
    reset: await mailbox.link("chiara.rossi@example.com", "reset-password"),
    invite: await mailbox.link("noor@example.org", "accept-invite"),
  };
}

/** The network address and user agent of a client. */
function visitor(number) {
  return { "X-Forwarded-For": `198.51.100.${20 + number}`, "User-Agent": AGENTS[number % AGENTS.length] };
}

/** Sends JSON, by PUT with a token and by POST without; returns the response. */
function ask(port, path, body, headers, token) {
  const all = { ...headers, "Content-Type": "application/json" };
  if (token) all.Authorization = `Bearer ${token}`;
  return new Promise((resume, fail) => {
    const sent = request({ host: "127.0.0.1", port, path, method: token ? "PUT" : "POST", headers: all }, async (answer) => {
      let text = "";
      for await (const part of answer) text += part;
      try {
        resume(JSON.parse(text));
      } catch (error) {
        fail(new Error(`${path}: ${answer.statusCode} ${text}`, { cause: error }));
      }
    });
    sent.on("error", fail);
    sent.end(JSON.stringify(body));
  });
}
