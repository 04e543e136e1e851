"""What a statement is found to do, name by name, while its syntax tree is walked.

Python's rules of scope are followed here and not taken from ``symtable``, whose tables differ between versions: the
author's kernel and the publishing Python must come to the same program.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator

from .facts import ARGUMENT, Call
from .names import called_methods, dotted_path, shared_names
from .scopes import Scope, spread
from .words import HARMLESS, STEADY


class Ledger:
    """What has been found of one statement so far, and the scope that is being read."""

    def __init__(self) -> None:
        self.uses: set[str] = set()
        self.later_uses: set[str] = set()
        self.binds: set[str] = set()
        self.changes: set[str] = set()
        self.later_changes: set[str] = set()
        self.calls: list[Call] = []
        self.later_calls: list[Call] = []
        self.shares: dict[str, set[str]] = {}
        self.imports: dict[str, str] = {}
        self.modules: set[str] = set()
        self.stars: list[str] = []
        self.invokes = False
        self.scope: Scope | None = None
        self.later = False
        """Whether what is read now runs only when a function is called."""

    # Names.

    def owner(self, name: str) -> Scope | None:
        """The scope that a name belongs to; ``None`` is the notebook's own."""
        scope = self.scope
        while scope is not None:
            if name in scope.outside:
                return None
            if name in scope.own and (scope.kind != "class" or scope is self.scope):
                return scope
            scope = scope.parent
        return None

    def use(self, name: str) -> None:
        if self.owner(name) is None:
            (self.later_uses if self.later else self.uses).add(name)

    def bind(self, name: str) -> None:
        scope = self.scope
        if scope is not None and scope.kind == "class" and name not in scope.outside:
            scope.own.add(name)
        elif self.owner(name) is None:
            (self.later_changes if self.later else self.binds).add(name)

    def change(self, names: Iterable[str]) -> None:
        """Note that the objects of names are changed in place."""
        for name in names:
            owner = self.owner(name)
            if owner is not None:
                owner.changed.add(name)
            elif self.later:
                self.later_changes.add(name)
            else:
                self.changes.add(name)

    def share(self, names: Iterable[str], sources: set[str]) -> None:
        """Note that after this, ``names`` may stand for objects, or parts of objects, of ``sources``."""
        if not sources:
            return
        for name in names:
            owner = self.owner(name)
            if owner is not None:
                owner.shares.setdefault(name, set()).update(sources)
            elif not self.later:
                self.shares.setdefault(name, set()).update(sources)

    def bring(self, name: str, path: str, module: str) -> None:
        """Note an import: ``name`` stands for what has the dotted name ``path`` and comes from ``module``."""
        self.modules.add(module)
        if self.scope is None:
            self.imports[name] = path
        self.bind(name)

    # Scopes.

    def enter(self, scope: Scope, body: Callable[[], None], *, later: bool) -> None:
        """Read within a scope, and tell what it changed of things that came from outside."""
        before = self.later
        self.scope, self.later = scope, before or later
        body()
        changed = spread(scope.changed, scope.shares)
        outside = {name for name in changed - scope.own if name not in scope.given}
        self.change(outside)
        self.scope, self.later = scope.parent, before
        if changed & scope.given:
            self.later_changes.add(ARGUMENT)

    def call(self, node: ast.Call, *, bare: bool) -> None:
        """Note a call, with what it may be given."""
        self.invokes = True
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        arguments = set().union(*map(shared_names, given)) if given else set()
        path = dotted_path(node.func)
        root, _, method = path.partition(".")
        if not root:
            return
        names = method.split(".") if method else []
        in_place = any(keyword.arg == "inplace" for keyword in node.keywords)
        if names:
            steady = not in_place and all(name in STEADY for name in called_methods(node.func))
            if arguments and not steady:
                self.share([root], arguments)
        else:
            steady = root in HARMLESS
        owner = self.owner(root)
        if owner is not None:  # a function's own variable: nothing more will be known of it
            if not steady:
                self.change([root] if names else arguments)
            return
        scoped = frozenset(self._as_given(arguments))
        calls = self.later_calls if self.later else self.calls
        calls.append(Call(path, scoped, bare, steady))

    def _as_given(self, names: set[str]) -> Iterator[str]:
        """The names as the notebook's scope knows them: its own, and ``ARGUMENT`` for parameters."""
        for name in names:
            owner = self.owner(name)
            if owner is None:
                yield name
                continue
            for source in spread([name], owner.shares):
                if source in owner.given:
                    yield ARGUMENT
                elif self.owner(source) is None:
                    yield source
