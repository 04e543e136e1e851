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
    declare_globals(body, scope)
    passed: set[str] = set()
    for node in _within(body):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            scope.own.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            scope.own.add(node.name)
        elif isinstance(node, ast.alias):
            scope.own.add(node.asname or node.name.partition(".")[0])
        elif isinstance(node, ast.Nonlocal):
            passed.update(node.names)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            scope.own.add(node.name)
        elif type(node).__name__ in ("MatchAs", "MatchStar", "MatchMapping"):
            scope.own.update(captured_names(node, deep=False))
    scope.own -= scope.outside | passed


def declare_globals(body: Iterable[ast.AST], scope: Scope) -> None:
    scope.outside.update(name for node in _within(body) if isinstance(node, ast.Global) for name in node.names)


_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def _within(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """The nodes of a scope itself, without those of functions, classes and comprehensions in it (but with what an
    assignment expression in a comprehension binds)."""
    waiting = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, _COMPREHENSIONS):
            waiting.extend(part.target for part in ast.walk(node) if isinstance(part, ast.NamedExpr))
            continue
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            waiting.extend(ast.iter_child_nodes(node))
