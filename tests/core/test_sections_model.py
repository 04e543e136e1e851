"""A section's saved output is anybody's: what is right is read, what is wrong is one sentence, and nothing else."""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from section_bundles import checkbox, choice_control, pack_states, range_control, section, text

from nbblog.core.sections.model import LONGEST_STATES, Section, SectionProblem, read_section


def answer(**values: Any) -> list[dict[str, Any]]:
    return [text(repr(values))]


CONTROLS = [range_control("users", [1, 10, 100], 1), choice_control("tier", ["small", None]), checkbox("cached", 1)]
GOOD = section(answer, CONTROLS, title="How many?")


def changed(**values: Any) -> dict[str, Any]:
    return {**GOOD, **values}


def with_states(data: Any, **more: Any) -> dict[str, Any]:
    return changed(states={"total": 12, "baked": 12, "pure": True, "data": data, **more})


def control(**values: Any) -> dict[str, Any]:
    return changed(controls=[{**CONTROLS[0], **values}, *CONTROLS[1:]])


def test_a_section_is_read() -> None:
    """Its controls, its answers and where it begins."""
    found = read_section(GOOD)
    assert [one.name for one in found.controls] == ["users", "tier", "cached"]
    assert found.states.total == len(found.states.answers) == 12
    assert found.default_state == 1 * 4 + 0 * 2 + 1
    assert "'users': 10" in found.states.distinct[found.default_answer][0]["text"]


def test_states_are_numbered_with_the_first_control_first() -> None:
    """State 7 of three times two times two is 1, 1, 1."""
    found = read_section(GOOD)
    assert found.states.distinct[found.states.answers[7]] == ({"kind": "text", "text": repr(answer_of(7))},)


def answer_of(number: int) -> dict[str, Any]:
    return {"users": [1, 10, 100][number // 4], "tier": ["small", None][number // 2 % 2], "cached": bool(number % 2)}


def test_a_part_of_the_states_is_read() -> None:
    """Only those whose number is there have an answer."""
    found = read_section(section(answer, CONTROLS, keep=lambda number: number in (0, 5, 11)))
    assert found.states.keys == (0, 5, 11)
    assert found.default_answer == 1


def test_all_states_by_number_are_all_states() -> None:
    """A list of every number says no more than no list."""
    assert read_section(section(answer, CONTROLS, keep=lambda number: True)).states.keys is None


WRONG: dict[str, Any] = {
    "no mapping": [],
    "nothing": {},
    "another version": changed(version=2),
    "name": changed(name="a b"),
    "name of markup": changed(name="<script>"),
    "controls": changed(controls="users"),
    "many controls": changed(controls=[range_control(f"a{n}", [1]) for n in range(25)]),
    "the same control twice": changed(controls=[CONTROLS[0], CONTROLS[0]]),
    "control": changed(controls=[1, 2, 3]),
    "kind": control(kind="file"),
    "no stops": control(stops=[], labels=[]),
    "stops of another number": control(stops=[1, 2]),
    "stops that are lists": control(stops=[[1], [2], [3]]),
    "infinite stops": control(stops=[1, 2, float("inf")]),
    "labels": control(labels=[1, 2, 3]),
    "default": control(default=3),
    "default of another type": control(default=True),
    "checkbox of others": changed(controls=[*CONTROLS[:2], {**CONTROLS[2], "stops": [0, 1]}]),
    "states": changed(states=None),
    "data": with_states(None),
    "data that is no base64": with_states("äöü"),
    "data that is no zlib": with_states("AAAA"),
    "data cut off": with_states(GOOD["states"]["data"][:40]),
    "data that is no JSON": with_states(b64encode(zlib.compress(b"{")).decode()),
    "a number of many digits": with_states(b64encode(zlib.compress(b"[" + b"1" * 10_000 + b"]")).decode()),
    "deep data": with_states(b64encode(zlib.compress(b"[" * 200_000)).decode()),
    "no answers": with_states(pack_states(None, [0] * 12, [])),
    "answers that are not there": with_states(pack_states(None, [1] * 12, [[]])),
    "negative answers": with_states(pack_states(None, [-1] * 12, [[]])),
    "too few states": with_states(pack_states(None, [0] * 11, [[]])),
    "numbers out of order": with_states(pack_states([5, 1], [0, 0], [[]])),
    "a number too high": with_states(pack_states([5, 12], [0, 0], [[]])),
    "a negative number": with_states(pack_states([-1, 5], [0, 0], [[]])),
    "numbers of another length": with_states(pack_states([5], [0, 0], [[]])),
    "without where it begins": with_states(pack_states([0, 1], [0, 0], [[]])),
    "parts": with_states(pack_states(None, [0] * 12, ["text"])),
    "a part without a kind": with_states(pack_states(None, [0] * 12, [[{"text": "a"}]])),
    "a part of no kind": with_states(pack_states(None, [0] * 12, [[{"kind": 1}]])),
}


@pytest.mark.parametrize("content", WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_one_sentence(content: Any) -> None:
    """Each is refused with a line that names it."""
    with pytest.raises(SectionProblem, match=r"\A[^\n]{5,200}\Z"):
        read_section(content)


def test_a_bomb_is_not_unpacked() -> None:
    """Data that would grow a thousandfold are given up at the limit."""
    bomb = zlib.compress(b" " * (LONGEST_STATES + 1000))
    with pytest.raises(SectionProblem, match="unpacked"):
        read_section(with_states(b64encode(bomb).decode()))


def test_more_states_than_can_be_counted_are_refused() -> None:
    """Twenty sliders of ten thousand stops."""
    sliders = [range_control(f"a{n}", range(9999)) for n in range(20)]
    with pytest.raises(SectionProblem, match="counted"):
        read_section(changed(controls=sliders))


def test_text_is_made_fit_for_a_page() -> None:
    """Labels are one line without controls; code keeps its lines."""
    odd = control(label="a\n\x00\ud800b", labels=["x\ny", "\x07", ""])
    found = read_section({**odd, "code": {"cell": "a\r\nb\x00", "prelude": "", "live": True}})
    assert found.controls[0].label == "a \N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}b"
    assert found.controls[0].labels[0] == "x y"
    assert found.code.cell == "a\nb\N{REPLACEMENT CHARACTER}"


def test_a_section_without_code_is_not_live() -> None:
    """Whatever it claims of itself."""
    assert not read_section({**GOOD, "code": {"cell": " ", "prelude": "", "live": True}}).code.live
    assert not read_section({**GOOD, "code": "import os"}).code.live


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
KEYS = st.sampled_from(["version", "name", "title", "controls", "states", "code"])


@given(st.dictionaries(KEYS, JSON, max_size=4))
@settings(max_examples=300, deadline=None)
def test_any_field_may_hold_anything(values: dict[str, Any]) -> None:
    """The section is read, or refused; there is no third way."""
    check({**GOOD, **values})


@given(st.dictionaries(st.sampled_from([*CONTROLS[0], "value", "min", "max", "step"]), JSON, max_size=4))
@settings(max_examples=300, deadline=None)
def test_any_field_of_a_control_may_hold_anything(values: dict[str, Any]) -> None:
    """So it is with a control."""
    check(control(**values))


@given(st.fixed_dictionaries({}, optional={"keys": JSON, "answers": JSON, "distinct": JSON}))
@settings(max_examples=300, deadline=None)
def test_any_field_of_the_states_may_hold_anything(values: dict[str, Any]) -> None:
    """And with what is packed."""
    packed = {"keys": None, "answers": [0] * 12, "distinct": [[]], **values}
    check(with_states(b64encode(zlib.compress(json.dumps(packed).encode())).decode()))


def check(content: dict[str, Any]) -> None:
    try:
        found = read_section(content)
    except SectionProblem:
        return
    assert isinstance(found, Section)
    assert found.states.distinct[found.default_answer] is not None
