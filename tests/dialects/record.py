#!/usr/bin/env python3
"""Records what the servers of djoser and dj-rest-auth answer.

  record.py VARIANT [--only TEXT] [--print]

Run it with the Python of a virtual environment that has one version of the package. It starts the package's
own server (reference/settings.py has the variants), carries out the cases of cases_djoser.py or
cases_dj_rest_auth.py, and writes DIALECT/VERSION/VARIANT.json. README.md has the rest.
"""

import argparse
import importlib.machinery
import importlib.metadata
import importlib.util
import json
import os
import re
import sys
import tempfile
import threading
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

HERE = Path(__file__).resolve().parent
VARIANTS = {
    "djoser": ("djoser", "cases_djoser"),
    "djoser-activation": ("djoser", "cases_djoser"),
    "dj-rest-auth": ("dj-rest-auth", "cases_dj_rest_auth"),
    "dj-rest-auth-mandatory": ("dj-rest-auth", "cases_dj_rest_auth"),
}
BASES = {"djoser": "2.2.3", "dj-rest-auth": "7.2.0"}
# Simple JWT 5.5 and DRF 3.15 say it otherwise than the versions of tests/contract.
WORDS = {
    "Token is invalid": "Token is invalid or expired",
    "Token is expired": "Token is invalid or expired",
    "No User matches the given query.": "Not found.",
    "A user is already registered with this e-mail address.":
        "User is already registered with this e-mail address.",
}
HEADERS = ("Content-Type", "Allow", "WWW-Authenticate")
JWT = re.compile(r"^[\w-]+\.[\w-]+\.[\w-]+$")


def load_replay():
    path = str(HERE.parent / "contract" / "replay")
    loader = importlib.machinery.SourceFileLoader("replay", path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("replay", loader))
    sys.modules["replay"] = module
    loader.exec_module(module)
    return module


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Handler(WSGIRequestHandler):
    def log_message(self, *args):
        pass


def start_server(fixtures):
    """Makes the database with the users of the fixtures; returns the URL and the ids."""
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    call_command("migrate", run_syncdb=True, verbosity=0)
    ids = {}
    for user in fixtures:
        made = get_user_model().objects.create_user(user["username"], user["email"], user["password"])
        made.is_active = user["active"]
        made.save()
        ids[user["key"]] = made.pk
        try:
            from allauth.account.models import EmailAddress
        except Exception:
            continue
        EmailAddress.objects.create(user=made, email=made.email, primary=True, verified=user["confirmed"])
    server = make_server("127.0.0.1", 0, get_wsgi_application(), Server, Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}", ids


def mailed(uniq, part):
    """The part of the last link that was mailed to an address with this name."""
    from django.core import mail

    for message in reversed(mail.outbox):
        if any(uniq in to for to in message.to):
            found = re.search(r"/([\w=-]+)/([\w-]+)/?\s*$", message.body, re.M)
            key = re.search(r"confirm-email/([-:\w]+)/", message.body)
            if key and part == "key":
                return key.group(1)
            if found:
                return found.group(1 if part == "uid" else 2)
    raise AssertionError(f"no mail to {uniq}")


def recorder(replay):
    class Recorder(replay.Run):
        """A case that is carried out against the reference."""

        def text(self, value):
            value = re.sub(r"\{\{mail:([a-z]+)\}\}", lambda m: mailed(self.uniq, m.group(1)), value)
            return super().text(value)

        def general(self, value, name=None):
            """A value of an answer without what differs from run to run."""
            if isinstance(value, dict):
                return {self.general(k): self.general(v, k) for k, v in value.items()}
            if isinstance(value, list):
                return [self.general(item) for item in value]
            if name in ("id", "pk") and isinstance(value, int):
                known = {number: key for key, number in self.context.ids.items()}
                return f"<id:{known[value]}>" if value in known else "<int>"
            if not isinstance(value, str):
                return value
            if JWT.match(value):
                _, claims = replay.decode_jwt(value)
                return f"<jwt:{claims['token_type']}>"
            if name and name.endswith("_expiration"):
                return "<str>"
            return value.replace(self.uniq, "{{uniq}}")

        def answer(self):
            for number, step in enumerate(self.case.get("before", []), 1):
                response = self.request(step)
                good = step.get("status")
                if not (response.status == good if good else 200 <= response.status < 300):
                    raise SystemExit(f"{self.case['name']}: step {number} answered {response.status}"
                                     f" {response.body[:300]}")
            response = self.request(self.case["request"])
            expected = {"status": response.status, "headers": {}}
            for header in HEADERS:
                value = response.header(header)
                if value is not None:
                    expected["headers"][header] = value
                elif header != "WWW-Authenticate" or response.status == 401:
                    expected["headers"][header] = "<absent>"
            cookies = {}
            for name, (value, attributes) in response.cookies().items():
                if name == "sessionid":  # Django's, beside the tokens
                    continue
                if value:  # else the cookie is removed, and the time does not pass
                    attributes.pop("expires", None)
                cookies[name] = {"value": self.general(value), "attributes": attributes}
            expected["cookies"] = cookies
            kind = response.header("Content-Type") or ""
            if not response.body:
                expected["body"] = "<empty>"
            elif kind.startswith("application/json"):
                expected["body"] = self.general(response.json())
            return expected

    return Recorder


def in_words(value):
    """A body in the words of the versions of tests/contract."""
    if isinstance(value, dict):
        return {key: in_words(one) for key, one in value.items()}
    if isinstance(value, list):
        return [in_words(one) for one in value]
    return WORDS.get(value, value) if isinstance(value, str) else value


def departure_of(name, version, expected, departures):
    """What doorward answers on purpose where that differs."""
    for departure in departures:
        here = version in departure.get("versions", [version])
        if here and any(re.fullmatch(pattern, name) for pattern in departure["cases"]):
            changed = {**expected, **departure["expected"]}
            headers = {**expected["headers"], **departure["expected"].get("headers", {})}
            changed["headers"] = {name: text for name, text in headers.items() if text is not None}
            changed["cookies"] = unreadable(changed["cookies"])
            return {"why": departure["why"], "expected": {k: v for k, v in changed.items() if v is not None}}
    body, cookies = in_words(expected.get("body")), unreadable(expected["cookies"])
    whys = []
    if body != expected.get("body"):
        whys.append("the words of Simple JWT 5.2, DRF 3.14 and dj-rest-auth 7")
    if cookies != expected["cookies"]:
        whys.append("scripts cannot read the cookies")
    changed = {**expected, "cookies": cookies, **({"body": body} if "body" in expected else {})}
    return {"why": "; ".join(whys), "expected": changed} if whys else None


def unreadable(cookies):
    """Cookies that scripts cannot read: JWT_AUTH_HTTPONLY, with which the package leaves the refresh token out of the
    body."""
    return {
        name: {**cookie, "attributes": {**cookie["attributes"], "httponly": True}}
        for name, cookie in cookies.items()
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("variant", choices=VARIANTS)
    parser.add_argument("--only", default="")
    parser.add_argument("--print", action="store_true", help="prints the cases and writes nothing")
    options = parser.parse_args()
    package, module = VARIANTS[options.variant]
    database = tempfile.NamedTemporaryFile(suffix=".db")
    os.environ.update(
        REFERENCE=options.variant, REFERENCE_DB=database.name, DJANGO_SETTINGS_MODULE="settings"
    )
    sys.path[:0] = [str(HERE / "reference"), str(HERE)]
    replay = load_replay()
    fixtures = json.loads((HERE / "fixtures.json").read_text())["users"]
    base, ids = start_server(fixtures)
    context = replay.Context(base, "a-signing-key-of-the-tests-0123456789-abcdef", fixtures)
    context.ids = ids
    cases = __import__(module).cases(options.variant)
    version = importlib.metadata.version(package)
    departures = json.loads((HERE / "departures.json").read_text())
    recorded = []
    for case in cases:
        if options.only not in case["name"]:
            continue
        expected = recorder(replay)(context, case).answer()
        made = {"name": case["name"], "source": "recorded", "basis": "library",
                **{k: v for k, v in case.items() if k != "name"}, "expected": expected}
        departure = departure_of(f"{package}/{case['name']}", version, expected, departures)
        recorded.append({**made, "departure": departure} if departure else made)
    names = [case["name"] for case in recorded]
    assert len(names) == len(set(names)), sorted(n for n in names if names.count(n) > 1)
    if options.print:
        for case in recorded:
            print(case["name"], json.dumps(case["expected"], ensure_ascii=False))
        return
    frameworks = {
        name: importlib.metadata.version(name)
        for name in ("Django", "djangorestframework", "djangorestframework-simplejwt")
    }
    if package == "dj-rest-auth":
        frameworks["django-allauth"] = importlib.metadata.version("django-allauth")
    about = ", ".join(f"{name} {number}" for name, number in frameworks.items())
    lines, equal = recorded, 0
    base = HERE / package / BASES[package] / f"{options.variant}.json"
    if version != BASES[package]:
        known = {case["name"]: case for case in json.loads(base.read_text())["cases"]}
        lines = [case for case in recorded if known.get(case["name"]) != case]
        equal = len(recorded) - len(lines)
    path = HERE / package / version / f"{options.variant}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    head = {"theme": f"{options.variant} {version}", "about": f"{package} {version}, {about}"}
    if version != BASES[package]:
        head["recorded"], head["as_base"] = len(recorded), equal
    text = ",\n".join("  " + json.dumps(case, ensure_ascii=False) for case in lines)
    path.write_text(json.dumps(head)[:-1] + f', "cases": [\n{text}\n]}}\n')
    departing = sum("departure" in case for case in recorded)
    print(f"{path.relative_to(HERE)}: {len(recorded)} cases, {departing} with a departure, {equal} as in the"
          f" base ({about})")


if __name__ == "__main__":
    main()
