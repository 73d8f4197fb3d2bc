"""Names, email addresses and passwords: what is stored is found again, and what cannot be stored is nobody."""

import glob
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import unicodedata
import urllib.parse

from server import PASSWORD, Server, fault, free_port

ACCENTED = "Zürich-Café-9"
NFC, NFD = (unicodedata.normalize(form, ACCENTED) for form in ("NFC", "NFD"))


class Cluster:
    """A PostgreSQL in a temporary folder: `with Cluster() as url:`; the url is None where it is not installed."""

    def __enter__(self):
        self.folder = tempfile.mkdtemp()
        programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
        if not programs:
            return None
        bin_folder = programs[-1]
        os.chmod(self.folder, 0o755)
        data = os.path.join(self.folder, "data")
        self.as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
        if self.as_user:
            shutil.chown(self.folder, "postgres")
        self.control = [*self.as_user, os.path.join(bin_folder, "pg_ctl"), "-D", data]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": self.folder, "check": True}
        subprocess.run([*self.as_user, os.path.join(bin_folder, "initdb"), "-D", data, "-U", "postgres", "-A", "trust",
                        "-E", "UTF8", "--no-sync"], **quiet)
        port = free_port()
        subprocess.run([*self.control, "-w", "-l", os.path.join(self.folder, "log"), "-o",
                        f"-p {port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off", "start"], **quiet)
        return f"postgres://postgres@127.0.0.1:{port}/postgres?sslmode=disable"

    def __exit__(self, *_):
        if hasattr(self, "control"):
            subprocess.run([*self.control, "-m", "immediate", "stop"], stdout=subprocess.DEVNULL, check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


def register(server, username, email, password=PASSWORD):
    return server.post("/api/register/", {"username": username, "email": email, "password": password})


@fault("faults 46", "a name with NUL is nobody's on PostgreSQL, too, and no 500")
def nul_is_nobody(binary):
    with Cluster() as url:
        settings = {"database_url": url} if url else {}
        with Server(binary, **settings) as server:
            server.add("root", "--admin", "--confirmed")
            for name in ("ro\0ot", "\0", "é\0", "a\0@b.de"):
                answer = server.post("/admin/sign-in", {"username": name, "password": "x"})
                assert answer.status == 422, (name, answer)
            cookie = {"Cookie": server.admin_cookie()}
            for path in ("/admin/login-help?who=a%00b", "/admin/users/?q=%00", "/admin/audit/?who=%00&address=%00",
                         "/admin/mail/?to=%00", "/admin/users/invitations/?after=%00"):
                answer = server.get(path, headers=cookie)
                assert answer.status < 500, (path, answer.status)


@fault("faults 32", "a password logs in as NFC and as NFD, however it was set")
def password_forms(binary):
    with Server(binary) as server:
        for name, stored, typed in (("nfc", NFC, NFD), ("nfd", NFD, NFC)):
            assert register(server, name, f"{name}@example.com", stored).status == 201
            for password in (typed, stored):
                answer = server.login(name, password)
                assert answer.status == 200, (name, password, answer)
        server.add("cli", password=NFD)
        assert server.login("cli", NFC).status == 200
        assert server.login("cli", NFC + "x").status == 404


@fault("faults 33", "a name logs in as it was typed at the registration")
def name_forms(binary):
    with Server(binary) as server:
        for number, typed in enumerate(("Ｋａｎａ", "ﬁsh", "Straße", "Zoë")):
            assert register(server, typed, f"n{number}@example.com").status == 201, typed
            for spelling in (typed, unicodedata.normalize("NFKC", typed), unicodedata.normalize("NFD", typed)):
                answer = server.login(spelling)
                assert answer.status == 200, (spelling, answer)
        assert register(server, "STRASSE", "s@example.com").status == 400


@fault("faults 35", "the two spellings of an international domain are one mailbox")
def idn_is_one_mailbox(binary):
    with Server(binary) as server:
        server.add("root", "--admin", "--confirmed")
        assert register(server, "one", "x@bücher.de").status == 201
        assert register(server, "two", "x@xn--bcher-kva.de").status == 400
        assert register(server, "three", "y@straße.de").status == 201
        for spelling in ("x@xn--bcher-kva.de", "X@BÜCHER.de", "y@xn--strae-oqa.de"):
            assert server.login(spelling).status == 200, spelling
        assert register(server, "four", "y@strasse.de").status == 201
        assert '"x@bücher.de"' in server.run("user", "show", "x@xn--bcher-kva.de", "--json").stdout.decode()
        assert server.run("user", "invite", "x@xn--bcher-kva.de", check=False).returncode == 1
        server.post("/api/password/reset/", {"email": "x@xn--bcher-kva.de"})
        cookie = {"Cookie": server.admin_cookie()}
        for _ in range(50):
            if "x@bücher.de" in server.get("/admin/mail/", headers=cookie).text():
                break
        else:
            raise AssertionError("no mail to the address")
        for term in ("xn--bcher-kva.de", "bücher.de", "x@xn--bcher-kva.de"):
            page = server.get("/admin/users/?q=" + urllib.parse.quote(term), headers=cookie)
            assert "x@bücher.de" in page.text(), term


@fault("faults 35", "two accounts that an upgrade finds to be one mailbox both log in as before")
def accounts_that_collapse(binary):
    with Server(binary) as server:
        assert register(server, "unicode", "x@bücher.de").status == 201
        assert register(server, "ascii", "other@example.com", "another-Pass-7").status == 201
        server.stop()
        # As an earlier version stored it.
        base = sqlite3.connect(os.path.join(server.folder, "doorward.db"))
        base.execute("UPDATE users SET email = 'x@xn--bcher-kva.de', email_key = 'x@xn--bcher-kva.de' WHERE id = 2")
        if base.execute("SELECT 1 FROM sqlite_master WHERE name = 'stale_keys'").fetchone():
            base.execute("INSERT INTO stale_keys (source, item) VALUES ('users', '2')")
        base.commit()
        base.close()
        server.start()
        for name, email, password in (("unicode", "x@bücher.de", PASSWORD),
                                      ("ascii", "x@xn--bcher-kva.de", "another-Pass-7")):
            assert server.login(name, password).status == 200, name
            assert server.login(email, password).status == 200, email
        for email in ("X@Bücher.de", "X@xn--bcher-kva.de"):
            assert register(server, "third", email).status == 400, email
        assert "now means the same" in server.read_log(), "the collision is reported"


@fault("ASVS 2.1.1", "the least length of a password can be set")
def least_length(binary):
    with Server(binary, password__min_length="12") as server:
        answer = register(server, "amy", "amy@example.com", "a-Good-pas6")
        assert answer.status == 400 and "at least 12 characters" in answer.text(), answer
        assert register(server, "amy", "amy@example.com", "a-Good-pass-6").status == 201


@fault("ASVS 2.1.7", "a breached password is refused, from a list of passwords or of sorted hashes")
def breach_list(binary):
    import hashlib
    with tempfile.TemporaryDirectory() as folder:
        listed = [f"breached-pass-{n}" for n in range(40)]
        plain, hashes = os.path.join(folder, "plain"), os.path.join(folder, "hashes")
        with open(plain, "w") as out:
            out.write("\ufeff" + "\r\n".join(listed))
        with open(hashes, "w") as out:
            out.writelines(sorted(hashlib.sha1(p.encode()).hexdigest().upper() + ":3\r\n" for p in listed))
        for path in (plain, hashes):
            with Server(binary, password__breach_list=path) as server:
                answer = register(server, "amy", "amy@example.com", listed[7])
                assert answer.status == 400 and "data breach" in answer.text(), answer
                assert register(server, "amy", "amy@example.com", "not-in-List-41").status == 201
                done = server.run("user", "add", "--username", "ben", "--email", "b@example.com", "--password-stdin",
                                  stdin=listed[0], check=False)
                assert done.returncode == 1 and b"data breach" in done.stderr, done
        empty = os.path.join(folder, "empty")
        open(empty, "w").close()
        done = subprocess.run([binary, "serve", "--set", f"password.breach_list={empty}"], cwd=folder,
                              capture_output=True, check=False, timeout=20)
        assert done.returncode == 2 and b"empty" in done.stderr, done


@fault("S22", "the names of the program and of the site are no passwords")
def names_are_no_passwords(binary):
    with Server(binary, site__name="Beispielverein") as server:
        for password in ("doorward", "Doorward-2026", "beispielverein1"):
            answer = register(server, "amy", "amy@example.com", password)
            assert answer.status == 400 and "too common" in answer.text(), (password, answer)


@fault("ASVS 2.1.12", "pages with a password field bring a script that can show the password")
def show_button(binary):
    with Server(binary) as server:
        page = server.get("/admin/sign-in")
        assert re.search(r"/static/password[^\"]*\.js", page.text())
        assert "script-src 'self'" in page.header("Content-Security-Policy")
        script = server.get("/static/password.js").text()
        assert "aria-pressed" in script and "<button" not in page.text().split("</form>")[1]


@fault("faults, seen in passing", "a byte order mark is no part of a piped password")
def byte_order_mark(binary):
    with Server(binary) as server:
        server.add("bom", password="\ufeff" + PASSWORD + "\r\n")
        assert server.login("bom").status == 200
        server.run("user", "set-password", "bom", "--password-stdin", stdin="\ufeffanother-Pass-7\n")
        assert server.login("bom", "another-Pass-7").status == 200


@fault("newcomer 2", "/ says what runs here and leads to the admin")
def front_page(binary):
    with Server(binary) as server:
        page = server.get("/")
        assert page.status == 200 and "doorward" in page.text() and 'href="/admin/"' in page.text(), page


@fault("faults, seen in passing", "/.well-known/change-password leads to the page of the front end")
def change_password_page(binary):
    page = "https://app.example.com/account"
    with Server(binary, site__change_password_url=page) as server:
        answer = server.get("/.well-known/change-password")
        assert answer.status == 302 and answer.header("Location") == page, answer
    with Server(binary, account__pages="false") as server:
        assert server.get("/.well-known/change-password").status == 404


@fault("admin 6", "a link of the command line has the origin of the server that runs")
def link_has_the_servers_port(binary):
    with Server(binary) as server:
        server.add("amy", "--confirmed")
        env = {k: v for k, v in server.env.items() if k != "DOORWARD_LISTEN"}
        link = subprocess.run([binary, "user", "reset-link", "amy"], cwd=server.folder, env=env,
                              capture_output=True, check=True).stdout.decode()
        assert f"127.0.0.1:{server.port}/" in link, link


@fault("left over", "text that is not UTF-8 ends neither an export nor the check of the audit log")
def invalid_utf8(binary):
    with Server(binary) as server:
        server.add("root", "--admin", "--confirmed")
        server.add("amy", "--confirmed")
        server.login("amy", "wrong")
        server.stop()
        base = sqlite3.connect(os.path.join(server.folder, "doorward.db"))
        base.execute("UPDATE users SET username = CAST(X'616dff79' AS TEXT) WHERE username = 'amy'")
        base.execute("UPDATE audit SET user_agent = CAST(X'ff' AS TEXT), seal_number = NULL WHERE action = 'login-failed'")
        base.commit()
        base.close()
        server.start()
        cookie = {"Cookie": server.admin_cookie()}
        for path in ("/admin/users/export.csv", "/admin/users/export.json", "/admin/audit/export.csv"):
            answer = server.get(path, headers=cookie)
            assert answer.status == 200, (path, answer)
        assert "am\ufffdy" in server.get("/admin/users/export.csv", headers=cookie).body.decode()
        done = server.run("audit", "verify", check=False)
        assert b"UTF-8" not in done.stderr and b"panicked" not in done.stderr, done
        assert done.stdout, done
