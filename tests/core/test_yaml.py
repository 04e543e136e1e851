"""The strict YAML of front matter and cell options."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbblog.core.yaml import MAX_BYTES, YamlError, load_yaml

VALUES = [
    ("", None),
    ("# only a comment\n", None),
    ("title: Trade-offs", {"title": "Trade-offs"}),
    ("date: 2026-01-21", {"date": "2026-01-21"}),
    ("date: 2026-01-21T10:00:00Z", {"date": "2026-01-21T10:00:00Z"}),
    ("date: 1/21/2026", {"date": "1/21/2026"}),
    ("date: 2026-13-45", {"date": "2026-13-45"}),
    ("lang: no", {"lang": "no"}),
    ("draft: True", {"draft": True}),
    ("draft: FALSE", {"draft": False}),
    ("draft: yes", {"draft": "yes"}),
    ("at: 1:30", {"at": "1:30"}),
    ("n: 12", {"n": 12}),
    ("n: -3", {"n": -3}),
    ("n: 007", {"n": "007"}),
    ("n: 0x1F", {"n": "0x1F"}),
    ("title: 3.10", {"title": "3.10"}),
    ("n: 2.5", {"n": 2.5}),
    ("n: 1_000", {"n": "1_000"}),
    ("n: .inf", {"n": ".inf"}),
    ("n: 123456789012345678901234567890", {"n": "123456789012345678901234567890"}),
    ("a: ~\nb: null\nc:", {"a": None, "b": None, "c": None}),
    ("tags: [a, 'b, c', \"d\"]", {"tags": ["a", "b, c", "d"]}),
    ("tags:\n- a\n- b", {"tags": ["a", "b"]}),
    ("{a: 1, b}", {"a": 1, "b": None}),
    ("a: |\n  x\n  y\nb: >-\n  x\n  y", {"a": "x\ny\n", "b": "x y"}),
    ("1: one\ntrue: yes", {"1": "one", "true": "yes"}),
    ('"<<": x', {"<<": "x"}),
    ('"quoted": "12"', {"quoted": "12"}),
    ("%YAML 1.2\n---\na: b\n...\n", {"a": "b"}),
    ("émigré: 日本語 😀", {"émigré": "日本語 😀"}),
    ("a:b", "a:b"),
    ("- - - deep", [[["deep"]]]),
]


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_values(text: str, value: Any) -> None:
    """Plain values follow YAML 1.2's core schema, and none loses text."""
    assert load_yaml(text) == value


REFUSED = [
    ("a: &x 1\nb: *x", 1, "anchor"),
    ("a: 1\nb: *x", 2, "alias"),
    ("a: !!python/object/apply:os.system [ls]", 1, "tag"),
    ("a: 1\nb: !!str 2", 2, "tag"),
    ("a: ! 2", 1, "tag"),
    ("!!map {a: 1}", 1, "tag"),
    ("%TAG ! tag:example.org,2000:\n---\na: 1", 2, "%TAG"),
    ("a: 1\nb: 2\na: 3", 3, "second time"),
    ("{a: 1, a: 2}", 1, "second time"),
    ("base: 1\n<<: {a: 1}", 2, "merge key"),
    ("a: 1\n--- \nb: 2", 2, "second document"),
    ("[a, b]: c", 1, "not plain text"),
    ("? {a: b}\n: c", 1, "not plain text"),
    ("&k key: v", 1, "anchor"),
    ("a: [1, 2", 1, ""),
    ("a: b: c", 1, ""),
    ("a: 'open", 1, ""),
    ("a:\n\t- b", 2, ""),
    ("a: 1\nb: \x01", 2, "does not allow"),
    ('a: "\\UFFFFFFFF"', 1, ""),
    ("a: \ud800", 1, ""),
    ("a: @x", 1, ""),
    ("a: 1\n b: 2", 2, ""),
]


@pytest.mark.parametrize(("text", "line", "reason"), REFUSED)
def test_refused(text: str, line: int, reason: str) -> None:
    """What acts, repeats or hides is refused in one line that names the place."""
    with pytest.raises(YamlError) as caught:
        load_yaml(text)
    message = str(caught.value)
    assert "\n" not in message
    assert reason in message
    assert abs(caught.value.line - line) <= 1  # the two parsers of PyYAML differ where text ends early


def test_ten_levels_are_enough() -> None:
    """Ten levels are read, eleven are refused."""
    assert load_yaml("[" * 10 + "]" * 10) == [[[[[[[[[[]]]]]]]]]]
    with pytest.raises(YamlError, match="10 levels"):
        load_yaml("[" * 11 + "]" * 11)


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_endless_nesting_is_refused_early(opening: str) -> None:
    """Sixty thousand opening brackets end at the eleventh."""
    with pytest.raises(YamlError):
        load_yaml(opening * (60_000 // len(opening)))


def test_longer_than_any_head() -> None:
    """More than 64 KiB is refused, counted in bytes."""
    with pytest.raises(YamlError, match="64 KiB"):
        load_yaml("a: " + "é" * (MAX_BYTES // 2))


def test_billion_laughs_never_expand() -> None:
    """The first anchor ends it."""
    lines = ["a: &a [lol, lol]"] + [
        f"{x}: &{x} [*{y}, *{y}, *{y}]" for x, y in zip("bcdefghi", "abcdefgh", strict=True)
    ]
    with pytest.raises(YamlError, match="anchor"):
        load_yaml("\n".join(lines))


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("ab:-[]{},&*!|>'\"%@`#\n \t?<~.0\\"), max_size=60))
def test_any_text_is_a_value_or_an_error_of_ours(text: str) -> None:
    """No input raises anything else."""
    with suppress(YamlError):
        load_yaml(text)
