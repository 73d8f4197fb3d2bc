"""Tokens and cookies of the API."""

import base64
import gzip
import hashlib
import hmac
import json
import os
import stat

from server import Server, fault

KEY = "k" * 40


def resigned(token, **header):
    """The token with other parameters in its header, signed with KEY."""
    encode = lambda data: base64.urlsafe_b64encode(data).rstrip(b"=").decode()
    head = encode(json.dumps({"alg": "HS256", "typ": "JWT", **header}).encode())
    message = f"{head}.{token.split('.')[1]}"
    return f"{message}.{encode(hmac.new(KEY.encode(), message.encode(), hashlib.sha256).digest())}"


@fault("clients 6", "GET /api/user/ names the user's id, where that is set")
def user_has_an_id(binary):
    with Server(binary, api__user_id="true") as server:
        server.add("vic", "--confirmed")
        answer = server.get("/api/user/", headers=server.bearer("vic"))
        assert answer.json().get("id") == 1, answer


@fault("clients 7", "other words than Bearer can be allowed")
def header_types(binary):
    with Server(binary, api__auth_header_types="JWT, Bearer, bearer") as server:
        server.add("vic", "--confirmed")
        token = server.token("vic")
        for word in ("JWT", "Bearer", "bearer"):
            answer = server.get("/api/user/", headers={"Authorization": f"{word} {token}"})
            assert answer.status == 200, (word, answer)
        answer = server.get("/api/user/", headers={"Authorization": f"Token {token}"})
        assert (answer.status, answer.header("WWW-Authenticate")) == (401, 'JWT realm="api"'), answer


@fault("clients 9", "the key that doorward made can be exported")
def key_export(binary):
    with Server(binary) as server:
        server.add("vic", "--confirmed")
        token = server.token("vic")
        printed = server.run("key", "export", "--stdout").stdout
        key = base64.b64decode(printed)
        message, signature = token.rsplit(".", 1)
        mac = base64.urlsafe_b64encode(hmac.new(key, message.encode(), hashlib.sha256).digest()).rstrip(b"=")
        assert mac.decode() == signature, "the key checks the token"
        server.run("key", "export", "--out", "key.jwk", "--format", "jwk")
        path = os.path.join(server.folder, "key.jwk")
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
        assert server.run("key", "export", check=False).returncode == 2
        assert b"key-exported" in server.run("audit", "list").stdout


@fault("clients 16", "a compressed body is 415, and not a parse error")
def compressed_body(binary):
    with Server(binary) as server:
        body = gzip.compress(b'{"username": "a", "password": "b"}')
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        answer = server.request("POST", "/api/login/", body=body, headers=headers)
        assert answer.status == 415 and "gzip" in answer.json()["detail"], answer


@fault("S22", "a token with crit in its header is refused")
def critical_extension(binary):
    with Server(binary, signing_key=KEY) as server:
        server.add("vic", "--confirmed")
        token = server.token("vic")
        for header, status in (({}, 200), ({"crit": ["exp"], "exp": 1}, 401), ({"crit": []}, 401)):
            answer = server.get("/api/user/", headers={"Authorization": "Bearer " + resigned(token, **header)})
            assert answer.status == status, (header, answer)


@fault("S22", "the ids of sessions do not count logins")
def session_ids(binary):
    with Server(binary) as server:
        server.add("vic", "--confirmed")
        bearer = server.bearer("vic")
        server.token("vic")
        sessions = server.get("/api/sessions/", headers=bearer).json()
        ids = [session["id"] for session in sessions]
        assert all(isinstance(one, str) and len(one) >= 16 for one in ids) and len(set(ids)) == 2, ids
        assert server.request("DELETE", "/api/sessions/1/", headers=bearer).status == 404
        other = next(session["id"] for session in sessions if not session["current"])
        assert server.request("DELETE", f"/api/sessions/{other}/", headers=bearer).status == 204
        assert len(server.get("/api/sessions/", headers=bearer).json()) == 1
