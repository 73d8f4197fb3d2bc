"""The set-up and the commands, as a new user meets them."""

import os
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from server import Server, fault, free_port

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


@fault("newcomer 4", "--json may stand before the command")
def json_before_the_command(binary):
    server = Server(binary)
    server.add("vic")
    said = server.run("--json", "user", "list", check=False)
    assert said.returncode == 0 and b'"vic"' in said.stdout, said
    refused = server.run("--json", "migrate", check=False)
    assert refused.returncode == 2 and b"--json" in refused.stderr, refused


@fault("newcomer 4", "a backup in a cron job prints one line, and with --quiet nothing")
def quiet_backup(binary):
    server = Server(binary)
    server.add("vic")
    said = server.run("backup", "one.db")
    assert said.stderr == b"" and said.stdout.count(b"\n") == 1, said
    said = server.run("backup", "--quiet", "two.db")
    assert said.stdout + said.stderr == b"", said
    assert os.path.exists(os.path.join(server.folder, "two.db"))


@contextmanager
def pgbouncer(settings):
    """The URL of an empty database on a PostgreSQL of its own, through PgBouncer with these settings."""
    program = shutil.which("pgbouncer", path=os.environ["PATH"] + ":/usr/sbin")
    assert program, "pgbouncer is not installed"
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        port, outer = free_port(), free_port()
        run = lambda *words: subprocess.run([SCRIPTS / "postgres", *words], check=True, capture_output=True, text=True)
        url = run("make", os.path.join(folder, "server"), str(port)).stdout.strip()
        run("start", os.path.join(folder, "server"))
        user, password = url.split("://")[1].split("@")[0].split(":")
        ini, users = os.path.join(folder, "pgbouncer.ini"), os.path.join(folder, "users.txt")
        with open(users, "w", encoding="utf-8") as file:
            file.write(f'"{user}" "{password}"\n')
        with open(ini, "w", encoding="utf-8") as file:
            file.write(
                f"[databases]\n* = host=127.0.0.1 port={port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n"
                f"listen_port = {outer}\nunix_socket_dir =\nauth_type = scram-sha-256\nauth_file = {users}\n"
                f"ignore_startup_parameters = options\n{settings}\n")
        as_user = ["-u", "nobody"] if os.getuid() == 0 else []
        bouncer = subprocess.Popen([program, *as_user, ini], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            time.sleep(0.5)
            yield url.replace(f":{port}", f":{outer}")
        finally:
            bouncer.terminate()
            bouncer.wait(10)
            run("stop", os.path.join(folder, "server"), "immediate")


def assert_refused(binary, settings):
    with pgbouncer(settings) as url:
        server = Server(binary, database_url=url)
        for _ in range(2):
            said = server.run("migrate", check=False)
            assert said.returncode == 1 and b"pool_mode = session" in said.stderr, said


@fault("newcomer 4", "PgBouncer in transaction mode is refused with words, in every version")
def transaction_mode(binary):
    assert_refused(binary, "pool_mode = transaction")


@fault("newcomer 4", "so is one that uses its connections in turn")
def transaction_mode_in_turn(binary):
    assert_refused(binary, "pool_mode = transaction\nserver_round_robin = 1\nmin_pool_size = 3")


@fault("newcomer 4", "PgBouncer in session mode works")
def session_mode(binary):
    with pgbouncer("pool_mode = session") as url:
        server = Server(binary, database_url=url)
        server.run("migrate")
        with server:
            server.add("vic")
            assert server.login("vic").status == 200
