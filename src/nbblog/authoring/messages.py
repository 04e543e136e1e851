"""What the author is told of a section, in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .baking import Baked
from .controls import Control

PYTHON = "5.6 MB, once"
"""What a reader's browser loads for the first answer that is not baked."""


def message(
    baked: Baked,
    reason: str,
    controls: Sequence[Control],
    left_out: Iterable[str] = (),
    packages: Sequence[str] = (),
) -> str:
    """All that the author should know, one sentence after another. ``reason`` is why a browser cannot run the code,
    ``left_out`` are forms of output that no page shows, ``packages`` are what the code imports."""
    typed = [control.name for control in controls if control.kind in ("text", "number")]
    sentences = [_baked(baked, reason, typed, packages)]
    if not baked.pure:
        sentences.append(
            "Two runs of the same state differ: readers see one of them. Set a seed within the function if it draws"
            " random numbers."
        )
    for control in controls:
        if control.kind == "unsupported":
            kind = type(control.widget).__name__
            sentences.append(f"A page has no {kind}: {control.name} keeps its value there.")
    if mimes := sorted(left_out):
        kinds = " or ".join(mimes)
        sentences.append(f"The page shows only the text of what is {kinds}: return a plot or a picture.")
    return " ".join([sentences[0] + ("." if len(sentences) > 1 else ""), *sentences[1:]])


def _baked(baked: Baked, reason: str, typed: Sequence[str], packages: Sequence[str]) -> str:
    done = f"{len(baked.states):,} of {baked.total:,}"
    saved = f"{done} {'state' if baked.total == 1 else 'states'} baked, {size(baked.bytes)}"
    is_whole = len(baked.states) == baked.total
    if is_whole and not typed:
        return f"{saved}: every answer is instant and works offline"
    others = f"answers for another {' or '.join(typed)}" if is_whole else "other answers"
    limit = f" ({baked.limit})" if baked.limit and not is_whole else ""
    if reason:
        return f"{saved}{limit}: the page has no {others}, because {reason}"
    more = f", and {' and '.join(packages)} where the site has it" if packages else ""
    return f"{done} baked{limit}: {others} load Python in the reader's browser ({PYTHON}){more}"


def progress_message(done: int, wanted: int) -> str:
    """While it is baked."""
    return f"Baking: {done:,} of {wanted:,} states. Interrupt the kernel to keep these."


def size(count: int) -> str:
    """Bytes for a reader: ``41 KB``."""
    return f"{max(round(count / 1000), 1):,} KB"
