"""A hash of what code means: comments, white space and the kind of quotation marks do not count.

Every Python from 3.10 on gives the same hash for the same code, as the kernel that bakes a section and the Python that
publishes it are seldom the same. ``ast.dump`` would not do: which fields it writes depends on the version.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from hashlib import sha256


def fingerprint(statements: Iterable[ast.AST]) -> str:
    """64 hexadecimal digits for the statements in this order."""
    digest = sha256()
    for statement in statements:
        digest.update("".join(_written(statement)).encode("utf-8", "surrogatepass"))
        digest.update(b"\n")
    return digest.hexdigest()


def _written(node: object) -> Iterator[str]:
    """A tree as text; what is empty is left out, since newer versions have more fields."""
    if isinstance(node, ast.JoinedStr):
        yield from ("JoinedStr(", *_joined(node.values), ")")
    elif isinstance(node, ast.Constant):
        yield _constant(node.value)
    elif isinstance(node, ast.AST):
        yield f"{type(node).__name__}("
        for name in sorted(node._fields):
            value = getattr(node, name, None)
            if value is None or value == [] or name in ("ctx", "type_comment", "str"):
                continue
            yield f"{name}="
            yield from _written(value)
        yield ")"
    elif isinstance(node, list):
        yield "["
        for value in node:
            yield from _written(value)
        yield "]"
    else:
        yield f"{node!r},"


def _joined(values: list[ast.expr]) -> Iterator[str]:
    """The parts of an f-string, neighbouring pieces of text joined: versions cut them differently."""
    text = ""
    for value in values:
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            text += value.value
            continue
        if text:
            yield f"{text!r},"
            text = ""
        yield from _written(value)
    if text:
        yield f"{text!r},"


def _constant(value: object) -> str:
    # Python refuses to write a number of more than 4,300 digits in decimal.
    return f"{value:#x}," if isinstance(value, int) and not isinstance(value, bool) else f"{value!r},"
