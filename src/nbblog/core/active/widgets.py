"""Jupyter widgets: which models an output needs, and what they say without being drawn.

The state format is ipywidgets' "Widget state" version 2: ``{"state": {id: {model_name, model_module, state…}}}``.
Nothing of it is believed: it comes from a file that anybody may have written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .charts import plain

MODULES = frozenset({"@jupyter-widgets/base", "@jupyter-widgets/controls", "@jupyter-widgets/output"})
"""The widgets that the vendored manager can draw; others bring code of their own, which may not run."""
MAX_MODELS = 5_000
_PREFIX = "IPY_MODEL_"
_VIEW_MIME = "application/vnd.jupyter.widget-view+json"


class WidgetProblem(Exception):
    """Why a widget cannot be drawn, in a few words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def select_models(widget_state: Mapping[str, Any], model_id: str) -> dict[str, Any]:
    """The models that the widget needs, itself included, by id, and the links between them.

    Raises ``WidgetProblem`` if the widget is not saved, is malformed, or needs code that is not ours."""
    models = widget_state.get("state")
    if not isinstance(models, dict) or not isinstance(models.get(model_id), dict):
        raise WidgetProblem("its state was not saved in the notebook")
    selected: dict[str, Any] = {}
    waiting = [model_id]
    while waiting:
        name = waiting.pop()
        if name in selected:
            continue
        if name not in models:
            # The manager would draw nothing at all: one missing part, even a style, is an error to it.
            raise WidgetProblem("a part of its state was not saved in the notebook")
        selected[name] = _check_model(models[name])
        waiting += _references(models[name])
        waiting += [view for view in _views(models[name]) if view in models]
        if len(selected) > MAX_MODELS:
            raise WidgetProblem(f"it has more than {MAX_MODELS} parts")
    return {**selected, **_links(models, selected)}


def _check_model(model: Any) -> dict[str, Any]:
    texts = ("model_name", "model_module", "model_module_version")
    if not isinstance(model, dict) or not all(isinstance(model.get(key), str) for key in texts):
        raise WidgetProblem("its saved state is malformed")
    if not isinstance(model.get("state"), dict):
        raise WidgetProblem("its saved state is malformed")
    modules = (model["model_module"], str(model["state"].get("_view_module") or model["model_module"]))
    foreign = next((module for module in sorted(modules) if module not in MODULES), None)
    if foreign is not None:
        raise WidgetProblem(f"it is drawn by {foreign[:60]}, which is not one of Jupyter's own")
    return model


def _references(value: Any) -> Iterator[str]:
    """Ids of models named anywhere in a state as ``IPY_MODEL_id``."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str) and value.startswith(_PREFIX):
            yield value[len(_PREFIX) :]
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            waiting += value.values()


def _views(model: Mapping[str, Any]) -> Iterator[str]:
    """Ids of models that an output widget shows."""
    for output in _list(model["state"].get("outputs")):
        bundle = output.get("data") if isinstance(output, dict) else None
        view = bundle.get(_VIEW_MIME) if isinstance(bundle, dict) else None
        if isinstance(view, dict) and isinstance(view.get("model_id"), str):
            yield view["model_id"]


def _links(models: Mapping[str, Any], selected: Mapping[str, Any]) -> dict[str, Any]:
    """Links (``jslink``) whose both ends are there: nothing names them, they name their ends."""
    links = {}
    for name, model in models.items():
        if name not in selected and isinstance(model, dict) and str(model.get("model_name", "")).endswith("LinkModel"):
            ends = list(_references(model.get("state")))
            if ends and all(end in selected for end in ends):
                links[name] = _check_model(model)
    return links


def read_text(models: Mapping[str, Any], model_id: str) -> list[str]:
    """What the widget says, a line for each of its parts that says something: ``n: 3``. At most 100 lines."""
    lines: list[str] = []
    waiting, seen = [model_id], set()
    while waiting and len(lines) < 100:
        name = waiting.pop(0)
        model = models.get(name)
        if name in seen or not isinstance(model, dict) or not isinstance(model.get("state"), dict):
            continue
        seen.add(name)
        lines += _say(model)
        children = model["state"].get("children")
        waiting = list(_references(children))[::-1] + waiting if isinstance(children, list) else waiting
    return lines


def _say(model: Mapping[str, Any]) -> list[str]:
    state = model["state"]
    label, value = _strip(state.get("description")), _read_value(state)
    text = f"{label}: {value}" if label and value else label or value
    return [line for line in (text, *map(_read_output, _list(state.get("outputs"))[:20])) if line]


def _read_value(state: Mapping[str, Any]) -> str:
    value = state.get("value")
    options, index = state.get("_options_labels"), state.get("index")
    if isinstance(options, list) and isinstance(index, int) and 0 <= index < len(options):
        return plain(options[index])
    if isinstance(value, (bool, int, float)) and not str(state.get("_model_name")).endswith("ProgressModel"):
        return plain(value) if not isinstance(value, bool) else "yes" if value else "no"
    return _strip(value)


def _read_output(output: Any) -> str:
    if not isinstance(output, dict):
        return ""
    bundle = output.get("data")
    text = output.get("text") or (bundle.get("text/plain") if isinstance(bundle, dict) else None)
    return "".join(map(str, text)).strip()[:2000] if isinstance(text, (str, list)) else ""


def _strip(text: Any) -> str:
    if not isinstance(text, str):
        return ""
    return " ".join(re.sub(r"<[^<>]{0,500}>", " ", text[:2000]).replace("&nbsp;", " ").split())


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
