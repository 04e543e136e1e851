"""Which names stand in an expression or a target, and what they have to do with its value."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from .words import SCALARS

# --- What is certain ------------------------------------------------------------------------------------------------


def certain_names(body: Iterable[ast.stmt]) -> set[str]:
    """The names that are bound for certain when the statements have run."""
    found: set[str] = set()
    for node in body:
        if isinstance(node, ast.Assign | ast.Delete):
            found.update(name for target in node.targets for name in plain_names(target))
        elif isinstance(node, ast.AugAssign) or (isinstance(node, ast.AnnAssign) and node.value is not None):
            found.update(plain_names(node.target))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found.update(alias.asname or alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.If):
            found |= certain_names(node.body) & certain_names(node.orelse)
        elif type(node).__name__ == "TypeAlias":
            found.update(plain_names(node.name))  # type: ignore[attr-defined]
    return found


def plain_names(target: ast.AST) -> Iterator[str]:
    """The plain names in an assignment's target."""
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, ast.Tuple | ast.List):
        for element in target.elts:
            yield from plain_names(element)
    elif isinstance(target, ast.Starred):
        yield from plain_names(target.value)


# --- Expressions ----------------------------------------------------------------------------------------------------

_FRESH = (ast.Constant, ast.JoinedStr, ast.Compare, ast.Lambda, ast.UnaryOp)


def shared_names(node: ast.AST) -> set[str]:
    """The names whose objects an expression's value may be, or may hold."""
    if isinstance(node, ast.Name):
        return {node.id}
    if isinstance(node, _FRESH):
        return set()
    if isinstance(node, ast.Subscript):
        return shared_names(node.value)
    if isinstance(node, ast.Call):
        function = node.func
        if isinstance(function, ast.Name) and function.id in SCALARS:
            return set()
    return set().union(*(shared_names(child) for child in ast.iter_child_nodes(node)))


def dotted_path(node: ast.AST) -> str:
    """``a.b.c`` of names and attributes, also through subscripts and calls; empty where no name is at the root."""
    parts: list[str] = []
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Subscript | ast.Starred | ast.Await):
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        else:
            return ""
    return ".".join([node.id, *reversed(parts)])


def called_methods(function: ast.AST) -> Iterator[str]:
    """The names of the methods called in ``a.b().c.d()``: ``d`` and ``b``."""
    if isinstance(function, ast.Attribute):
        yield function.attr
    while isinstance(function, ast.Attribute | ast.Subscript | ast.Call):
        if isinstance(function, ast.Call):
            function = function.func
            if isinstance(function, ast.Attribute):
                yield function.attr
        else:
            function = function.value


def base_names(target: ast.AST) -> Iterator[str]:
    """The names that a target binds or changes: ``a`` of ``a``, ``a.b``, ``a[0]``."""
    if isinstance(target, ast.Tuple | ast.List):
        for element in target.elts:
            yield from base_names(element)
    elif root := dotted_path(target).partition(".")[0]:
        yield root


def captured_names(pattern: ast.AST, *, deep: bool = True) -> Iterator[str]:
    """The names that a pattern of ``match`` binds."""
    for node in ast.walk(pattern) if deep else [pattern]:
        name = getattr(node, "name", None) or getattr(node, "rest", None)
        if isinstance(name, str):
            yield name
