"""The requests whose answers are recorded from dj-rest-auth, with allauth for the registration."""

PASSWORD = "quite-Long-pass-3"
OTHER = "another-Long-one-4"
NAME, EMAIL = "u-{{uniq}}", "{{uniq}}@example.com"
USER = {"username": NAME, "email": EMAIL, "password1": PASSWORD, "password2": PASSWORD}
TOKEN = {"t": {"obtain": {"username": NAME, "password": PASSWORD}}}
REFRESH = {"t": {"obtain": {"username": NAME, "password": PASSWORD}, "which": "refresh"}}
BOTH = {"t": TOKEN["t"], "r": REFRESH["t"]}
BEARER = {"Authorization": "Bearer {{token:t}}"}
ALICE = {"t": {"craft": {"user": "alice"}}}
JSON = {"Content-Type": "application/json"}
METHODS = ("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "POST")


def ask(method, path, auth=False, **rest):
    headers = {**(BEARER if auth else {}), **rest.pop("headers", {})}
    return {"method": method, "path": f"/dj-rest-auth/{path}", **({"headers": headers} if headers else {}), **rest}


REGISTER = ask("POST", "registration/", json=USER)
LOGIN = ask("POST", "login/", json={"username": NAME, "password": PASSWORD})

TOKENS = {
    "garbage": {"craft": {"payload_text": "x"}},
    "other-key": {"craft": {"user": "alice", "key": "other"}},
    "refresh": {"craft": {"user": "alice", "type": "refresh"}},
    "expired": {"craft": {"user": "alice", "claims": {"exp": {"$now": -60}}}},
    "inactive": {"craft": {"user": "carol"}},
    "no-user": {"craft": {"claims": {"user_id": 99999999}}},
}


class Cases(list):
    def add(self, name, request, **rest):
        self.append({"name": name, **rest, "request": request})

    def of_user(self, name, request, **rest):
        before = [REGISTER, *rest.pop("before", [])]
        self.add(name, request, tokens=rest.pop("tokens", TOKEN), before=before, **rest)

    def bad_values(self, theme, method, path, good, fields, auth=False, email=()):
        def add(name, request):
            self.add(f"{theme}/{name}", request, **({"tokens": ALICE} if auth else {}))

        add("empty-object", ask(method, path, auth, json={}))
        add("no-body", ask(method, path, auth))
        add("list", ask(method, path, auth, json=[]))
        add("null-body", ask(method, path, auth, json=None))
        add("string", ask(method, path, auth, json="x"))
        add("bad-json", ask(method, path, auth, body="{", headers=JSON))
        add("text-plain", ask(method, path, auth, body="x", headers={"Content-Type": "text/plain"}))
        add("xml-accept", ask(method, path, auth, json=good, headers={"Accept": "application/xml"}))
        for field in fields:
            rest = {key: value for key, value in good.items() if key != field}
            add(f"{field}-missing", ask(method, path, auth, json=rest))
            for name, value in (("null", None), ("blank", ""), ("spaces", "  "), ("bool", True), ("list", []),
                                ("object", {}), ("nul", "x\x00y")):
                add(f"{field}-{name}", ask(method, path, auth, json={**rest, field: value}))
            if field in email:
                add(f"{field}-no-email", ask(method, path, auth, json={**rest, field: "no-email"}))
            add(f"{field}-blank-form", ask(method, path, auth, form={**rest, field: ""}))

    def methods(self, theme, path, good):
        for method in METHODS:
            if method not in good:
                self.add(f"{theme}/{method.lower()}", ask(method, path))
                self.add(f"{theme}/{method.lower()}-by-user", ask(method, path, True), tokens=ALICE)

    def with_bad_tokens(self, theme, method, path, **body):
        for name, recipe in TOKENS.items():
            self.add(f"{theme}/token-{name}", ask(method, path, True, **body), tokens={"t": recipe})
            self.add(f"{theme}/cookie-{name}", ask(method, path, cookies={"access_token": "{{token:t}}"}, **body),
                     tokens={"t": recipe})
        for name, header in (("bearer-alone", "Bearer"), ("three-words", "Bearer a b"), ("other-scheme", "Token x"),
                             ("bad", "Bearer x")):
            self.add(f"{theme}/header-{name}", ask(method, path, headers={"Authorization": header}, **body))


def login(cases):
    good = {"username": NAME, "password": PASSWORD}
    by_email = {"email": EMAIL, "password": PASSWORD}
    for name, body in (("json", {"json": good}), ("form", {"form": good}), ("email", {"json": by_email}),
                       ("email-form", {"form": by_email}), ("both", {"json": {**good, "email": EMAIL}}),
                       ("blank-email", {"json": {**good, "email": ""}}),
                       ("email-as-name", {"json": {"username": EMAIL, "password": PASSWORD}}),
                       ("blank-name", {"json": {**by_email, "username": ""}}),
                       ("other-email", {"json": {**good, "email": "other@example.com"}}),
                       ("wrong", {"json": {**good, "password": OTHER}}),
                       ("wrong-email", {"json": {**by_email, "password": OTHER}}),
                       ("wrong-form", {"form": {**good, "password": OTHER}})):
        cases.add(f"login/{name}", ask("POST", "login/", **body), before=[REGISTER])
    cases.add("login/no-slash", ask("POST", "login", json=good), before=[REGISTER])
    cases.add("login/multipart", ask("POST", "login/", multipart=[
        {"name": "username", "value": NAME}, {"name": "password", "value": PASSWORD}]), before=[REGISTER])
    cases.add("login/unknown", ask("POST", "login/", json=good))
    cases.add("login/unknown-email", ask("POST", "login/", json=by_email))
    cases.add("login/inactive", ask("POST", "login/", json={
        "username": "carol", "password": "inactive-but-right-9"}))
    cases.add("login/inactive-wrong", ask("POST", "login/", json={"username": "carol", "password": "x"}))
    cases.add("login/password-alone", ask("POST", "login/", json={"password": "x"}))
    cases.add("login/all-blank", ask("POST", "login/", json={"username": "", "email": "", "password": "x"}))
    cases.of_user("login/by-user", ask("POST", "login/", True, json=good))
    cases.bad_values("login", "POST", "login/", good, ["username", "password"])
    cases.bad_values("login-email", "POST", "login/", by_email, ["email"], email=["email"])
    cases.methods("login", "login/", ("POST",))
    cases.with_bad_tokens("login", "POST", "login/", json={"username": "alice", "password": "x"})


def logout(cases):
    body = {"refresh": "{{token:r}}"}
    cases.of_user("logout/json", ask("POST", "logout/", True, json=body), tokens=BOTH)
    cases.of_user("logout/form", ask("POST", "logout/", True, form=body), tokens=BOTH)
    cases.of_user("logout/without-access", ask("POST", "logout/", json=body), tokens=BOTH)
    cases.of_user("logout/with-cookies", ask("POST", "logout/", json=body, cookies={
        "access_token": "{{token:t}}", "refresh_token": "{{token:r}}"}), tokens=BOTH)
    cases.of_user("logout/cookies-alone", ask("POST", "logout/", json={}, cookies={
        "access_token": "{{token:t}}", "refresh_token": "{{token:r}}"}), tokens=BOTH)
    cases.of_user("logout/without-refresh", ask("POST", "logout/", True, json={}))
    cases.add("logout/nothing", ask("POST", "logout/"))
    cases.add("logout/empty-object", ask("POST", "logout/", json={}))
    cases.of_user("logout/twice", ask("POST", "logout/", json=body), tokens=BOTH, before=[
        ask("POST", "logout/", json=body)])
    cases.of_user("logout/then-refresh", ask("POST", "token/refresh/", json=body), tokens=BOTH, before=[
        ask("POST", "logout/", json=body)])
    cases.of_user("logout/access-as-refresh", ask("POST", "logout/", json={"refresh": "{{token:t}}"}))
    cases.add("logout/garbage", ask("POST", "logout/", json={"refresh": "x"}))
    cases.add("logout/blank", ask("POST", "logout/", json={"refresh": ""}))
    cases.add("logout/expired", ask("POST", "logout/", json={"refresh": "{{token:r}}"}), tokens={
        "r": {"craft": {"user": "alice", "type": "refresh", "claims": {"exp": {"$now": -60}}}}})
    cases.add("logout/bad-json", ask("POST", "logout/", body="{", headers=JSON))
    cases.methods("logout", "logout/", ("POST",))
    cases.with_bad_tokens("logout", "POST", "logout/", json={"refresh": "x"})


def user(cases):
    cases.of_user("user/get", ask("GET", "user/", True))
    cases.of_user("user/head", ask("HEAD", "user/", True))
    cases.of_user("user/no-slash", ask("GET", "user", True))
    cases.of_user("user/by-cookie", ask("GET", "user/", cookies={"access_token": "{{token:t}}"}))
    for method in METHODS:
        cases.add(f"user/{method.lower()}-anonymous", ask(method, "user/"))
    for method in ("POST", "DELETE", "OPTIONS"):
        cases.of_user(f"user/{method.lower()}", ask(method, "user/", True))
    cases.with_bad_tokens("user", "GET", "user/")
    for method in ("PUT", "PATCH"):
        theme = f"user-{method.lower()}"
        for name, body in (("same", {"username": NAME}), ("other", {"username": "other-{{uniq}}"}),
                           ("email-is-read-only", {"username": NAME, "email": "new-" + EMAIL}),
                           ("email-alone", {"email": "new-" + EMAIL}), ("taken", {"username": "alice"}),
                           ("taken-in-other-case", {"username": "Alice"}),
                           ("bad", {"username": "a b!"}), ("long", {"username": {"$repeat": ["n", 151]}}),
                           ("pk", {"username": NAME, "pk": 1}),
                           ("names", {"username": NAME, "first_name": "Ada", "last_name": "L"}),
                           ("blank-names", {"username": NAME, "first_name": "", "last_name": ""})):
            cases.of_user(f"{theme}/{name}", ask(method, "user/", True, json=body))
        cases.of_user(f"{theme}/form", ask(method, "user/", True, form={"username": "other-{{uniq}}"}))
        cases.of_user(f"{theme}/then-get", ask("GET", "user/", True), before=[
            ask(method, "user/", True, json={"username": "other-{{uniq}}"})])
        cases.of_user(f"{theme}/names-then-get", ask("GET", "user/", True), before=[
            ask(method, "user/", True, json={"username": "other-{{uniq}}", "first_name": "Ada", "last_name": "L"})])
        cases.bad_values(theme, method, "user/", {"username": NAME}, ["username"], auth=True)


def passwords(cases):
    path = "password/change/"
    good = {"old_password": PASSWORD, "new_password1": OTHER, "new_password2": OTHER}
    for name, body in (("json", good), ("wrong", {**good, "old_password": "x"}),
                       ("differ", {**good, "new_password2": "x"}),
                       ("weak", {**good, "new_password1": "1234", "new_password2": "1234"}),
                       ("like-name", {**good, "new_password1": NAME, "new_password2": NAME}),
                       ("weak-and-wrong", {"old_password": "x", "new_password1": "1", "new_password2": "1"}),
                       ("weak-and-differ", {**good, "new_password1": "1", "new_password2": "2"}),
                       ("long", {**good, "new_password1": {"$repeat": ["x1-", 43]}})):
        cases.of_user(f"password-change/{name}", ask("POST", path, True, json=body))
    cases.of_user("password-change/form", ask("POST", path, True, form=good))
    for name, password in (("old", PASSWORD), ("new", OTHER)):
        cases.of_user(f"password-change/then-{name}", ask("POST", "login/", json={
            "username": NAME, "password": password}), before=[ask("POST", path, True, json=good)])
    cases.of_user("password-change/then-get", ask("GET", "user/", True), before=[ask("POST", path, True, json=good)])
    cases.add("password-change/anonymous", ask("POST", path, json=good))
    cases.bad_values("password-change", "POST", path, {**good, "old_password": "correct-horse-7"}, list(good), auth=True)
    cases.methods("password-change", path, ("POST",))

    path = "password/reset/"
    asked = ask("POST", path, json={"email": EMAIL})
    cases.add("password-reset/json", asked, before=[REGISTER])
    cases.add("password-reset/form", ask("POST", path, form={"email": EMAIL}), before=[REGISTER])
    cases.add("password-reset/unknown", asked)
    cases.add("password-reset/inactive", ask("POST", path, json={"email": "carol@example.com"}))
    cases.bad_values("password-reset", "POST", path, {"email": EMAIL}, ["email"], email=["email"])
    cases.methods("password-reset", path, ("POST",))

    path = "password/reset/confirm/"
    good = {"uid": "{{mail:uid}}", "token": "{{mail:token}}", "new_password1": OTHER, "new_password2": OTHER}
    before = [REGISTER, asked]
    for name, body in (("json", good), ("bad-uid", {**good, "uid": "!!!"}), ("bad-token", {**good, "token": "abc-def"}),
                       ("other-uid", {**good, "uid": "MQ"}),
                       ("differ", {**good, "new_password2": "x"}),
                       ("weak", {**good, "new_password1": "1234", "new_password2": "1234"}),
                       ("like-name", {**good, "new_password1": NAME, "new_password2": NAME}),
                       ("weak-and-bad-token", {**good, "token": "x", "new_password1": "1", "new_password2": "1"}),
                       ("differ-and-bad-token", {**good, "token": "x", "new_password2": "x"})):
        cases.add(f"password-reset-confirm/{name}", ask("POST", path, json=body), before=before)
    cases.add("password-reset-confirm/form", ask("POST", path, form=good), before=before)
    cases.add("password-reset-confirm/twice", ask("POST", path, json=good), before=[*before, ask("POST", path, json=good)])
    for name, password in (("old", PASSWORD), ("new", OTHER)):
        cases.add(f"password-reset-confirm/then-{name}", ask("POST", "login/", json={
            "username": NAME, "password": password}), before=[*before, ask("POST", path, json=good)])
    static = {**good, "uid": "MQ", "token": "abc-def"}
    cases.bad_values("password-reset-confirm", "POST", path, static, list(static))
    cases.methods("password-reset-confirm", path, ("POST",))


def registration(cases):
    path = "registration/"
    cases.add("registration/json", REGISTER)
    cases.add("registration/form", ask("POST", path, form=USER))
    cases.add("registration/multipart", ask("POST", path, multipart=[
        {"name": key, "value": value} for key, value in USER.items()]))
    for name, body in (("more-fields", {**USER, "pk": 7, "is_staff": True}),
                       ("differ", {**USER, "password2": "x"}), ("bad-name", {**USER, "username": "a b!"}),
                       ("long-name", {**USER, "username": {"$repeat": ["n", 151]}}),
                       ("number-as-name", {**USER, "username": 13.5}),
                       ("short", {**USER, "password1": "a1-b", "password2": "a1-b"}),
                       ("common", {**USER, "password1": "password1", "password2": "password1"}),
                       ("numeric", {**USER, "password1": "9081726354", "password2": "9081726354"}),
                       ("all", {**USER, "password1": "1234", "password2": "1234"}),
                       ("like-name", {**USER, "password1": NAME, "password2": NAME}),
                       ("weak-and-differ", {**USER, "password1": "1234"}),
                       ("name-taken", {**USER, "username": "alice"}),
                       ("name-taken-in-other-case", {**USER, "username": "Alice"}),
                       ("email-taken", {**USER, "email": "alice@example.com"}),
                       ("email-taken-in-other-case", {**USER, "email": "Alice@example.com"}),
                       ("both-taken", {**USER, "username": "alice", "email": "alice@example.com"}),
                       ("taken-and-weak", {**USER, "username": "alice", "password1": "1", "password2": "1"}),
                       ("taken-and-differ", {**USER, "username": "alice", "password2": "1"})):
        cases.add(f"registration/{name}", ask("POST", path, json=body))
    cases.bad_values("registration", "POST", path, USER, list(USER), email=["email"])
    cases.methods("registration", path, ("POST",))
    cases.with_bad_tokens("registration", "POST", path, json={**USER, "username": "alice"})
    cases.add("verify-email/bad", ask("POST", "registration/verify-email/", json={"key": "bad"}))
    cases.bad_values("verify-email", "POST", "registration/verify-email/", {"key": "bad"}, ["key"])
    cases.methods("verify-email", "registration/verify-email/", ("POST",))
    cases.add("resend-email/unknown", ask("POST", "registration/resend-email/", json={"email": EMAIL}))
    cases.add("resend-email/json", ask("POST", "registration/resend-email/", json={"email": EMAIL}), before=[REGISTER])
    cases.add("resend-email/form", ask("POST", "registration/resend-email/", form={"email": EMAIL}), before=[REGISTER])
    cases.bad_values("resend-email", "POST", "registration/resend-email/", {"email": EMAIL}, ["email"], email=["email"])
    cases.methods("resend-email", "registration/resend-email/", ("POST",))


def tokens(cases):
    path = "token/refresh/"
    cases.add("token-refresh/json", ask("POST", path, json={"refresh": "{{token:t}}"}), tokens=REFRESH, before=[REGISTER])
    cases.add("token-refresh/form", ask("POST", path, form={"refresh": "{{token:t}}"}), tokens=REFRESH, before=[REGISTER])
    for name, body in (("cookie", {}), ("cookie-and-empty-object", {"json": {}}),
                       ("cookie-and-blank", {"json": {"refresh": ""}})):
        cases.add(f"token-refresh/{name}", ask("POST", path, cookies={"refresh_token": "{{token:t}}"}, **body),
                  tokens=REFRESH, before=[REGISTER])
    cases.add("token-refresh/bad-cookie", ask("POST", path, cookies={"refresh_token": "x"}))
    cases.add("token-refresh/bad-body-good-cookie", ask("POST", path, json={"refresh": "x"}, cookies={
        "refresh_token": "{{token:t}}"}), tokens=REFRESH, before=[REGISTER])
    cases.add("token-refresh/access", ask("POST", path, json={"refresh": "{{token:t}}"}), tokens=TOKEN, before=[REGISTER])
    cases.add("token-refresh/garbage", ask("POST", path, json={"refresh": "x"}))
    cases.add("token-refresh/expired", ask("POST", path, json={"refresh": "{{token:t}}"}), tokens={
        "t": {"craft": {"user": "alice", "type": "refresh", "claims": {"exp": {"$now": -60}}}}})
    cases.add("token-refresh/bad-header", ask("POST", path, json={"refresh": "{{token:t}}"}, headers={
        "Authorization": "Bearer x"}), tokens=REFRESH, before=[REGISTER])
    cases.bad_values("token-refresh", "POST", path, {"refresh": "x"}, ["refresh"])
    cases.methods("token-refresh", path, ("POST",))
    path = "token/verify/"
    for name, made in (("refresh", REFRESH), ("access", TOKEN)):
        cases.add(f"token-verify/{name}", ask("POST", path, json={"token": "{{token:t}}"}), tokens=made, before=[REGISTER])
    for name in ("garbage", "other-key", "expired"):
        cases.add(f"token-verify/{name}", ask("POST", path, json={"token": "{{token:t}}"}), tokens={"t": TOKENS[name]})
    cases.bad_values("token-verify", "POST", path, {"token": "x"}, ["token"])
    cases.methods("token-verify", path, ("POST",))


def verification(cases):
    """Where a new account has to verify its email first."""
    key = {"key": "{{mail:key}}"}
    verify = ask("POST", "registration/verify-email/", json=key)
    resend = ask("POST", "registration/resend-email/", json={"email": EMAIL})
    cases.add("verification/register", REGISTER)
    cases.add("verification/register-form", ask("POST", "registration/", form=USER))
    cases.add("verification/login-before", LOGIN, before=[REGISTER])
    cases.add("verification/login-before-wrong", ask("POST", "login/", json={
        "username": NAME, "password": OTHER}), before=[REGISTER])
    cases.add("verification/verify", verify, before=[REGISTER])
    cases.add("verification/verify-form", ask("POST", "registration/verify-email/", form=key), before=[REGISTER])
    cases.add("verification/verify-no-slash", ask("POST", "registration/verify-email", json=key), before=[REGISTER])
    cases.add("verification/twice", verify, before=[REGISTER, verify])
    cases.add("verification/login-after", LOGIN, before=[REGISTER, verify])
    cases.add("verification/resend", resend, before=[REGISTER])
    cases.add("verification/resend-verified", resend, before=[REGISTER, verify])
    cases.add("verification/verify-resent", verify, before=[REGISTER, resend])
    cases.add("verification/login-unverified-fixture", ask("POST", "login/", json={
        "username": "bob", "password": "battery.staple.8"}))
    cases.add("verification/login-verified-fixture", ask("POST", "login/", json={
        "username": "alice", "password": "correct-horse-7"}))


def cases(variant):
    made = Cases()
    if variant == "dj-rest-auth":
        for theme in (login, logout, user, passwords, registration, tokens):
            theme(made)
    else:
        verification(made)
    return made
