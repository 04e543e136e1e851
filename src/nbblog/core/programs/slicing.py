"""The smallest list of statements that a cell needs, from their facts.

A value is needed at a place: the statements that last bound the name before it, and those that changed its objects in
place before it, are needed too, and so on. What a function reads is looked up where the function may run, not where it
is defined. Where the facts leave a doubt, a statement is kept: one too many costs a moment, one too few a wrong answer.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .effects import MOST_STEPS, TooLarge
from .facts import Facts
from .history import History
from .words import BUILT_IN, OPAQUE


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
    that is kept does that, or where a name is unknown: then all are, but for those that only show something. So it is
    where the search would take too long."""
    try:
        search = _Search(facts, History(facts))
        search.run(first)
    except TooLarge:
        return Slice(tuple(place for place, fact in enumerate(facts) if place >= first or not fact.shows), ())
    if any(_is_opaque(facts[place]) for place in search.kept) or (
        not search.unknown <= BUILT_IN and any(map(_is_opaque, facts))
    ):
        search.keep_all(first)
    return Slice(tuple(sorted(search.kept)), tuple(sorted(search.unknown)))


def _is_opaque(fact: Facts) -> bool:
    return bool((fact.uses | fact.later_uses) & OPAQUE - fact.binds or fact.uses & {"locals", "vars"})


class _Search:
    """Goes from what is needed to what that needs, until nothing is new."""

    def __init__(self, facts: Sequence[Facts], history: History) -> None:
        self.kept: set[int] = set()
        self.unknown: set[str] = set()
        self._facts = facts
        self._history = history
        self._asked: set[tuple[str, int]] = set()
        self._looked_up: set[tuple[int, int]] = set()
        self._waiting: list[int] = []
        self._steps = 0

    def run(self, first: int) -> None:
        """Keep the statements from ``first`` on, and all that they need."""
        end = len(self._facts)
        for place in range(first, end):
            self._keep(place)
            fact = self._facts[place]
            # The page calls the cell's functions when all of it has run.
            self._need(fact.later_uses, end)
            self._need(self._history.effects.read_by(fact.uses | fact.later_uses), end)
        self._follow()

    def _follow(self) -> None:
        while self._waiting:
            place = self._waiting.pop()
            fact = self._facts[place]
            self._need(fact.uses, place)
            if fact.invokes:
                at_once = fact.uses if fact.makes else fact.uses | fact.later_uses
                self._need(at_once, place)
                self._need(self._history.effects.read_by(at_once), place)

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
            self._steps += 1
            if self._steps > MOST_STEPS:
                raise TooLarge
            writes = self._history.writes.get(name)
            if writes is None:
                self.unknown.add(name)
                continue
            at = bisect_left(writes.places, place)
            if not at:
                continue
            self._need_changes(self._history.with_held(writes.all[at - 1]), place)
            if (name, at) in self._asked:
                continue
            self._asked.add((name, at))
            while at:
                at -= 1
                self._keep(writes.places[at])
                if writes.certain[at]:
                    break

    def _need_changes(self, things: int, place: int) -> None:
        """Keep what changes any of the objects before ``place``."""
        if (things, place) in self._looked_up:
            return
        self._looked_up.add((things, place))
        for changer, changed in self._history.changes:
            if changer >= place:
                break
            if changed & things:
                self._keep(changer)
