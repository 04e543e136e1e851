"""Sections in the reader's browser: programs that stay loaded from one answer to the next. JSON in, JSON out.

What a program prints is bounded before it leaves Python, as a page bounds what an output prints.
"""

from __future__ import annotations

import json
import math
import random
import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from importlib import invalidate_caches
from typing import Any

from .calling import answer, error_part
from .showing import Part
from .stand_in import Recorded, run_cell, run_program

LONGEST = 8 << 20
"""Characters of JSON in one answer."""
LONGEST_TEXT = 1 << 20
MOST_LINES, KEPT_LINES = 2000, 1000
"""A text of more lines is cut, and one of more characters; so many lines stay, or a quarter of the characters."""
NO_MEMORY = "it needs more memory than Python gets in a page: one gigabyte"

_TEXTS = ("text", "prose", "markdown", "latex")


class MissingModules:
    """Notes which modules of the standard library a program looked for that have not been loaded yet."""

    def __init__(self, names: Collection[str]) -> None:
        """``names`` are top-level modules and packages."""
        self._names = frozenset(names)
        self.looked_for: set[str] = set()

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: object = None) -> None:
        """The last of ``sys.meta_path``: nobody before it has found the module, and neither does it."""
        if path is None and name in self._names:
            self.looked_for.add(name)

    def arrive(self, archive: str) -> None:
        """The modules are there now, in this file."""
        sys.path.append(archive)
        invalidate_caches()
        self._names = frozenset()
        self.looked_for.clear()


@dataclass(slots=True)
class Programs:
    """The programs of a page's sections, by the section's key."""

    missing: MissingModules
    tidy: Callable[[str], str] = str
    """What makes a table's HTML as the page's other tables are."""
    _loaded: dict[str, tuple[str, str, list[Recorded]]] = field(default_factory=dict)

    def answer(self, request: str) -> str:
        """``{"key", "prelude", "cell", "index", "arguments"}`` → ``{"parts", "missing"}``.

        ``index`` is ``None`` for a cell without controls. Parts are those of ``showing``, with tidy tables, texts cut;
        what no page can hold is still in them, and HTML is not safe yet. ``missing`` names modules that were looked
        for in vain: ask again when they have arrived."""
        asked = json.loads(request)
        self.missing.looked_for.clear()
        parts = self._answer(asked)
        if self.missing.looked_for:
            # The program may have gone another way without them.
            self._loaded.pop(asked["key"], None)
        written = json.dumps([self._finish(part) for part in parts], default=str, separators=(",", ":"))
        if len(written) > LONGEST:
            parts = [_plain_error("OverflowError", f"the answer is too long for a page: {len(written):,} characters")]
            written = json.dumps(parts)
        return f'{{"missing":{json.dumps(sorted(self.missing.looked_for))},"parts":{written}}}'

    def _answer(self, asked: dict[str, Any]) -> list[Part]:
        if asked["index"] is None:
            return run_cell(asked["prelude"], asked["cell"])
        try:
            function = self._function(asked["key"], asked["prelude"], asked["cell"], asked["index"])
        except (Exception, SystemExit) as error:
            return [error_part(error)]
        return answer(function, asked["arguments"])

    def _function(self, key: str, prelude: str, cell: str, index: int) -> Recorded:
        known = self._loaded.get(key)
        if known is None or known[:2] != (prelude, cell):
            self._loaded.pop(key, None)
            known = self._loaded[key] = (prelude, cell, run_program(prelude, cell))
        functions = known[2]
        if index >= len(functions):
            raise LookupError(f"the code calls interact {len(functions)} times, not {index + 1}")
        return functions[index]

    def _finish(self, part: Part) -> Part:
        kind = part["kind"]
        if kind in _TEXTS:
            return {"kind": kind, "text": cut_text(part["text"])}
        if kind == "table":
            # The box that goes around it has this class.
            bare = part["html"].replace('<table class="nb-table">', "<table>", 1)
            return {"kind": "html", "html": self.tidy(bare)}
        if kind == "html":
            return {"kind": "html", "html": self.tidy(part["html"])}
        if kind == "plot":
            return {"kind": "plot", "spec": _finite(part["spec"])}
        if kind == "error":
            return _explained(part)
        return {name: value for name, value in part.items() if name != "bundle"}


def cut_text(text: str) -> str:
    """The text, or its beginning and how much is left out."""
    lines = text.count("\n") + 1
    if len(text) <= LONGEST_TEXT and lines <= MOST_LINES:
        return text
    kept = "\n".join(text[: LONGEST_TEXT // 4].split("\n")[:KEPT_LINES])
    left = lines - kept.count("\n") - 1
    return f"{kept}\n… {f'{left:,} more lines' if left else f'{len(text) - len(kept):,} more characters'}"


def _explained(part: Part) -> Part:
    if part["name"] == "MemoryError" and not part["message"]:
        return {**part, "message": NO_MEMORY}
    return part


def _plain_error(name: str, message: str) -> Part:
    return {"kind": "error", "name": name, "message": message, "traceback": ""}


def _finite(value: Any) -> Any:
    """JSON has neither infinity nor NaN."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): _finite(item) for key, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, (list, tuple)) else value


def wake() -> None:
    """After a restored snapshot: random numbers are not those of the last visit."""
    random.seed()
