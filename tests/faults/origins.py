"""Origins, cross-site requests, CORS, caches, and addresses other than public_url."""

import os
import re
import subprocess
import tempfile
import time

from server import PASSWORD, Server, fault, free_port

APP = "https://app.example.com"
HTTPS = "https://accounts.example.com"


def cookies_of(answer):
    return "; ".join(value.split(";")[0] for key, value in answer.headers if key.lower() == "set-cookie")


def removed(answer):
    return {value.split("=")[0] for key, value in answer.headers if key.lower() == "set-cookie" and "Max-Age=0" in value}


def preflight(server, path, origin, headers):
    return server.request("OPTIONS", path, headers={
        "Origin": origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": headers})


@fault("faults 14", "a page under another name than public_url writes with the cookie")
def other_name(binary):
    with Server(binary) as server:
        server.add("alice")
        for host, headers in [
            ("localhost:8000", {"Origin": "http://localhost:8000", "Sec-Fetch-Site": "same-origin"}),
            ("192.168.1.5:8000", {"Origin": "http://192.168.1.5:8000"}),
            ("www.example.com", {"Origin": "https://www.example.com", "Sec-Fetch-Site": "same-origin"}),
            ("www.example.com", {"Origin": "https://www.example.com"}),
            ("127.0.0.1:8000", {"Origin": "http://localhost:5173", "Sec-Fetch-Site": "same-origin"}),
        ]:
            headers = {"Host": host, "Cookie": cookies_of(server.login("alice")), **headers}
            answer = server.put("/api/user/", json_body={"username": "alice"}, headers=headers)
            assert answer.status == 200, (headers, answer)
            answer = server.post("/api/logout/", headers=headers)
            assert answer.status == 200, (headers, answer)


@fault("clients 1", "Sec-Fetch-Site decides also against an Origin that is public_url")
def browser_knows_better(binary):
    with Server(binary) as server:
        server.add("alice")
        headers = {"Cookie": cookies_of(server.login("alice")), "Sec-Fetch-Site": "cross-site",
                   "Origin": f"http://127.0.0.1:{server.port}"}
        assert server.put("/api/user/", json_body={"username": "alice"}, headers=headers).status == 403


@fault("faults 15", "pages of a listed origin may set the headers that django-cors-headers allows")
def preflight_headers(binary):
    with Server(binary, cors__allowed_origins=APP) as server:
        for name in ["x-csrftoken", "x-requested-with", "user-agent", "accept", "authorization", "content-type"]:
            answer = preflight(server, "/api/login/", APP, f"content-type,{name}")
            assert answer.status == 200, (name, answer)
            assert name in (answer.header("Access-Control-Allow-Headers") or "").lower(), (name, answer.headers)


@fault("clients 3", "a setting allows more request headers, and a refused preflight names it")
def preflight_setting(binary):
    with Server(binary, cors__allowed_origins=APP, cors__allowed_headers="sentry-trace, baggage") as server:
        answer = preflight(server, "/api/login/", APP, "sentry-trace,baggage")
        assert answer.status == 200 and "baggage" in answer.header("Access-Control-Allow-Headers"), answer
        refused = preflight(server, "/api/login/", APP, "traceparent")
        assert refused.status == 400 and "cors.allowed_headers" in refused.text(), refused


@fault("faults 16", "origins of apps in a web view can be listed, and can log in")
def app_origins(binary):
    origins = ["capacitor://localhost", "ionic://localhost", "tauri://localhost", "app://.",
               "chrome-extension://abcdefghijklmnop", "moz-extension://0b7e4d2c-1f5a", "file://"]
    with Server(binary, cors__allowed_origins=",".join(origins)) as server:
        server.add("alice")
        for origin in origins:
            assert preflight(server, "/api/login/", origin, "content-type").status == 200, origin
            answer = server.login("alice", headers={"Origin": origin, "Sec-Fetch-Site": "cross-site"})
            assert answer.status == 200 and answer.header("Access-Control-Allow-Origin") == origin, answer


@fault("clients 11", "`null` and wildcards stay refused, with the reason")
def refused_origins(binary):
    for origin, words in [("null", "sandboxed"), ("*", "wildcard"), ("https://*.example.com", "wildcard")]:
        with tempfile.TemporaryDirectory() as folder:
            server = Server(binary, folder=folder, cors__allowed_origins=origin)
            done = server.run("config", check=False)
            assert done.returncode == 2 and words in done.stderr.decode(), (origin, done.stderr)


@fault("faults 17", "the sign-in page says that it was opened at another address, and begins no session there")
def opened_over_http(binary):
    with Server(binary, public_url=HTTPS) as server:
        server.add("root", "--admin")
        for language, words in [("en", "another address"), ("de", "anderen Adresse")]:
            page = server.get("/admin/sign-in", headers={"Host": "nas.lan:8000", "Accept-Language": language}).text()
            assert HTTPS in page and words in page, page[-600:]
        answer = server.post("/admin/sign-in", {"username": "root", "password": PASSWORD},
                             headers={"Host": "nas.lan:8000", "Origin": "http://nas.lan:8000"})
        assert HTTPS in answer.text() and answer.header("Set-Cookie") is None, answer
        assert "signed-in" not in server.run("audit", "list").stdout.decode()


@fault("faults 17", "a login over the API at another address than an https public_url is logged once")
def api_login_elsewhere(binary):
    with Server(binary, public_url=HTTPS) as server:
        server.add("alice")
        for _ in range(3):
            server.login("alice", headers={"Host": "nas.lan:8000"})
        assert server.read_log().count("Secure cookies") == 1, server.read_log()[-500:]


@fault("faults 18", "a cache in front never hands out another user's data (nginx, proxy_cache)")
def shared_cache(binary):
    port = free_port()
    with Server(binary) as server, tempfile.TemporaryDirectory() as folder:
        for name in ("alice", "dora"):
            server.add(name)
        os.chmod(folder, 0o755)  # its workers are another user's, if root starts it
        paths = "".join(f"{what}_temp_path {folder}/{what}; " for what in ("proxy", "client_body", "fastcgi", "uwsgi", "scgi"))
        with open(f"{folder}/conf", "w") as file:
            file.write(f"""daemon off; pid {folder}/pid; error_log {folder}/log; events {{}}
http {{ access_log off; {paths} proxy_cache_path {folder}/cache keys_zone=c:1m;
server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://127.0.0.1:{server.port};
proxy_cache c; proxy_cache_valid 200 10s; }} }} }}""")
        nginx = subprocess.Popen(["/usr/sbin/nginx", "-e", "stderr", "-p", folder, "-c", f"{folder}/conf"],
                                 stderr=subprocess.DEVNULL)
        try:
            cookies = {name: cookies_of(server.login(name)) for name in ("alice", "dora")}
            direct, server.port = server.port, port
            for _ in range(100):
                try:
                    server.get("/healthz")
                    break
                except OSError:
                    time.sleep(0.05)
            for name in ("alice", "dora"):
                answer = server.get("/api/user/", headers={"Cookie": cookies[name]})
                assert answer.json()["username"] == name, (name, answer)
            server.port = direct
        finally:
            nginx.terminate()
            nginx.wait()


@fault("S14", "answers of the API may not be stored, and are no documents")
def api_headers(binary):
    with Server(binary) as server:
        server.add("alice")
        bearer = server.bearer("alice")
        for answer in [
            server.login("alice"), server.get("/api/user/", headers=bearer), server.get("/api/sessions/", headers=bearer),
            server.post("/api/token/", {"username": "alice", "password": PASSWORD}), server.get("/api/user/"),
            server.request("DELETE", "/api/login/"), server.post("/api/login/", body="{", headers={"Content-Type": "application/json"}),
        ]:
            assert answer.header("Cache-Control") == "no-store", answer.headers
            assert answer.header("Content-Security-Policy") == "default-src 'none'; frame-ancestors 'none'", answer.headers
            assert answer.header("Content-Disposition") == 'attachment; filename="api.json"', answer.headers
        for path in ["/admin/", "/reset-password/x"]:
            assert server.get(path).header("Cache-Control") == "no-store", path
        # A page without a person in it may be stored, and is checked before it is used again.
        assert server.get("/admin/sign-in").header("Cache-Control") == "private, no-cache"
        style = re.search(r'/static/doorward[^"]*\.css[^"]*', server.get("/admin/sign-in").text()).group()
        assert "max-age" in server.get(style).header("Cache-Control"), style


@fault("S14", "under https every answer has Strict-Transport-Security, and a setting turns it off")
def hsts(binary):
    for settings, expected in [({}, "max-age=31536000"), ({"server__hsts": "off"}, None)]:
        with Server(binary, public_url=HTTPS, **settings) as server:
            for path in ["/admin/sign-in", "/api/user/", "/static/doorward.css", "/nowhere"]:
                assert server.get(path).header("Strict-Transport-Security") == expected, path


@fault("S3", "listed origins cannot read the admin, the pages of links or anything else but the API")
def cors_covers_the_api(binary):
    with Server(binary, cors__allowed_origins=APP) as server:
        server.add("root", "--admin")
        headers = {"Cookie": server.admin_cookie(), "Origin": APP, "Sec-Fetch-Site": "same-site"}
        for path in ["/admin/users/", "/admin/users/export.json", "/admin/audit", "/admin/settings", "/admin/users/1/edit",
                     "/healthz", "/static/doorward.css", "/reset-password/x"]:
            answer = server.get(path, headers=headers)
            assert answer.header("Access-Control-Allow-Origin") is None, path
        assert server.get("/api/user/", headers=headers).header("Access-Control-Allow-Origin") == APP
        assert preflight(server, "/admin/users/", APP, "content-type").header("Access-Control-Allow-Origin") is None


@fault("S13", "another site cannot log a browser in")
def login_csrf(binary):
    with Server(binary, cookies__refresh="true") as server:
        server.add("alice")
        for headers in [{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, {"Origin": "null"},
                        {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}]:
            for path in ["/api/login/", "/api/token/"]:
                answer = server.post(path, {"username": "alice", "password": PASSWORD}, headers=headers)
                assert answer.status == 403 and answer.header("Set-Cookie") is None, (path, headers, answer)
        assert server.login("alice").status == 200


@fault("S22", "the admin refuses `Origin: null` without Sec-Fetch-Site")
def null_origin(binary):
    with Server(binary) as server:
        server.add("root", "--admin")
        form = {"username": "root", "password": PASSWORD}
        assert server.post("/admin/sign-in", form, headers={"Origin": "null"}).status == 403


@fault("S22", "cookies with the prefix __Host-, by a setting")
def host_prefix(binary):
    with Server(binary, public_url=HTTPS, cookies__host_prefix="true", cookies__refresh="true") as server:
        server.add("alice")
        answer = server.login("alice")
        cookies = [value for key, value in answer.headers if key.lower() == "set-cookie"]
        assert len(cookies) == 2 and all(cookie.startswith("__Host-") and "Path=/;" in cookie + ";" for cookie in cookies), cookies
        assert server.get("/api/user/", headers={"Cookie": cookies_of(answer)}).status == 200


@fault("S20", "an http origin beside an https public_url is warned of")
def plain_origin(binary):
    with Server(binary, public_url=HTTPS, cors__allowed_origins="http://app.example.com") as server:
        assert "http://app.example.com" in server.read_log(), server.read_log()


@fault("faults 24", "logging out with an expired cookie removes the cookies and ends the session")
def stale_logout(binary):
    with Server(binary, cookies__refresh="true", access_token_lifetime="1s") as server:
        server.add("alice")
        cookies = cookies_of(server.login("alice"))
        time.sleep(2.1)
        answer = server.post("/api/logout/", headers={"Cookie": cookies})
        assert answer.status == 200 and removed(answer) == {"access_token", "refresh_token"}, (answer, answer.headers)
        assert server.post("/api/token/refresh/", headers={"Cookie": cookies}).status == 401
        garbage = server.post("/api/logout/", headers={"Cookie": "access_token=garbage"})
        assert removed(garbage) == {"access_token", "refresh_token"}, garbage
        assert server.post("/api/logout/").status == 401


@fault("faults 49", "a link on another site to a page of the admin opens the page")
def link_from_other_site(binary):
    with Server(binary) as server:
        server.add("root", "--admin")
        cookie = server.admin_cookie()
        for path in ["/admin/users/1", "/admin/audit", "/admin/users/?q=x&page=2"]:
            # The browser leaves the Strict cookie out.
            answer = server.get(path, headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"})
            assert answer.status == 200 and 'http-equiv="refresh"' in answer.text(), answer
            target = answer.text().split("url=")[1].split('"')[0].replace("&#38;", "&").replace("&amp;", "&")
            assert target.startswith("/admin/"), target
            onward = server.get(target, headers={"Sec-Fetch-Site": "same-origin", "Cookie": cookie})
            assert onward.status == 303 and onward.header("Location") == path, (onward, onward.headers)
