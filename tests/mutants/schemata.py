"""Puts every mutant of `cargo mutants --list` into one build, behind a switch at run time.

  schemata.py TREE MUTANTS.json PATTERN...

TREE is a copy of the repository that may be changed, with git. Each place of a mutant asks `crate::mutant::on(ID)`, which
is true for the ID in the environment variable MUTANT. A mutant that does not compile is left out, as `cargo mutants`
counts it as unviable. MUTANTS.json gets the list, each with its `id` and `state`: "in" if it was built.
"""
import collections
import json
import pathlib
import re
import subprocess
import sys

import tree_sitter
import tree_sitter_rust

SWITCH = pathlib.Path(__file__).with_name("switch.rs").read_text()
PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_rust.language()))
CALL = re.compile(rb"crate::mutant::on\((\d+)\)")
BINARY = ("binary_expression", "compound_assignment_expr")


def up(node, *kinds):
    """The innermost node around `node` of one of the kinds."""
    while node and node.type not in kinds:
        node = node.parent
    return node


def on(mutant):
    return b"crate::mutant::on(%d)" % mutant


class File:
    """A file, its mutants as edits (start, end, kind, id, data), and the words `const` to take away."""

    def __init__(self, source, mutants):
        self.source, self.edits, self.consts = source, [], set()
        self.lines = [0] + [i + 1 for i, byte in enumerate(source) if byte == 10]
        root = PARSER.parse(source).root_node
        for mutant in mutants:
            start, end = (self.offset(mutant["span"][edge]) for edge in ("start", "end"))
            node = root.descendant_for_byte_range(start, max(start, end - 1))
            reason = self.add(mutant, node, start, end)
            if reason:
                mutant["state"] = reason

    def offset(self, place):
        """Lines and columns count from 1, columns in characters."""
        line = self.source[self.lines[place["line"] - 1]:].split(b"\n", 1)[0].decode()
        return self.lines[place["line"] - 1] + len(line[: place["column"] - 1].encode())

    def add(self, mutant, node, start, end):
        """Adds the edit of a mutant; the reason if there is none."""
        number, genre = mutant["id"], mutant["genre"]
        function = up(node, "function_item")
        for part in function.children if function else []:
            if part.type == "function_modifiers":
                # The switch cannot be asked in a constant.
                self.consts |= {(c.start_byte, c.end_byte) for c in part.children if c.type == "const"}
        if genre == "FnValue":
            if "impl " in mutant["function"]["return_type"]:
                return "another type"
            place = function.child_by_field_name("body").start_byte + 1
            value = "" if mutant["replacement"] == "()" else " " + mutant["replacement"]
            text = f"\nif crate::mutant::on({number}) {{ return{value}; }}\n"
            self.edits.append((place, place, "insert", number, text.encode()))
        elif genre == "MatchArm":
            arm = up(node, "match_arm")
            pattern = arm.child_by_field_name("pattern")
            if pattern.child_by_field_name("condition"):
                return "has a guard"
            text = b" if !%s " % on(number)
            self.edits.append((pattern.end_byte, pattern.end_byte, "insert", number, text))
        elif genre == "BinaryOperator":
            around = up(node, *BINARY)
            if not around:
                return "not an expression"
            operator = (start - around.start_byte, end - around.start_byte, mutant["replacement"].encode())
            self.edits.append((around.start_byte, around.end_byte, "binary", number, operator))
        elif genre == "UnaryOperator":
            around = up(node, "unary_expression")
            if not around:
                return "not an expression"
            self.edits.append((around.start_byte, around.end_byte, "unary", number, None))
        elif genre == "MatchArmGuard":
            self.edits.append((start, end, "guard", number, mutant["replacement"]))
        else:
            return "genre"
        return None

    def text(self):
        return self.render(0, len(self.source), self.edits)

    def plain(self, start, end):
        text = b""
        for low, high in sorted(self.consts):
            if start <= low and high <= end:
                text += self.source[start:low]
                start = high
        return text + self.source[start:end]

    def render(self, start, end, edits):
        """The source from `start` to `end`, with the edits, all of them in it."""
        text = b""
        while edits:
            low, high = min((edit[0], -edit[1]) for edit in edits)
            high = -high
            same = [edit for edit in edits if edit[:2] == (low, high)]
            inner = [edit for edit in edits if low < high and edit not in same and low <= edit[0] and edit[1] <= high]
            edits = [edit for edit in edits if edit not in same and edit not in inner]
            text += self.plain(start, low)
            if low == high:
                text += b"".join(edit[4] for edit in same)
            else:
                text += self.node(low, high, same, inner)
            start = high
        return text + self.plain(start, end)

    def node(self, start, end, same, inner):
        """An expression with its own mutants `same` and those inside it."""
        guards = [edit for edit in same if edit[2] == "guard"]
        others = [edit for edit in same if edit[2] != "guard"]
        if not others:
            text = self.render(start, end, inner)
        elif others[0][2] == "binary":
            low, high, _ = others[0][4]
            left = self.render(start, start + low, [edit for edit in inner if edit[1] <= start + low])
            right = self.render(start + high, end, [edit for edit in inner if edit[0] >= start + high])
            operator = self.source[start + low:start + high]
            text = left + operator + right
            for edit in others:
                text = b"(if %s { %s %s %s } else { %s })" % (on(edit[3]), left, edit[4][2], right, text)
            if operator.endswith(b"=") and operator not in (b"==", b"!=", b"<=", b">="):
                text = text[1:-1]
        else:
            operand = self.render(start + 1, end, inner)
            text = self.source[start:start + 1] + operand
            for edit in others:
                text = b"(if %s { %s } else { %s })" % (on(edit[3]), operand, text)
        for edit in guards:
            form = b"(%s || (%s))" if edit[4] == "true" else b"(!%s && (%s))"
            text = form % (on(edit[3]), text)
        return text


def main(tree, out, *patterns):
    tree = pathlib.Path(tree)

    def run(*command, check=True):
        return subprocess.run(command, cwd=tree, capture_output=True, check=check).stdout

    run("git", "checkout", "--quiet", "src")
    mutants = json.loads(run("cargo", "mutants", "--list", "--json", *(f"--file={p}" for p in patterns)))
    files = collections.defaultdict(list)
    for number, mutant in enumerate(mutants, 1):
        mutant.update(id=number, state="in")
        files[mutant["file"]].append(mutant)
    sources = {name: (tree / name).read_bytes() for name in files}
    lib = tree / "src/lib.rs"
    text = lib.read_text().replace("\n\n", "\n\n#![allow(unused)]\n", 1)
    lib.write_text(text + "\n#[allow(missing_docs)]\npub mod mutant;\n")
    (tree / "src/mutant.rs").write_text(SWITCH)
    no_constants = set()
    while True:
        for name, own in files.items():
            text = File(sources[name], [m for m in own if m["state"] == "in"]).text()
            for file, function in no_constants:
                if file == name:
                    text = text.replace(b"const fn %s(" % function, b"fn %s(" % function)
            (tree / name).write_bytes(text)
        errors = check(tree)
        if not errors:
            break
        if not leave_out(tree, mutants, errors, no_constants):
            sys.exit(errors[0]["rendered"])
    pathlib.Path(out).write_text(json.dumps(mutants))
    print(len(mutants), "mutants:", dict(collections.Counter(m["state"] for m in mutants)))


def check(tree):
    """The errors of the compiler."""
    command = ["cargo", "check", "--locked", "--lib", "--message-format=json"]
    lines = subprocess.run(command, cwd=tree, capture_output=True, check=False).stdout.splitlines()
    messages = [json.loads(line) for line in lines]
    messages = [message["message"] for message in messages if message["reason"] == "compiler-message"]
    return [message for message in messages if message["level"] == "error"]


def leave_out(tree, mutants, errors, no_constants):
    """Leaves out the mutant nearest to each error; whether there was one."""
    found = False
    for error in errors:
        spans = sorted(error["spans"], key=lambda span: not span["is_primary"])
        for span in spans:
            while span.get("expansion"):
                span = span["expansion"]["span"]
            lines = (tree / span["file_name"]).read_bytes().split(b"\n")
            if (error["code"] or {}).get("code") == "E0015":
                # A constant function calls one that is no longer constant.
                above = [re.search(rb"const fn (\w+)\(", line) for line in lines[: span["line_start"]]]
                no_constants.add((span["file_name"], [match for match in above if match][-1].group(1)))
                found = True
                break
            ids = [
                (match.start(), int(match.group(1)))
                for line in lines[span["line_start"] - 1:span["line_end"]] for match in CALL.finditer(line)
            ]
            if ids:
                near = [number for column, number in ids if column <= span["column_start"] + 40]
                mutants[(near or [ids[0][1]])[-1] - 1]["state"] = "does not compile"
                found = True
                break
    return found


main(*sys.argv[1:])
