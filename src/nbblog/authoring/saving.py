"""What a section leaves in the notebook for the page: its states, its program, and a message for the author."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from ..core.runnable import Program
from ..shared.showing import Part
from .baking import Baked, Budget, State, bake
from .cells import Source
from .controls import Control, is_json
from .messages import message
from .proving import SECONDS, Proof, Trial, differs, hard_reason, programs

_SAMPLES = 3
"""States besides the default one that the program alone must answer as the notebook does."""
_SLOW = 1.0
"""Seconds. A function that takes longer is tried in its default state only."""
_LONGEST = 60

Answer = Callable[[Mapping[str, Any]], list[Part]]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Ask:
    """A section as it is to be saved."""

    name: str
    title: str
    controls: tuple[Control, ...]
    budget: Budget
    obstacle: str
    """Why readers may not run the code, where the section itself knows."""
    answer: Answer
    first: list[Part] | None
    """The default state's answer, where it is known already, and the seconds that it took."""
    seconds: float
    source: Source | None
    index: int
    progress: Progress


@dataclass(frozen=True, slots=True)
class Saved:
    """``described`` is the JSON in the notebook, ``default`` the parts of the default state."""

    described: dict[str, Any]
    default: list[Part]


@dataclass(slots=True)
class _Space:
    """All states of the section."""

    controls: tuple[Control, ...]
    answer: Answer
    asked: list[Control] = field(init=False)
    constant: dict[str, Any] = field(init=False)
    left_out: set[str] = field(default_factory=set)
    """Forms of output that only a notebook can show."""

    def __post_init__(self) -> None:
        self.asked = [control for control in self.controls if control.stops]
        self.constant = {control.name: control.value for control in self.controls if not control.stops}

    @property
    def sizes(self) -> tuple[int, ...]:
        return tuple(len(control.stops) for control in self.asked)

    @property
    def default(self) -> State:
        return tuple(control.default for control in self.asked)

    def compute(self, state: State) -> list[Part]:
        return self.page_parts(self.answer({**self.constant, **self._chosen(state)}))

    def page_parts(self, parts: Sequence[Part]) -> list[Part]:
        """The parts without what a page cannot show."""
        for part in parts:
            if "bundle" in part and part["kind"] == "text":
                self.left_out.update(mime for mime in part["bundle"] if mime.startswith("application/"))
        return [{key: value for key, value in part.items() if key != "bundle"} for part in parts]

    def sent(self, state: State) -> dict[str, Any] | None:
        """The arguments as a page sends them; ``None`` where JSON cannot hold one."""
        typed = {control.name: control.value for control in self.controls if control.kind in ("text", "number")}
        arguments = {**typed, **self._chosen(state)}
        return arguments if all(map(is_json, arguments.values())) else None

    def _chosen(self, state: State) -> dict[str, Any]:
        return {control.name: control.stops[index] for control, index in zip(self.asked, state, strict=True)}

    def samples(self, count: int) -> list[State]:
        """The default state and some others, the same each time."""
        chance = Random(0)  # noqa: S311 - nothing secret
        others = (tuple(chance.randrange(size) for size in self.sizes) for _ in range(count))
        return list(dict.fromkeys([self.default, *others]))


def save(ask: Ask) -> Saved:
    """Bake the section and try its program; takes as long as the budget allows."""
    space = _Space(ask.controls, ask.answer)
    prover = _Prover(ask, space)
    first = None if ask.first is None else space.page_parts(ask.first)
    # A second call would take as long again.
    too_slow = ask.budget.seconds is not None and ask.seconds > ask.budget.seconds
    budget = replace(ask.budget, states=1) if too_slow else ask.budget
    try:
        baked = bake(space.compute, space.default, space.sizes, budget, ask.progress, first)
        proof = prover.finish(baked)
    finally:
        prover.stop()
    return Saved(_describe(ask, baked, proof, space), baked.distinct[baked.answers[0]])


class _Prover:
    """Tries the section's program in a process beside the baking."""

    def __init__(self, ask: Ask, space: _Space) -> None:
        self._ask, self._space = ask, space
        self._states = space.samples(_SAMPLES if ask.seconds < _SLOW else 0)
        self._sent = [sent for state in self._states if (sent := space.sent(state)) is not None]
        self._programs = iter(programs(ask.source)) if ask.source else iter(())
        self._program = next(self._programs, Program("", ""))
        self._trial: Trial | None = None
        self._reason = self._obstacle()
        if not self._reason:
            try:
                self._trial = self._start(self._program)
            except OSError:  # a kernel in a browser has no processes
                self._reason = "its program could not be tried alone here"

    def _obstacle(self) -> str:
        """Why the program cannot run in a browser, where that is known without a trial."""
        if self._ask.obstacle:
            return self._ask.obstacle
        for control in self._ask.controls:
            if any(not is_json(stop) for stop in control.stops):
                return f"`{control.name}` has values that a page cannot name"
        return hard_reason(self._program)

    def _start(self, program: Program) -> Trial:
        seconds = min(SECONDS + round(3 * self._ask.seconds * len(self._sent)), _LONGEST)
        return Trial(program, self._ask.index, self._sent, seconds)

    def finish(self, baked: Baked) -> Proof:
        """The first program that answers as the notebook does, or why the smallest does not."""
        if self._trial is None:
            return Proof(self._program, self._reason)
        try:
            ours = self._ours(baked)
            first = self._compare(self._trial, ours, baked.pure)
            program, reason = self._program, first
            while reason and (other := next(self._programs, None)) is not None:
                self._trial = self._start(other)
                program, reason = other, self._compare(self._trial, ours, baked.pure)
        except KeyboardInterrupt:
            return Proof(self._program, "its trial was stopped")
        return Proof(self._program, f"run alone, {first}") if reason else Proof(program)

    def _ours(self, baked: Baked) -> list[list[Part]]:
        known = dict(zip(baked.states, baked.answers, strict=True))
        return [
            baked.distinct[known[state]] if state in known else self._space.compute(state) for state in self._states
        ]

    @staticmethod
    def _compare(trial: Trial, ours: list[list[Part]], pure: bool) -> str:
        theirs, reason = trial.finish()
        if reason or not pure:
            return reason
        for mine, other in zip(ours, theirs, strict=True):
            if differs(mine, other):
                last = other[-1] if other else {}
                if last.get("kind") == "error":
                    return f"it ends with {last['name']}: {last['message']}"
                return "its answers differ from the notebook's"
        return ""

    def stop(self) -> None:
        if self._trial is not None:
            self._trial.stop()


def _describe(ask: Ask, baked: Baked, proof: Proof, space: _Space) -> dict[str, Any]:
    program = proof.program
    states = {"total": baked.total, "baked": len(baked.states), "pure": baked.pure, "data": baked.data}
    code = {
        "cell": program.cell,
        "prelude": program.prelude,
        "index": ask.index,
        "sha256": program.sha256,
        "live": not proof.reason,
        "reason": proof.reason,
        "packages": list(program.packages),
    }
    return {
        "version": 1,
        "name": ask.name,
        "title": ask.title,
        "controls": [control.as_json() for control in ask.controls if control.is_seen],
        "states": states,
        "code": code,
        "message": message(baked, proof.reason, ask.controls, space.left_out, program.packages),
    }
