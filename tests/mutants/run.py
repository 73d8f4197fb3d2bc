"""Runs the mutants of schemata.py against the tests that reach them.

  run.py TREE MUTANTS.json RESULT.json [CORE]

Each test runs alone once, to see which mutants it reaches and how long it takes (RESULT.json.trace). Then each mutant runs
with the tests that reach it, those that reach the fewest first, until one fails. A kill counts if the test passes
without the mutant right after. All of it is kept in RESULT.json as it goes, so a second run goes on where the first
stopped. With CORE, all tests run on that core. Prints each verdict, and the sums.
"""
import collections
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor

# Tests of the sources and the documents, and those that need more than SQLite.
SKIPPED = ("structure::", "docs::", "postgres::", "browser::", "cli::settings::tune")
WORKERS = 3


class Tests:
    """The test binaries of a tree."""

    def __init__(self, tree, core):
        self.tree = tree
        self.before = ["nice", *(["taskset", "-c", core] if core else [])]
        command = ["cargo", "test", "--locked", "--lib", "--test", "it", "--no-run", "--message-format=json"]
        built = subprocess.run(command, cwd=tree, stdout=subprocess.PIPE, check=True).stdout.splitlines()
        built = [json.loads(line) for line in built]
        self.binaries = [m["executable"] for m in built if m.get("executable") and m["profile"]["test"]]

    def start(self, binary, names, **environment):
        clean = {name: value for name, value in os.environ.items() if not name.startswith("MUTANT")}
        clean |= {"CARGO_MANIFEST_DIR": str(self.tree), **environment}
        command = [*self.before, binary, "--exact", "--test-threads", "3", *names]
        return subprocess.Popen(
            command, cwd=self.tree, env=clean, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            start_new_session=True,
        )

    def names(self, binary):
        listed = subprocess.run([binary, "--list", "--format", "terse"], capture_output=True, text=True, check=True)
        names = [line.removesuffix(": test") for line in listed.stdout.splitlines() if line.endswith(": test")]
        return [name for name in names if not name.startswith(SKIPPED)]

    def failed(self, binary, names, limit, **environment):
        """The first test that fails; "time-out", or None."""
        process, late = self.start(binary, names, **environment), threading.Event()
        timer = threading.Timer(limit, lambda: (late.set(), end(process)))
        timer.start()
        try:
            for line in process.stdout:
                if line.startswith("test ") and "FAILED" in line:
                    return line.split()[1]
        finally:
            timer.cancel()
            end(process)
        crashed = process.returncode not in (0, -signal.SIGKILL)
        return "time-out" if late.is_set() else f"crash {process.returncode}" if crashed else None

    def trace(self, job):
        """A test, whether it passed, its seconds, and the mutants that it reaches."""
        binary, name = job
        with tempfile.TemporaryDirectory() as folder:
            path, began = pathlib.Path(folder) / "trace", time.monotonic()
            failed = self.failed(binary, [name], 300, MUTANT_TRACE=str(path))
            seconds = time.monotonic() - began
            reached = [number for number, byte in enumerate(path.read_bytes()) if byte] if path.exists() else []
        return binary, name, failed is None, seconds, reached


def end(process):
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def verdict(tests, mutant, reaching):
    """What becomes of a mutant."""
    for start in range(0, len(reaching), 12):
        for binary in tests.binaries:
            part = [test for test in reaching[start:start + 12] if test[0] == binary]
            if not part:
                continue
            names, limit = [test[1] for test in part], 60 + 10 * sum(test[3] for test in part)
            killer = tests.failed(binary, names, limit, MUTANT=str(mutant))
            again = names if killer and " " in killer or killer == "time-out" else [killer]
            if killer and tests.failed(binary, again, limit) is None:
                return f"killed by {killer}"
    return "survived" if reaching else "not reached"


def main(tree, mutants, out, core=None):
    tests, out = Tests(pathlib.Path(tree).resolve(), core), pathlib.Path(out)
    traced = out.with_suffix(".trace")
    if not traced.exists():
        jobs = [(binary, name) for binary in tests.binaries for name in tests.names(binary)]
        with ThreadPoolExecutor(WORKERS) as pool:
            traced.write_text(json.dumps(list(pool.map(tests.trace, jobs))))
    reaching = collections.defaultdict(list)
    for test in json.loads(traced.read_text()):
        for number in test[4] if test[2] else []:
            reaching[number].append(test)
    results = json.loads(out.read_text()) if out.exists() else {}
    lock = threading.Lock()

    def run(mutant):
        found = verdict(tests, mutant["id"], sorted(reaching[mutant["id"]], key=lambda t: (len(t[4]), t[3])))
        with lock:
            results[str(mutant["id"])] = {"name": mutant["name"], "verdict": found}
            out.write_text(json.dumps(results, indent=0))
            print(found, mutant["name"], flush=True)

    todo = [m for m in json.loads(pathlib.Path(mutants).read_text()) if m["state"] == "in"]
    todo = [mutant for mutant in todo if str(mutant["id"]) not in results]
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(run, sorted(todo, key=lambda mutant: len(reaching[mutant["id"]]))))
    print(dict(collections.Counter(result["verdict"].split(" by")[0] for result in results.values())))


main(*sys.argv[1:])
