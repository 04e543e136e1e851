"""A function's call becomes an answer."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
import pytest

from nbblog.shared.calling import answer, recorder


@pytest.fixture(autouse=True)
def _no_windows() -> Iterator[None]:
    matplotlib.use("agg")
    yield
    plt.close("all")


def kinds(function: Any) -> list[str]:
    return [part["kind"] for part in answer(function, {})]


def test_order_is_that_of_the_program() -> None:
    """Text printed after a table stands after it."""

    def function() -> int:
        print("one")
        recorder().show({"a": 1})  # type: ignore[union-attr]
        print("two", file=sys.stderr)
        return 3

    parts = answer(function, {})
    assert [part["kind"] for part in parts] == ["text", "table", "text", "text"]
    assert [parts[0]["text"], parts[2]["text"], parts[3]["text"]] == ["one\n", "two\n", "3"]


def test_what_is_shown_is_what_it_was_then() -> None:
    """The program may change it later."""

    def function() -> None:
        rows = {"a": 1}
        recorder().show(rows)  # type: ignore[union-attr]
        rows["a"] = 2

    assert ">1<" in answer(function, {})[0]["html"]


def test_error_is_the_last_part() -> None:
    """What was printed before it stays."""

    def function(n: int) -> float:
        print("before")
        return 1 / n

    text, error = answer(function, {"n": 0})
    assert text["text"] == "before\n"
    assert (error["name"], error["message"]) == ("ZeroDivisionError", "division by zero")
    assert error["traceback"].endswith("return 1 / n\nZeroDivisionError: division by zero")


def test_traceback_names_no_path() -> None:
    """Paths differ from machine to machine."""

    def function() -> None:
        matplotlib.colors.to_rgba("nothing")

    traceback = answer(function, {})[0]["traceback"]
    assert "File colors.py, line " in traceback
    assert "/" not in traceback


@pytest.mark.parametrize("error", [SystemExit(3), KeyError("x"), RecursionError()])
def test_exit_and_errors_are_parts(error: BaseException) -> None:
    """Nothing that a function raises ends the caller."""

    def function() -> None:
        raise error

    assert answer(function, {})[0]["name"] == type(error).__name__


def test_interruption_is_raised() -> None:
    """It is the user's."""

    def function() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        answer(function, {})
    assert recorder() is None


def test_wrong_arguments_are_an_error_part() -> None:
    """As if the function itself had raised it."""
    assert answer(lambda a: a, {"b": 1})[0]["name"] == "TypeError"


def test_warnings_are_not_shown() -> None:
    """Python gives each once, so that the first answer would differ from the others."""

    def function() -> int:
        warnings.warn("careful", stacklevel=1)
        return 1

    assert answer(function, {}) == answer(function, {}) == [{"kind": "text", "text": "1"}]


def test_calls_may_be_nested() -> None:
    """Each records its own."""

    def outer() -> list[Any]:
        print("outer")
        return answer(lambda: print("inner"), {})

    parts = answer(outer, {})
    assert parts[0]["text"] == "outer\n"
    assert "inner" in parts[1]["html"]


def test_open_figure_is_a_picture() -> None:
    """Without ``show``, as in a notebook; the axes that are returned say nothing more."""

    def function() -> Any:
        _, axes = plt.subplots()
        return axes.plot([1, 2])

    assert kinds(function) == ["image"]


def test_returned_figure_is_one_picture() -> None:
    """Not a second one because pyplot holds it too."""
    assert kinds(lambda: plt.subplots()[0]) == ["image"]


def test_figures_of_a_call_are_closed() -> None:
    """The author's own stay open."""
    own = plt.figure()
    answer(lambda: plt.plot([1]), {})
    plt.figure(own.number)
    assert plt.get_fignums() == [own.number]


def test_picture_is_the_same_each_time() -> None:
    """Otherwise no two answers would be equal."""

    def function() -> None:
        plt.plot([1, 2, 3])

    # An own figure each: drawn into the author's open one, it would hold one line more each time.
    def own() -> None:
        plt.figure()
        function()

    assert answer(own, {}) == answer(own, {})


def test_error_shows_what_was_drawn_before_it_not() -> None:
    """A half picture is no answer; the message is."""

    def function() -> None:
        plt.figure()
        raise ValueError("no")

    assert kinds(function) == ["error"]
    assert plt.get_fignums() == []
