"""Which names stand in an expression or a target, and what they have to do with its value."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .words import CONTAINERS, FRESH, HARMLESS, SCALARS

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
            # `import a.b` puts `b` into whatever `a` is already.
            found.update(alias.asname or alias.name for alias in node.names if alias.asname or "." not in alias.name)
            found.discard("*")
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

_NEW = (ast.Constant, ast.JoinedStr, ast.Compare, ast.UnaryOp)
_DISPLAYS = (ast.List, ast.Tuple, ast.Set, ast.Dict, ast.BinOp, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True, slots=True)
class Sources:
    """The names that an expression's value comes from."""

    same: frozenset[str] = frozenset()
    """The value may be an object of theirs, or a part of one: who changes it changes them."""
    held: frozenset[str] = frozenset()
    """The value is new, but may hold objects of theirs."""

    @property
    def all(self) -> frozenset[str]:
        return self.same | self.held


_NONE = Sources()


def value_sources(node: ast.AST) -> Sources:
    """Where an expression's value comes from, as far as its form tells."""
    if isinstance(node, ast.Name):
        return Sources(frozenset({node.id}))
    if isinstance(node, _NEW):
        return _NONE
    if isinstance(node, ast.Subscript | ast.Attribute | ast.Starred | ast.NamedExpr):
        return value_sources(node.value)
    if isinstance(node, ast.IfExp):
        return _together([node.body, node.orelse])
    if isinstance(node, _COMPREHENSIONS):
        own = {name for generator in node.generators for name in plain_names(generator.target)}
        return Sources(held=_together(ast.iter_child_nodes(node)).all - own)
    if isinstance(node, ast.Call):
        return _call_sources(node)
    if isinstance(node, ast.BinOp) and isinstance(node.left, ast.List) and isinstance(node.op, ast.Mult):
        return value_sources(node.left)  # the other one is a number
    sources = _together(ast.iter_child_nodes(node))
    return Sources(held=sources.all) if isinstance(node, _DISPLAYS) else sources


def _call_sources(node: ast.Call) -> Sources:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name in FRESH:
        return _NONE
    given = _together([*node.args, *(keyword.value for keyword in node.keywords)])
    if name in CONTAINERS:
        return Sources(held=given.all)
    if isinstance(node.func, ast.Attribute) and node.func.attr in ("copy", "deepcopy"):
        return Sources(held=given.all | value_sources(node.func).all)
    # What a function returns may be an object that it knows; `Effects` know more of functions with a name.
    called = _NONE if name in HARMLESS else value_sources(node.func)
    function = Sources(called.all) if isinstance(node.func, ast.Lambda) else called
    return Sources(function.same | given.same, function.held | given.held)


def _together(nodes: Iterable[ast.AST]) -> Sources:
    found = [value_sources(node) for node in nodes]
    same: frozenset[str] = frozenset().union(*(sources.same for sources in found))
    return Sources(same, frozenset().union(*(sources.held for sources in found)))


def is_scalar(node: ast.AST) -> bool:
    """Whether a value is certainly a number, a text, a truth value or a tuple of them, which nothing can change."""
    if isinstance(node, ast.BinOp):
        return is_scalar(node.left) and is_scalar(node.right)
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.Not) or is_scalar(node.operand)
    if isinstance(node, ast.Tuple):
        return all(map(is_scalar, node.elts))
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in SCALARS
    return isinstance(node, ast.Constant | ast.JoinedStr)


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
