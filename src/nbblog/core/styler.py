"""The style sheet that a pandas Styler writes over its table, as declarations for single cells.

The page takes no style sheet from a notebook. A Styler's names its cells by id (``#T_a1b2c_row0_col1``), or all of a
kind (``#T_a1b2c th``, ``#T_a1b2c .col2``); these rules move into the cells' ``style``, all others are dropped. Which
declarations may stay is for the gate to say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

from .colour import ink_on

_SELECTOR = re.compile(r"\s*#([\w-]+)(?:\s+(th|td)?(?:\.([\w-]+))?)?\s*\Z")
_BACKGROUND = re.compile(r"background(?:-color)?\s*:\s*(#[0-9a-fA-F]{6})\b")
_INK = re.compile(r"(?:\A|;)\s*color\s*:")
# The columns' alignment is the page's own; a colour or a weight is what the author meant.
_ALIGNMENT = re.compile(r"text-align\s*:\s*(?:right|left|start|end)\s*;?\s*")


@dataclass(slots=True)
class StylerRules:
    """What style sheets say about cells; later rules win, as they stand later in the ``style``."""

    of_id: dict[str, str] = field(default_factory=dict)
    of_kind: dict[tuple[str, str, str], str] = field(default_factory=dict)
    """Table's id, element, class, such as ``("T_a", "th", "")`` or ``("T_a", "", "col2")`` → declarations."""

    def update(self, other: StylerRules) -> None:
        """Take in the rules of another sheet."""
        self.of_id.update(other.of_id)
        self.of_kind.update(other.of_kind)

    def style_of(self, table: str, name: str, attributes: Mapping[str, str]) -> str:
        """The ``style`` of a cell of the table with this id, as an attribute's value; may be empty."""
        parts = [_ALIGNMENT.sub("", attributes.get("style", ""))]
        if self.of_kind:
            classes = ("", *attributes.get("class", "").split())
            parts += [self.of_kind.get((table, element, class_), "") for element in ("", name) for class_ in classes]
        parts.append(self.of_id.get(attributes.get("id", ""), ""))
        style = ";".join(part.strip(" ;\n\t") for part in parts if part.strip(" ;\n\t"))
        background = _BACKGROUND.search(style)
        if background and not _INK.search(style):
            style += f";color:{ink_on(background[1])}"
        return style


def read_styler_rules(sheet: str) -> StylerRules:
    """The rules of a style sheet that name cells of one table; a sheet of another kind gives none."""
    rules = StylerRules()
    if "#T_" not in sheet:
        return rules
    for rule in sheet.split("}"):
        selectors, _, declarations = rule.partition("{")
        style = escape(" ".join(declarations.split()))
        for selector in selectors.split(","):
            match = _SELECTOR.match(selector)
            if match is None:
                continue
            if match[2] or match[3]:
                key = (match[1], match[2] or "", match[3] or "")
                rules.of_kind[key] = f"{rules.of_kind.get(key, '')};{style}"
            else:
                rules.of_id[match[1]] = f"{rules.of_id.get(match[1], '')};{style}"
    return rules
