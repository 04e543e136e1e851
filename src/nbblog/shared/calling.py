"""Calling an author's function: what it prints, displays, draws and returns, or raises, as parts."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from inspect import unwrap
from io import TextIOBase
from traceback import FrameSummary, extract_tb
from typing import Any

from .figures import close_figure, is_drawing, is_figure, open_figures
from .showing import BundleOf, Part, bundle_parts, own_bundle, text_parts, value_parts

CELL = "<cell>"
"""The name of the program's own code in tracebacks, where no notebook runs it."""
_CELLS = re.compile(r"<|.*\bipykernel_\d")
_OWN = (os.path.dirname(__file__), os.path.join(os.path.dirname(os.path.dirname(__file__)), "authoring"))
"""The folders whose functions are no part of the author's program."""


class Recorder(TextIOBase):
    """What a call puts out, in the order in which it does."""

    encoding = "utf-8"

    def __init__(self, bundle_of: BundleOf = own_bundle) -> None:
        self._bundle_of = bundle_of
        self._parts: list[Part] = []
        self._text: list[str] = []
        self._figures: list[object] = []

    def write(self, text: str) -> int:
        """Printed text: this is the call's ``sys.stdout`` and ``sys.stderr``."""
        self._text.append(text)
        return len(text)

    def writable(self) -> bool:
        return True

    def show(self, thing: object) -> None:
        """What ``display`` is called with. Looked at now, since the program may change it later."""
        self._end_text()
        self._parts += value_parts(thing, self._bundle_of)
        if is_figure(thing):
            self._figures.append(thing)

    def show_bundle(self, bundle: Mapping[str, Any]) -> None:
        """A finished MIME bundle, as ``display(…, raw=True)`` gives it."""
        self._end_text()
        self._parts += bundle_parts(bundle)

    def clear(self) -> None:
        """What ``clear_output`` does."""
        self._parts, self._text = [], []

    def finish(self, value: object, before: list[object]) -> list[Part]:
        """All parts, with the returned value and the figures that are open now and were not ``before``."""
        self._end_text()
        returned = value if isinstance(value, tuple) else (value,)
        known = [*before, *self._figures, *(thing for thing in returned if is_figure(thing))]
        new = [figure for figure in open_figures() if not any(figure is other for other in known)]
        for figure in new:
            self._parts += value_parts(figure, self._bundle_of)
        if is_drawing(value) and (new or self._figures):
            return self._parts
        return self._parts + value_parts(value, self._bundle_of)

    def _end_text(self) -> None:
        self._parts += text_parts("".join(self._text))
        self._text = []


_recorders: list[Recorder] = []


def recorder() -> Recorder | None:
    """The one that records now, for whoever stands in for ``display``; ``None`` outside a call."""
    return _recorders[-1] if _recorders else None


def answer(
    function: Callable[..., object], arguments: Mapping[str, object], bundle_of: BundleOf = own_bundle
) -> list[Part]:
    """The parts of ``function(**arguments)``. What the function raises is the last part; only an interruption by the
    user is raised. Warnings are not shown: Python gives each of them once, so they would stand in some answers only."""
    before = open_figures()
    record = Recorder(bundle_of)
    try:
        with _recording(record):
            value = function(**arguments)
            return record.finish(value, before)
    except (Exception, SystemExit) as error:
        home = getattr(getattr(unwrap(function), "__code__", None), "co_filename", CELL)
        return [*record.finish(None, open_figures()), error_part(error, home)]
    finally:
        _close_new(before)


def _close_new(before: list[object]) -> None:
    for figure in open_figures():
        if not any(figure is other for other in before):
            close_figure(figure)


@contextmanager
def _recording(record: Recorder) -> Iterator[None]:
    _recorders.append(record)
    try:
        with redirect_stdout(record), redirect_stderr(record), warnings.catch_warnings(record=True):
            yield
    finally:
        _recorders.pop()


def error_part(error: BaseException, home: str = CELL) -> Part:
    """An exception as a part; ``home`` is the name of the file that stands for the cell.

    Paths and the numbers of other cells' lines are left out: they differ from one machine to the next."""
    name, message = type(error).__name__, _message(error)
    frames = [_frame(frame, home) for frame in extract_tb(error.__traceback__) if not _is_own(frame)]
    last = f"{name}: {message}" if message else name
    text = "\n".join(["Traceback (most recent call last):", *frames, last])
    return {"kind": "error", "name": name, "message": message, "traceback": text}


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return ""


def _is_own(frame: FrameSummary) -> bool:
    return os.path.dirname(frame.filename) in _OWN


def _frame(frame: FrameSummary, home: str) -> str:
    if frame.filename in (home, CELL):
        place = f"Cell, line {frame.lineno}"
    elif _CELLS.match(frame.filename):
        place = "An earlier cell"
    else:
        place = f"File {os.path.basename(frame.filename)}, line {frame.lineno}"
    line = f"\n    {frame.line}" if frame.line else ""
    return f"  {place}, in {frame.name}{line}"


