"""What may happen when functions of the notebook run: which names they read, and whose objects they change."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from .facts import ARGUMENT, Call, Facts
from .words import CHANGING, DRAWING, HARMLESS, MAKERS, SETTING, STATEFUL

MOST_STEPS = 100_000
"""How often the search may look at something: a notebook that somebody wrote by hand needs a twentieth."""


class TooLarge(Exception):
    """The search would take too long."""


_GIVEN = 1
"""The bit of ``ARGUMENT``."""


class Effects:
    """The effects by name: of a function, and of whatever was made with one.

    Which of several values a name has at a time plays no part here: the effects of all of them are taken together.
    Sets of names are whole numbers with one bit for each: a notebook may have thousands of functions."""

    def __init__(self, facts: Sequence[Facts]) -> None:
        self.imports: dict[str, str] = {}
        self.defined: set[str] = set()
        """Names of functions and classes, which calls leave as they are."""
        self._bits: dict[str, int] = {ARGUMENT: 0}
        self._names: list[str] = [ARGUMENT]
        self._reads: dict[str, int] = {}
        self._writes: dict[str, int] = {}
        for fact in facts:
            self.imports.update(fact.imports)
            if fact.makes:
                self.defined |= fact.binds
        made = [(names, fact) for fact in facts if (names := fact.binds | fact.changes | fact.deep_changes)]
        for names, fact in made:
            if fact.makes or fact.later_uses or fact.later_changes or fact.later_calls:
                self._add(names, self._mask(fact.later_uses), self._mask(fact.later_changes), own=True)
        self._spread(made)

    def _mask(self, names: Iterable[str]) -> int:
        mask = 0
        for name in names:
            bit = self._bits.setdefault(name, len(self._names))
            if bit == len(self._names):
                self._names.append(name)
            mask |= 1 << bit
        return mask

    def _named(self, mask: int) -> Iterator[str]:
        for bit in bits(mask & ~_GIVEN):
            yield self._names[bit]

    def _add(self, names: Iterable[str], reads: int, writes: int, *, own: bool = False) -> list[str]:
        """Give names more effects; the names for which that was news."""
        news: list[str] = []
        for name in names:
            before = self._reads.get(name, 0), self._writes.get(name, 0)
            after = before[0] | reads, before[1] | writes
            if after != before or own:
                self._reads[name], self._writes[name] = after
                news.append(name)
        return news

    def _spread(self, made: Sequence[tuple[frozenset[str], Facts]]) -> None:
        """Give each name the effects of the functions that its value was made with, until there is no news."""
        users: dict[str, list[int]] = {}
        for number, (_, fact) in enumerate(made):
            for name in fact.uses | fact.later_uses:
                users.setdefault(name, []).append(number)
        waiting = deque(range(len(made) if self._reads else 0))
        queued = set(waiting)
        steps = 0
        while waiting:
            if (steps := steps + 1) > MOST_STEPS:
                raise TooLarge
            number = waiting.popleft()
            queued.discard(number)
            names, fact = made[number]
            for name in self._add(names, *self._of_statement(fact)):
                for user in users.get(name, ()):
                    if user not in queued:
                        queued.add(user)
                        waiting.append(user)

    def _of_statement(self, fact: Facts) -> tuple[int, int]:
        reads, writes = 0, self._mask(self.changed_by(fact.later_calls)) if fact.later_calls else 0
        for name in fact.uses | fact.later_uses:
            reads |= self._reads.get(name, 0)
            # What one function does to its arguments is not done to those of another that uses it; calls tell.
            writes |= self._writes.get(name, 0) & ~_GIVEN
        for sources in fact.same.values():
            for name in sources:
                writes |= self._writes.get(name, 0) & _GIVEN  # another name for the function
        return reads, writes

    def changed_by(self, calls: Iterable[Call]) -> set[str]:
        """The names whose objects calls change by themselves, ``ARGUMENT`` among them."""
        return set().union(*map(self.changed_by_call, calls))

    def changed_by_call(self, call: Call) -> set[str] | frozenset[str]:
        """The names whose objects one call changes."""
        root, _, method = call.path.partition(".")
        if root in self.imports:
            return self._changed_by_import(call, root, method)
        if method:
            return _NOTHING if call.steady else {root}
        if root in CHANGING:
            return call.first
        changes = bool(self._writes.get(root, 0) & _GIVEN)
        if not changes and call.bare:  # it must be there for some effect, if nothing is known of it
            changes = root not in HARMLESS and root not in self._reads
        changed = call.arguments if changes else _NOTHING
        # What is no function of its own (a closure, an object that can be called) may have a state.
        return changed if call.steady or root in self.defined else changed | {root}

    def _changed_by_import(self, call: Call, root: str, method: str) -> set[str] | frozenset[str]:
        module = self.imports[root]
        full = f"{module}.{method}" if method else module
        name = full.rpartition(".")[2]
        if name in CHANGING:
            return call.first
        if full.startswith(STATEFUL) and full not in MAKERS:
            return call.arguments | {root}
        if not call.bare or (method and call.steady):
            return _NOTHING
        if full.startswith(DRAWING):
            return {root} if SETTING & set(full.split(".")) or name.startswith("set_") else _NOTHING
        return call.arguments | {root}

    def written_by(self, names: Iterable[str]) -> Iterator[str]:
        """The names that may be written or changed when functions of these names run."""
        mask = 0
        for name in names:
            mask |= self._writes.get(name, 0)
        return self._named(mask)

    def read_by(self, names: Iterable[str]) -> Iterator[str]:
        """The names that may be read when functions of these names run."""
        mask = 0
        for name in names:
            mask |= self._reads.get(name, 0)
        return self._named(mask)

    def package_of(self, name: str) -> str:
        """The top-level package of an imported name; empty for other names."""
        return self.imports.get(name, "").partition(".")[0]


_NOTHING: frozenset[str] = frozenset()


def bits(mask: int) -> Iterator[int]:
    """The places of the bits that are set, in ascending order."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
