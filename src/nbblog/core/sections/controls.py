"""Controls as native, labelled form elements, which stand in the page before any script runs.

Each carries its parameter's name as ``name``. What it stands at is also there as text, for paper and for readers
without scripts.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from nbblog.core.html import Safe, escape, join, tag

from .model import Control


def render_controls(controls: Sequence[Control], *, live: bool) -> Safe:
    """The form. Fields for any text or number answer only where Python can run: elsewhere they are off."""
    return tag("form", join([_render(control, live) for control in controls]), class_="nb-controls", autocomplete="off")


def _render(control: Control, live: bool) -> Safe:
    if control.kind == "radio":
        return _render_radio(control)
    name = tag("span", escape(control.label), class_="nb-control-name")
    field, shown = _render_field(control, live)
    value = tag("output", escape(shown), class_="nb-value", aria_live="off")
    parts = [field, name] if control.kind == "checkbox" else [name, field]
    return tag("div", join([tag("label", join(parts)), value]), class_=f"nb-control nb-control-{control.kind}")


def _render_field(control: Control, live: bool) -> tuple[Safe, str]:
    """The form element, and what it stands at."""
    if control.kind == "range":
        return _render_range(control), control.shown(control.default)
    if control.kind == "select":
        return tag("select", _render_choices(control), name=control.name), control.shown(control.default)
    if control.kind == "checkbox":
        checked = control.default == 1
        return tag("input", type="checkbox", name=control.name, checked=checked), control.labels[control.default]
    low, high, step = control.limits
    is_number = control.kind == "number"
    field = tag(
        "input",
        type=control.kind,
        name=control.name,
        value=str(control.value),
        min=_number(low),
        max=_number(high),
        step=(_number(step) or "any") if is_number else None,
        disabled=not live,
    )
    return field, f"{control.value} {control.unit}".strip()


def _render_range(control: Control) -> Safe:
    """Equal distances as they are; other stops by their index, and themselves in ``data-stops``."""
    first, last, count = control.stops[0], control.stops[-1], len(control.stops)
    low: str | None = "0"
    high, step, value, stops = str(count - 1), "1", str(control.default), json.dumps(control.stops)
    if control.uniform and isinstance(first, int | float) and isinstance(last, int | float):
        low, high, step = (_number(number) or "0" for number in (first, last, (last - first) / (count - 1)))
        value, stops = str(control.stops[control.default]), ""
    return tag(
        "input",
        type="range",
        name=control.name,
        min=low,
        max=high,
        step=step,
        value=value,
        data_stops=stops or None,
        aria_valuetext=control.shown(control.default),
        style=f"--nb-at:{100 * control.default / max(count - 1, 1):.4g}%",
    )


def _number(value: float | None) -> str | None:
    """As an attribute takes it: 0.30000000000000004 is 0.3."""
    return None if value is None else f"{value:.12g}"


def _render_choices(control: Control) -> Safe:
    return join(
        [
            tag(
                "option",
                escape(label or "–"),
                value=label or "–",
                selected=place == control.default,
                data_json=json.dumps(stop),
            )
            for place, (stop, label) in enumerate(zip(control.stops, control.labels, strict=True))
        ]
    )


def _render_radio(control: Control) -> Safe:
    choices = [
        tag(
            "label",
            join(
                [
                    tag(
                        "input",
                        type="radio",
                        name=control.name,
                        value=label or "–",
                        checked=place == control.default,
                        data_json=json.dumps(stop),
                    ),
                    tag("span", escape(label or "–")),
                ]
            ),
        )
        for place, (stop, label) in enumerate(zip(control.stops, control.labels, strict=True))
    ]
    legend = tag("legend", escape(control.label), class_="nb-control-name")
    box = tag("div", join(choices), class_="nb-choices")
    value = tag("output", escape(control.shown(control.default)), class_="nb-value", aria_live="off")
    return tag("fieldset", join([legend, box, value]), class_="nb-control nb-control-radio")
