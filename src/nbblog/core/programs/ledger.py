"""What a statement is found to do, name by name, while its syntax tree is walked.

Python's rules of scope are followed here and not taken from ``symtable``, whose tables differ between versions: the
author's kernel and the publishing Python must come to the same program.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator

from .facts import ARGUMENT, Call
from .names import Sources, called_methods, dotted_path, value_sources
from .scopes import Scope
from .words import HARMLESS, STEADY

MOST_JOINED = 100
"""Names in one block; where it binds more, each is taken to come from all that the block uses."""


MOST_NAMES = 500
"""Variables of one function; where it has more, each is taken to come from its arguments."""


class Ledger:
    """What has been found of one statement so far, and the scope that is being read."""

    def __init__(self) -> None:
        self.uses: set[str] = set()
        self.later_uses: set[str] = set()
        self.binds: set[str] = set()
        self.changes: set[str] = set()
        self.deep_changes: set[str] = set()
        self.later_changes: set[str] = set()
        self.calls: list[Call] = []
        self.later_calls: list[Call] = []
        self.same: dict[str, set[str]] = {}
        self.held: dict[str, set[str]] = {}
        self.imports: dict[str, str] = {}
        self.modules: set[str] = set()
        self.stars: list[str] = []
        self.invokes = self.yields = False
        self.scope: Scope | None = None
        self.later = False
        """Whether what is read now runs only when a function is called."""

    @property
    def has_effects(self) -> bool:
        """Whether what was found does more than to look."""
        return bool(self.binds or self.changes or self.deep_changes) or not all(call.steady for call in self.calls)

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

    def invoke(self) -> None:
        """Note that functions may run when the statement does."""
        self.invokes = self.invokes or not self.later

    def use(self, name: str) -> None:
        """Note that the statement reads a global name, or a function in it will when it is called."""
        if self.owner(name) is None:
            (self.later_uses if self.later else self.uses).add(name)

    def bind(self, name: str) -> None:
        """Note that the statement gives a name a value, in the class whose body it is in or as a global one."""
        scope = self.scope
        if scope is not None and scope.kind == "class" and name not in scope.outside:
            scope.own.add(name)
        elif self.owner(name) is None:
            (self.later_changes if self.later else self.binds).add(name)

    def change(self, names: Iterable[str], *, deep: bool = False) -> None:
        """Note that the objects of names are changed in place; ``deep`` ones perhaps that they only hold."""
        for name in names:
            owner = self.owner(name)
            if owner is not None:
                (owner.deeply if deep else owner.changed).add(name)
            elif self.later:
                self.later_changes.add(name)
            else:
                (self.deep_changes if deep else self.changes).add(name)

    def change_class(self) -> None:
        """Note that the class around is changed by one of its methods."""
        scope = self.scope
        while scope is not None and scope.kind != "class":
            scope = scope.parent
        if scope is not None and scope.parent is None:
            self.later_changes.add(scope.name)

    def share(self, names: Iterable[str], sources: Sources) -> None:
        """Note that after this, the values of ``names`` come from ``sources``."""
        for name in names:
            owner = self.owner(name)
            tables = (self.same, self.held) if owner is None else (owner.same, owner.held)
            if owner is not None or not self.later:
                for table, found in zip(tables, (sources.same, sources.held), strict=True):
                    if found:
                        table.setdefault(name, set()).update(found)

    def join_sources(self) -> None:
        """Within a block one name's value may come from another that the block binds: then also from its sources."""
        tables = (self.same, self.held)
        news = any(table.keys() & self.binds for table in tables)
        if news and sum(map(len, tables)) > MOST_JOINED:
            everything = set().union(*(sources for table in tables for sources in table.values()))
            for table in tables:
                table.update(dict.fromkeys(table, everything))
            return
        while news:
            news = False
            for table, other in ((self.same, self.same), (self.held, self.same), (self.held, self.held)):
                for sources in table.values():
                    found = sources.union(*(other.get(name, ()) for name in sources))
                    news = news or len(found) > len(sources)
                    sources |= found

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
        changed = scope.all_changed()
        self.change(changed - scope.own, deep=True)
        self.scope, self.later = scope.parent, before
        if changed & scope.given:
            self.later_changes.add(ARGUMENT)

    def call(self, node: ast.Call, *, bare: bool) -> None:
        """Note a call, with what it may be given."""
        self.invoke()
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        arguments = frozenset().union(*(value_sources(value).all for value in given))
        path = dotted_path(node.func)
        root, _, method = path.partition(".")
        if not root:
            return
        names = method.split(".") if method else []
        deep = not (isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name))
        in_place = any(keyword.arg == "inplace" for keyword in node.keywords)
        if names:
            steady = not in_place and all(name in STEADY for name in called_methods(node.func))
            if not steady:
                self.share([root], Sources(held=arguments))
        else:
            steady = root in HARMLESS
        owner = self.owner(root)
        if owner is not None:  # a function's own variable: nothing more will be known of it
            if not steady:
                self.change([root] if names else arguments, deep=deep or not names)
            return
        scoped = frozenset(self._as_given(arguments))
        first = frozenset(self._as_given(value_sources(given[0]).all)) if given else frozenset()
        calls = self.later_calls if self.later else self.calls
        calls.append(Call(path, scoped, first, bare, steady, deep))

    def _as_given(self, names: Iterable[str]) -> Iterator[str]:
        """The names as the notebook's scope knows them: its own, and ``ARGUMENT`` for parameters."""
        for name in names:
            owner = self.owner(name)
            if owner is None:
                yield name
                continue
            for source in owner.sources_of([name]) if len(owner.same) < MOST_NAMES else owner.given:
                if source in owner.given:
                    yield ARGUMENT
                elif self.owner(source) is None:
                    yield source
