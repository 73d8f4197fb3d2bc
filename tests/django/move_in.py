# One Django moves in and out: see scripts/move-in.
import contextlib
import difflib
import json
import os
import pathlib
import re
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
BINARY, PYTHON = os.path.abspath(os.environ["BINARY"]), os.environ["DJANGO_PYTHON"]
KEY = "a-key-of-a-test-that-is-long-enough-for-hs256-0123456789"
CUSTOM = os.environ["DJANGO_USER"] == "custom"
SERVER = os.environ.get("DJANGO_SERVER", "")
DJANGO_PORT, PORT = 8126, 8127


class Django:
    """A Django on a new database."""

    def __init__(self, folder, name):
        self.url = f"sqlite:{folder / name}.sqlite3"
        if SERVER:
            self.url = f"{SERVER.rsplit('/', 1)[0]}/move_in_{name}"
            subprocess.run([PYTHON, "make_database.py", SERVER, f"move_in_{name}"], cwd=HERE, check=True)
        more = {"DJANGO_DATABASE": self.url, "PYTHONDONTWRITEBYTECODE": "1", "DJANGO_KEY": KEY}
        if not CUSTOM:
            more["DJANGO_ALLAUTH"] = "1"
        if name == "hasher":
            more |= {"DJANGO_HASHER": "1", "PYTHONPATH": str(HERE.parent.parent / "docs" / "examples")}
        self.environment = {**os.environ, **more}
        self.run("manage.py", "migrate", "-v", "0")

    def run(self, *words, stdin=None):
        words = [PYTHON, *words]
        done = subprocess.run(words, cwd=HERE, env=self.environment, input=stdin, text=True, capture_output=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def read(self, way):
        """What `doorward import django` gets as its source, and on standard input."""
        if way == "database":
            return self.url, None
        if way == "dumpdata":
            return "-", self.run("manage.py", "dumpdata")
        script = subprocess.run([BINARY, "import", "django", "--script"], text=True, capture_output=True, check=True)
        return "-", self.run("manage.py", "shell", "-v", "0", stdin=script.stdout)

    def serving(self):
        words = [PYTHON, "manage.py", "runserver", "--noreload", "-v", "0", f"127.0.0.1:{DJANGO_PORT}"]
        return serving(words, DJANGO_PORT, cwd=HERE, env=self.environment)

    def load(self, folder, exported):
        (folder / "users.json").write_text(exported)
        self.run("manage.py", "loaddata", "-v", "0", str(folder / "users.json"))


@contextlib.contextmanager
def serving(words, port, **more):
    """A server that runs until the block ends."""
    server = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait(20)


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
        "DOORWARD_LISTEN": f"127.0.0.1:{PORT}",
        # As in SIMPLE_JWT of settings.py.
        "DOORWARD_TOKENS__ROTATE_REFRESH": "true",
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

    def export(self):
        # The output of the script names no table.
        model = ["--model", "people.person"] if CUSTOM else []
        return self.run("export", "django", "--format", "loaddata", *model)

    def serving(self):
        return serving([BINARY, "serve"], PORT, cwd=self.folder, env={**os.environ, **self.environment})


def post(path, body, token=None):
    """The status and the body of an answer."""
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}", data, headers)
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


def to_milliseconds(text):
    """Dates as a dump has them (`django/core/serializers/json.py`)."""
    short = lambda found: f"{found[1]}.{(found[2] or '')[1:4]:0<3}Z"
    return re.sub(r"(T\d\d:\d\d:\d\d)(\.\d+)?Z", short, text)


def check_equal(one, its_name, other, other_name):
    difference = difflib.unified_diff(one.splitlines(), other.splitlines(), its_name, other_name, lineterm="", n=0)
    assert one == other, "\n".join(difference)


def front_end(port):
    """What the front end saw. The hash of its user is of the Django's first hasher, so that a login changes nothing."""
    words = [PYTHON, "front_end.py", f"http://127.0.0.1:{port}", "root", "correct horse root"]
    done = subprocess.run(words, cwd=HERE, text=True, capture_output=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def check_front_end(before):
    after = front_end(PORT)
    check_equal(before, "the Django", after, "doorward")
    print(f"  the front end saw the same {len(after.splitlines())} answers as with the Django")


def check_wrapped(folder, old, ways):
    """Weak hashes inside bcrypt, taken back by a Django with docs/examples/doorward_hasher.py."""
    wrapping, hasher = Doorward(folder, "wrapping"), Django(folder, "hasher")
    source, lines = old.read(ways[0])
    wrapping.import_from(source, "--wrap-weak", stdin=lines)
    hasher.load(folder, wrapping.export())
    # In this order: to check a password replaces its hash as well.
    for what in ["logins", "passwords"]:
        print("  with doorward_hasher.py:", hasher.run("check.py", what, str(folder / "seed.json")).strip())


def main(folder):
    versions = "from importlib.metadata import version as v; print('Django', v('Django'), 'Simple JWT', v('djangorestframework-simplejwt'))"
    version = subprocess.run([PYTHON, "-c", versions], text=True, capture_output=True, check=True).stdout
    print(f"{version.strip()}, {os.environ['DJANGO_USER']} user, {SERVER.partition(':')[0] or 'sqlite'}")
    old = Django(folder, "old")
    (folder / "seed.json").write_text(old.run("seed.py"))
    seeded = json.loads((folder / "seed.json").read_text())
    with old.serving():
        before = front_end(DJANGO_PORT)
    tokens = json.loads(old.run("check.py", "tokens"))

    # MySQL and MariaDB are read by Django alone.
    ways = ["script", "dumpdata"] if SERVER.startswith("mysql") else ["database", "script", "dumpdata"]
    doorwards, exports = [], []
    for way in ways:
        doorward = Doorward(folder, way)
        source, lines = old.read(way)
        counts = doorward.import_from(source, "--with-tokens", stdin=lines)
        assert counts["left_out"] == 0 and {name: counts[name] for name in tokens} == tokens, (counts, tokens)
        assert doorward.import_from(source, "--sync", stdin=lines)["unchanged"] == counts["created"]
        doorwards.append(doorward)
        exports.append(doorward.export())
        if way == "dumpdata":
            check_equal(to_milliseconds(exports[0]), ways[0], to_milliseconds(exports[-1]), way)
        else:
            check_equal(exports[0], ways[0], exports[-1], way)
    back = Django(folder, "back")
    back.load(folder, exports[0])
    assert columns(back) == columns(old), "the columns differ after import, export and loaddata"
    print("  every column is equal after import, export and loaddata;", end=" ")
    print(back.run("check.py", "passwords", str(folder / "seed.json")).strip())

    for doorward in doorwards:
        with doorward.serving():
            check_front_end(before)
            check_tokens(seeded)
            # What the others have is the same.
            if doorward is doorwards[0]:
                check_logins(seeded)
    again = Django(folder, "again")
    again.load(folder, doorwards[0].export())
    print("  after the logins:", again.run("check.py", "passwords", str(folder / "seed.json")).strip())
    check_wrapped(folder, old, ways)


with tempfile.TemporaryDirectory() as name:
    main(pathlib.Path(name))
