# One Django moves in and out: see scripts/move-in.
import contextlib
import json
import os
import pathlib
import re
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
BINARY, PYTHON = os.path.abspath(os.environ["BINARY"]), os.environ["DJANGO_PYTHON"]
KEY = "a-key-of-a-test-that-is-long-enough-for-hs256-0123456789"
CUSTOM = os.environ["DJANGO_USER"] == "custom"


class Django:
    """A Django on a new database."""

    def __init__(self, folder, name):
        server = os.environ.get("POSTGRES")
        self.url = f"sqlite:{folder / name}.sqlite3"
        if server:
            self.url = f"{server.rsplit('/', 1)[0]}/move_in_{name}"
            make = f"import psycopg, sys\nwith psycopg.connect(sys.argv[1], autocommit=True) as pg:\n for sql in ('DROP DATABASE IF EXISTS move_in_{name}', 'CREATE DATABASE move_in_{name}'): pg.execute(sql)"
            subprocess.run([PYTHON, "-c", make, server], check=True)
        self.run("manage.py", "migrate", "-v", "0")

    def run(self, *words, stdin=None):
        environment = {**os.environ, "DJANGO_DATABASE": self.url, "PYTHONDONTWRITEBYTECODE": "1", "DJANGO_KEY": KEY}
        if not CUSTOM:
            environment["DJANGO_ALLAUTH"] = "1"
        done = subprocess.run([PYTHON, *words], cwd=HERE, env=environment, input=stdin, text=True, capture_output=True)
        assert done.returncode == 0, done.stderr
        return done.stdout


class Doorward:
    """A doorward on a new database."""

    def __init__(self, folder, name):
        self.folder = folder / name
        self.folder.mkdir()

    environment = {
        "DOORWARD_SIGNING_KEY": KEY,
        "DOORWARD_PASSWORD__COST": "6",
        "DOORWARD_LIMITS__ENABLED": "false",
        "DOORWARD_LOG__LEVEL": "warn",
        "DOORWARD_LISTEN": "127.0.0.1:8127",
    }

    def run(self, *words, stdin=None, code=0):
        environment = {**os.environ, **self.environment}
        done = subprocess.run([BINARY, *words], cwd=self.folder, env=environment, input=stdin, text=True, capture_output=True)
        assert done.returncode == code, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def import_from(self, source, *more, stdin=None):
        said = json.loads(self.run("import", "django", source, "--yes", "--json", *more, stdin=stdin))
        print(f"  imported from {re.sub(':[^:@/]*@', ':***@', source)}: {({k: v for k, v in said['counts'].items() if v})}")
        return said["counts"]

    @contextlib.contextmanager
    def serving(self):
        server = subprocess.Popen([BINARY, "serve"], cwd=self.folder, env={**os.environ, **self.environment})
        try:
            for _ in range(100):
                with contextlib.suppress(OSError):
                    urllib.request.urlopen("http://127.0.0.1:8127/healthz", timeout=1).close()
                    break
                time.sleep(0.1)
            yield
        finally:
            server.terminate()
            server.wait(20)


def post(path, body, token=None):
    """The status and the body of an answer."""
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:8127{path}", data, headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, {}


def check_logins(seeded):
    for user in seeded["users"]:
        status, _ = post("/api/token/", {"username": user["username"], "password": user["password"]})
        assert status == (200 if user["active"] else 401), f"{user['username']}: {status}"
        wrong, _ = post("/api/token/", {"username": user["username"], "password": "wrong"})
        assert wrong == 401, f"{user['username']} with a wrong password: {wrong}"
    print(f"  {len(seeded['users'])} users log in with their passwords, and not with another")


def check_tokens(seeded):
    for tokens in seeded["tokens"]:
        status, user = post("/api/user/", None, tokens["access"])
        assert (status, user.get("username")) == (200, tokens["username"]), (status, user)
        assert post("/api/token/refresh/", {"refresh": tokens["refresh"]})[0] == 200, tokens["username"]
        assert post("/api/token/refresh/", {"refresh": tokens["blacklisted"]})[0] == 401, tokens["username"]
    print(f"  {len(seeded['tokens'])} access tokens open accounts, refresh works, blacklisted tokens are refused")


def columns(django):
    rows = json.loads(django.run("check.py", "dump"))
    return {row["username"]: row for row in rows}


def main(folder):
    version = subprocess.run([PYTHON, "-c", "import django; print(django.__version__)"], text=True, capture_output=True).stdout
    print(f"Django {version.strip()}, {os.environ['DJANGO_USER']} user")
    old = Django(folder, "old")
    (folder / "seed.json").write_text(old.run("seed.py"))
    seeded = json.loads((folder / "seed.json").read_text())

    first = Doorward(folder, "first")
    source = old.url
    counts = first.import_from(source, "--with-tokens")
    assert counts["left_out"] == 0 and counts["sessions"] == counts["ended_sessions"] == 3, counts
    assert first.import_from(source, "--sync")["unchanged"] == counts["created"]

    by_script = Doorward(folder, "by-script")
    script = by_script.run("import", "django", "--script")
    lines = old.run("manage.py", "shell", "-v", "0", stdin=script)
    by_script.import_from("-", "--with-tokens", stdin=lines)
    by_dump = Doorward(folder, "by-dump")
    by_dump.import_from("-", "--with-tokens", stdin=old.run("manage.py", "dumpdata"))

    exported = first.run("export", "django", "--format", "loaddata")
    back = Django(folder, "back")
    (folder / "users.json").write_text(exported)
    back.run("manage.py", "loaddata", "-v", "0", str(folder / "users.json"))
    assert columns(back) == columns(old), "the columns differ after import, export and loaddata"
    print("  every column is equal after import, export and loaddata;", end=" ")
    print(back.run("check.py", "passwords", str(folder / "seed.json")).strip())

    for doorward in [first, by_script, by_dump]:
        with doorward.serving():
            check_tokens(seeded)
            check_logins(seeded)
    again = Django(folder, "again")
    (folder / "again.json").write_text(first.run("export", "django", "--format", "loaddata"))
    again.run("manage.py", "loaddata", "-v", "0", str(folder / "again.json"))
    print("  after the logins:", again.run("check.py", "passwords", str(folder / "seed.json")).strip())


with tempfile.TemporaryDirectory() as name:
    main(pathlib.Path(name))
