"""What an author asked of one cell: ``#|`` lines, tags, metadata, and the post's defaults, weighed in that order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from .fields import Unusable, read_text, read_truth
from .notices import NoticeCode
from .option_lines import OptionLines
from .post import CellOptions, Show, Track

NO_LINES = OptionLines("", 0)

_TAGS: Mapping[str, tuple[str, Any]] = {
    "remove-cell": ("cell", "hide"),
    "remove-input": ("input", "hide"),
    "remove-output": ("output", "hide"),
    "remove-stdout": ("stdout", False),
    "remove-stderr": ("stderr", False),
    "hide-cell": ("cell", "fold"),
    "hide-input": ("input", "fold"),
    "hide-output": ("output", "fold"),
    "full-width": ("track", "full"),
    "column-page": ("track", "wide"),
    "column-screen": ("track", "full"),
    "skip-execution": ("evaluate", False),
    "raises-exception": ("may_raise", True),
    "runnable": ("runnable", True),
}
"""Jupyter Book's tags with their meaning there, and ours."""

_STRENGTH = ("show", "fold", "hide")
_COLUMNS: Mapping[str, Track] = {
    "body": "text",
    "margin": "text",
    "body-outset": "wide",
    "page": "wide",
    "page-inset": "wide",
    "screen": "full",
    "screen-inset": "full",
    "screen-inset-shaded": "full",
}


@dataclass(frozen=True, slots=True)
class OptionsRead:
    """A cell's options, and what was odd: the notice, its detail, the line of the cell (from 1) where there is one."""

    options: CellOptions
    problems: tuple[tuple[NoticeCode, str, int | None], ...] = ()


def read_options(
    lines: OptionLines, metadata: Mapping[str, Any], *, echo: bool = True, code_fold: bool = False
) -> OptionsRead:
    """The options of a cell with these ``#|`` lines and this metadata; ``echo`` and ``code_fold`` are the post's.

    Never fails: unknown names and wrong values give problems."""
    problems = [(kind, detail, line) for kind, detail, line in lines.problems]
    below = {**_from_metadata(metadata), **_from_tags(metadata.get("tags"), problems)}
    above = _from_lines(lines, problems)
    values = {**below, **{name: value for name, value in above.items() if name not in ("echo", "fold")}}
    values["input"] = _weigh_input(above, below.get("input"), echo=echo, code_fold=code_fold)
    return OptionsRead(CellOptions(**values, options=dict(lines.options)), tuple(problems))


def is_removed(metadata: Mapping[str, Any]) -> bool:
    """Whether the tags alone take the whole cell away."""
    return _from_tags(metadata.get("tags"), []).get("cell") == "hide"


def _weigh_input(above: Mapping[str, Any], below: Show | None, *, echo: bool, code_fold: bool) -> Show:
    """Whether code is shown. ``echo`` and ``code-fold`` of the cell win over its tags, these over the post's."""
    shown, fold = above.get("echo"), above.get("fold")
    if shown is False:
        return "hide"
    if fold:
        return "fold"
    if shown:  # back to what the post does with code that it shows
        return "fold" if code_fold and fold is None else "show"
    if below is not None:
        return "hide" if below == "hide" else "fold" if fold is None and below == "fold" else "show"
    if not echo:
        return "hide"
    return "fold" if code_fold and fold is None else "show"


# --- Metadata and tags ----------------------------------------------------------------------------------------------


def _from_metadata(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """nbformat's hidden sources and outputs, and the older names that notebooks in the wild have for them."""
    values: dict[str, Any] = {}
    if metadata.get("collapsed") is True:
        values["output"] = "fold"
    for name in ("hide_input", "hide-input", "hide_output", "hide-output"):
        if metadata.get(name) is True:
            values[name[5:]] = "fold"
    jupyter = metadata.get("jupyter")
    if isinstance(jupyter, Mapping):
        for name, part in (("source_hidden", "input"), ("outputs_hidden", "output")):
            if isinstance(hidden := jupyter.get(name), bool):
                values[part] = "fold" if hidden else "show"
    return values


def _from_tags(tags: object, problems: list[tuple[NoticeCode, str, int | None]]) -> dict[str, Any]:
    """What the tags say; where two of them differ, the stronger one (gone, then folded)."""
    if tags is None:
        return {}
    if not isinstance(tags, list | tuple):
        problems.append((NoticeCode.NOTEBOOK_MALFORMED, "`metadata.tags` is not a list", None))
        return {}
    values: dict[str, Any] = {}
    for number, tag in enumerate(tags):
        name = tag.strip().lower().replace("_", "-") if isinstance(tag, str) else ""
        if name in _TAGS:
            key, value = _TAGS[name]
            if values.get(key) not in _STRENGTH or _STRENGTH.index(value) > _STRENGTH.index(values[key]):
                values[key] = value
        elif number < 50 and (meant := get_close_matches(name, _TAGS, n=1, cutoff=0.85)):
            problems.append((NoticeCode.TAG_UNKNOWN, f"the tag `{tag[:60]}`; did you mean `{meant[0]}`?", None))
    return values


# --- Lines ----------------------------------------------------------------------------------------------------------


def _from_lines(lines: OptionLines, problems: list[tuple[NoticeCode, str, int | None]]) -> dict[str, Any]:
    """What the ``#|`` lines say: fields of ``CellOptions``, and ``echo`` and ``fold`` for ``_weigh_input``."""
    values: dict[str, Any] = {}
    for flag in lines.flags:
        values.update(_FLAGS[flag])
    for key, value in lines.options.items():
        read = _OPTIONS.get(key)
        if read is None or value is None:
            continue
        try:
            values.update(read(value))
        except Unusable as wanted:
            detail = f"`{key}` must be {wanted}, not `{str(value)[:60]}`"
            problems.append((NoticeCode.OPTION_VALUE, detail, lines.key_lines.get(key)))
    return values


_FLAGS: Mapping[str, Mapping[str, Any]] = {
    "hide": {"cell": "hide"},
    "hide-input": {"echo": False},
    "hide-output": {"output": "hide"},
    "collapse": {"fold": True},
    "collapse-hide": {"fold": True},
    "collapse-input": {"fold": True},
    "collapse-show": {"fold": True, "fold_open": True},
    "collapse-output": {"output": "fold"},
}
"""fastpages' and nbdev's words that stand alone in a comment."""


def _include(value: object) -> dict[str, Any]:
    return {"cell": "show" if read_truth(value) else "hide"}


def _hide(value: object) -> dict[str, Any]:
    return {"cell": "hide"} if read_truth(value) else {}


def _echo(value: object) -> dict[str, Any]:
    return {"echo": value == "fenced" or read_truth(value)}


def _fold(value: object) -> dict[str, Any]:
    if value in ("show", "hide"):
        return {"fold": True, "fold_open": value == "show"}
    return {"fold": read_truth(value)}


def _output(value: object) -> dict[str, Any]:
    if value in ("asis", "fold"):
        return {"output": "fold" if value == "fold" else "show"}
    return {"output": "show" if read_truth(value) else "hide"}


def _column(value: object) -> dict[str, Any]:
    name = str(value).strip().lower()
    # The tracks beside the text that Quarto has on one side only.
    name = name.removesuffix("-left").removesuffix("-right")
    if name not in _COLUMNS:
        raise Unusable(f"one of {', '.join(_COLUMNS)}")
    return {"track": _COLUMNS[name]}


def _captions(value: object) -> str | None:
    """A caption; several (one for each picture) in one line."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "; ".join(text for entry in value if (text := read_text(entry))) or None
    return read_text(value)


_OPTIONS: Mapping[str, Callable[[object], dict[str, Any]]] = {
    "include": _include,
    "hide": _hide,
    "echo": _echo,
    "code-fold": _fold,
    "output": _output,
    "warning": lambda value: {"stderr": read_truth(value)},
    "eval": lambda value: {"evaluate": read_truth(value)},
    "runnable": lambda value: {"runnable": read_truth(value)},
    "column": _column,
    "label": lambda value: {"label": read_text(value)},
    "fig-cap": lambda value: {"caption": _captions(value)},
    "fig-alt": lambda value: {"alt": _captions(value)},
    "tbl-cap": lambda value: {"table_caption": _captions(value)},
    "code-summary": lambda value: {"fold_summary": read_text(value)},
}
