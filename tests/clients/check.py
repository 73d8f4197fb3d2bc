"""Checks with PyJWT the tokens of a running doorward whose signing key is known (scripts/clients).

Arguments: the URL, the key, a user's name and password.
"""

import json
import sys
import time
import urllib.error
import urllib.request
import uuid

import jwt

url, key, username, password = sys.argv[1:]
DAY = 86_400
failed = False


def call(path, body=None, token=None):
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url + path, data, headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refusal:
        return refusal.code, json.load(refusal)


def check(what, is_so):
    global failed
    failed = failed or not is_so
    print(f"PyJWT {jwt.__version__}: {what} ... {'ok' if is_so else 'FAILED'}")


def tampered(token):
    """A token with the signature of another one and other claims."""
    head, payload, signature = token.split(".")
    claims = jwt.decode(token, options={"verify_signature": False})
    forged = jwt.encode({**claims, "user_id": claims["user_id"] + 1}, "x" * 64).split(".")[1]
    assert forged != payload
    return f"{head}.{forged}.{signature}"


def refuses(token, with_key=key):
    try:
        jwt.decode(token, with_key, algorithms=["HS256"])
        return False
    except jwt.InvalidSignatureError:
        return True


def as_django_mints(kind, lifetime, user_id):
    """rest_framework_simplejwt/tokens.py, Token.__init__, set_exp, set_iat, set_jti, for_user."""
    now = int(time.time())
    claims = {"token_type": kind, "exp": now + lifetime, "iat": now, "jti": uuid.uuid4().hex, "user_id": user_id}
    return jwt.encode(claims, key, algorithm="HS256")


status, pair = call("/api/token/", {"username": username, "password": password})
assert status == 200, (status, pair)
for kind, lifetime in [("access", DAY), ("refresh", 10 * DAY)]:
    token = pair[kind]
    claims = jwt.decode(token, key, algorithms=["HS256"], options={"require": ["exp", "iat", "jti"]})
    check(f"the {kind} token has a valid signature", jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT"})
    is_ours = claims["token_type"] == kind and claims["exp"] - claims["iat"] == lifetime
    check(f"its claims have the right kind and lifetime: {claims}", is_ours and len(claims) == 5)
    check("a tampered token and another key are refused", refuses(tampered(token)) and refuses(token, "another key" * 4))
    status, _ = call("/api/token/verify/", {"token": tampered(token)})
    check("doorward refuses the tampered token", status == 401)

user_id = claims["user_id"]
status, user = call("/api/user/", token=as_django_mints("access", 300, user_id))
check(f"doorward accepts an access token of Django: {user}", status == 200 and user["username"] == username)
refresh = as_django_mints("refresh", DAY, user_id)
status, answer = call("/api/token/refresh/", {"refresh": refresh})
renewed = jwt.decode(answer.get("access", ""), key, algorithms=["HS256"]) if status == 200 else {}
check("doorward accepts a refresh token of Django", renewed.get("user_id") == user_id)
check("the new access token is valid", status == 200 and call("/api/user/", token=answer["access"])[0] == 200)
status, _ = call("/api/token/blacklist/", {"refresh": refresh})
status_after, error = call("/api/token/refresh/", {"refresh": refresh})
check(f"a blacklisted refresh token of Django is refused: {error['detail']}", (status, status_after) == (200, 401))
sys.exit(failed)
