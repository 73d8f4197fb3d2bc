"""Compares the clients that openapi-python-client generated of two documents (scripts/openapi).

Arguments: the folder of the client for drf-spectacular's document, that for doorward's without errors, and that for all of
doorward's. Of Simple JWT's part, the first two must be the same files. In the third the types of bodies are the same, and
the functions have the same names and parameters.
"""

import ast
import pathlib
import sys

reference, without_errors, whole = (pathlib.Path(folder) for folder in sys.argv[1:])
failed = False


def check(what, is_so):
    global failed
    failed = failed or not is_so
    print(f"openapi-python-client: {what} ... {'ok' if is_so else 'FAILED'}")


def files(folder):
    """The modules of Simple JWT's part: the functions of the topic `token`, and the types that they use. Introspection is
    no part of it."""
    found = [*folder.glob("*/api/token/*.py"), *folder.glob("*/models/token_*.py")]
    return {str(path.relative_to(folder)): path.read_text() for path in found if "introspect" not in path.name}


def signatures(text):
    """The functions of a module, by name: their parameters with types."""
    functions = (node for node in ast.parse(text).body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
    public = (function for function in functions if not function.name.startswith("_"))
    return {function.name: ast.unparse(function.args) for function in public}


expected = files(reference)
check(f"{len(expected)} files of Simple JWT's part are there", len(expected) >= 9)
same = files(without_errors)
check("the same files come of both documents", expected.keys() == same.keys())
for name, text in expected.items():
    check(f"{name} is the same code", same.get(name) == text)
described = files(whole)
for name, text in expected.items():
    if "/models/" in name:
        check(f"{name} is the same code with errors described", described.get(name) == text)
    else:
        same_functions = signatures(text) == signatures(described.get(name, ""))
        check(f"{name} has the same functions with errors described", same_functions)
sys.exit(failed)
