# A front end: what a page or an app does with a login. It knows a base URL, a name and a password, and not which server
# answers. It prints what it saw, so the output against two servers can be compared.
#
#   front_end.py BASE_URL USERNAME PASSWORD
import base64
import http.cookiejar
import json
import sys
import urllib.error
import urllib.request

BASE, USERNAME, PASSWORD = sys.argv[1:]


class Browser:
    """A client with a cookie jar, as a page has one."""

    def __init__(self):
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def call(self, method, path, body=None, token=None):
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(BASE + path, data, headers, method=method)
        try:
            with self.opener.open(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")


def payload(token):
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def saw(what, *values):
    print(f"{what}:", json.dumps(values, sort_keys=True, ensure_ascii=False))


page = Browser()
saw("not logged in", page.call("GET", "/api/user/")[0])
saw("wrong password", page.call("POST", "/api/login/", {"username": USERNAME, "password": "wrong"}))
saw("login", page.call("POST", "/api/login/", {"username": USERNAME, "password": PASSWORD}))
saw("cookies", [(one.name, one.path, one.has_nonstandard_attr("HttpOnly")) for one in page.cookies])
saw("account by cookie", page.call("GET", "/api/user/"))
saw("logout", page.call("POST", "/api/logout/", {}))
saw("cookies after the logout", [one.name for one in page.cookies])
saw("account after the logout", page.call("GET", "/api/user/")[0])

app = Browser()
saw("wrong password", app.call("POST", "/api/token/", {"username": USERNAME, "password": "wrong"}))
status, pair = app.call("POST", "/api/token/", {"username": USERNAME, "password": PASSWORD})
saw("tokens", status, sorted(pair))
saw("whose", str(payload(pair["access"])["user_id"]), payload(pair["refresh"])["token_type"])
saw("account", app.call("GET", "/api/user/", token=pair["access"]))
saw("verify", app.call("POST", "/api/token/verify/", {"token": pair["access"]}))
for turn in ["first", "second"]:
    status, renewed = app.call("POST", "/api/token/refresh/", {"refresh": pair["refresh"]})
    saw(f"{turn} refresh", status, sorted(renewed))
    pair.update(renewed)
    saw("account", app.call("GET", "/api/user/", token=pair["access"]))
saw("blacklist", app.call("POST", "/api/token/blacklist/", {"refresh": pair["refresh"]}))
saw("refresh after that", app.call("POST", "/api/token/refresh/", {"refresh": pair["refresh"]})[0])
saw("a token of another kind", app.call("GET", "/api/user/", token=pair["refresh"])[0])
