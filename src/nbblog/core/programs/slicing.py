"""The smallest list of statements that a cell needs, from their facts.

A value is needed at a place: the statements that last bound the name before it, and those that changed its objects in
place before it, are needed too, and so on. What a function reads is looked up where the function may run, not where it
is defined. Where the facts leave a doubt, a statement is kept: one too many costs a moment, one too few a wrong answer.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .facts import ARGUMENT, Call, Facts
from .words import CHANGING, DRAWING, HARMLESS, SETTING, STATEFUL


@dataclass(frozen=True, slots=True)
class Slice:
    """What was found."""

    kept: tuple[int, ...]
    """The places of the statements that are needed, in order."""
    unknown: tuple[str, ...]
    """The names that no statement binds, in alphabetical order; built-in names are among them."""


def slice_statements(facts: Sequence[Facts], first: int) -> Slice:
    """Find what the statements from ``first`` on need of those before it; they themselves are always kept."""
    slicer = _Slicer(facts, first)
    slicer.keep_needed()
    return Slice(tuple(sorted(slicer.kept)), tuple(sorted(slicer.unknown)))


# --- Functions ------------------------------------------------------------------------------------------------------


class Functions:
    """What may happen when the value of a name runs: which names of the notebook it reads and which it changes."""

    def __init__(self, facts: Sequence[Facts]) -> None:
        self.imports: dict[str, str] = {}
        self.defined: set[str] = set()
        """Names of functions and classes, which calls leave as they are."""
        for fact in facts:
            self.imports.update(fact.imports)
            if fact.defines:
                self.defined |= fact.binds
        self.reads: dict[str, set[str]] = {}
        self.writes: dict[str, set[str]] = {}
        linked = [fact for fact in facts if fact.binds or fact.changes]
        for fact in linked:
            if fact.later_uses or fact.later_changes or fact.later_calls or fact.defines:
                for name in fact.binds | fact.changes:
                    self.reads.setdefault(name, set()).update(fact.later_uses)
                    self.writes.setdefault(name, set()).update(fact.later_changes)
        news = bool(self.reads)
        while news:
            news = False
            for fact in linked:
                reads, writes = self._together(fact)
                for name in fact.binds | fact.changes:
                    news = _grow(self.reads, name, reads) or news
                    news = _grow(self.writes, name, writes) or news

    def _together(self, fact: Facts) -> tuple[set[str], set[str]]:
        """What the functions that a statement uses read and write."""
        reads: set[str] = set()
        writes = self.called(fact.later_calls)
        for name in fact.uses | fact.later_uses:
            reads |= self.reads.get(name, set())
            # What one function does to its arguments is not done to those of another that uses it; calls tell.
            writes |= self.writes.get(name, set()) - {ARGUMENT}
        for sources in fact.shares.values():
            if any(ARGUMENT in self.writes.get(source, ()) for source in sources):
                writes.add(ARGUMENT)  # another name for the function
        return reads, writes

    def called(self, calls: Iterable[Call]) -> set[str]:
        """The names whose objects calls may change, ``ARGUMENT`` among them."""
        changed: set[str] = set()
        for call in calls:
            changed |= self._changed_by(call)
        return changed

    def _changed_by(self, call: Call) -> set[str]:
        root, _, method = call.path.partition(".")
        name = method.rpartition(".")[2] or root
        arguments = set(call.arguments)
        if root not in self.imports:
            if not method:
                known = ARGUMENT in self.writes.get(root, ())
                changed = arguments if known or name in CHANGING or (call.bare and self._unknown(root)) else set()
                return changed if call.steady or root in self.defined else changed | {root}
            return set() if call.steady else {root}
        module = self.imports[root]
        full = f"{module}.{method}" if method else module
        if full.startswith(STATEFUL) or name in CHANGING:
            return arguments | {root}
        if not call.bare or (method and call.steady):
            return set()
        if module.startswith(DRAWING) or full.startswith(DRAWING):
            return {root} if SETTING & set(full.split(".")) or name.startswith("set_") else set()
        return arguments | {root}

    def _unknown(self, name: str) -> bool:
        """Whether nothing is known of a function: neither built in, nor defined in the notebook."""
        return name not in HARMLESS and name not in self.reads


def _grow(table: dict[str, set[str]], name: str, more: set[str]) -> bool:
    """Add to a set in a table; whether that was news."""
    if not more:
        return False
    have = table.setdefault(name, set())
    before = len(have)
    have |= more
    return len(have) > before


# --- Places ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Writes:
    """The statements that bind one name, in order."""

    places: list[int] = field(default_factory=list)
    certain: list[bool] = field(default_factory=list)
    objects: list[frozenset[int]] = field(default_factory=list)
    """After each, the objects that the name may stand for, each by the place of the statement that made it."""


class _Slicer:
    def __init__(self, facts: Sequence[Facts], first: int) -> None:
        self.facts = facts
        self.first = first
        self.kept: set[int] = set()
        self.unknown: set[str] = set()
        self.functions = Functions(facts)
        self.writes: dict[str, _Writes] = {}
        self.changers: dict[int, list[int]] = {}
        """For each object, the statements that may change it."""
        self._asked: set[tuple[str, int]] = set()
        self._waiting: list[int] = []
        for place, fact in enumerate(facts):
            self._follow(place, fact)

    def _follow(self, place: int, fact: Facts) -> None:
        """Note what one statement binds and changes, given all before it."""
        changed = set(fact.changes) | self.functions.called(fact.calls)
        if fact.invokes:
            for name in fact.uses:
                changed |= self.functions.writes.get(name, set())
        changed.discard(ARGUMENT)
        # A loop's variable is a part of what the loop goes through.
        changed |= {source for name in changed & fact.binds for source in fact.shares.get(name, ())}
        bound = fact.binds | {name for name in changed if name not in fact.binds and name not in self.functions.imports}
        before = {name: self._objects(name) for name in (changed | fact.binds)}
        for target in before.values():
            for thing in target:
                self.changers.setdefault(thing, [])
        for name in changed:
            for thing in before[name]:
                self.changers[thing].append(place)
        shared = {name: self._shared(fact.shares.get(name, frozenset())) for name in bound}
        for name in sorted(bound):
            certain = name in fact.kills
            objects = frozenset({place}) | shared[name] | (frozenset() if certain else before[name])
            if fact.defines:
                objects = frozenset({place})
            self._write(name, place, certain, objects)
        for name in changed & self.functions.imports.keys():
            self._write(name, place, False, before[name] | {place})

    def _write(self, name: str, place: int, certain: bool, objects: frozenset[int]) -> None:
        writes = self.writes.setdefault(name, _Writes())
        writes.places.append(place)
        writes.certain.append(certain)
        writes.objects.append(objects)

    def _objects(self, name: str) -> frozenset[int]:
        writes = self.writes.get(name)
        return writes.objects[-1] if writes else frozenset()

    def _shared(self, names: Iterable[str]) -> frozenset[int]:
        """The objects of several names; functions and modules have no parts to share."""
        found: set[int] = set()
        for name in names:
            found.update(thing for thing in self._objects(name) if not self.facts[thing].defines)
        return frozenset(found)

    def keep_needed(self) -> None:
        """Go from what is needed to what that needs, until nothing is new."""
        end = len(self.facts)
        for place in range(self.first, end):
            self._keep(place)
            fact = self.facts[place]
            self._need(fact.later_uses, end)
            for name in fact.uses | fact.later_uses:
                self._need(self.functions.reads.get(name, ()), end)
        while self._waiting:
            place = self._waiting.pop()
            fact = self.facts[place]
            self._need(fact.uses, place)
            if fact.invokes:
                for name in fact.uses:
                    self._need(self.functions.reads.get(name, ()), place)

    def _keep(self, place: int) -> None:
        if place not in self.kept:
            self.kept.add(place)
            self._waiting.append(place)

    def _need(self, names: Iterable[str], place: int) -> None:
        """Keep what gives the names the values that they have just before ``place``."""
        for name in names:
            writes = self.writes.get(name)
            if writes is None:
                self.unknown.add(name)
                continue
            at = bisect_left(writes.places, place)
            if (name, at) in self._asked or not at:
                continue
            self._asked.add((name, at))
            for thing in writes.objects[at - 1]:
                for changer in self.changers.get(thing, ()):
                    if changer < place:
                        self._keep(changer)
            while at:
                at -= 1
                self._keep(writes.places[at])
                if writes.certain[at]:
                    break
