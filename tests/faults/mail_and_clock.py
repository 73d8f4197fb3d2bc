"""The outbox, notices by mail, and a clock that was wrong."""

import json
import os
import socketserver
import sqlite3
import tempfile
import threading
import time

from server import PASSWORD, Server, fault


class Smtp:
    """A mail server. `replies` has what it answers to a command ("RCPT", "DATA", "BODY") instead of success: for
    every recipient, or for one as (command, address)."""

    def __init__(self):
        self.replies, self.mails, self.offered, self.ehlo = {}, [], [], None
        owner = self

        class Handler(socketserver.StreamRequestHandler):
            def say(self, command, to, success):
                reply = owner.replies.get((command, to)) or owner.replies.get(command)
                if reply == "drop":
                    raise ConnectionError
                self.wfile.write(((reply or success) + "\r\n").encode())
                return reply is None

            def handle(self):
                to = ""
                try:
                    self.wfile.write(b"220 test\r\n")
                    while line := self.rfile.readline().decode().strip():
                        command = line.split(" ")[0].split(":")[0].upper()
                        if command == "EHLO":
                            owner.ehlo = line[5:]
                            self.wfile.write(b"250 test\r\n")
                        elif command == "RCPT":
                            to = line[line.index("<") + 1:line.index(">")]
                            owner.offered.append(to)
                            self.say("RCPT", to, "250 ok")
                        elif command == "DATA":
                            if not self.say("DATA", to, "354 go on"):
                                continue
                            body = b""
                            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                                body += line
                            if self.say("BODY", to, "250 taken"):
                                owner.mails.append((to, body.decode(errors="replace")))
                        elif command == "QUIT":
                            self.wfile.write(b"221 bye\r\n")
                            return
                        else:
                            self.wfile.write(b"250 ok\r\n")
                except OSError:
                    pass

        class Threaded(socketserver.ThreadingTCPServer):
            daemon_threads, allow_reuse_address = True, True

        self.server = Threaded(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def settings(self):
        port = self.server.server_address[1]
        return {"mail__from": "accounts@example.com", "mail__smtp__host": "127.0.0.1", "mail__smtp__port": port,
                "mail__smtp__tls": "none"}


def until(condition, seconds=15):
    end = time.time() + seconds
    while not condition():
        assert time.time() < end, "it does not happen"
        time.sleep(0.05)


def mails(server):
    return json.loads(server.run("mail", "list", "--json").stdout)


def register(server, *names):
    for name in names:
        form = {"username": name, "email": f"{name}@example.org", "password": PASSWORD}
        answer = server.post("/api/register/", form)
        assert answer.status == 201, answer


def refused_by(binary, command, reply):
    smtp = Smtp()
    smtp.replies[command] = reply
    with Server(binary, mail__attempts=1, **smtp.settings()) as server:
        register(server, "u1", "u2", "u3")
        until(lambda: any(mail["last_error"] for mail in mails(server)))
        time.sleep(1.5)
        for mail in mails(server):
            assert (mail["state"], mail["attempts"]) == ("waiting", 0), mail
        smtp.replies.clear()
        server.run("mail", "retry", "--all")
        until(lambda: len(smtp.mails) == 3)


REFUSALS = [
    ("RCPT", "553 5.7.1 <a@example.com>: Sender address rejected: not owned by user u"),
    ("RCPT", "554 5.7.1 <u1@example.org>: Relay access denied"),
    ("RCPT", "554 5.7.1 Service unavailable; Client host blocked using zen.spamhaus.org"),
    ("RCPT", "550 authentication required"),
    ("RCPT", "504 5.5.2 Helo command rejected: need fully-qualified hostname"),
    ("DATA", "550 5.4.5 Daily user sending quota exceeded"),
    ("BODY", "550 5.7.60 Client does not have permissions to send as this sender"),
]

for command, reply in REFUSALS:
    fault("faults 37", f"after {command}, `{reply[:45]}` pauses all mails and kills none")(
        lambda binary, command=command, reply=reply: refused_by(binary, command, reply))


@fault("faults 37", "three recipients refused alike in a row mean us: none is lost")
def refused_alike(binary):
    smtp = Smtp()
    smtp.replies["RCPT"] = "550 Rejected"
    with Server(binary, **smtp.settings()) as server:
        register(server, "u1", "u2", "u3", "u4")
        until(lambda: len(smtp.offered) >= 4)
        smtp.replies.clear()
        until(lambda: len(smtp.mails) == 4)


@fault("faults 37", "a dead mail with a link can be sent again while its link works")
def dead_mail_keeps_its_link(binary):
    smtp = Smtp()
    smtp.replies["RCPT"] = "550 5.1.1 no such user"
    with Server(binary, **smtp.settings()) as server:
        register(server, "u1")
        until(lambda: mails(server)[0]["state"] == "dead")
        smtp.replies.clear()
        server.run("mail", "retry", "--all")
        until(lambda: smtp.mails)
        assert "/confirm-email/" in smtp.mails[0][1]


@fault("faults passing", "a recipient with 421 for ever does not stop others, and is counted")
def forever_421(binary):
    smtp = Smtp()
    smtp.replies[("RCPT", "odd@example.org")] = "421 4.7.0 try later"
    with Server(binary, **smtp.settings()) as server:
        register(server, "odd")
        until(lambda: len(smtp.offered) >= 4)
        began = time.time()
        register(server, "u1", "u2")
        until(lambda: len(smtp.mails) == 2)
        assert time.time() - began < 3, f"others waited {time.time() - began:.1f} s"
        until(lambda: mails(server)[0]["attempts"] >= 1, 30)


@fault("faults 39", "the name in EHLO is a setting")
def helo_name(binary):
    smtp = Smtp()
    with Server(binary, mail__smtp__helo_name="mail.example.com", **smtp.settings()) as server:
        register(server, "u1")
        until(lambda: smtp.mails)
        assert smtp.ehlo == "mail.example.com", smtp.ehlo


@fault("faults passing", "a mail template may begin with a byte order mark")
def template_with_byte_order_mark(binary):
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "test.txt"), "w", encoding="utf-8-sig") as file:
            file.write("Subject: Mine\n\nText.\n")
        with Server(binary, mail__templates=folder):
            pass


@fault("S21", "a username in a mail to an unconfirmed address is no link")
def no_stranger_link(binary):
    smtp = Smtp()
    with Server(binary, **smtp.settings()) as server:
        form = {"username": "www.free-money.example.com", "email": "v@example.org", "password": PASSWORD}
        assert server.post("/api/register/", form).status == 201
        until(lambda: smtp.mails)
        assert "free-money" not in smtp.mails[0][1].replace("=\r\n", "")


@fault("S21", "the owner is told when an administrator changes password or rights")
def notices(binary):
    smtp = Smtp()
    with Server(binary, **smtp.settings()) as server:
        server.add("vic", "--confirmed")
        server.run("user", "set-password", "vic", "--password-stdin", stdin="quite-Long-pass-3")
        server.run("user", "make-admin", "vic")
        server.run("user", "reset-link", "vic")
        until(lambda: len(smtp.mails) == 3)
        assert {to for to, _ in smtp.mails} == {"vic@example.com"}


@fault("S21", "without a mail server, old mails and keys of expired links are removed")
def swept_without_a_server(binary):
    with Server(binary, mail__retention="1d") as server:
        register(server, "u1", "u2")
        server.stop()
        with sqlite3.connect(os.path.join(server.folder, "doorward.db")) as db:
            db.execute("UPDATE one_time_keys SET expires_at = 1 WHERE user_id = 1")
            db.execute("UPDATE mails SET created_at = 1 WHERE id = 2")
        server.hurry(minutes=15, seconds=15)
        with sqlite3.connect(os.path.join(server.folder, "doorward.db")) as db:
            rows = db.execute("SELECT id, secret IS NULL FROM mails ORDER BY id").fetchall()
        assert rows == [(1, 1)], rows


FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"


def ahead(binary, by, work):
    """`work` on a server whose clock is ahead by `by` seconds, and then the server with the right clock. Without
    libfaketime, the moments in the database are moved instead."""
    server = Server(binary)
    with server:
        server.add("bob", "--confirmed")
        server.stop()
        fake = os.path.exists(FAKETIME)
        if fake:
            server.env.update(LD_PRELOAD=FAKETIME, FAKETIME=f"+{by}s")
        server.start()
        work(server)
        server.stop()
        if fake:
            del server.env["LD_PRELOAD"], server.env["FAKETIME"]
        else:
            move(server, by * 1_000_000)
        server.start()
        yield server


def move(server, micros):
    with sqlite3.connect(os.path.join(server.folder, "doorward.db")) as db:
        columns = {row[1] for row in db.execute("PRAGMA table_info(throttles)")}
        for column in columns & {"empty_at", "written_at"}:
            db.execute(f"UPDATE throttles SET {column} = {column} + {micros}")
        db.execute(f"UPDATE mails SET due_at = due_at + {micros}")


@fault("faults 42", "a clock that was two hours ahead locks nobody out")
def clock_ahead(binary):
    def work(server):
        assert server.login("nobody", "oops").status == 404
        register(server, "early")
        server.post("/admin/sign-in", {"username": "x", "password": "y"})
        server.post("/api/token/verify/", {"token": "x"})

    for server in ahead(binary, 7200, work):
        assert server.login("bob").status == 200, server.login("bob")
        assert server.post("/admin/sign-in", {"username": "x", "password": "y"}).status != 429
        assert server.post("/api/token/verify/", {"token": "x"}).status == 401
        register(server, "late")


@fault("faults 42", "mails of a clock that was ahead are sent at once")
def mails_of_the_future(binary):
    smtp = Smtp()
    for server in ahead(binary, 7200, lambda server: register(server, "early")):
        server.stop()
        server.settings(smtp.settings())
        server.start()
        until(lambda: smtp.mails)


@fault("faults 42", "a command clears a block")
def unblock(binary):
    with Server(binary, limits__failed_logins_per_account=2) as server:
        server.add("vic", "--confirmed")
        for _ in range(2):
            server.login("vic", "oops")
        assert server.login("vic").status == 429
        server.run("unblock", "vic")
        assert server.login("vic").status == 200
        assert b"unblocked" in server.run("audit", "list").stdout


@fault("newcomer mail", "`mail retry` does not claim that a doorward runs")
def retry_without_a_server(binary):
    smtp = Smtp()
    with Server(binary) as server:
        register(server, "u1")
        server.stop()
        server.settings(smtp.settings())
        said = server.run("mail", "retry", "1").stdout.decode()
        assert "by the running" not in said and "will be sent" not in said, said
