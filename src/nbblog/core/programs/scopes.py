"""Python's scopes within one statement: functions, classes and comprehensions, and the names that are their own."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .names import captured_names


@dataclass(slots=True, eq=False)
class Scope:
    """A function, class or comprehension within a statement."""

    kind: str
    parent: Scope | None
    name: str = ""
    """Of a class."""
    own: set[str] = field(default_factory=set)
    outside: set[str] = field(default_factory=set)
    """Declared ``global``."""
    given: set[str] = field(default_factory=set)
    """The parameters whose arguments come from elsewhere."""
    changed: set[str] = field(default_factory=set)
    """Names whose objects are changed in place."""
    deeply: set[str] = field(default_factory=set)
    """Names of which something is changed that they may only hold."""
    same: dict[str, set[str]] = field(default_factory=dict)
    held: dict[str, set[str]] = field(default_factory=dict)
    """For each name, where its values come from; see ``Sources``."""

    def all_changed(self) -> set[str]:
        """The changed names, and those that their values come from and are changed with them."""
        found = self.changed | self.sources_of(self.deeply)
        return found | self.sources_of(source for name in self.changed for source in self.same.get(name, ()))

    def sources_of(self, names: Iterable[str]) -> set[str]:
        """The names, and all that their values come from, by way of others too."""
        found = set(names)
        waiting = list(found)
        while waiting:
            name = waiting.pop()
            new = (self.same.get(name, set()) | self.held.get(name, set())) - found
            found |= new
            waiting.extend(new)
        return found


def collect_names(body: Iterable[ast.AST], scope: Scope) -> None:
    """Give a function's scope the names that it binds anywhere in its body."""
    passed: set[str] = set()
    for node in _within(body):
        kind = type(node)
        if kind is ast.Name:
            scope.own.add(node.id)  # type: ignore[attr-defined]
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            scope.own.add(node.name)
        elif isinstance(node, ast.alias):
            scope.own.add(node.asname or node.name.partition(".")[0])
        elif isinstance(node, ast.Global):
            scope.outside.update(node.names)
        elif isinstance(node, ast.Nonlocal):
            passed.update(node.names)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            scope.own.add(node.name)
        elif kind.__name__ in ("MatchAs", "MatchStar", "MatchMapping"):
            scope.own.update(captured_names(node, deep=False))
    scope.own -= scope.outside | passed


def declare_globals(body: Iterable[ast.AST], scope: Scope) -> None:
    """Give a class's scope the names that it declares to be global."""
    scope.outside.update(name for node in _within(body) if isinstance(node, ast.Global) for name in node.names)


_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_CLOSED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def _within(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """The nodes of a scope itself that may bind or declare names, without those of functions, classes and
    comprehensions in it (but with what an assignment expression in a comprehension binds)."""
    waiting = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                yield node
        elif isinstance(node, _COMPREHENSIONS):
            waiting.extend(part.target for part in ast.walk(node) if isinstance(part, ast.NamedExpr))
        elif isinstance(node, ast.expr):
            if not isinstance(node, ast.Constant | ast.Lambda):
                _add_children(node, waiting)
        else:
            yield node
            if not isinstance(node, _CLOSED):
                _add_children(node, waiting)


def _add_children(node: ast.AST, waiting: list[ast.AST]) -> None:
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            waiting.extend(one for one in value if isinstance(one, ast.AST))
        elif isinstance(value, ast.AST) and not isinstance(value, LEAVES):
            waiting.append(value)


LEAVES = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.Constant)
"""Nodes that hold no names; skipping them saves a third of the time."""
