"""Checks with PyJWT's PyJWKClient, and with Simple JWT as a service, the tokens that a running doorward signs with a
key pair (scripts/clients).

Arguments: the URL, the algorithm, a user's name and password, and a command that rotates the keys at once.
"""

import json
import subprocess
import sys
import urllib.request
from importlib.metadata import PackageNotFoundError, version

import jwt

url, algorithm, username, password, *rotate = sys.argv[1:]
KEY_SET = f"{url}/.well-known/jwks.json"
failed = False


def check(what, is_so):
    global failed
    failed = failed or not is_so
    print(f"{algorithm}: {what} ... {'ok' if is_so else 'FAILED'}")


def obtain():
    body = json.dumps({"username": username, "password": password}).encode()
    request = urllib.request.Request(f"{url}/api/token/", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def forged(token):
    """The token with other claims and the same signature."""
    head, payload, signature = token.split(".")
    claims = jwt.decode(token, options={"verify_signature": False})
    other = jwt.encode({**claims, "user_id": claims["user_id"] + 1}, "x" * 64).split(".")[1]
    return f"{head}.{other}.{signature}"


def accepts(decode, token):
    try:
        return decode(token)["token_type"] == "access"
    except Exception:
        return False


def py_jwk_client():
    keys = jwt.PyJWKClient(KEY_SET, lifespan=300)
    # Current versions wait 30 seconds between two reads for an unknown kid.
    keys.cooldown_duration = 0

    def decode(token):
        key = keys.get_signing_key_from_jwt(token)
        return jwt.decode(token, key.key, algorithms=[algorithm], options={"require": ["exp", "iat", "jti"]})

    return f"PyJWT {jwt.__version__}, PyJWKClient", decode


def simple_jwt():
    import django
    from django.conf import settings

    if not settings.configured:
        simple = {"ALGORITHM": algorithm, "JWK_URL": KEY_SET, "SIGNING_KEY": ""}
        settings.configure(SECRET_KEY="x" * 50, SIMPLE_JWT=simple, INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes"])
        django.setup()
    from rest_framework_simplejwt.authentication import JWTStatelessUserAuthentication

    from rest_framework_simplejwt.state import token_backend

    token_backend.jwks_client.cooldown_duration = 0
    authentication = JWTStatelessUserAuthentication()

    def decode(token):
        checked = authentication.get_validated_token(token)
        assert authentication.get_user(checked).id == checked["user_id"]
        return checked

    return f"Simple JWT {version('djangorestframework-simplejwt')}, JWK_URL", decode


clients = [py_jwk_client()]
try:
    simple = version("djangorestframework-simplejwt")
    # 5.4.0 is the first that knows EdDSA.
    if algorithm != "EdDSA" or not simple.startswith(("5.2", "5.3")):
        clients.append(simple_jwt())
except PackageNotFoundError:
    pass

before = obtain()
for name, decode in clients:
    check(f"{name} accepts the access token", accepts(decode, before["access"]))
    check(f"{name} refuses a forged one", not accepts(decode, forged(before["access"])))
subprocess.run(rotate, check=True, stdout=subprocess.DEVNULL)
after = obtain()
is_new = jwt.get_unverified_header(before["access"])["kid"] != jwt.get_unverified_header(after["access"])["kid"]
check("another key signs after `doorward keys rotate --now`", is_new)
for name, decode in clients:
    both = accepts(decode, after["access"]) and accepts(decode, before["access"])
    check(f"{name} reads the new key by its kid, and accepts tokens of both", both)
sys.exit(failed)
