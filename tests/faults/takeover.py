"""Taking an account over, finding out who has one, and locking its owner out."""

import os
import re
import sqlite3
import time

from server import PASSWORD, Server, fault

OTHER = "other-Pass-77"


def database(server):
    return sqlite3.connect(os.path.join(server.folder, "doorward.db"), timeout=10)


def mails(server, kind):
    """The recipient and the key of each mail of a kind, when every request has been worked on."""
    with database(server) as db:
        for _ in range(200):
            tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE name = 'mail_requests'")]
            if not tables or not db.execute("SELECT count(*) FROM mail_requests").fetchone()[0]:
                break
            time.sleep(0.02)
        query = "SELECT recipient, secret FROM mails WHERE kind = ? AND state = 'waiting' ORDER BY id"
        return db.execute(query, (kind,)).fetchall()


def keys(server, kind, to):
    return [key for recipient, key in mails(server, kind) if recipient == to]


def reset_key(server, email, headers=None):
    answer = server.post("/api/password/reset/", {"email": email}, headers=headers)
    assert answer.status == 202, answer
    sent = mails(server, "reset_password")
    return sent[-1] if sent else (None, None)


def set_password(server, key, password=OTHER):
    return server.post("/api/password/reset/confirm/", {"key": key, "new_password": password})


def change_email(server, username, email):
    answer = server.put("/api/user/", {"username": username, "email": email}, headers=server.bearer(username))
    assert answer.status == 200, answer


def client(address):
    return {"X-Forwarded-For": address}


class Admin:
    """A signed-in administrator."""

    def __init__(self, server, username="root"):
        self.server, self.headers = server, {"Cookie": server.admin_cookie(username)}

    def page(self, path):
        answer = self.server.get(path, headers=self.headers)
        assert answer.status == 200, answer
        return answer.text()

    def submit(self, path, **fields):
        token = hidden(self.page("/admin/prove"), "form_token")
        return self.server.post(path, {"form_token": token, **fields}, headers=self.headers)

    def edit(self, number, username, email):
        path = f"/admin/users/{number}/edit"
        return self.submit(path, username=username, email=email, version=hidden(self.page(path), "version"))


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page).group(1)


def with_people(binary, **settings):
    server = Server(binary, **settings)
    server.add("root", "--admin", "--confirmed")
    server.add("vic", "--confirmed")
    server.add("bob", "--confirmed")
    return server


@fault("S4", "a new address that is not confirmed gets no link that sets the password")
def reset_goes_to_the_confirmed_address(binary):
    with with_people(binary) as server:
        change_email(server, "vic", "thief@evil.example")
        assert server.login("thief@evil.example").status == 200, "a login takes the new address at once"
        reset_key(server, "thief@evil.example")
        assert not keys(server, "reset_password", "thief@evil.example"), mails(server, "reset_password")
        change_email(server, "vic", "thief2@evil.example")
        reset_key(server, "thief2@evil.example")
        assert {to for to, _ in mails(server, "reset_password")} <= {"vic@example.com"}


@fault("S4", "the owner takes the account back with the confirmed address, and the pending one ends")
def owner_takes_the_account_back(binary):
    with with_people(binary) as server:
        change_email(server, "vic", "thief@evil.example")
        to, key = reset_key(server, "vic@example.com")
        assert to == "vic@example.com", to
        assert set_password(server, key).status == 200
        confirm = keys(server, "confirm_email", "thief@evil.example")[-1]
        assert server.post("/api/email/confirm/", {"key": confirm}).status == 400
        user = server.login("vic", OTHER).json()["user"]
        assert (user["email"], user["is_email_confirmed"]) == ("vic@example.com", True), user


@fault("S4", "the page that confirms an address lets its owner choose the password")
def owner_of_the_mailbox_chooses_the_password(binary):
    with Server(binary) as server:
        server.post("/api/register/", {"username": "eve", "email": "vic@example.com", "password": PASSWORD})
        path = "/confirm-email/" + keys(server, "confirm_email", "vic@example.com")[-1]
        assert "choose-password" in server.get(path).text()
        answer = server.post(path + "?choose-password", {})
        assert answer.status == 303, answer
        form = {"password": OTHER, "password_again": OTHER}
        assert server.post(answer.header("Location"), form).status == 303
        assert server.login("eve").status == 404 and server.login("eve", OTHER).status == 200


@fault("S4", "with a setting, a change of the address needs the password")
def email_change_needs_the_password(binary):
    with with_people(binary, password__required_for_email_change="true") as server:
        headers = server.bearer("vic")
        change = {"username": "vic", "email": "thief@evil.example"}
        assert server.put("/api/user/", change, headers=headers).status == 400
        assert server.put("/api/user/", {**change, "password": "wrong"}, headers=headers).status == 400
        assert server.put("/api/user/", {**change, "password": PASSWORD}, headers=headers).status == 200


@fault("S5", "no door tells a reserved name from a taken one")
def reserved_names_are_taken_everywhere(binary):
    with with_people(binary, registration__hide_existing="true") as server:
        for name, email in [("probe1", "vic@example.com"), ("probe2", "free@example.com")]:
            form = {"username": name, "email": email, "password": PASSWORD}
            assert server.post("/api/register/", form).status == 201
        headers, admin = server.bearer("bob"), Admin(server)
        for name in ["probe1", "probe2", "Probe1"]:
            assert server.put("/api/user/", {"username": name}, headers=headers).status == 400, name
            assert admin.edit(3, name, "bob@example.com").status == 422, name
            new = {"username": name, "email": f"{name}@example.net", "password": OTHER, "password_again": OTHER}
            assert admin.submit("/admin/users/add", **new).status == 422, name
        added = server.run("user", "add", "--username", "probe1", "--email", "p1@example.net", "--password-stdin",
                           stdin=OTHER, check=False)
        assert added.returncode != 0
        server.run("user", "invite", "p2@example.net")
        invited = "/accept-invite/" + keys(server, "invite", "p2@example.net")[-1]
        form = {"username": "probe1", "password": OTHER, "password_again": OTHER}
        assert server.post(invited, form).status == 422


@fault("S5", "a reserved name lives as long as an unconfirmed account")
def reserved_names_do_not_expire(binary):
    with with_people(binary, registration__hide_existing="true") as server:
        form = {"username": "probe1", "email": "vic@example.com", "password": PASSWORD}
        assert server.post("/api/register/", form).status == 201
        with database(server) as db:
            db.execute("UPDATE throttles SET empty_at = empty_at - 400000000000 WHERE bucket LIKE 'reserved-name:%'")
        assert server.post("/api/register/", {**form, "email": "free@example.com"}).status == 400


@fault("S7", "the notice of a change by an administrator has no link that undoes it")
def no_undo_of_an_administrators_change(binary):
    with with_people(binary) as server:
        admin = Admin(server)
        assert admin.edit(2, "vic", "vic@new.example").status == 303
        assert not [key for _, key in mails(server, "email_changed") if key]
        reset_key(server, "vic@example.com")
        assert not keys(server, "reset_password", "vic@example.com")


@fault("S7", "a password, a link, ended sessions or a deactivation by an administrator void undo links")
def administrators_void_undo_links(binary):
    with with_people(binary) as server:
        admin = Admin(server)
        acts = {
            "set-password": lambda: server.run("user", "set-password", "vic", "--password-stdin", stdin=OTHER),
            "reset-link": lambda: server.run("user", "reset-link", "vic"),
            "end-sessions": lambda: admin.submit("/admin/users/2/end-sessions"),
            "deactivate": lambda: (server.run("user", "deactivate", "vic"), server.run("user", "activate", "vic")),
        }
        for number, (name, act) in enumerate(acts.items()):
            server.run("user", "confirm", "vic")
            change = {"username": "vic", "email": f"vic{number}@example.net"}
            password = PASSWORD if number == 0 else OTHER
            token = server.post("/api/token/", {"username": "vic", "password": password}).json()["access"]
            assert server.put("/api/user/", change, headers={"Authorization": "Bearer " + token}).status == 200
            undo = "/undo-email/" + mails(server, "email_changed")[-1][1]
            assert server.get(undo).status == 200
            act()
            assert server.get(undo).status == 404, name


def bad_tokens(server, count):
    for _ in range(count):
        server.post("/api/token/verify/", {"token": "x.y.z"})


@fault("S8", "good tokens pass where bad tokens have filled the limit")
def good_tokens_pass(binary):
    with with_people(binary, limits__bad_tokens_per_address="5") as server:
        pair = server.post("/api/token/", {"username": "vic", "password": PASSWORD}).json()
        bad_tokens(server, 6)
        assert server.post("/api/token/verify/", {"token": "x.y.z"}).status == 429
        assert server.post("/api/token/verify/", {"token": pair["access"]}).status == 200
        assert server.post("/api/token/refresh/", {"refresh": pair["refresh"]}).status == 200
        assert server.post("/api/token/refresh/", {"refresh": pair["access"]}).status == 429
        _, key = reset_key(server, "vic@example.com")
        assert set_password(server, key).status == 200
        assert server.post("/api/token/blacklist/", {"refresh": "x.y.z"}).status == 429


@fault("clients 10", "a gateway verifies good tokens after the expired ones of its visitors")
def gateways_verify(binary):
    with with_people(binary, limits__bad_tokens_per_address="5", access_token_lifetime="1s") as server:
        old = server.token("vic")
        time.sleep(2.1)
        answers = [server.post("/api/token/verify/", {"token": old}).status for _ in range(7)]
        assert answers == [401] * 5 + [429] * 2, answers
        assert server.post("/api/token/verify/", {"token": server.token("vic")}).status == 200


@fault("clients 10", "failed logins of others from one address do not stop a user who logged in from there")
def known_users_pass_a_full_address(binary):
    with with_people(binary, limits__failed_logins_per_address="5") as server:
        assert server.login("vic").status == 200
        for number in range(7):
            server.login(f"other{number}", "wrong")
        assert server.login("nobody", "wrong").status == 429
        assert server.login("vic").status == 200


@fault("S9", "a failed login takes the time of the costliest hash for everybody")
def equal_times(binary):
    with Server(binary) as server:
        server.add("cheap")
        server.settings({"password__cost": "12"})
        server.add("costly")
        server.settings({"password__cost": "4"})
        server.add("inactive", "--inactive")

        def seconds(name):
            times = []
            for _ in range(3):
                begun = time.time()
                assert server.login(name, "wrong").status == 404
                times.append(time.time() - begun)
            return min(times)

        times = {name: seconds(name) for name in ["nobody", "cheap", "costly", "inactive"]}
        assert max(times.values()) < 3 * min(times.values()), times


@fault("S11", "an IPv6 /48 has ten times the attempts of a /64, and no more")
def wide_networks_are_limited(binary):
    with Server(binary, trusted_proxies="127.0.0.1", limits__failed_logins_per_address="2") as server:
        answers = [server.login(f"u{n}", "wrong", headers=client(f"2001:db8:1:{n:x}::1")).status for n in range(24)]
        assert answers.count(404) == 20 and answers[-1] == 429, answers
        assert server.login("u0", "wrong", headers=client("2001:db8:2::1")).status == 404


@fault("S11", "6to4 and NAT64 addresses count as the IPv4 address that they stand for")
def translated_addresses_are_folded(binary):
    with Server(binary, trusted_proxies="127.0.0.1", limits__failed_logins_per_address="2") as server:
        places = ["192.0.2.33", "2002:c000:221::1", "64:ff9b::192.0.2.33", "::ffff:192.0.2.33", "2002:c000:221:9::9"]
        answers = [server.login(f"u{n}", "wrong", headers=client(place)).status for n, place in enumerate(places)]
        assert answers == [404, 404, 429, 429, 429], answers


def setup_link(server):
    return re.findall(r"/admin/setup/[A-Za-z0-9_-]{43}", server.read_log())[-1]


@fault("S15", "users without an administrator leave the set-up link alone, and a restart prints one")
def setup_link_survives_users(binary):
    with Server(binary) as server:
        link = setup_link(server)
        form = {"username": "eve", "email": "eve@example.com", "password": PASSWORD}
        assert server.post("/api/register/", form).status == 201
        server.add("plain")
        assert server.get(link).status == 200
        server.stop()
        server.start()
        assert setup_link(server) != link
        new = {"username": "root", "email": "root@example.com", "password": OTHER, "password_again": OTHER}
        assert server.post(setup_link(server), new).status == 303
        assert server.get(setup_link(server)).status == 404
        known = setup_link(server)
        server.stop()
        server.start()
        assert setup_link(server) == known, "there is an administrator"


@fault("newcomer", "a first user without --admin does not end the set-up link")
def setup_link_survives_user_add(binary):
    with Server(binary) as server:
        server.add("plain")
        assert server.get(setup_link(server)).status == 200
        server.add("boss", "--admin")
        assert server.get(setup_link(server)).status == 404


@fault("S16", "strangers lock out neither the owner nor a running session of an administrator")
def strangers_do_not_lock_out(binary):
    with with_people(binary, trusted_proxies="127.0.0.1", admin__reauthenticate_after="1s") as server:
        home, stranger = client("198.51.100.7"), client("203.0.113.9")
        assert server.login("root", headers=home).status == 200
        admin = Admin(server)
        for _ in range(12):
            server.login("root", "wrong", headers=stranger)
            server.login("root@example.com", "wrong", headers=stranger)
        assert server.login("root", headers=stranger).status == 429
        assert server.login("root", headers=home).status == 200
        sign_in = {"username": "root", "password": PASSWORD}
        assert server.post("/admin/sign-in", sign_in, headers=home).status == 303
        token = hidden(admin.page("/admin/prove"), "form_token")
        form = {"form_token": token, "password": PASSWORD, "next": "/admin/"}
        assert server.post("/admin/prove", form, headers=admin.headers).status == 303


@fault("S16", "an account takes no more than 100 wrong passwords in an hour, over all doors")
def guesses_are_bounded(binary):
    with with_people(binary, trusted_proxies="127.0.0.1", limits__failed_logins_per_account="1000") as server:
        for number in range(60):
            for name in ["vic", "vic@example.com"]:
                server.login(name, "wrong", headers=client(f"203.0.113.{number}"))
        for name in ["vic", "vic@example.com"]:
            answer = server.login(name, headers=client("203.0.113.200"))
            assert answer.status != 200, "the 121st password was checked"


@fault("S16", "unknown names are answered as known ones, beyond every limit")
def unknown_names_have_the_same_limits(binary):
    with with_people(binary, limits__failed_logins_per_account="1000") as server:
        answers = {name: [server.login(name, "wrong").status for _ in range(30)] for name in ["vic", "nobody"]}
        assert answers["vic"] == answers["nobody"], answers
        assert 429 in answers["vic"]


@fault("S16", "another request leaves a reset link alive, and one use ends all")
def reset_links_live_together(binary):
    with with_people(binary, trusted_proxies="127.0.0.1") as server:
        _, first = reset_key(server, "vic@example.com", client("198.51.100.7"))
        _, second = reset_key(server, "vic@example.com", client("203.0.113.9"))
        assert server.get("/reset-password/" + first).status == 200
        assert set_password(server, first).status == 200
        assert set_password(server, second).status == 400


@fault("S16", "another request leaves a confirmation link alive")
def confirmation_links_live_together(binary):
    with Server(binary) as server:
        server.post("/api/register/", {"username": "vic", "email": "vic@example.com", "password": PASSWORD})
        [first] = keys(server, "confirm_email", "vic@example.com")
        assert server.post("/api/email/resend/", {"email": "vic@example.com"}).status == 202
        assert len(keys(server, "confirm_email", "vic@example.com")) == 2
        assert server.post("/api/email/confirm/", {"key": first}).status == 200


@fault("S16", "strangers do not keep the owner from asking for a reset")
def resets_are_not_denied(binary):
    with with_people(binary, trusted_proxies="127.0.0.1") as server:
        home = client("198.51.100.7")
        assert server.login("vic", headers=home).status == 200
        for number in range(30):
            server.post("/api/password/reset/", {"email": "vic@example.com"}, headers=client(f"203.0.113.{number}"))
        before = len(mails(server, "reset_password"))
        _, key = reset_key(server, "vic@example.com", home)
        assert len(mails(server, "reset_password")) == before + 1
        assert set_password(server, key).status == 200


@fault("ASVS 3.3.2", "with rotation a session that is used has an end")
def sessions_have_an_end(binary):
    with with_people(binary, tokens__rotate_refresh="true", tokens__session_lifetime="60s") as server:
        pair = server.post("/api/token/", {"username": "vic", "password": PASSWORD}).json()
        with database(server) as db:
            db.execute("UPDATE sessions SET started_at = started_at - 61000000")
        assert server.post("/api/token/refresh/", {"refresh": pair["refresh"]}).status == 401
        bearer = {"Authorization": "Bearer " + pair["access"]}
        assert server.get("/api/user/", headers=bearer).status == 401
