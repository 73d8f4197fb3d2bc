"""A doorward in a temporary folder, and the register of known faults. Standard library only."""

import http.client
import json
import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse

PASSWORD = "a-Good-pass-6"
FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
FAULTS = []


def fault(entry, behaviour):
    """Registers a reproduction: `entry` names its source, `behaviour` says what must hold. The function
    raises `AssertionError` where it does not hold."""

    def register(function):
        FAULTS.append((entry, behaviour, function))
        return function

    return register


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def header(self, name):
        """The first header of that name, or None."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def cookie(self, name):
        """`NAME=VALUE` of a cookie that the answer sets, or None."""
        for key, value in self.headers:
            if key.lower() == "set-cookie" and value.startswith(name + "="):
                return value.split(";")[0]
        return None

    def json(self):
        return json.loads(self.body)

    def text(self):
        return self.body.decode(errors="replace")

    def __repr__(self):
        return f"{self.status} {self.text()[:200]}"


class Server:
    """`with Server(BINARY, cors__allowed_origins=…) as server:`; settings are named as in the environment."""

    def __init__(self, binary, folder=None, **settings):
        self.binary, self.port = os.path.abspath(binary), free_port()
        self._temporary = None if folder else tempfile.TemporaryDirectory()
        self.folder = folder or self._temporary.name
        self.process = None
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("DOORWARD_")}
        self.settings({"listen": f"127.0.0.1:{self.port}", "password__cost": "4", **settings})

    def settings(self, settings):
        for name, value in settings.items():
            self.env["DOORWARD_" + name.upper()] = str(value)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        if self._temporary:
            self._temporary.cleanup()

    def hurry(self, minutes, seconds):
        """Waits until `minutes` have passed for a server that is started again: in `seconds` with libfaketime,
        else as long as they take."""
        self.stop()
        if not os.path.exists(FAKETIME):
            self.start()
            time.sleep(minutes * 60)
            return
        self.env.update(LD_PRELOAD=FAKETIME, FAKETIME=f"+0 x{minutes * 60 // seconds}", FAKETIME_NO_CACHE="1")
        self.start()
        time.sleep(seconds)
        self.stop()
        for name in ("LD_PRELOAD", "FAKETIME", "FAKETIME_NO_CACHE"):
            del self.env[name]
        self.start()

    def start(self):
        self.log = open(os.path.join(self.folder, "log"), "ab")
        self.process = subprocess.Popen(
            [self.binary, "serve"], cwd=self.folder, env=self.env, stdout=self.log, stderr=self.log)
        for _ in range(200):
            try:
                if self.get("/healthz").status == 200:
                    return
            except OSError:
                pass
            if self.process.poll() is not None:
                raise AssertionError(f"serve ended: {self.read_log()[-500:]}")
            time.sleep(0.05)
        raise AssertionError("serve does not answer")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()

    def read_log(self):
        with open(os.path.join(self.folder, "log"), encoding="utf-8", errors="replace") as log:
            return log.read()

    def run(self, *arguments, stdin="", check=True):
        """Runs `doorward ARGUMENTS` in the folder of this server."""
        done = subprocess.run(
            [self.binary, *arguments], cwd=self.folder, env=self.env, input=stdin.encode(), capture_output=True)
        if check and done.returncode:
            raise AssertionError(f"{arguments} ended with {done.returncode}: {done.stderr.decode()[-500:]}")
        return done

    def add(self, username, *arguments, password=PASSWORD):
        email = f"{username}@example.com"
        self.run("user", "add", "--username", username, "--email", email, "--password-stdin", *arguments,
                 stdin=password)

    def request(self, method, path, form=None, headers=None, body=None, json_body=None):
        headers = dict(headers or {})
        if form is not None:
            body = urllib.parse.urlencode(form)
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        if json_body is not None:
            body = json.dumps(json_body)
            headers.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.getheaders(), answer.read())
        finally:
            connection.close()

    def get(self, path, **more):
        return self.request("GET", path, **more)

    def post(self, path, form=None, **more):
        return self.request("POST", path, form, **more)

    def put(self, path, form=None, **more):
        return self.request("PUT", path, form, **more)

    def login(self, username, password=PASSWORD, **more):
        return self.post("/api/login/", {"username": username, "password": password}, **more)

    def token(self, username, password=PASSWORD):
        return self.post("/api/token/", {"username": username, "password": password}).json()["access"]

    def bearer(self, username):
        return {"Authorization": "Bearer " + self.token(username)}

    def admin_cookie(self, username="root", password=PASSWORD):
        answer = self.post("/admin/sign-in", {"username": username, "password": password})
        return next(v.split(";")[0] for k, v in answer.headers if k.lower() == "set-cookie")

    def raw(self, data, seconds=5):
        """What the server answers to these bytes until it closes or `seconds` have passed, and whether it closed."""
        with socket.create_connection(("127.0.0.1", self.port)) as s:
            s.sendall(data)
            s.settimeout(0.2)
            end, got = time.time() + seconds, b""
            while time.time() < end:
                try:
                    piece = s.recv(65536)
                except TimeoutError:
                    continue
                except ConnectionResetError:
                    return got, True
                if not piece:
                    return got, True
                got += piece
            return got, False
