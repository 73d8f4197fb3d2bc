"""The requests whose answers are recorded from djoser."""

PASSWORD = "quite-Long-pass-3"
OTHER = "another-Long-one-4"
NAME, EMAIL = "u-{{uniq}}", "{{uniq}}@example.com"
USER = {"username": NAME, "email": EMAIL, "password": PASSWORD}
TOKEN = {"t": {"obtain": {"username": NAME, "password": PASSWORD}}}
BEARER = {"Authorization": "Bearer {{token:t}}"}
ALICE = {"t": {"craft": {"user": "alice"}}}
ALICES_PASSWORD = "correct-horse-7"
JSON = {"Content-Type": "application/json"}


def ask(method, path, auth=False, **rest):
    headers = {**(BEARER if auth else {}), **rest.pop("headers", {})}
    return {"method": method, "path": f"/auth/{path}", **({"headers": headers} if headers else {}), **rest}


REGISTER = ask("POST", "users/", json=USER)


class Cases(list):
    def add(self, name, request, **rest):
        self.append({"name": name, **rest, "request": request})

    def of_user(self, name, request, **rest):
        """By a user who was registered for it."""
        before = [REGISTER, *rest.pop("before", [])]
        self.add(name, request, tokens=rest.pop("tokens", TOKEN), before=before, **rest)


def bad_values(cases, theme, method, path, good, fields, auth=False, email=()):
    """Each field missing, null, blank, of another type; bodies that are no object; content types."""
    def add(name, request):
        cases.add(f"{theme}/{name}", request, **({"tokens": ALICE} if auth else {}))

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


def methods(cases, theme, path, good, auth=False):
    """Every method, with a token and without."""
    for method in ("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "POST"):
        if method not in good:
            cases.add(f"{theme}/{method.lower()}", ask(method, path))
            cases.add(f"{theme}/{method.lower()}-by-user", ask(method, path, True), tokens=ALICE)


TOKENS = {
    "garbage": {"craft": {"payload_text": "x"}},
    "other-key": {"craft": {"user": "alice", "key": "other"}},
    "refresh": {"craft": {"user": "alice", "type": "refresh"}},
    "expired": {"craft": {"user": "alice", "claims": {"exp": {"$now": -60}}}},
    "inactive": {"craft": {"user": "carol"}},
    "no-user": {"craft": {"claims": {"user_id": 99999999}}},
    "no-type": {"craft": {"user": "alice", "drop": ["token_type"]}},
    "no-jti": {"craft": {"user": "alice", "drop": ["jti"]}},
}


def with_bad_tokens(cases, theme, method, path, **body):
    for name, recipe in TOKENS.items():
        cases.add(f"{theme}/token-{name}", ask(method, path, True, **body), tokens={"t": recipe})
    for name, header in (("bearer-alone", "Bearer"), ("three-words", "Bearer a b"), ("other-scheme", "Token x"),
                         ("bad", "Bearer x")):
        cases.add(f"{theme}/header-{name}", ask(method, path, headers={"Authorization": header}, **body))


def jwt(cases):
    good = {"username": NAME, "password": PASSWORD}
    cases.add("jwt-create/json", ask("POST", "jwt/create/", json=good), before=[REGISTER])
    cases.add("jwt-create/form", ask("POST", "jwt/create/", form=good), before=[REGISTER])
    cases.add("jwt-create/no-slash", ask("POST", "jwt/create", json=good), before=[REGISTER])
    cases.add("jwt-create/multipart", ask("POST", "jwt/create/", multipart=[
        {"name": "username", "value": NAME}, {"name": "password", "value": PASSWORD}]), before=[REGISTER])
    cases.add("jwt-create/wrong", ask("POST", "jwt/create/", json={**good, "password": OTHER}), before=[REGISTER])
    cases.add("jwt-create/unknown", ask("POST", "jwt/create/", json=good))
    cases.add("jwt-create/inactive", ask("POST", "jwt/create/", json={
        "username": "carol", "password": "inactive-but-right-9"}))
    cases.add("jwt-create/bad-token-is-not-looked-at", ask(
        "POST", "jwt/create/", json=good, headers={"Authorization": "Bearer x"}), before=[REGISTER])
    bad_values(cases, "jwt-create", "POST", "jwt/create/", good, ["username", "password"])
    methods(cases, "jwt-create", "jwt/create/", ("POST",))

    refresh = {"t": {"obtain": {"username": NAME, "password": PASSWORD}, "which": "refresh"}}
    cases.add("jwt-refresh/json", ask("POST", "jwt/refresh/", json={"refresh": "{{token:t}}"}), tokens=refresh,
              before=[REGISTER])
    cases.add("jwt-refresh/form", ask("POST", "jwt/refresh/", form={"refresh": "{{token:t}}"}), tokens=refresh,
              before=[REGISTER])
    cases.add("jwt-refresh/access", ask("POST", "jwt/refresh/", json={"refresh": "{{token:t}}"}), tokens=TOKEN,
              before=[REGISTER])
    cases.add("jwt-refresh/garbage", ask("POST", "jwt/refresh/", json={"refresh": "x"}))
    cases.add("jwt-refresh/expired", ask("POST", "jwt/refresh/", json={"refresh": "{{token:t}}"}), tokens={
        "t": {"craft": {"user": "alice", "type": "refresh", "claims": {"exp": {"$now": -60}}}}})
    bad_values(cases, "jwt-refresh", "POST", "jwt/refresh/", {"refresh": "x"}, ["refresh"])
    methods(cases, "jwt-refresh", "jwt/refresh/", ("POST",))

    for name, tokens in (("refresh", refresh), ("access", TOKEN)):
        cases.add(f"jwt-verify/{name}", ask("POST", "jwt/verify/", json={"token": "{{token:t}}"}), tokens=tokens,
                  before=[REGISTER])
    for name in ("garbage", "other-key", "expired"):
        cases.add(f"jwt-verify/{name}", ask("POST", "jwt/verify/", json={"token": "{{token:t}}"}),
                  tokens={"t": TOKENS[name]})
    bad_values(cases, "jwt-verify", "POST", "jwt/verify/", {"token": "x"}, ["token"])
    methods(cases, "jwt-verify", "jwt/verify/", ("POST",))


def users(cases):
    cases.add("users-create/json", ask("POST", "users/", json=USER))
    cases.add("users-create/form", ask("POST", "users/", form=USER))
    cases.add("users-create/multipart", ask("POST", "users/", multipart=[
        {"name": key, "value": value} for key, value in USER.items()]))
    cases.add("users-create/more-fields", ask("POST", "users/", json={
        **USER, "id": 7, "is_staff": True, "re_password": PASSWORD, "first_name": "A"}))
    cases.add("users-create/name-taken", ask("POST", "users/", json={
        **USER, "email": "new-" + EMAIL}), before=[REGISTER])
    cases.add("users-create/email-taken", ask("POST", "users/", json={
        **USER, "username": NAME + "2"}), before=[REGISTER])
    cases.add("users-create/both-taken", ask("POST", "users/", json=USER), before=[REGISTER])
    cases.add("users-create/taken-and-weak", ask("POST", "users/", json={**USER, "password": "1"}), before=[REGISTER])
    for name, password in (("short", "a1-b"), ("common", "password1"), ("numeric", "9081726354"),
                           ("like-name", NAME), ("all", "1234"), ("like-email", EMAIL)):
        cases.add(f"users-create/password-{name}", ask("POST", "users/", json={**USER, "password": password}))
    cases.add("users-create/long-name", ask("POST", "users/", json={**USER, "username": {"$repeat": ["n", 151]}}))
    cases.add("users-create/bad-name", ask("POST", "users/", json={**USER, "username": "a b!"}))
    cases.add("users-create/long-email", ask("POST", "users/", json={
        **USER, "email": {"$concat": [{"$repeat": ["n", 64]}, "@", {"$repeat": ["d", 200]}, ".com"]}}))
    cases.add("users-create/number-as-name", ask("POST", "users/", json={**USER, "username": 12.5}))
    cases.of_user("users-create/by-user", ask("POST", "users/", True, json={
        "username": NAME + "2", "email": "new-" + EMAIL, "password": PASSWORD}))
    bad_values(cases, "users-create", "POST", "users/", USER, ["username", "email", "password"], email=["email"])
    with_bad_tokens(cases, "users-create", "POST", "users/", json=USER)

    cases.of_user("users-list/own", ask("GET", "users/", True))
    cases.of_user("users-list/head", ask("HEAD", "users/", True))
    cases.add("users-list/anonymous", ask("GET", "users/"))
    methods(cases, "users", "users/", ("GET", "HEAD", "POST"))
    with_bad_tokens(cases, "users-list", "GET", "users/")

    alice = {"t": {"craft": {"user": "alice"}}}
    cases.add("users-one/own", ask("GET", "users/{{id:alice}}/", True), tokens=alice)
    cases.add("users-one/other", ask("GET", "users/{{id:bob}}/", True), tokens=alice)
    cases.add("users-one/unknown", ask("GET", "users/99999999/", True), tokens=alice)
    cases.add("users-one/no-number", ask("GET", "users/abc/", True), tokens=alice)
    cases.add("users-one/anonymous", ask("GET", "users/{{id:alice}}/"))
    cases.add("users-one/unknown-anonymous", ask("GET", "users/99999999/"))
    cases.add("users-one/post", ask("POST", "users/{{id:alice}}/", True), tokens=alice)
    cases.add("users-one/options", ask("OPTIONS", "users/{{id:alice}}/", True), tokens=alice)
    for method in ("PUT", "PATCH"):
        good = {"email": "alice@example.com"}
        cases.add(f"users-one/{method.lower()}", ask(method, "users/{{id:alice}}/", True, json=good), tokens=alice)
        cases.add(f"users-one/{method.lower()}-other", ask(method, "users/{{id:bob}}/", True, json=good), tokens=alice)
        cases.add(f"users-one/{method.lower()}-anonymous", ask(method, "users/{{id:bob}}/", json=good))
        cases.add(f"users-one/{method.lower()}-empty", ask(method, "users/{{id:alice}}/", True, json={}), tokens=alice)
    cases.add("users-one/delete-other", ask("DELETE", "users/{{id:bob}}/", True, json={
        "current_password": "correct-horse-7"}), tokens=alice)
    cases.add("users-one/delete-wrong", ask("DELETE", "users/{{id:alice}}/", True, json={
        "current_password": "x"}), tokens=alice)
    cases.add("users-one/delete-empty", ask("DELETE", "users/{{id:alice}}/", True, json={}), tokens=alice)
    cases.add("users-one/delete-anonymous", ask("DELETE", "users/{{id:bob}}/", json={"current_password": "x"}))


def me(cases):
    cases.of_user("me/get", ask("GET", "users/me/", True))
    cases.of_user("me/head", ask("HEAD", "users/me/", True))
    cases.of_user("me/options", ask("OPTIONS", "users/me/", True))
    cases.of_user("me/no-slash-format", ask("GET", "users/me/?format=xml", True))
    cases.of_user("me/indented", ask("GET", "users/me/", True, headers={"Accept": "application/json; indent=2"}))
    for method in ("GET", "PUT", "PATCH", "DELETE", "POST", "OPTIONS"):
        cases.add(f"me/{method.lower()}-anonymous", ask(method, "users/me/", json={"email": "x"}))
    cases.of_user("me/post", ask("POST", "users/me/", True, json={}))
    with_bad_tokens(cases, "me", "GET", "users/me/")
    for method in ("PUT", "PATCH"):
        theme = f"me-{method.lower()}"
        for name, body in (("same", {"email": EMAIL}), ("other", {"email": "new-" + EMAIL}),
                           ("name-is-read-only", {"email": EMAIL, "username": "other-{{uniq}}"}),
                           ("name-alone", {"username": "other-{{uniq}}"}),
                           ("taken", {"email": "alice@example.com"}), ("id", {"email": EMAIL, "id": 1})):
            cases.of_user(f"{theme}/{name}", ask(method, "users/me/", True, json=body))
        cases.of_user(f"{theme}/form", ask(method, "users/me/", True, form={"email": "new-" + EMAIL}))
        cases.of_user(f"{theme}/then-get", ask("GET", "users/me/", True), before=[
            ask(method, "users/me/", True, json={"email": "new-" + EMAIL})])
        bad_values(cases, theme, method, "users/me/", {"email": "alice@example.com"}, ["email"], auth=True, email=["email"])
    good = {"current_password": PASSWORD}
    cases.of_user("me-delete/json", ask("DELETE", "users/me/", True, json=good))
    cases.of_user("me-delete/form", ask("DELETE", "users/me/", True, form=good))
    cases.of_user("me-delete/wrong", ask("DELETE", "users/me/", True, json={"current_password": OTHER}))
    cases.of_user("me-delete/then-get", ask("GET", "users/me/", True), before=[
        ask("DELETE", "users/me/", True, json=good)])
    cases.of_user("me-delete/then-login", ask("POST", "jwt/create/", json={
        "username": NAME, "password": PASSWORD}), before=[ask("DELETE", "users/me/", True, json=good)])
    bad_values(cases, "me-delete", "DELETE", "users/me/", {"current_password": ALICES_PASSWORD}, ["current_password"], auth=True)


def set_password(cases):
    good = {"new_password": OTHER, "current_password": PASSWORD}
    path = "users/set_password/"
    cases.of_user("set-password/json", ask("POST", path, True, json=good))
    cases.of_user("set-password/form", ask("POST", path, True, form=good))
    cases.of_user("set-password/retyped", ask("POST", path, True, json={**good, "re_new_password": OTHER}))
    cases.of_user("set-password/wrong", ask("POST", path, True, json={**good, "current_password": "x"}))
    cases.of_user("set-password/weak", ask("POST", path, True, json={**good, "new_password": "1234"}))
    cases.of_user("set-password/like-name", ask("POST", path, True, json={**good, "new_password": NAME}))
    cases.of_user("set-password/weak-and-wrong", ask("POST", path, True, json={
        "new_password": "1234", "current_password": "x"}))
    cases.of_user("set-password/then-old", ask("POST", "jwt/create/", json={
        "username": NAME, "password": PASSWORD}), before=[ask("POST", path, True, json=good)])
    cases.of_user("set-password/then-new", ask("POST", "jwt/create/", json={
        "username": NAME, "password": OTHER}), before=[ask("POST", path, True, json=good)])
    cases.of_user("set-password/then-get", ask("GET", "users/me/", True), before=[ask("POST", path, True, json=good)])
    cases.add("set-password/anonymous", ask("POST", path, json=good))
    bad_values(cases, "set-password", "POST", path, {**good, "current_password": ALICES_PASSWORD}, ["new_password", "current_password"], auth=True)
    methods(cases, "set-password", path, ("POST",))


def set_username(cases):
    good = {"new_username": "other-{{uniq}}", "current_password": PASSWORD}
    path = "users/set_username/"
    cases.of_user("set-username/json", ask("POST", path, True, json=good))
    cases.of_user("set-username/form", ask("POST", path, True, form=good))
    cases.of_user("set-username/same", ask("POST", path, True, json={**good, "new_username": NAME}))
    cases.of_user("set-username/taken", ask("POST", path, True, json={**good, "new_username": "alice"}))
    cases.of_user("set-username/wrong", ask("POST", path, True, json={**good, "current_password": "x"}))
    cases.of_user("set-username/taken-and-wrong", ask("POST", path, True, json={
        "new_username": "alice", "current_password": "x"}))
    cases.of_user("set-username/bad", ask("POST", path, True, json={**good, "new_username": "a b!"}))
    cases.of_user("set-username/long", ask("POST", path, True, json={
        **good, "new_username": {"$repeat": ["n", 151]}}))
    cases.of_user("set-username/then-get", ask("GET", "users/me/", True), before=[ask("POST", path, True, json=good)])
    cases.add("set-username/anonymous", ask("POST", path, json=good))
    bad_values(cases, "set-username", "POST", path, {**good, "current_password": ALICES_PASSWORD}, ["new_username", "current_password"], auth=True)
    methods(cases, "set-username", path, ("POST",))


def resets(cases):
    for what, field, value in (("password", "new_password", OTHER),):
        path, confirm = f"users/reset_{what}/", f"users/reset_{what}_confirm/"
        theme = f"reset-{what}"
        asked = ask("POST", path, json={"email": EMAIL})
        cases.add(f"{theme}/json", asked, before=[REGISTER])
        cases.add(f"{theme}/form", ask("POST", path, form={"email": EMAIL}), before=[REGISTER])
        cases.add(f"{theme}/unknown", asked)
        cases.add(f"{theme}/inactive", ask("POST", path, json={"email": "carol@example.com"}))
        cases.of_user(f"{theme}/by-user", ask("POST", path, True, json={"email": EMAIL}))
        cases.add(f"{theme}/bad-token", ask("POST", path, json={"email": EMAIL}, headers={
            "Authorization": "Bearer x"}))
        bad_values(cases, theme, "POST", path, {"email": EMAIL}, ["email"], email=["email"])
        methods(cases, theme, path, ("POST",))

        theme += "-confirm"
        good = {"uid": "{{mail:uid}}", "token": "{{mail:token}}", field: value}
        before = [REGISTER, asked]
        cases.add(f"{theme}/json", ask("POST", confirm, json=good), before=before)
        cases.add(f"{theme}/form", ask("POST", confirm, form=good), before=before)
        cases.add(f"{theme}/twice", ask("POST", confirm, json={**good, field: value + "5"}),
                  before=[*before, ask("POST", confirm, json=good)])
        cases.add(f"{theme}/bad-uid", ask("POST", confirm, json={**good, "uid": "!!!"}), before=before)
        cases.add(f"{theme}/uid-not-base64", ask("POST", confirm, json={**good, "uid": "x"}), before=before)
        cases.add(f"{theme}/unknown-uid", ask("POST", confirm, json={**good, "uid": "OTk5OTk5OTk"}), before=before)
        cases.add(f"{theme}/other-uid", ask("POST", confirm, json={**good, "uid": "MQ"}), before=before)
        cases.add(f"{theme}/bad-token", ask("POST", confirm, json={**good, "token": "abc-def"}), before=before)
        cases.add(f"{theme}/bad-both", ask("POST", confirm, json={**good, "uid": "!!!", "token": "x"}))
        bad = {"password": ("weak", "1234"), "username": ("bad", "a b!")}[what]
        cases.add(f"{theme}/{bad[0]}", ask("POST", confirm, json={**good, field: bad[1]}), before=before)
        cases.add(f"{theme}/{bad[0]}-and-bad-token", ask("POST", confirm, json={
            **good, field: bad[1], "token": "x"}), before=before)
        if what == "username":
            cases.add(f"{theme}/taken", ask("POST", confirm, json={**good, field: "alice"}), before=before)
        else:
            for name, password in (("old", PASSWORD), ("new", OTHER)):
                cases.add(f"{theme}/then-{name}", ask("POST", "jwt/create/", json={
                    "username": NAME, "password": password}), before=[*before, ask("POST", confirm, json=good)])
        static = {"uid": "MQ", "token": "abc-def", field: value}
        bad_values(cases, theme, "POST", confirm, static, ["uid", "token", field])
        methods(cases, theme, confirm, ("POST",))


def activation(cases, is_sent):
    path = "users/activation/"
    static = {"uid": "MQ", "token": "abc-def"}
    bad_values(cases, "activation", "POST", path, static, ["uid", "token"])
    methods(cases, "activation", path, ("POST",))
    cases.add("activation/bad-uid", ask("POST", path, json={**static, "uid": "!!!"}))
    cases.add("activation/unknown-uid", ask("POST", path, json={**static, "uid": "OTk5OTk5OTk"}))
    cases.add("activation/bad-token", ask("POST", path, json=static))
    if is_sent:
        good = {"uid": "{{mail:uid}}", "token": "{{mail:token}}"}
        login = ask("POST", "jwt/create/", json={"username": NAME, "password": PASSWORD})
        done = ask("POST", path, json=good)
        cases.add("activation/register", REGISTER)
        cases.add("activation/login-before", login, before=[REGISTER])
        cases.add("activation/json", done, before=[REGISTER])
        cases.add("activation/form", ask("POST", path, form=good), before=[REGISTER])
        cases.add("activation/twice", done, before=[REGISTER, done])
        cases.add("activation/other-uid", ask("POST", path, json={**good, "uid": "MQ"}), before=[REGISTER])
        cases.add("activation/login-after", login, before=[REGISTER, done])
        again = ask("POST", "users/resend_activation/", json={"email": EMAIL})
        cases.add("activation/resent", done, before=[REGISTER, again])
        cases.add("resend-activation/json", again, before=[REGISTER])
        cases.add("resend-activation/active", again, before=[REGISTER, done])
        cases.add("resend-activation/unknown", again)
        cases.add("resend-activation/form", ask("POST", "users/resend_activation/", form={"email": EMAIL}),
                  before=[REGISTER])
    bad_values(cases, "resend-activation", "POST", "users/resend_activation/", {"email": EMAIL}, ["email"],
               email=["email"])
    methods(cases, "resend-activation", "users/resend_activation/", ("POST",))


def cases(variant):
    made = Cases()
    if variant == "djoser":
        for theme in (jwt, users, me, set_password, set_username, resets):
            theme(made)
    elif variant == "djoser-activation":
        activation(made, True)
    return made
