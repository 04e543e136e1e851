"""A hash of what code means: comments, white space and the kind of quotation marks do not count.

Every Python from 3.10 on gives the same hash for the same code, as the kernel that bakes a section and the Python that
publishes it are seldom the same. ``ast.dump`` would not do: which fields it writes depends on the version.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256

from .cells import Statement


def fingerprint(prelude: Iterable[Statement], cell: Iterable[Statement]) -> str:
    """64 hexadecimal digits for a program.

    The order of the prelude's statements does not count, nor that one is there twice: a kernel has run the cells of a
    notebook in the order in which their author came to them, and some of them again."""
    digest = sha256("\n".join(sorted({_digest(statement) for statement in prelude})).encode())
    for statement in cell:
        digest.update(_digest(statement).encode())
    return digest.hexdigest()


@lru_cache(maxsize=4096)
def _digest(statement: Statement) -> str:
    written: list[str] = []
    try:
        _write(statement.node, written)
    except RecursionError:  # nested too deeply to be looked into: the text will do
        written = [statement.text]
    return sha256("".join(written).encode("utf-8", "surrogatepass")).hexdigest()


def _write(node: object, written: list[str]) -> None:
    """A tree as text; what is empty is left out, since newer versions have more fields."""
    if isinstance(node, ast.Constant):
        written.append(_constant(node.value))
    elif isinstance(node, ast.JoinedStr):
        written.append("JoinedStr(")
        _write_joined(node.values, written)
        written.append(")")
    elif isinstance(node, ast.AST):
        written.append(f"{type(node).__name__}(")
        for name in node._fields:
            value = getattr(node, name, None)
            # ``str`` is the source of a template string's field.
            if value is None or value == [] or name in ("ctx", "type_comment", "str"):
                continue
            written.append(f"{name}=")
            _write(value, written)
        written.append(")")
    elif isinstance(node, list):
        written.append("[")
        for value in node:
            _write(value, written)
        written.append("]")
    else:
        written.append(f"{node!r},")


def _write_joined(values: list[ast.expr], written: list[str]) -> None:
    """The parts of an f-string, neighbouring pieces of text joined: versions cut them differently."""
    text = ""
    for value in values:
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            text += value.value
            continue
        if text:
            written.append(f"{text!r},")
            text = ""
        _write(value, written)
    if text:
        written.append(f"{text!r},")


def _constant(value: object) -> str:
    # Python refuses to write a number of more than 4,300 digits in decimal.
    return f"{value:#x}," if isinstance(value, int) and not isinstance(value, bool) else f"{value!r},"
