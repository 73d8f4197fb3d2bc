"""Runs the services of docs/verify-tokens.md as they stand there against a running doorward (scripts/verify-tokens).

Arguments: a folder to work in, the URL of doorward, a user's name and password, and the names of the services.
"""

import base64
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

folder, url, username, password, *names = sys.argv[1:]
folder = Path(folder)
document = Path("docs/verify-tokens.md").read_text()
python = folder / "venv" / "bin" / "python"
failed = False

DJANGO = """
import sys
import types
import django
from django.conf import settings
from django.core.management import call_command
from django.urls import path

text = open("settings.py").read()
values = {}
exec(text, values)
settings.configure(
    ROOT_URLCONF="urls", ALLOWED_HOSTS=["*"], DEBUG=False, SECRET_KEY="of-this-service",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "rest_framework"],
    **{name: value for name, value in values.items() if name.isupper()})
django.setup()
import views
urls = types.ModuleType("urls")
urls.urlpatterns = [path("me", views.me)]
sys.modules["urls"] = urls
call_command("runserver", "127.0.0.1:" + sys.argv[1], "--noreload", "--skip-checks")
"""


def blocks(heading):
    """The blocks of code below a heading, with the URL of the doorward of the test."""
    section = document.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    found = re.findall(r"```\w+\n(.*?)```", section, re.S)
    assert "accounts.example.com" in found[0], heading
    return [block.replace("https://accounts.example.com", url) for block in found]


def django(place, port):
    settings, views = blocks("Django with Simple JWT")
    (place / "settings.py").write_text(settings)
    (place / "views.py").write_text(views)
    (place / "run.py").write_text(DJANGO)
    return [python, "run.py", str(port)]


def fastapi(place, port):
    (place / "service.py").write_text(blocks("FastAPI")[0])
    return [python, "-m", "uvicorn", "service:app", "--port", str(port), "--log-level", "warning"]


def flask(place, port):
    (place / "service.py").write_text(blocks("Flask")[0])
    return [python, "-m", "flask", "--app", "service", "run", "--port", str(port)]


def express(place, port):
    (place / "service.mjs").write_text(blocks("Express")[0])
    (place / "node_modules").symlink_to(folder / "node_modules")
    return ["node", "service.mjs"]


def go(place, port):
    (place / "main.go").write_text(blocks("Go")[0])
    run = lambda *words: subprocess.run(words, cwd=place, check=True)
    run("go", "mod", "init", "service")
    run("go", "vet", ".")
    run("go", "build", "-o", "service", ".")
    return ["./service"]


def actix(place, port):
    run = lambda *words: subprocess.run(words, cwd=place, check=True)
    run("cargo", "init", "--quiet", "--name", "service", "--vcs", "none")
    run("cargo", "add", "--quiet", "actix-web", "serde_json")
    run("cargo", "add", "--quiet", "ureq", "--features", "ureq/json")
    run("cargo", "add", "--quiet", "jsonwebtoken", "--no-default-features", "--features", "aws_lc_rs")
    (place / "src" / "main.rs").write_text(blocks("Actix")[0])
    run("cargo", "build", "--quiet")
    return [Path(os.environ.get("CARGO_TARGET_DIR", place / "target")) / "debug" / "service"]


def call(address, body=None, token=None):
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    data = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(address, data, headers), timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refusal:
        return refusal.code, None


def check(what, is_so):
    global failed
    failed = failed or not is_so
    print(f"{what} ... {'ok' if is_so else 'FAILED'}", flush=True)


def forged(token):
    head, payload, signature = token.split(".")
    decoded = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    other = base64.urlsafe_b64encode(json.dumps({**decoded, "user_id": 99}).encode()).rstrip(b"=").decode()
    return f"{head}.{other}.{signature}"


def unsigned(token):
    head = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    return f"{head}.{token.split('.')[1]}."


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


for name in names:
    place, port = folder / name, free_port()
    place.mkdir()
    command = globals()[name](place, port)
    service = subprocess.Popen(command, cwd=place, env={**os.environ, "PORT": str(port)})
    try:
        me = f"http://127.0.0.1:{port}/me"
        for _ in range(150):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        _, pair = call(f"{url}/api/token/", {"username": username, "password": password})
        status, answer = call(me, token=pair["access"])
        check(f"{name}: an access token opens the service: {answer}", status == 200 and answer["user_id"] == 1)
        refused = {
            "no token": None,
            "a refresh token": pair["refresh"],
            "a forged token": forged(pair["access"]),
            "an unsigned token": unsigned(pair["access"]),
            "no JWT": "x",
        }
        for what, token in refused.items():
            status = call(me, token=token)[0]
            check(f"{name}: {what} is refused with {status}", status in (401, 403))
    finally:
        service.terminate()
        service.wait()
sys.exit(failed)
