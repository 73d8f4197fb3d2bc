// Starts a doorward for a test: on a free port, with a temporary database, and settings. `scripts/browser` sets
// the binary.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { atEnd } from "./ending.mjs";

const BINARY = process.env.TEST_BINARY;

/** A free port. */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/**
 * Starts a doorward that is stopped when the test `t` ends. `settings` are like `{ "cookies.refresh": true }`,
 * `port` is needed only if `public_url` has it, and `more` is for the environment.
 */
export async function startDoorward(t, settings = {}, port = undefined, more = {}) {
  port ??= await freePort();
  const folder = mkdtempSync(join(tmpdir(), "doorward-browser-"));
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("DOORWARD_"));
  const environment = { ...Object.fromEntries(inherited), ...more };
  const all = { listen: `127.0.0.1:${port}`, "password.cost": 4, ...settings };
  for (const [name, value] of Object.entries(all)) {
    environment[`DOORWARD_${name.toUpperCase().replaceAll(".", "__")}`] = String(value);
  }
  const server = spawn(BINARY, ["serve"], { cwd: folder, env: environment, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  for (const stream of [server.stdout, server.stderr]) stream.on("data", (text) => (log += text));
  atEnd(t, async () => {
    if (server.exitCode === null) {
      server.kill();
      await once(server, "exit");
    }
    rmSync(folder, { recursive: true, force: true });
  });
  const url = `http://127.0.0.1:${port}`;
  await untilReady(`${url}/healthz`, server, () => log);
  return {
    port,
    url,
    log: () => log,
    /** The output of a command, such as `run(["user", "list"])`. */
    run: (words, input = "") => execFileSync(BINARY, words, { cwd: folder, env: environment, input, encoding: "utf8" }),
    /**
     * Makes the last bulk action one on which another process works, which is a third done, or done. A real one that
     * takes so long would need many thousand users.
     */
    pretendBulk(state) {
      const sql =
        `UPDATE bulk_actions SET state = '${state}', total = 94923, changed = 31480, skipped = 161, ended_at = NULL,` +
        " lease = 'another', lease_ends_at = created_at + 86400000000 WHERE id = (SELECT max(id) FROM bulk_actions)";
      const script = "import sqlite3, sys\nwith sqlite3.connect(sys.argv[1], timeout=20) as db: db.execute(sys.argv[2])";
      execFileSync("python3", ["-c", script, join(folder, "doorward.db"), sql]);
    },
    /** Imports two users, one of whom has an address that the other has. */
    importUsers() {
      const rows = "id,username,email,password,last_login,is_active,groups\n990001,ada.l,ada.l@example.com,,,1,Editors;Night shift\n990002,ada.m,ADA.L@example.com,,,1,Editors\n";
      this.run(["import", "django", "-", "--yes", "--on-duplicate", "suffix"], rows);
    },
    /** Creates a user; `more` are flags such as `--admin`. Returns the password. */
    addUser(name, ...more) {
      const password = `${name}-Pass-word-7`;
      const who = ["--username", name, "--email", `${name}@example.com`, "--password-stdin"];
      this.run(["user", "add", ...who, ...more], password);
      return password;
    },
  };
}

async function untilReady(url, server, log) {
  for (let tries = 0; tries < 200; tries++) {
    if (server.exitCode !== null) break;
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resume) => setTimeout(resume, 50));
  }
  throw new Error(`doorward did not start:\n${log()}`);
}
