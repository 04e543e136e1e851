"""What kind of statement one is, by its form alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Literal

from .facts import ARGUMENT
from .names import dotted_path, is_scalar
from .words import CONTAINERS, HARMLESS, STEADY_DECORATORS


def what_it_makes(statement: ast.stmt) -> Literal["", "function", "class", "import", "scalar"]:
    """See ``Facts.makes``."""
    if isinstance(statement, ast.Assign):
        return "function" if isinstance(statement.value, ast.Lambda) else "scalar" if is_scalar(statement.value) else ""
    if isinstance(statement, ast.ClassDef):
        return "" if any(map(_is_container, statement.body)) else "class"
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        decorators = (dotted_path(decorator).rpartition(".")[2] for decorator in statement.decorator_list)
        return "function" if all(name in STEADY_DECORATORS for name in decorators) else ""
    return "import" if isinstance(statement, ast.Import | ast.ImportFrom) else ""


def only_shows(statement: ast.stmt) -> bool:
    """Whether a statement without effects of its own is there to show something."""
    if not isinstance(statement, ast.Expr):
        return False
    value = statement.value
    return not isinstance(value, ast.Call) or dotted_path(value.func) in HARMLESS - {"exec", "eval"}


def find_makers(value: ast.expr) -> Iterator[str]:
    """See ``Facts.makers``."""
    if isinstance(value, ast.GeneratorExp):
        yield ARGUMENT
    elif isinstance(value, ast.Call):
        yield dotted_path(value.func)
    elif isinstance(value, ast.Tuple | ast.List | ast.Dict):
        for part in value.values if isinstance(value, ast.Dict) else value.elts:
            yield from find_makers(part)


def _is_container(statement: ast.stmt) -> bool:
    """Whether a class's statement makes a list or the like that all its objects share."""
    value = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else None
    if isinstance(value, ast.Call):
        return dotted_path(value.func).rpartition(".")[2] in CONTAINERS
    return isinstance(value, ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp)
