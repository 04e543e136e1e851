"""The smallest list of statements that a cell needs, from their facts.

A value is needed at a place: the statements that last bound the name before it, and those that changed its objects in
place before it, are needed too, and so on. What a function reads is looked up where the function may run, not where it
is defined. Where the facts leave a doubt, a statement is kept: one too many costs a moment, one too few a wrong answer.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .effects import Effects
from .facts import ARGUMENT, Facts
from .words import BUILT_IN, LAZY, OPAQUE


@dataclass(frozen=True, slots=True)
class Slice:
    """What was found."""

    kept: tuple[int, ...]
    """The places of the statements that are needed, in order."""
    unknown: tuple[str, ...]
    """The names that no statement binds, in alphabetical order; built-in names are among them."""


def slice_statements(facts: Sequence[Facts], first: int) -> Slice:
    """Find what the statements from ``first`` on need of those before it; they themselves are always kept.

    Statements before ``first`` that reach names by way of text (``exec``, ``globals()``) are needed where a statement
    that is kept does that, or where a name is unknown; what such code may read, is all there is."""
    search = _Search(facts, _History(facts))
    search.run(first)
    if any(_is_opaque(facts[place]) for place in search.kept) or (
        not search.unknown <= BUILT_IN and any(map(_is_opaque, facts))
    ):
        search.keep_all(first)
    return Slice(tuple(sorted(search.kept)), tuple(sorted(search.unknown)))


def _is_opaque(fact: Facts) -> bool:
    return bool((fact.uses | fact.later_uses) & OPAQUE - fact.binds or fact.uses & {"locals", "vars"})


_Thing = int | str
"""An object, by the place of the statement that made it; a package with all its modules, by its name."""


_Things = frozenset[_Thing]
_NOTHING: _Things = frozenset()


@dataclass(slots=True)
class _Writes:
    """The statements that bind one name, in order."""

    places: list[int] = field(default_factory=list)
    certain: list[bool] = field(default_factory=list)
    own: list[_Things] = field(default_factory=list)
    """After each, the objects that the name may stand for, or for a part of."""
    all: list[_Things] = field(default_factory=list)
    """The same, with those that they may hold and the classes that they may be of."""


class _History:
    """What happens to names and objects when the statements run one after another."""

    def __init__(self, facts: Sequence[Facts]) -> None:
        self.effects = Effects(facts)
        self.writes: dict[str, _Writes] = {}
        self.changers: dict[_Thing, list[int]] = {}
        """For each object, the statements that may change it, in order."""
        self._facts = facts
        self._lazy_makers = {ARGUMENT} | LAZY | {name for fact in facts if fact.yields for name in fact.binds}
        self._lazy: set[_Thing] = set()
        """Iterators: whoever reads one, changes it."""
        for place, fact in enumerate(facts):
            self._follow(place, fact)

    def _own(self, name: str) -> _Things:
        writes = self.writes.get(name)
        return writes.own[-1] if writes else _NOTHING

    def _all(self, name: str) -> _Things:
        writes = self.writes.get(name)
        return writes.all[-1] if writes else _NOTHING

    def _follow(self, place: int, fact: Facts) -> None:
        names, things = self._changed(fact)
        for thing in things:
            self.changers.setdefault(thing, []).append(place)
        if fact.makers & self._lazy_makers:
            self._lazy.add(place)
        made: _Things = frozenset({place})
        written: list[tuple[str, bool, _Things, _Things]] = []
        for name in fact.binds | names:
            if name not in fact.binds and name in self.effects.imports:
                continue
            certain = name in fact.kills
            own, everything = (made, made) if certain else (made | self._own(name), made | self._all(name))
            if name in fact.imports:
                package = {self.effects.package_of(name)}
                own, everything = own | package, everything | package
            else:
                same, held = self._sources(name, fact)
                own, everything = own | same, everything | same | held
            written.append((name, certain, own, everything))
        for name, certain, own, everything in written:
            self._write(name, place, certain, own, everything)

    def _sources(self, name: str, fact: Facts) -> tuple[_Things, _Things]:
        """The objects that a name's new value may be (a part of), and those that it may hold or be made after."""
        if fact.defines:
            return _NOTHING, frozenset(t for base in fact.uses for t in self._all(base) if self._is(t, "class"))
        same = {thing for source in fact.same.get(name, ()) for thing in self._all(source)}
        held = {thing for source in fact.held.get(name, ()) for thing in self._all(source)}
        plain = {thing for thing in same if self._is(thing, "")}
        return frozenset(plain), frozenset(t for t in same | held if self._is(t, "") or self._is(t, "class"))

    def _is(self, thing: _Thing, kind: str) -> bool:
        return isinstance(thing, int) and self._facts[thing].defines == kind

    def _changed(self, fact: Facts) -> tuple[set[str], set[_Thing]]:
        """The names whose objects a statement may change, or that functions which it calls may bind; the objects."""
        shallow, deep = set(fact.changes), set(fact.deep_changes)
        for call in fact.calls:
            changed = self.effects.changed_by_call(call)
            root = call.path.partition(".")[0]
            shallow |= changed & {root} if not call.deep else set()
            deep |= changed - shallow
        if fact.invokes:
            deep |= self.effects.written_by(fact.uses)
        if self._lazy:
            deep |= {name for name in fact.uses if self._lazy & self._all(name)}
        # A loop's variable is a part of what the loop goes through.
        deep |= {source for name in (shallow | deep) & fact.binds for source in fact.same.get(name, ())}
        things = {thing for name in shallow for thing in self._own(name)}
        things |= {t for name in deep for t in self._all(name) if not self._is(t, "class") or t in self._own(name)}
        things |= {self.effects.package_of(name) for name in shallow | deep if name in self.effects.imports}
        return shallow | deep, things

    def _write(self, name: str, place: int, certain: bool, own: _Things, everything: _Things) -> None:
        writes = self.writes.setdefault(name, _Writes())
        writes.places.append(place)
        writes.certain.append(certain)
        writes.own.append(own)
        writes.all.append(everything)


class _Search:
    """Goes from what is needed to what that needs, until nothing is new."""

    def __init__(self, facts: Sequence[Facts], history: _History) -> None:
        self.kept: set[int] = set()
        self.unknown: set[str] = set()
        self._facts = facts
        self._history = history
        self._asked: set[tuple[str, int]] = set()
        self._waiting: list[int] = []

    def run(self, first: int) -> None:
        """Keep the statements from ``first`` on, and all that they need."""
        end = len(self._facts)
        read_by = self._history.effects.read_by
        for place in range(first, end):
            self._keep(place)
            fact = self._facts[place]
            # The page calls the cell's functions when all of it has run.
            self._need(fact.later_uses | read_by(fact.uses | fact.later_uses), end)
        self._follow()

    def _follow(self) -> None:
        read_by = self._history.effects.read_by
        while self._waiting:
            place = self._waiting.pop()
            fact = self._facts[place]
            self._need(fact.uses, place)
            if fact.invokes:
                self._need(read_by(fact.uses), place)

    def keep_all(self, first: int) -> None:
        """Keep every statement before ``first`` that does more than to show something."""
        for place in range(first):
            if not self._facts[place].shows:
                self._keep(place)
        self._follow()

    def _keep(self, place: int) -> None:
        if place not in self.kept:
            self.kept.add(place)
            self._waiting.append(place)

    def _need(self, names: Iterable[str], place: int) -> None:
        """Keep what gives the names the values that they have just before ``place``."""
        for name in names:
            writes = self._history.writes.get(name)
            if writes is None:
                self.unknown.add(name)
                continue
            at = bisect_left(writes.places, place)
            if not at:
                continue
            for thing in writes.all[at - 1]:
                self._need_changes(thing, place)
            if (name, at) in self._asked:
                continue
            self._asked.add((name, at))
            while at:
                at -= 1
                self._keep(writes.places[at])
                if writes.certain[at]:
                    break

    def _need_changes(self, thing: _Thing, place: int) -> None:
        for changer in self._history.changers.get(thing, ()):
            if changer >= place:
                break
            self._keep(changer)
