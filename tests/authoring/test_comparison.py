"""What is baked is what the function says: a thousand states of several functions, called directly and alone."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from inspect import getsource
from itertools import product
from random import Random
from typing import Any

import pytest

import nbblog
from nbblog import interactive, plot
from nbblog.authoring.proving import Trial
from nbblog.authoring.section import MIME
from nbblog.core.runnable import Program
from nbblog.shared.showing import show

SAMPLES = 246


def capacity(users: int, ratio: float, tier: str, cached: bool) -> Any:
    """Requests and servers."""
    rate = users * 20 / 86_400 * (0.2 if cached else 1)
    per_server = {"small": 500, "large": 4000}[tier]
    return [
        {"what": "reads/s", "value": rate * ratio},
        {"what": "writes/s", "value": rate * (1 - ratio)},
        {"what": "servers", "value": math.ceil(rate / per_server)},
    ]


def waiting(servers: int, load: float) -> Any:
    """Erlang C."""
    offered = servers * load
    terms = [offered**k / math.factorial(k) for k in range(servers)]
    last = offered**servers / math.factorial(servers) / (1 - load)
    return last / (sum(terms) + last)


def curve(slope: float, kind: str, many: bool) -> Any:
    """A chart and a sentence."""
    xs = list(range(20))
    ys: Any = [slope * x**1.5 for x in xs]
    return f"Slope {slope}.", plot(xs, {"a": ys, "b": xs} if many else ys, kind=kind, marks=[(3, ys[3], "3")])


def printed(n: int, times: int) -> None:
    for place in range(times):
        print(f"{place:>3} {n**place:,}")


def failing(numerator: int, denominator: int) -> Any:
    if numerator == 7:
        raise ValueError(f"{numerator}?")
    return {"quotient": numerator / denominator, "whole": numerator // denominator}


FUNCTIONS: list[tuple[Callable[..., Any], str]] = [
    (capacity, "users=slider(1_000, 10_000_000), ratio=(0.0, 1.0, 0.05), tier=['small', 'large'], cached=True"),
    (waiting, "servers=(1, 40), load=(0.05, 0.95, 0.05)"),
    (curve, "slope=slider(0.001, 10.0, log=True), kind=['line', 'bar', 'step'], many=False"),
    (printed, "n=(2, 40), times=(1, 12)"),
    (failing, "numerator=(-9, 9), denominator=(-9, 9)"),
]


@pytest.fixture(scope="module", params=FUNCTIONS, ids=lambda one: one[0].__name__)
def baked(request: Any, answers_of: Any) -> Any:
    """The function, and the parts of some of its states with their arguments."""
    function, controls = request.param
    given = eval(f"dict({controls})", {"slider": nbblog.slider})
    section = interactive(function, {"auto_display": True}, bake="all", **given)
    saved = json.loads(json.dumps(section.bundle()[MIME]))
    answers = answers_of(saved)
    states = list(product(*(control.stops for control in section.controls)))
    assert len(answers) == len(states) == saved["states"]["baked"]
    names = [control.name for control in section.controls]
    chosen = Random(7).sample(range(len(states)), SAMPLES)
    sampled = [(dict(zip(names, states[number], strict=True)), answers[number]) for number in chosen]
    return function, controls, sampled


def test_baked_answer_is_the_functions(baked: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """The parts of what it prints and returns, called here and now."""
    function, _, sampled = baked
    for arguments, parts in sampled:
        try:
            value = function(**arguments)
        except (ValueError, ZeroDivisionError) as error:
            expected = [{"kind": "error", "name": type(error).__name__, "message": str(error)}]
        else:
            expected = json.loads(json.dumps(show(value, capsys.readouterr().out)))
        assert [strip(part) for part in parts] == expected


def test_program_alone_gives_the_baked_answer(baked: Any) -> None:
    """In a process that has no notebook, from arguments that came through JSON."""
    function, controls, sampled = baked
    prelude = "import math\nfrom typing import Any\nfrom nbblog import interact, plot, slider"
    cell = f"{getsource(function)}\ninteract({function.__name__}, {controls})"
    # A browser writes 1.0 as 1.
    sent = [
        {key: int(one) if isinstance(one, float) and one.is_integer() else one for key, one in arguments.items()}
        for arguments, _ in sampled
    ]
    answers, reason = Trial(Program(prelude, cell), 0, sent, 60).finish()
    assert reason == ""
    for theirs, (_, ours) in zip(answers, sampled, strict=True):
        assert [strip(part) for part in theirs] == [strip(part) for part in ours]


def strip(part: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in part.items() if key != "traceback"}
