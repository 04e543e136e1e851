"""Which states are baked, and how they are stored."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode
from itertools import product
from math import prod
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbblog.authoring.baking import Baked, Budget, State, bake, read_budget, state_number
from nbblog.shared.showing import Part

FREE = Budget(None, None, None)


def shown(state: State) -> list[Part]:
    return [{"kind": "text", "text": str(state)}]


def read(baked: Baked) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(zlib.decompress(b64decode(baked.data)))
    return content


def test_state_number_counts_the_first_control_most() -> None:
    """Mixed radix."""
    assert state_number((2, 0, 1), (3, 4, 5)) == 2 * 20 + 0 * 5 + 1


@settings(deadline=None)
@given(st.lists(st.integers(1, 5), max_size=4))
def test_state_numbers_are_in_the_order_of_the_states(sizes: list[int]) -> None:
    """From 0 to the last, none left out."""
    states = product(*map(range, sizes))
    assert [state_number(state, sizes) for state in states] == list(range(prod(sizes)))


def test_all_states_are_baked_where_they_fit() -> None:
    """Then they need no numbers."""
    baked = bake(shown, (1, 1), (2, 3), FREE)
    content = read(baked)
    assert (content["keys"], content["answers"]) == (None, [0, 1, 2, 3, 4, 5])
    assert [parts[0]["text"] for parts in content["distinct"]] == [str(state) for state in product(range(2), range(3))]


def test_states_near_the_default_are_first() -> None:
    """One control moved, then two."""
    states = bake(shown, (1, 0, 2), (3, 2, 3), FREE).states
    distances = [sum(map(int.__ne__, state, (1, 0, 2))) for state in states]
    assert distances == sorted(distances)
    assert states[0] == (1, 0, 2)


def test_controls_are_taken_together_where_all_their_states_fit() -> None:
    """Half of a slider would be a riddle."""
    baked = bake(shown, (0, 0), (10, 10), Budget(states=25))
    assert len(baked.states) == 19
    assert all(0 in state for state in baked.states)


def test_control_with_too_many_stops_is_passed_over() -> None:
    """The others are baked."""
    baked = bake(shown, (0, 0, 0), (1000, 3, 3), Budget(states=100))
    assert sorted(baked.states) == [(0, *rest) for rest in product(range(3), range(3))]
    assert read(baked)["keys"] == list(range(9))


def test_equal_answers_are_stored_once() -> None:
    """Numbered by their first appearance in the order of the states."""
    baked = bake(lambda state: shown((state[0] % 2,)), (4,), (6,), FREE)
    assert read(baked) == {"keys": None, "answers": [0, 1] * 3, "distinct": [shown((0,)), shown((1,))]}


def test_section_without_controls_has_one_state() -> None:
    """Its answer."""
    assert read(bake(shown, (), (), Budget())) == {"keys": None, "answers": [0], "distinct": [shown(())]}


def test_bytes_are_limited() -> None:
    """They are counted as they come, and in the end exactly."""
    calls = []

    def compute(state: State) -> list[Part]:
        calls.append(state)
        return [{"kind": "text", "text": "".join(str(hash((state, place))) for place in range(50))}]

    baked = bake(compute, (0, 0), (100, 100), Budget(None, None, 20))
    assert 10_000 < baked.bytes <= 20_000
    assert len(calls) < 1000
    assert baked.limit == "the rest takes more than 20 KB"
    assert len(read(baked)["answers"]) == len(baked.states)


def test_default_is_baked_whatever_it_weighs() -> None:
    """The page shows it without a script."""
    assert bake(shown, (0,), (9,), Budget(None, None, 0)).states == [(0,)]


def test_seconds_are_limited() -> None:
    """No time at all leaves the default state."""
    baked = bake(shown, (0,), (9,), Budget(None, 0, None))
    assert (baked.states, baked.limit) == ([(0,)], "the rest takes more than 0 s")


def test_interruption_keeps_what_is_baked() -> None:
    """As the message says."""

    def compute(state: State) -> list[Part]:
        if state == (5,):
            raise KeyboardInterrupt
        return shown(state)

    baked = bake(compute, (0,), (9,), FREE)
    assert (baked.states, baked.limit) == ([(place,) for place in range(5)], "stopped")
    assert read(baked)["keys"] == [0, 1, 2, 3, 4]


def test_random_answer_is_noticed() -> None:
    """The default is computed twice, and some other states."""
    count = iter(range(1000))
    assert not bake(lambda state: shown((next(count),)), (0,), (9,), FREE).pure
    assert bake(shown, (0,), (9,), FREE).pure


def test_answer_that_is_random_away_from_the_default_is_noticed() -> None:
    """A sample of the others is computed again in the end."""
    count = iter(range(1000))
    assert not bake(lambda state: shown((next(count) if state[0] else 0,)), (0,), (9,), FREE).pure


def test_known_answer_is_not_computed_again() -> None:
    """The notebook has shown it already."""
    calls: list[State] = []

    def compute(state: State) -> list[Part]:
        calls.append(state)
        return shown(state)

    bake(compute, (0,), (9,), Budget(states=1), first=shown((0,)))
    assert calls == []


def test_progress_is_told() -> None:
    """How many states are done, of how many."""
    told: list[tuple[int, int]] = []
    bake(shown, (0,), (4,), FREE, lambda done, wanted: told.append((done, wanted)))
    assert told == [(2, 4), (3, 4), (4, 4)]


@pytest.mark.parametrize(
    ("given", "budget"),
    [
        (None, Budget(2500, 20, 400)),
        (True, Budget(2500, 20, 400)),
        (False, Budget(1, 20, 400)),
        ("all", FREE),
        (100, Budget(100, 20, 400)),
        ({"seconds": 60}, Budget(2500, 60, 400)),
        ({"states": None, "kilobytes": 10}, Budget(None, 20, 10)),
    ],
)
def test_budget_is_read(given: object, budget: Budget) -> None:
    """As documented."""
    assert read_budget(given) == budget


@pytest.mark.parametrize("given", ["some", 1.5, {"minutes": 1}, [1]])
def test_other_budget_is_refused(given: object) -> None:
    """The message lists what there is."""
    with pytest.raises(ValueError, match="bake is None, False"):
        read_budget(given)


sizes = st.lists(st.integers(1, 6), min_size=1, max_size=4)


@settings(deadline=None)
@given(sizes, st.integers(1, 200), st.randoms())
def test_any_budget_gives_distinct_states_with_their_answers(sizes: list[int], states: int, chance: Any) -> None:
    """Never more than allowed; what is stored is what was computed."""
    default = tuple(chance.randrange(size) for size in sizes)
    baked = bake(shown, default, tuple(sizes), Budget(states, None, None))
    assert len(set(baked.states)) == len(baked.states) <= states
    assert len(baked.states) == baked.total or baked.total > states
    content = read(baked)
    keys = content["keys"] or list(range(baked.total))
    answers = {key: content["distinct"][answer] for key, answer in zip(keys, content["answers"], strict=True)}
    assert answers == {state_number(state, sizes): shown(state) for state in baked.states}
    assert content["answers"] == sorted(content["answers"])
