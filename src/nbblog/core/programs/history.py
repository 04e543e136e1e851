"""What happens to names and objects when statements run one after another.

An object is known by the place of the statement that made it, a package with all its modules by a place behind those.
Sets of objects are whole numbers with one bit for each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .effects import MOST_STEPS, Effects, TooLarge, bits
from .facts import ARGUMENT, Facts
from .words import LAZY, LOOKING


@dataclass(slots=True)
class Writes:
    """The statements that bind one name, in order."""

    places: list[int] = field(default_factory=list)
    certain: list[bool] = field(default_factory=list)
    """Whether what the name was before does not matter any more."""
    own: list[int] = field(default_factory=list)
    """After each, the objects that the name may stand for, or for a part of."""
    all: list[int] = field(default_factory=list)
    """The same, with those that they may hold and the classes that they may be of."""


class History:
    """All statements followed from the first to the last. Making one raises ``TooLarge``."""

    def __init__(self, facts: Sequence[Facts]) -> None:
        self.effects = Effects(facts)
        self.writes: dict[str, Writes] = {}
        self.changes: list[tuple[int, int]] = []
        """The places at which objects may be changed, each with those objects."""
        self._packages: dict[str, int] = {}
        self._end = len(facts)
        self._steps = 0
        self._classes = _mask(place for place, fact in enumerate(facts) if fact.makes == "class")
        self._plain = _mask(place for place, fact in enumerate(facts) if not fact.makes)
        self._lazy_makers = {ARGUMENT} | LAZY | {name for fact in facts if fact.yields for name in fact.binds}
        self._lazy = 0
        """Iterators: whoever reads one, changes it."""
        self._held: dict[int, int] = {}
        """For an object, those that it was given to hold."""
        self._holders = 0
        for place, fact in enumerate(facts):
            self._follow(place, fact)

    def with_held(self, things: int) -> int:
        """The objects, and those that they were given to hold."""
        done = 0
        while waiting := things & self._holders & ~done:
            for thing in bits(waiting):
                things |= self._held[thing]
            done |= waiting
        return things

    def _own(self, name: str) -> int:
        writes = self.writes.get(name)
        return writes.own[-1] if writes else 0

    def _all(self, names: Iterable[str]) -> int:
        found = 0
        for name in names:
            if writes := self.writes.get(name):
                found |= writes.all[-1]
        return self.with_held(found)

    def _package(self, name: str) -> int:
        """The package of an imported name."""
        place = self._packages.setdefault(self.effects.package_of(name), self._end + len(self._packages))
        return 1 << place

    def _follow(self, place: int, fact: Facts) -> None:
        written = self._written_by_functions(fact)
        names, things = self._changed(fact, written)
        self._steps += len(names) + len(fact.binds) + sum(map(len, (*fact.same.values(), *fact.held.values())))
        if self._steps > MOST_STEPS:
            raise TooLarge
        if things:
            self.changes.append((place, things))
        if fact.makers & self._lazy_makers:
            self._lazy |= 1 << place
        known = {name for name in names if name in self.writes and name not in self.effects.imports}
        # What a function writes may be any object that it knows.
        used = fact.uses | fact.later_uses
        around = self._all(used.union(self.effects.read_by(used))) & self._plain if written else 0
        after = [
            (name, *self._after(name, place, fact, around if name in written else 0))
            for name in fact.binds | written | known
        ]
        for name, held in fact.held.items():
            if name in names:
                parts = self._all(fact.same.get(name, ()))  # a loop's variable is one
                self._hold(parts | (self._own(name) if name in fact.changes else self._all([name])), held)
        for name, own, everything in after:
            writes = self.writes.setdefault(name, Writes())
            writes.places.append(place)
            writes.certain.append(name in fact.kills)
            writes.own.append(own)
            writes.all.append(everything)

    def _written_by_functions(self, fact: Facts) -> set[str]:
        """The names that functions which the statement calls may bind, or whose objects they may change."""
        if not fact.invokes or (fact.calls and all(call.path in LOOKING for call in fact.calls)):
            return set()
        found = set(self.effects.written_by(fact.uses))
        if not fact.makes:  # a function without a name, or one that is decorated, may run at once
            found |= self.effects.changed_by(fact.later_calls).union(fact.later_changes)
            found.update(self.effects.written_by(fact.later_uses))
        return found - {ARGUMENT}

    def _hold(self, holders: int, names: Iterable[str]) -> None:
        """Note that objects hold those of the names from now on."""
        held = self._all(names) & (self._plain | self._classes)
        for thing in bits(holders & self._plain if held else 0):
            self._held[thing] = self._held.get(thing, 0) | held
        self._holders |= holders & self._plain if held else 0

    def _after(self, name: str, place: int, fact: Facts, around: int) -> tuple[int, int]:
        """The objects that a name may stand for after a statement, ``around`` among them, and all that matter to it."""
        own = everything = 1 << place | around
        if name not in fact.kills or name in fact.changes:  # `a += b` leaves a list what it is
            own |= self._own(name)
            everything |= self._all([name])
        if name in fact.imports:
            own |= self._package(name)
        elif fact.makes:
            everything |= self._all(fact.uses) & self._classes
        else:
            sources = fact.same.get(name, frozenset())
            same = self._all(sources) | self._all(self.effects.read_by(sources))
            own |= same & self._plain
            everything |= (same | self._all(fact.held.get(name, ()))) & (self._plain | self._classes)
        return own, own | everything

    def _changed(self, fact: Facts, written: set[str]) -> tuple[set[str], int]:
        """The names whose objects a statement may change, and the objects."""
        shallow, deep = set(fact.changes), fact.deep_changes | written
        for call in fact.calls:
            changed = self.effects.changed_by_call(call)
            if not call.deep:
                shallow |= changed & {call.path.partition(".")[0]}
            deep |= changed - shallow
            if given := changed & call.arguments:  # one may keep another
                self._hold(self._all(given), call.arguments)
        if self._lazy:
            deep |= {name for name in fact.uses if self._lazy & self._all([name])}
        # A loop's variable is a part of what the loop goes through.
        deep |= {source for name in (shallow | deep) & fact.binds for source in fact.same.get(name, ())}
        things = self._all(deep) & ~self._classes
        for name in shallow | deep:
            things |= self._own(name)
            if name in self.effects.imports:
                things |= self._package(name)
        return shallow | deep, things


def _mask(places: Iterable[int]) -> int:
    mask = 0
    for place in places:
        mask |= 1 << place
    return mask
