"""A section in the notebook: ipywidgets' ``interactive``, with stops and answers that are those of the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from inspect import getdoc
from typing import Any

import ipywidgets as widgets

from ..shared.calling import answer
from ..shared.showing import Part
from .baking import Baked, State, bake, read_budget
from .capture import bundle_of, capturing
from .controls import Control, make_control
from .messages import baking_message
from .static import parts_html, section_html, section_text

MIME = "application/vnd.nbblog.interact.v1+json"
_OUTPUT = "display_data"


class Section(widgets.interactive):  # type: ignore[misc]
    """A function with its controls. ``bake`` and ``live`` are what the author gave ``interact``."""

    children: tuple[Any, ...]

    def __init__(self, function: Callable[..., Any], options: Mapping[str, Any], /, **abbreviations: Any) -> None:
        self.budget = read_budget(abbreviations.pop("bake", options.get("bake")))
        self.live = bool(abbreviations.pop("live", options.get("live", True)))
        self.controls: list[Control] = []
        self.baked: Baked | None = None
        self.first: list[Part] | None = None
        self.note = widgets.HTML()
        super().__init__(function, dict(options), **abbreviations)
        self.children = (*self.children, self.note)

    def widgets_from_abbreviations(self, seq: Sequence[tuple[str, Any, Any]]) -> list[Any]:
        """ipywidgets' own hook: the widgets of the parameters, in their order."""
        for name, abbreviation, default in seq:
            control = make_control(name, abbreviation, default)
            control.widget._kwarg = name
            self.controls.append(control)
        return [control.widget for control in self.controls]

    def update(self, *args: object) -> None:
        """Call the function with what the controls say, and show what comes of it."""
        self.kwargs = {control.name: control.value for control in self.controls}
        parts = self.answer(self.kwargs)
        if self.first is None:
            self.first = parts
        self.out.outputs = tuple(_output(part) for part in parts)

    def answer(self, arguments: Mapping[str, Any]) -> list[Part]:
        """The parts of one call; its value is kept as ``result``."""

        def call(**given: Any) -> Any:
            self.result = self.f(**given)
            return self.result

        with capturing():
            return answer(call, arguments, bundle_of)

    @property
    def name(self) -> str:
        """The section's key on the page."""
        name = getattr(self.f, "__name__", "")
        return name if re.fullmatch(r"[A-Za-z_]\w*", name) else "section"

    @property
    def title(self) -> str:
        """The first line of the function's docstring."""
        return (getdoc(self.f) or "").partition("\n")[0].strip() if hasattr(self.f, "__code__") else ""

    def bake(self) -> Baked:
        """Compute the states that the page will have."""
        asked = [control for control in self.controls if control.stops]
        fixed = {control.name: control.value for control in self.controls if not control.stops}
        # Not the function's defaults: the section begins where its controls stand.
        default = tuple(control.index for control in asked)

        def compute(state: State) -> list[Part]:
            chosen = {control.name: control.stops[index] for control, index in zip(asked, state, strict=True)}
            return self.answer({**fixed, **chosen})

        sizes = tuple(len(control.stops) for control in asked)
        self.baked = bake(compute, default, sizes, self.budget, first=self.first)
        return self.baked

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        baked = self.baked or self.bake()
        described = self.describe(baked)
        self.note.value = f"<small>{described['message']}</small>"
        shown = [control for control in self.controls if control.kind not in ("fixed", "unsupported")]
        default = baked.distinct[baked.answers[0]]
        return {
            **(super()._repr_mimebundle_(**kwargs) or {}),
            MIME: described,
            "text/html": section_html(self.title, shown, default),
            "text/plain": section_text(self.title, shown, default),
        }

    def describe(self, baked: Baked) -> dict[str, Any]:
        """What is saved for the page."""
        states = {"total": baked.total, "baked": len(baked.states), "pure": baked.pure, "data": baked.data}
        return {
            "version": 1,
            "name": self.name,
            "title": self.title,
            "controls": [c.as_json() for c in self.controls if c.kind not in ("fixed", "unsupported")],
            "states": states,
            "code": {"cell": "", "prelude": "", "index": 0, "sha256": "", "live": False, "reason": "", "packages": []},
            "message": baking_message(baked, live=False),
        }


def _output(part: Part) -> dict[str, Any]:
    """A part as an output of the notebook's, for the widget that shows the answer."""
    if part["kind"] == "error":
        lines = part["traceback"].splitlines()
        return {"output_type": "error", "ename": part["name"], "evalue": part["message"], "traceback": lines}
    if part["kind"] in ("markdown", "latex"):
        return {"output_type": _OUTPUT, "data": {f"text/{part['kind']}": part["text"]}, "metadata": {}}
    return {"output_type": _OUTPUT, "data": {"text/html": parts_html([part], inline=True)}, "metadata": {}}
