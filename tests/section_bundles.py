"""Outputs of ``nbblog.interact`` for tests, made by hand: the format, written a second time."""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

MIME = "application/vnd.nbblog.interact.v1+json"
Part = dict[str, Any]


def range_control(name: str, stops: Sequence[float], default: int = 0, **more: Any) -> dict[str, Any]:
    """A slider."""
    labels = [f"{stop:,}" for stop in stops]
    known = {"name": name, "label": name, "unit": "", "kind": "range", "stops": list(stops), "labels": labels}
    return {**known, "default": default, "uniform": False, **more}


def choice_control(name: str, choices: Sequence[Any], default: int = 0, kind: str = "select") -> dict[str, Any]:
    """A list to choose from."""
    known = {"name": name, "label": name, "kind": kind, "stops": list(choices), "default": default}
    return {**known, "labels": [str(choice) for choice in choices]}


def checkbox(name: str, default: int = 0) -> dict[str, Any]:
    known = {"name": name, "label": name, "kind": "checkbox", "stops": [False, True], "labels": ["no", "yes"]}
    return {**known, "default": default}


def pack_states(keys: Sequence[int] | None, answers: Sequence[int], distinct: Sequence[Any]) -> str:
    written = json.dumps({"keys": keys, "answers": answers, "distinct": distinct})
    return b64encode(zlib.compress(written.encode())).decode()


def section(
    function: Callable[..., list[Part]],
    controls: Sequence[Mapping[str, Any]],
    *,
    title: str = "",
    name: str = "capacity",
    keep: Callable[[int], bool] | None = None,
    code: Mapping[str, Any] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """The JSON of a section whose states are all baked, or those whose number ``keep`` wants. ``function`` takes the
    parameters and gives the parts of an answer."""
    asked = [control for control in controls if "stops" in control]
    fixed = {control["name"]: control["value"] for control in controls if "stops" not in control}
    numbers: dict[str, int] = {}
    distinct: list[list[Part]] = []
    keys, answers = [], []
    for number, stops in enumerate(product(*(control["stops"] for control in asked))):
        if keep is not None and not keep(number):
            continue
        names = (control["name"] for control in asked)
        parts = function(**fixed, **dict(zip(names, stops, strict=True)))
        written = json.dumps(parts)
        if written not in numbers:
            numbers[written] = len(distinct)
            distinct.append(parts)
        keys.append(number)
        answers.append(numbers[written])
    states = {"total": 0, "baked": len(keys), "pure": True}
    states["data"] = pack_states(None if keep is None else keys, answers, distinct)
    return {
        "version": 1,
        "name": name,
        "title": title,
        "controls": [dict(control) for control in controls],
        "states": states,
        "code": {"cell": "", "prelude": "", "index": 0, "sha256": "", "live": False, "reason": "", **(code or {})},
        "message": "",
        **more,
    }


def text(words: str) -> Part:
    return {"kind": "text", "text": words}


def prose(words: str) -> Part:
    return {"kind": "prose", "text": words}


def table(rows: Mapping[str, Any]) -> Part:
    """A table of two columns, as ``shared/tables.py`` writes it."""
    pairs = (f'<th scope="row">{key}</th><td class="nb-num">{value}</td>' for key, value in rows.items())
    cells = "".join(f"<tr>{pair}</tr>" for pair in pairs)
    return {"kind": "table", "html": f'<table class="nb-table"><tbody>{cells}</tbody></table>'}


def plot(x: Sequence[Any], y: Mapping[str, Sequence[Any]], **more: Any) -> Part:
    series = [{"name": name, "y": list(values)} for name, values in y.items()]
    known = {"v": 1, "kind": "line", "title": None, "x": list(x), "series": series, "xLabel": None, "yLabel": None}
    return {"kind": "plot", "spec": {**known, "logX": False, "logY": False, "marks": [], "lines": [], **more}}


def notebook(*cells: Mapping[str, Any] | str, title: str = "Sections") -> dict[str, Any]:
    """A notebook of text, of cells that have shown a section (its JSON, or a bundle), and of whole code cells that
    have printed "published"."""
    written: list[dict[str, Any]] = [_markdown("title", f"# {title}")]
    for place, cell in enumerate(cells):
        if isinstance(cell, str):
            written.append(_markdown(f"text{place}", cell))
            continue
        if cell.get("cell_type") == "code":
            printed = {"output_type": "stream", "name": "stdout", "text": "published\n"}
            known = {"id": f"cell{place}", "metadata": {}, "execution_count": 1, "outputs": [printed]}
            written.append({**known, **cell})
            continue
        bundle = cell if MIME in cell else {MIME: cell, "text/html": "<p>static</p>", "text/plain": "static"}
        output = {"output_type": "display_data", "data": dict(bundle), "metadata": {}}
        source = bundle[MIME].get("code", {}).get("cell") if isinstance(bundle[MIME], dict) else ""
        code = {"cell_type": "code", "id": f"cell{place}", "metadata": {}, "execution_count": 1, "outputs": [output]}
        written.append({**code, "source": source or "interact(capacity)"})
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": written}


def _markdown(name: str, source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": source}
