"""What its author should know of a notebook before others read it, besides what its rendering says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from .bundles import SECTION
from .freshness import execution_counts
from .notices import Notice, NoticeCode, Place
from .post import Bundle, Cell, Post, Traceback
from .secrets import find_secrets
from .text import clean_text, one_line


def audit_post(notebook: Mapping[str, Any], post: Post) -> list[Notice]:
    """Findings about a parsed ``notebook`` (any format) and the ``post`` that was read from it: whether its outputs
    are those of its code run once from top to bottom, as far as the saved counts say; errors among them; passwords and
    tokens, which are never repeated; and what its runnable sections weigh. Never raises."""
    found = [*_execution(notebook, post), *_errors(post), *_secrets(notebook), *_costs(post)]
    return sorted(found, key=lambda notice: (notice.place.cell or 0, notice.place.line or 0))


def _execution(notebook: Mapping[str, Any], post: Post) -> Iterator[Notice]:
    counts = execution_counts(notebook, post.code)
    missing = [number for number, count in counts.items() if count is None]
    if counts and len(missing) == len(counts):
        yield Notice(NoticeCode.CELL_NOT_RUN, f"none of its {len(counts)} code cells has been run", Place(missing[0]))
        return
    for number in missing:
        yield Notice(NoticeCode.CELL_NOT_RUN, "has not been run", Place(number))
    before: tuple[int, int] | None = None
    for number, count in counts.items():
        if count is None:
            continue
        if before and count <= before[1]:
            detail = f"ran as [{count}], before cell {before[0]} as [{before[1]}]"
            yield Notice(NoticeCode.EXECUTION_ORDER, detail, Place(number))
            return  # one is enough to have all cells run again
        before = number, count


def _errors(post: Post) -> Iterator[Notice]:
    for cell in post.cells:
        for output in cell.outputs:
            if isinstance(output, Traceback) and not cell.options.may_raise:
                said = one_line(f"{output.ename}: {output.evalue}")[:120]
                yield Notice(NoticeCode.OUTPUT_ERROR, said, Place(cell.number, cell.id))


def _secrets(notebook: Mapping[str, Any]) -> Iterator[Notice]:
    for secret in find_secrets(notebook):
        kind = NoticeCode.SECRET if secret.strict else NoticeCode.SECRET_LIKE
        yield Notice(kind, f"{secret.kind}, {secret.masked}, in the {secret.part}", secret.place)


def _costs(post: Post) -> Iterator[Notice]:
    for cell in post.cells:
        for output in cell.outputs:
            content = output.data.get(SECTION) if isinstance(output, Bundle) else None
            if isinstance(content, Mapping):
                yield _cost(cell, content)


def _cost(cell: Cell, content: Mapping[str, Any]) -> Notice:
    states = content.get("states")
    baked, total = (states.get("baked"), states.get("total")) if isinstance(states, Mapping) else (None, None)
    size = len(json.dumps(content, ensure_ascii=False)) / 1000
    name = one_line(clean_text(str(content.get("name"))))[:60]
    detail = f"`{name}` adds {size:.1f} KB to the page for {baked} of {total} answers"
    return Notice(NoticeCode.SECTION_COST, detail, Place(cell.number, cell.id))
