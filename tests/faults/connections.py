"""Connections: clients that send or read slowly, ask for too much, or go."""

import json
import os
import resource
import signal
import socket
import subprocess
import tempfile
import time

from server import Server, fault

GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
LAST = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
CHUNKED = b" HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"


def connect(server, receive_buffer=None):
    s = socket.socket()
    if receive_buffer:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    s.connect(("127.0.0.1", server.port))
    return s


def closes_within(s, seconds):
    """Whether the server closes within so many seconds, and what it said until then."""
    end, got = time.time() + seconds, b""
    while time.time() < end:
        s.settimeout(max(0.05, end - time.time()))
        try:
            piece = s.recv(65536)
        except TimeoutError:
            break
        except ConnectionResetError:
            return True, got
        if not piece:
            return True, got
        got += piece
    return False, got


def status(server, field):
    with open(f"/proc/{server.process.pid}/status", encoding="ascii") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith(field + ":"))


def ticks(server):
    with open(f"/proc/{server.process.pid}/stat", encoding="ascii") as line:
        fields = line.read().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


@fault("S1 b", "half a head after the first answer is closed in time")
def half_a_later_head(binary):
    with Server(binary) as server:
        alone, at_once = connect(server), connect(server)
        alone.sendall(GET)
        assert b" 200 " in alone.recv(4096)
        alone.sendall(b"GET /x")
        at_once.sendall(GET + b"GET /x HTTP/1.1\r\n")
        for s in (alone, at_once):
            is_closed, said = closes_within(s, 13)
            assert is_closed, "open after 13 s"
            assert b" 408 " in said, said


@fault("S1 b", "a head that arrives byte by byte is closed in time")
def trickled_head(binary):
    with Server(binary) as server:
        s = connect(server)
        s.sendall(GET)
        s.recv(4096)
        end = time.time() + 14
        while time.time() < end:
            try:
                s.sendall(b"G")
            except OSError:
                return
            time.sleep(0.2)
        raise AssertionError("open after 14 s")


@fault("S1 a", "a chunked body that is not read is closed in time")
def unread_chunked_bodies(binary):
    with Server(binary) as server:
        sockets = []
        for target in (b"POST /nowhere", b"GET /healthz", b"DELETE /api/login/", b"PUT /api/user/", b"POST /admin/"):
            sockets.append(connect(server))
            sockets[-1].sendall(target + CHUNKED + b"5\r\nabc")
        end = time.time() + 9
        for s in sockets:
            is_closed, said = closes_within(s, end - time.time())
            assert is_closed and said.startswith(b"HTTP/1.1 "), said


@fault("S1", "1,100 connections of one client leave room for others, with 1,024 open files")
def many_connections(binary):
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    with tempfile.TemporaryDirectory() as folder:
        limited = os.path.join(folder, "limited")
        with open(limited, "w", encoding="ascii") as script:
            script.write(f'#!/bin/sh\nulimit -n 1024\nexec "{os.path.abspath(binary)}" "$@"\n')
        os.chmod(limited, 0o755)
        with Server(limited) as server:
            sockets = []
            for _ in range(1100):
                sockets.append(connect(server))
                try:
                    sockets[-1].sendall(GET + b"GET /x")
                except OSError:
                    pass
            for _ in range(5):
                assert server.raw(LAST, seconds=2)[0].startswith(b"HTTP/1.1 200 "), "no answer in 2 s"


@fault("S1", "the limit of open files is raised to the hard one")
def open_files(binary):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    try:
        with Server(binary) as server:
            with open(f"/proc/{server.process.pid}/limits", encoding="ascii") as lines:
                line = next(line for line in lines if line.startswith("Max open files"))
            assert line.split()[3] == line.split()[4], line
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def greedy(server, count, request, seconds):
    """Connections that send requests and read no answer."""
    sockets = [connect(server, 2048) for _ in range(count)]
    for s in sockets:
        s.setblocking(False)
    end = time.time() + seconds
    while time.time() < end:
        for s in sockets:
            try:
                s.send(request * 5000)
            except (BlockingIOError, ConnectionResetError, BrokenPipeError):
                pass
    return sockets


@fault("S2", "pipelining without reading takes neither memory nor CPU")
def pipelining(binary):
    with Server(binary) as server:
        before = status(server, "VmRSS")
        sockets = greedy(server, 20, b"GET / HTTP/1.1\r\nHost:\r\n\r\n", 2)
        after = status(server, "VmRSS")
        time.sleep(0.5)
        begun = ticks(server)
        time.sleep(2)
        used = ticks(server) - begun
        assert after - before < 30_000, f"{(after - before) // 1000} MB for {len(sockets)} connections"
        assert used < 40, f"{used} ticks of CPU in 2 s"


@fault("S2", "SIGTERM does not wait for clients that do not read, or send half a body")
def stop(binary):
    with Server(binary) as server:
        sockets = greedy(server, 3, b"GET /static/doorward.css HTTP/1.1\r\nHost:\r\n\r\n", 0.5)
        half = connect(server)
        half.sendall(b"POST /api/login/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{")
        time.sleep(0.3)
        begun = time.time()
        server.process.send_signal(signal.SIGTERM)
        try:
            server.process.wait(12)
        except subprocess.TimeoutExpired:
            raise AssertionError("still running after 12 s") from None
        assert time.time() - begun < 12 and sockets


@fault("faults 2", "an idle connection outlives the 2 minutes of Caddy and the 10 of Google (by its setting)")
def idle_timeout(binary):
    with Server(binary) as server:
        line = next((line for line in server.run("config").stdout.decode().splitlines() if "idle_timeout" in line
                     and line.startswith("server.")), "")
        assert "11m" in line, "no setting server.idle_timeout"
    with Server(binary, server__idle_timeout="2s") as server:
        s = connect(server)
        s.sendall(GET)
        s.recv(4096)
        is_closed, said = closes_within(s, 5)
        assert is_closed and said == b"", said


@fault("faults 3", "an export for HTTP/1.0 has no chunks and ends with the connection")
def http_1_0(binary):
    with Server(binary) as server:
        server.add("root", "--admin", "--confirmed")
        cookie = server.admin_cookie().encode()
        for path in (b"/admin/users/export.csv", b"/admin/users/export.json", b"/admin/audit/export.csv", b"/admin/audit/export.json"):
            for more in (b"", b"Connection: keep-alive\r\n"):
                head = b"GET " + path + b" HTTP/1.0\r\n" + more + b"Cookie: " + cookie + b"\r\n\r\n"
                said, is_closed = server.raw(head, seconds=3)
                assert b" 200 " in said.split(b"\r\n")[0], said
                assert b"chunked" not in said.lower(), said[:300]
                assert is_closed, "still open"
                body = said.split(b"\r\n\r\n", 1)[1]
                assert body[:2] in (b"id", b"\"i", b"[\n", b"ti", b"\"t") or body[:1] in b"[it\"\xef", body[:20]


def upgrade(server, headers):
    body = b"username=vic&password=wrong"
    head = b"POST /api/login/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    head += headers + b"Content-Length: %d\r\n\r\n" % len(body)
    with socket.create_connection(("127.0.0.1", server.port)) as s:
        answers = []
        for _ in range(2):
            s.sendall(head + body)
            s.settimeout(3)
            got = b""
            while b"\r\n\r\n" not in got or b"Invalid" not in got:
                piece = s.recv(4096)
                if not piece:
                    return answers, got
                got += piece
            answers.append(got.lower())
        return answers, b""


@fault("clients 2", "an upgrade that is not done is not announced, and the connection stays open")
def upgrades(binary):
    with Server(binary) as server:
        for headers in (
            b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n",
            b"Connection: upgrade\r\n",
            b"Connection: keep-alive, Upgrade\r\n",
            b"Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
            b"Upgrade: h2c, websocket\r\n",
        ):
            answers, last = upgrade(server, headers)
            assert len(answers) == 2, f"{headers}: closed after {len(answers)} answers {last[:100]}"
            assert not any(b"upgrade" in answer.split(b"\r\n\r\n")[0] for answer in answers), answers


@fault("clients 17", "HTTP/2 with prior knowledge gets an answer that says so, and the end")
def prior_knowledge(binary):
    with Server(binary) as server:
        preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
        settings = b"\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x64"
        for data in (preface + settings, GET + preface):
            said, is_closed = server.raw(data, seconds=4)
            assert is_closed, "still open"
            assert b"HTTP/1.1 505 " in said and b"HTTP/1.1" in said.split(b"\r\n\r\n")[-1], said


@fault("S18", "a header name over 64 KiB gets an answer, and the log is JSON alone")
def long_header_name(binary):
    with Server(binary) as server:
        for first in (b"", GET):
            for length in (65_536, 70_000, 120_000):
                said, is_closed = server.raw(first + b"GET / HTTP/1.1\r\nHost: x\r\n" + b"x" * length + b": y\r\n\r\n")
                assert is_closed and b"HTTP/1.1 431 " in said, said[:200]
        for line in server.read_log().splitlines():
            json.loads(line)


@fault("S12", "what a client writes into X-Forwarded-For does not hide it behind the proxy")
def forwarded(binary):
    with Server(binary, trusted_proxies="127.0.0.1", log__format="json") as server:
        expected = {"\xe9, 7.7.7.7": "7.7.7.7", "7.7.7.8,": "7.7.7.8", '"7.7.7.9"': "7.7.7.9",
                    "127.0.0.1, \xff, 7.7.7.10": "7.7.7.10", "7.7.7.11, 127.0.0.1": "7.7.7.11"}
        for header in [*expected, "unknown", "\xe9", "7.7.7.7, _hidden"]:
            server.login("nobody", headers={"X-Forwarded-For": header.encode("latin-1")})
        lines = [json.loads(line) for line in server.read_log().splitlines()]
        clients = [line["client"] for line in lines if line.get("path") == "/api/login/"]
        assert clients[:5] == list(expected.values()), clients
        assert "127.0.0.1" not in clients[5:], clients


def slowest_health(server, work):
    """The slowest of some health checks while `work` runs in other processes."""
    slowest = 0
    while any(process.poll() is None for process in work):
        begun = time.time()
        server.get("/healthz")
        slowest = max(slowest, time.time() - begun)
    return slowest


@fault("S10", "large bodies of strangers stop nothing and take little memory")
def large_bodies(binary):
    with Server(binary, server__workers=1) as server:
        send = (
            "import sys, http.client\n"
            "body, kind = eval(sys.argv[2]), sys.argv[3]\n"
            "for _ in range(3):\n"
            "    c = http.client.HTTPConnection('127.0.0.1', int(sys.argv[1]), timeout=60)\n"
            "    try:\n"
            "        c.request('POST', '/api/token/', body, {'Content-Type': kind}); c.getresponse().read()\n"
            "    except OSError: pass\n"
        )
        form = "application/x-www-form-urlencoded; charset="
        shapes = [
            ("b'{\"a\":[' + b'1,' * 2000000 + b'1]}'", "application/json"),
            ("b'{' + b','.join(b'\"%d\":1' % i for i in range(300000)) + b'}'", "application/json"),
            ("b'a=' + b'\\xff' * 2400000", form + "gb18030"),
            ("b'a=' + b'\\xff' * 2400000", form + "euc-jp"),
            ("b'{\"a\":[' + b'1,' * 60000 + b'1]}'", "application/json"),
            ("b'a=' + b'\\xff' * 60000", form + "big5"),
        ]
        work = [subprocess.Popen(["python3", "-c", send, str(server.port), body, kind]) for body, kind in shapes]
        slowest = slowest_health(server, work)
        assert status(server, "VmHWM") < 80_000, f"{status(server, 'VmHWM') // 1000} MB"
        assert slowest < 0.5, f"a health check took {slowest:.2f} s"


@fault("ASVS 7.2.2", "the log says why access was refused, and who was authenticated")
def access_log(binary):
    with Server(binary, log__level="debug", log__format="json") as server:
        server.add("vic", "--confirmed")
        server.get("/api/user/")
        server.get("/api/user/", headers={"Authorization": "Bearer x.y.z"})
        server.get("/api/user/", headers=server.bearer("vic"))
        lines = [json.loads(line) for line in server.read_log().splitlines()]
        seen = [(line["status"], bool(line.get("reason")), line.get("user")) for line in lines if line.get("path") == "/api/user/"]
        assert [(s, r) for s, r, _ in seen] == [(401, True), (401, True), (200, False)], seen
        assert seen[2][2] == "1", seen
