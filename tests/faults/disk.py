"""The database file, the audit log, exports, and how settings and signals arrive."""

import glob
import json
import os
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time

from server import PASSWORD, Server, fault

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "migrations", "sqlite")


def environment(**more):
    env = {k: v for k, v in os.environ.items() if not k.startswith("DOORWARD_")}
    return {**env, "DOORWARD_PASSWORD__COST": "4", **more}


def command(binary, folder, *arguments, stdin="", **env):
    """Runs a command to its end: exit code, and both outputs."""
    done = subprocess.run([os.path.abspath(binary), *arguments], cwd=folder, env=environment(**env), input=stdin,
                          capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


def start_three(binary, folder):
    """A server, `user add` and `migrate` at once; the outputs of those that failed."""
    port = socket.socket()
    port.bind(("127.0.0.1", 0))
    address = "127.0.0.1:%d" % port.getsockname()[1]
    port.close()
    lines = [["serve", "--listen", address], ["migrate"],
             ["user", "add", "--username", "a", "--email", "a@example.com", "--password-stdin"]]
    started = []
    for arguments in lines:
        started.append(subprocess.Popen([os.path.abspath(binary), *arguments], cwd=folder, env=environment(),
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT))
    failed = []
    for process in started[1:]:
        output = process.communicate(PASSWORD.encode())[0]
        if process.returncode:
            failed.append(output.decode())
    time.sleep(0.1)
    started[0].send_signal(signal.SIGTERM)
    try:
        output = started[0].communicate(timeout=20)[0]
    except subprocess.TimeoutExpired:
        started[0].kill()
        output = started[0].communicate()[0] + b" (did not stop)"
    if started[0].returncode not in (0, -signal.SIGTERM):
        failed.append(output.decode())
    return failed


@fault("A1", "three processes that start at once on an empty SQLite database all work, 30 rounds")
def start_at_once(binary):
    failed = []
    for _ in range(30):
        with tempfile.TemporaryDirectory() as folder:
            failed += start_three(binary, folder)
    assert not failed, f"{len(failed)} of 90 failed: {failed[0][-200:]}"


@fault("A1", "three processes that start at once upgrade each earlier schema")
def upgrade_at_once(binary):
    failed, sql = [], ("CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL,"
                       " run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP);")
    for migration in sorted(glob.glob(FOLDER + "/*")):
        number = os.path.basename(migration).split("_")[0]
        if number > "0012":
            break  # the schemas that both binaries can upgrade
        sql += open(migration + "/up.sql").read()
        sql += f"INSERT INTO __diesel_schema_migrations (version) VALUES ('{number}');"
        with tempfile.TemporaryDirectory() as folder:
            sqlite3.connect(folder + "/doorward.db").executescript(sql)
            failed += start_three(binary, folder)
    assert not failed, f"{len(failed)} failed: {failed[0][-200:]}"


@fault("A1", "kill -9 in the middle of a migration leaves the schema as it was, and the next start works")
def killed_migration(binary):
    for delay in range(0, 60, 2):
        with tempfile.TemporaryDirectory() as folder:
            victims = [subprocess.Popen([os.path.abspath(binary), "migrate"], cwd=folder, env=environment(),
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(2)]
            time.sleep(delay / 1000)
            for victim in victims:
                victim.kill()
                victim.wait()
            versions = 0
            if os.path.exists(folder + "/doorward.db"):
                with sqlite3.connect(folder + "/doorward.db") as database:
                    if database.execute("SELECT 1 FROM sqlite_master WHERE name = 'users'").fetchone():
                        versions = database.execute("SELECT count(*) FROM __diesel_schema_migrations").fetchone()[0]
            assert versions == 0 or versions >= 13, f"killed after {delay} ms, it had {versions} migrations"
            code, said = command(binary, folder, "migrate")
            assert code == 0, f"killed after {delay} ms: {said[-200:]}"


def audit_rows(server, action):
    with sqlite3.connect(server.folder + "/doorward.db") as database:
        return database.execute("SELECT count(*) FROM audit WHERE action = ?", (action,)).fetchone()[0]


@fault("S6", "refreshes of one session have a limit, and are no audit row each")
def refreshes(binary):
    with Server(binary) as server:
        server.add("vic")
        token = server.post("/api/token/", {"username": "vic", "password": PASSWORD}).json()["refresh"]
        statuses = [server.post("/api/token/refresh/", {"refresh": token}).status for _ in range(100)]
        assert statuses[:40] == [200] * 40, "an ordinary client was stopped"
        assert 429 in statuses and audit_rows(server, "refreshed") < 10, \
            f"{statuses.count(200)} refreshes, {audit_rows(server, 'refreshed')} rows"


@fault("S6", "changes of the username have a limit")
def renames(binary):
    with Server(binary) as server:
        server.add("vic")
        headers = server.bearer("vic")
        statuses = [server.put("/api/user/", {"username": f"vic{n}"}, headers=headers).status for n in range(30)]
        assert statuses[:8] == [200] * 8 and 429 in statuses, statuses


@fault("S6", "the audit rows of successful logins, and the sessions of an account, are bounded")
def logins(binary):
    with Server(binary) as server:
        server.add("vic")
        for _ in range(300):
            assert server.login("vic").status == 200
        assert audit_rows(server, "logged-in") < 150, f"{audit_rows(server, 'logged-in')} rows"
        code = server.run("config", "--set", "limits.sessions_per_account=5", check=False).returncode
        assert code == 0, "no setting for the most sessions"


@fault("A7", "audit.keep lets old entries go, and the chain stays verifiable")
def audit_keep(binary):
    with Server(binary, audit__keep="1s") as server:
        server.add("vic")
        for _ in range(5):
            server.login("vic")
        server.login("vic", "wrong")
        # A process deletes nothing in its first ten minutes, in case the clock is wrong.
        server.hurry(minutes=15, seconds=15)
        verified = server.run("audit", "verify", check=False)
        with sqlite3.connect(server.folder + "/doorward.db") as database:
            first = database.execute("SELECT min(seal_number) FROM audit").fetchone()[0]
        assert verified.returncode == 0 and first > 1, f"first {first}: {verified.stdout + verified.stderr}"


@fault("A7", "accounts that nobody confirmed can be swept")
def unconfirmed(binary):
    with Server(binary, registration__unconfirmed_retention="1s") as server:
        form = {"username": "vic", "email": "vic@example.com", "password": PASSWORD}
        assert server.post("/api/register/", form).status == 201
        server.hurry(minutes=15, seconds=15)
        assert "vic" not in server.run("user", "list").stdout.decode()


@fault("S22", "audit verify does not end with 0 when nothing could be checked")
def nothing_checked(binary):
    with Server(binary) as server:
        server.add("vic")
        server.login("vic")
        time.sleep(2.5)
        server.stop()
        with sqlite3.connect(server.folder + "/doorward.db") as database:
            database.execute("UPDATE audit SET seal = NULL, seal_number = NULL, at = at - 120000000")
            database.execute("DELETE FROM audit_head")
        code = server.run("audit", "verify", check=False).returncode
        server.start()
        assert code == 1, f"exit code {code}"


def admin(server):
    server.add("root", "--confirmed", "--admin")
    return {"Cookie": server.admin_cookie()}


@fault("S19", "a CSV export has no formula for a reader of semicolons or tabs")
def csv_formula(binary):
    with Server(binary) as server:
        headers = admin(server)
        for agent in ("Mozilla/5.0;=cmd|'/C calc'!A0", "x\t=1+1"):
            server.login("root", "wrong", headers={"User-Agent": agent})
        text = server.get("/admin/audit/export.csv", headers=headers).text()
        for separator in ";\t":
            cells = [cell.strip().strip('"') for line in text.splitlines() for cell in line.split(separator)]
            formulas = [cell for cell in cells if cell[:1] in ("=", "+", "-", "@")]
            assert not formulas, formulas


@fault("faults 50", "a CSV export begins with a byte order mark where a setting asks for it")
def csv_bom(binary):
    with Server(binary) as server:
        assert server.run("config", "--set", "admin.csv_bom=true", check=False).returncode == 0, "no such setting"
        server.stop()
        server.settings({"admin__csv_bom": "true"})
        server.start()
        assert server.get("/admin/users/export.csv", headers=admin(server)).body.startswith(b"\xef\xbb\xbfid,")


@fault("Seen in passing", "HEAD of an export writes no audit row")
def head_export(binary):
    with Server(binary) as server:
        headers = admin(server)
        assert server.request("HEAD", "/admin/users/export.csv", headers=headers).status == 200
        assert audit_rows(server, "exported") == 0
        server.get("/admin/users/export.csv", headers=headers)
        assert audit_rows(server, "exported") == 1


@fault("S20", "a database file that is open to all is closed or warned of")
def file_modes(binary):
    with tempfile.TemporaryDirectory() as folder:
        assert command(binary, folder, "migrate")[0] == 0
        os.chmod(folder + "/doorward.db", 0o666)
        said = command(binary, folder, "migrate")[1]
        mode = os.stat(folder + "/doorward.db").st_mode & 0o777
        assert mode & 0o007 == 0 or "other users" in said, f"{mode:o}, {said}"


@fault("S20", "a settings file with a secret that all may read is warned of")
def toml_modes(binary):
    with tempfile.TemporaryDirectory() as folder:
        with open(folder + "/doorward.toml", "w") as file:
            file.write('signing_key = "0123456789012345678901234567890123456789"\n')
        os.chmod(folder + "/doorward.toml", 0o666)
        said = command(binary, folder, "config")[1]
        assert "warning" in said and "doorward.toml" in said.split("warning", 1)[1], said[-200:]


@fault("S20", "a signing key of five bytes is refused, unless a setting allows it")
def short_key(binary):
    with tempfile.TemporaryDirectory() as folder:
        code, said = command(binary, folder, "config", DOORWARD_SIGNING_KEY="12345")
        assert code == 2 and "32" in said and "12345" not in said, f"{code}: {said[-300:]}"
        code, said = command(binary, folder, "config", DOORWARD_SIGNING_KEY="12345",
                             DOORWARD_ALLOW_SHORT_SIGNING_KEY="true")
        assert code == 0, said


@fault("S20", "a PostgreSQL elsewhere without verify-full is warned of")
def unverified(binary):
    with tempfile.TemporaryDirectory() as folder:
        for url, is_fine in [("postgres://db.example.com/x", False), ("postgres://localhost/x", True),
                             ("postgres://db.example.com/x?sslmode=require", False),
                             ("postgres://db.example.com/x?sslmode=verify-full", True)]:
            said = command(binary, folder, "config", DOORWARD_DATABASE_URL=url)[1]
            assert ("warning" in said and "verify-full" in said.split("warning", 1)[1]) != is_fine, url


@fault("containers", "an empty variable counts as unset")
def empty_variables(binary):
    with tempfile.TemporaryDirectory() as folder:
        names = ["LISTEN", "PUBLIC_URL", "SIGNING_KEY", "PASSWORD__COST", "MAIL__SMTP__HOST", "TRUSTED_PROXIES",
                 "DATABASE_URL", "CONFIG", "REGISTRATION"]
        code, said = command(binary, folder, "config", **{f"DOORWARD_{name}": "" for name in names})
        assert code == 0, said[-300:]


@fault("containers", "secrets come from files")
def secret_files(binary):
    with tempfile.TemporaryDirectory() as folder:
        with open(folder + "/key", "wb") as file:
            file.write(b"\xef\xbb\xbf0123456789012345678901234567890123456789\n")
        code, said = command(binary, folder, "config", "--json", DOORWARD_SIGNING_KEY_FILE=folder + "/key")
        assert code == 0, said[-300:]
        line = next(line for line in json.loads(said) if line["name"] == "signing_key")
        assert line["value"] == "(set)", line
        code, said = command(binary, folder, "config", DOORWARD_SIGNING_KEY_FILE=folder + "/missing")
        assert code == 2 and "missing" in said, f"{code}: {said}"


@fault("containers", "SIGHUP does not kill a server without a terminal")
def hangup(binary):
    with Server(binary) as server:
        server.process.send_signal(signal.SIGHUP)
        time.sleep(0.5)
        assert server.process.poll() is None, "the server is gone"
        assert server.get("/healthz").status == 200


@fault("8.1.4", "the log warns when a limit stops an address")
def attack_noticed(binary):
    with Server(binary, limits__failed_logins_per_address="5") as server:
        for number in range(8):
            server.login(f"user{number}", "wrong")
        for _ in range(130):
            if "limits stop" in server.read_log():
                return
            time.sleep(0.1)
        raise AssertionError("no warning within 13 s")


@fault("8.3.2", "everything about one user can be exported")
def export_user(binary):
    with Server(binary) as server:
        server.add("vic")
        server.login("vic")
        done = server.run("user", "export", "vic", check=False)
        assert done.returncode == 0, done.stderr.decode()
        assert json.loads(done.stdout)["account"]["email"] == "vic@example.com"
        assert audit_rows(server, "exported") == 1
