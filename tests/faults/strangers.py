"""What strangers, clocks and files can do to others."""

import json
import os
import socket
import stat
import time

from mail_and_clock import Smtp, mails, until
from server import PASSWORD, Server, fault


def register(server, name, email):
    return server.post("/api/register/", {"username": name, "email": email, "password": "quite-Long-pass-3"})


def good_among_bogus(binary, reply, seconds, count=20):
    smtp = Smtp()
    bogus = [f"u{n}@d{n}.example.com" for n in range(count)]
    for address in bogus:
        smtp.replies["RCPT", address] = reply
    with Server(binary, limits__enabled="false", **smtp.settings()) as server:
        for n, address in enumerate(bogus):
            assert register(server, f"u{n}", address).status == 201
        assert register(server, "good", "good@example.org").status == 201
        until(lambda: any(to == "good@example.org" for to, _ in smtp.mails), seconds)
        return mails(server)


@fault("outsider 1", "recipients that do not exist cost their own mails an attempt and delay no other")
def bogus_recipients(binary):
    good_among_bogus(binary, "550 5.1.1 User unknown", 10)
    good_among_bogus(binary, "450 4.1.2 Domain not found", 10)


@fault("outsider 1", "a good mail behind twenty that are refused as all would be is sent within seconds")
def refused_as_all(binary):
    good_among_bogus(binary, "421 4.7.0 try later", 25)


@fault("outsider 5", "clients that send large bodies slowly do not hold up others")
def slow_bodies(binary):
    with Server(binary) as server:
        server.add("vic", "--confirmed")
        slow = []
        for _ in range(8):
            client = socket.create_connection(("127.0.0.1", server.port))
            client.sendall(b"POST /api/login/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                           b"Content-Length: 120000\r\n\r\n" + b" " * 60000)
            slow.append(client)
        time.sleep(0.5)
        began = time.time()
        body = {"username": "vic", "password": PASSWORD, "pad": "x" * 17000}
        assert server.post("/api/login/", json_body=body).status == 200
        assert time.time() - began < 5, time.time() - began


@fault("outsider 6", "a recovery address is no name of another account and cannot be invited")
def recovery_address_as_name(binary):
    with Server(binary, limits__enabled="false") as server:
        server.add("vic", "--confirmed")
        change = server.put("/api/user/", json_body={"email": "new@example.com"}, headers=server.bearer("vic"))
        assert change.status == 200, change
        assert register(server, "vic@example.com", "other@example.com").status == 400
        assert server.run("user", "invite", "vic@example.com", check=False).returncode != 0


@fault("outsider 9", "a group keeps its rights to a database file that others lose")
def group_of_database(binary):
    with Server(binary) as server:
        server.stop()
        file = os.path.join(server.folder, "doorward.db")
        os.chmod(file, 0o664)
        server.start()
        assert stat.S_IMODE(os.stat(file).st_mode) == 0o660, oct(os.stat(file).st_mode)


@fault("outsider 10", "an address in needless quotes is the same mailbox")
def quoted_address(binary):
    with Server(binary) as server:
        assert register(server, "one", "jk@example.com").status == 201
        assert register(server, "two", '"jk"@example.com').status == 400


@fault("outsider 13", "a list of NTLM hashes stops the start")
def ntlm_list(binary):
    with Server(binary) as server:
        path = os.path.join(server.folder, "list")
        with open(path, "w", encoding="ascii") as file:
            file.write("8846F7EAEE8FB117AD06BDD830B7586C:3\n" * 3)
        server.settings({"password__breach_list": path})
        assert server.run("user", "list", check=False).returncode != 0


@fault("outsider 15", "DOORWARD_REGISTRATION_FILE works")
def short_name_in_a_file(binary):
    with Server(binary) as server:
        path = os.path.join(server.folder, "mode")
        with open(path, "w", encoding="ascii") as file:
            file.write("closed\n")
        server.settings({"registration_file": path})
        assert "closed" in server.run("config").stdout.decode()


@fault("outsider 17", "the API's cookies cannot have the names of the admin's")
def cookie_names(binary):
    with Server(binary) as server:
        server.settings({"cookies__access_name": "doorward_admin"})
        assert server.run("config", check=False).returncode == 2


@fault("outsider 20", "a CR at the end of a variable is ignored")
def carriage_return(binary):
    with Server(binary) as server:
        server.settings({"site__name": "My Site\r"})
        assert b"\r" not in server.run("config").stdout


@fault("outsider 16", "a User-Agent that is not ASCII is stored")
def user_agent(binary):
    with Server(binary) as server:
        server.add("vic", "--confirmed")
        token = server.post("/api/token/", {"username": "vic", "password": PASSWORD},
                            headers={"User-Agent": "Bürobrowser".encode()}).json()["access"]
        sessions = server.get("/api/sessions/", headers={"Authorization": f"Bearer {token}"})
        assert "robrowser" in json.dumps(sessions.json()), sessions
