"""A section in the notebook: ipywidgets' ``interactive``, with stops and answers that are those of the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from html import escape
from inspect import getdoc
from time import monotonic
from typing import Any

import ipywidgets as widgets
from IPython.core.getipython import get_ipython

from ..shared.calling import answer
from ..shared.showing import Part
from .baking import read_budget
from .capture import bundle_of, capturing
from .cells import next_index, running_cell
from .controls import Control, make_control
from .saving import Ask, Progress, Saved, save
from .static import parts_html, section_html, section_text

MIME = "application/vnd.nbblog.interact.v1+json"


def has_notebook() -> bool:
    """Whether there is a front end that shows more than text."""
    shell = get_ipython()
    return shell is not None and type(shell).__name__ != "TerminalInteractiveShell"


class Section(widgets.interactive):  # type: ignore[misc]
    """A function with its controls. ``options`` and ``abbreviations`` are what the author gave ``interact``."""

    children: tuple[Any, ...]

    def __init__(self, function: Callable[..., Any], options: Mapping[str, Any], /, **abbreviations: Any) -> None:
        self._budget = read_budget(abbreviations.pop("bake", options.get("bake")))
        self._live = bool(abbreviations.pop("live", options.get("live", True)))
        self._source = running_cell()
        self._place = next_index(self._source) if self._source else 0
        self.controls: list[Control] = []
        self._first: list[Part] | None = None
        self._seconds = 0.0
        self._saved: Saved | None = None
        self._note = widgets.HTML(layout={"order": "1"})
        super().__init__(function, dict(options), **abbreviations)
        # The last child is the answer, as in ipywidgets: notebooks rely on it. It is shown above the note all the same.
        *others, out = self.children
        self.children = (*others, self._note, out)

    def widgets_from_abbreviations(self, seq: Sequence[tuple[str, Any, Any]]) -> list[Any]:
        """ipywidgets' own hook: the widgets of the parameters, in their order."""
        for name, abbreviation, default in seq:
            control = make_control(name, abbreviation, default)
            control.widget._kwarg = name
            self.controls.append(control)
        return [control.widget for control in self.controls]

    def update(self, *args: object) -> None:
        """Call the function with what the controls say, and show what comes of it."""
        if self.manual:
            self.manual_button.disabled = True
        try:
            self.kwargs = {control.name: control.value for control in self.controls}
            started = monotonic()
            parts = self.answer(self.kwargs)
            if self._first is None and not self.manual:
                self._first, self._seconds = parts, monotonic() - started
            self.out.outputs = tuple(_output(part) for part in parts)
        finally:
            if self.manual:
                self.manual_button.disabled = False

    def answer(self, arguments: Mapping[str, Any]) -> list[Part]:
        """The parts of one call; its value is kept as ``result``."""

        @wraps(self.f, assigned=(), updated=())
        def call(**given: Any) -> Any:
            self.result = self.f(**given)
            return self.result if self.auto_display else None

        with capturing():
            return answer(call, arguments, bundle_of)

    @property
    def name(self) -> str:
        """The section's key on the page."""
        name = getattr(self.f, "__name__", "")
        return name if re.fullmatch(r"[A-Za-z_]\w*", name) else "section"

    @property
    def is_of_this_run(self) -> bool:
        """Whether the cell that runs now has made it."""
        now = running_cell()
        return now is not None and self._source is not None and now.run == self._source.run

    @property
    def title(self) -> str:
        """The first line of the function's docstring."""
        return (getdoc(self.f) or "").partition("\n")[0].strip() if hasattr(self.f, "__code__") else ""

    def tell(self, text: str) -> None:
        """A message under the answer."""
        self._note.value = f"<small>{escape(text)}</small>"

    def bundle(self, progress: Progress = lambda done, wanted: None) -> dict[str, Any]:
        """All that the notebook saves of the section. The first call bakes it."""
        if self._saved is None:
            result = self.result
            self._saved = save(self._ask(progress))
            self.result = result  # that of the answer that is shown, not of the last that was baked
            self.tell(self._saved.described["message"])
        seen = [control for control in self.controls if control.is_seen]
        return {
            **self.widget_bundle(),
            MIME: self._saved.described,
            "text/html": section_html(self.title, seen, self._saved.default),
            "text/plain": section_text(self.title, seen, self._saved.default),
        }

    def widget_bundle(self) -> dict[str, Any]:
        """The live controls only."""
        return dict(super()._repr_mimebundle_() or {})

    def text(self) -> str:
        """The section for a terminal, where there are no controls."""
        if self._first is None:
            self._first = self.answer({control.name: control.value for control in self.controls})
        return section_text(self.title, [control for control in self.controls if control.is_seen], self._first)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        return self.bundle() if has_notebook() else {"text/plain": self.text()}

    def _ask(self, progress: Progress) -> Ask:
        return Ask(
            name=self.name,
            title=self.title,
            controls=tuple(self.controls),
            budget=self._budget,
            obstacle=self._obstacle(),
            answer=self.answer,
            first=self._first,
            seconds=self._seconds,
            source=self._source,
            index=self._place,
            progress=progress,
        )

    def _obstacle(self) -> str:
        shown_in = running_cell()
        if not self._live:
            return "the section says live=False"
        if self._source is None or shown_in is None:
            return "it was not made in a notebook's cell"
        return "" if shown_in.cell == self._source.cell else "it was not made in the cell that shows it"


def _output(part: Part) -> dict[str, Any]:
    """A part as an output of the notebook's, for the widget that shows the answer."""
    if part["kind"] == "error":
        lines = part["traceback"].splitlines()
        return {"output_type": "error", "ename": part["name"], "evalue": part["message"], "traceback": lines}
    if "bundle" in part:
        content = part["bundle"]
    elif part["kind"] in ("markdown", "latex"):
        content = {f"text/{part['kind']}": part["text"]}
    else:
        content = {"text/html": parts_html([part], inline=True)}
    return {"output_type": "display_data", "data": content, "metadata": {}}
