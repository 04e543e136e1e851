"""Computing a section's states beforehand: which of them, in which order, and how they are stored."""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product
from math import prod
from time import monotonic
from typing import Any

from ..shared.showing import Part

State = tuple[int, ...]
"""An index into the stops of each control that has some."""
Compute = Callable[[State], list[Part]]

_SAMPLES = 3
"""Computed twice, besides the default state."""
_LEVEL = 9


@dataclass(frozen=True, slots=True)
class Budget:
    """The limits of a section; ``None`` is no limit. ``kilobytes`` are of the compressed states."""

    states: int | None = 2500
    seconds: float | None = 20
    kilobytes: float | None = 400


def read_budget(bake: object) -> Budget:
    """The author's ``bake=``. Raises ``ValueError`` for anything else."""
    if bake is None or bake is True:
        return Budget()
    if bake is False:
        return Budget(states=1)
    if bake == "all":
        return Budget(None, None, None)
    if isinstance(bake, int):
        return Budget(states=max(bake, 1))
    if isinstance(bake, Mapping) and set(bake) <= {"states", "seconds", "kilobytes"}:
        return Budget(**bake)
    known = 'None, False, "all", a number of states, or dict(states=, seconds=, kilobytes=)'
    raise ValueError(f"bake is {known}; not {bake!r}")


@dataclass(slots=True)
class Baked:
    """The states that were computed. ``answers`` are indices into ``distinct``, one for each of ``states``."""

    sizes: tuple[int, ...]
    states: list[State] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    distinct: list[list[Part]] = field(default_factory=list)
    pure: bool = True
    limit: str = ""
    """Why no more states were baked, for the author; empty when all are, or as many as there may be."""
    data: str = ""
    bytes: int = 0

    @property
    def total(self) -> int:
        """How many states the controls have together, baked or not."""
        return prod(self.sizes)


def state_number(state: Sequence[int], sizes: Sequence[int]) -> int:
    """The state's number: mixed radix, first control most significant."""
    number = 0
    for index, size in zip(state, sizes, strict=True):
        number = number * size + index
    return number


def _states_of(changed: tuple[int, ...], default: State, sizes: Sequence[int]) -> Iterator[State]:
    choices = [
        [index for index in range(size) if index != default[place]] if place in changed else [default[place]]
        for place, size in enumerate(sizes)
    ]
    return product(*choices)


def _more_than(limit: str) -> str:
    return f"the rest takes more than {limit}"


class _Oven:
    """One baking as it goes on."""

    def __init__(self, compute: Compute, default: State, sizes: tuple[int, ...], budget: Budget) -> None:
        self.compute, self.default, self.budget = compute, default, budget
        self.baked = Baked(sizes)
        self._numbers: dict[str, int] = {}
        self._packer = zlib.compressobj(_LEVEL)
        self._packed = 0
        self._started = monotonic()
        self._calls, self._spent = 0, 0.0

    def bake(self, progress: Callable[[int, int], None]) -> None:
        """All states that the budget allows, the nearest to the default first: one control moved, then two…

        Controls are taken together only where each of them alone, and each smaller group, has all its states."""
        sizes = self.baked.sizes
        whole: set[tuple[int, ...]] = {()}
        for distance in range(1, len(sizes) + 1):
            groups = [
                group
                for group in combinations(range(len(sizes)), distance)
                if all(smaller in whole for smaller in combinations(group, distance - 1))
            ]
            if not groups:
                return
            for group in groups:
                if self._fits(prod(sizes[place] - 1 for place in group)):
                    whole.add(group)
                    for state in _states_of(group, self.default, sizes):
                        if self._is_over():
                            return
                        self.add(state)
                        progress(len(self.baked.states), self._wanted())

    def _wanted(self) -> int:
        return min(self.baked.total, self.budget.states or self.baked.total)

    def add(self, state: State, parts: list[Part] | None = None) -> None:
        """Store one state, computed now unless its parts are given."""
        if parts is None:
            parts = self._timed(state)
        written = json.dumps(parts, separators=(",", ":"))
        number = self._numbers.get(written)
        if number is None:
            number = self._numbers[written] = len(self.baked.distinct)
            self.baked.distinct.append(parts)
            self._packed += len(self._packer.compress(written.encode()))
        self.baked.states.append(state)
        self.baked.answers.append(number)

    def check(self, place: int) -> None:
        """Compute a state again."""
        if self._timed(self.baked.states[place]) != self.baked.distinct[self.baked.answers[place]]:
            self.baked.pure = False

    def forget_first_call(self) -> None:
        """It says nothing of the others: it also imports what the function needs."""
        self._calls, self._spent = 0, 0.0

    def _timed(self, state: State) -> list[Part]:
        started = monotonic()
        parts = self.compute(state)
        self._calls, self._spent = self._calls + 1, self._spent + monotonic() - started
        return parts

    def _fits(self, size: int) -> bool:
        done, budget = len(self.baked.states), self.budget
        if budget.states is not None and done + size > budget.states:
            return False
        each = self._spent / max(self._calls, 1)
        if budget.seconds is not None and self._elapsed() + size * each > budget.seconds:
            self.baked.limit = _more_than(f"{budget.seconds:g} s")
            return False
        return True

    def _is_over(self) -> bool:
        if self.budget.seconds is not None and self._elapsed() > self.budget.seconds:
            self.baked.limit = _more_than(f"{self.budget.seconds:g} s")
        elif self.budget.kilobytes is not None and self._packed > self.budget.kilobytes * 1000:
            self.baked.limit = _more_than(f"{self.budget.kilobytes:g} KB")
        else:
            return False
        return True

    def _elapsed(self) -> float:
        return monotonic() - self._started


def bake(
    compute: Compute,
    default: State,
    sizes: tuple[int, ...],
    budget: Budget,
    progress: Callable[[int, int], None] = lambda done, wanted: None,
    first: list[Part] | None = None,
) -> Baked:
    """The default state always (``first``, if it is known), then the others while the budget lasts. An interruption
    keeps what is baked."""
    oven = _Oven(compute, default, sizes, budget)
    oven.add(default, first)
    baked = oven.baked
    try:
        if budget.states != 1:
            oven.forget_first_call()
            oven.check(0)
            oven.bake(progress)
            step = max(len(baked.states) // (_SAMPLES + 1), 1)
            for place in range(step, len(baked.states), step)[:_SAMPLES]:
                oven.check(place)
    except KeyboardInterrupt:
        baked.limit = "stopped"
    pack(baked, budget)
    return baked


def pack(baked: Baked, budget: Budget) -> None:
    """Write ``data`` and ``bytes``; the last states are left out while they are too many bytes."""
    while True:
        packed = zlib.compress(_write(baked), _LEVEL)
        if budget.kilobytes is None or len(packed) <= budget.kilobytes * 1000 or len(baked.states) == 1:
            break
        keep = max(len(baked.states) * 9 // 10, 1)
        baked.limit = _more_than(f"{budget.kilobytes:g} KB")
        del baked.states[keep:], baked.answers[keep:]
        del baked.distinct[max(baked.answers) + 1 :]
    baked.data, baked.bytes = b64encode(packed).decode(), len(packed)


def _write(baked: Baked) -> bytes:
    """States by their numbers; distinct answers by their first appearance in that order."""
    numbers = (state_number(state, baked.sizes) for state in baked.states)
    numbered = sorted(zip(numbers, baked.answers, strict=True))
    order = {answer: place for place, answer in enumerate(dict.fromkeys(answer for _, answer in numbered))}
    content: dict[str, Any] = {
        "keys": None if len(numbered) == baked.total else [number for number, _ in numbered],
        "answers": [order[answer] for _, answer in numbered],
        "distinct": [baked.distinct[answer] for answer in order],
    }
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
