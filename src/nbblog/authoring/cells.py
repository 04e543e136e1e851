"""The cell that runs now, and what ran before it: from the notebook's kernel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from IPython.core.getipython import get_ipython


@dataclass(frozen=True, slots=True)
class Source:
    """Code as the author wrote it."""

    cell: str
    earlier: tuple[str, ...]
    """Every cell that has run before, in the order in which they ran."""
    run: tuple[int, str]
    """Which run of the cell this is."""

    @property
    def as_notebook(self) -> tuple[str, ...]:
        """The earlier cells as the notebook has them: a cell that was run twice is there once."""
        return tuple(dict.fromkeys(cell for cell in self.earlier if cell != self.cell))


def running_cell() -> Source | None:
    """The cell that runs now; ``None`` where no notebook or IPython session runs it."""
    shell = get_ipython()
    history = list(getattr(getattr(shell, "history_manager", None), "input_hist_raw", ()))
    if not history:
        return None
    request: Mapping[str, Any] = (shell.get_parent() if hasattr(shell, "get_parent") else None) or {}
    cell = request.get("content", {}).get("code")
    # A cell that is run silently is not in the history.
    is_kept = not isinstance(cell, str) or history[-1] == cell
    earlier = tuple(history[1:-1] if is_kept else history[1:])
    run = shell.execution_count, str(request.get("header", {}).get("msg_id", ""))
    return Source(history[-1] if is_kept else cell, earlier, run)


class _Counter:
    """Numbers the sections of each run of a cell, from 0."""

    def __init__(self) -> None:
        self._run: tuple[int, str] | None = None
        self._next = 0

    def count(self, source: Source) -> int:
        if source.run != self._run:
            self._run, self._next = source.run, 0
        self._next += 1
        return self._next - 1


next_index = _Counter().count
