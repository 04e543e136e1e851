"""What a code cell showed, from its saved outputs alone: text, errors, and bundles of the forms of one thing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from .ansi import strip_ansi
from .bundles import Shown, Stage, render_bundle
from .fragment import Collector
from .html import ID_PREFIX, Safe, escape, join, tag
from .maths import RenderMath
from .post import Bundle, Cell, Post, Stream, Traceback
from .printed import render_printed

FOLDED_LINES = 12
"""A longer traceback is folded; its last words stand above it."""

_RULE = re.compile(r"-{20,}")
# POSIX, macOS and Windows; the name of a person's folder is nobody's business and on no reader's machine.
_HOME = re.compile(
    r"(?<![\w.~-])(?:/home/|/Users/)[^/\s\x1b\"']+(?=/)|[A-Za-z]:\\Users\\[^\\\s\x1b\"']+(?=\\)|(?<![\w/.~-])/root(?=/)"
)


def render_outputs(
    cell: Cell,
    post: Post,
    collector: Collector,
    *,
    render_math: RenderMath,
    render_markdown: Callable[[str], Safe],
    render_caption: Callable[[str], Safe],
    trust: bool = False,
    frames: bool = True,
    draw_chart: Callable[[Any, int], Safe] | None = None,
) -> Safe:
    """The cell's outputs as ``div.nb-outputs``; empty where a reader has nothing to see.

    ``render_markdown`` renders a ``text/markdown`` output, ``render_caption`` a caption's inline markup. ``trust`` lets
    scripts of the notebook run in frames, ``frames`` says whether the page can have files for frames beside it,
    ``draw_chart`` draws the charts of runnable sections. Never raises: what cannot be shown leaves words or a simpler
    form, and a notice."""
    stage = Stage(cell, post, collector, render_math, render_markdown, render_caption, trust, frames, draw_chart)
    shown: list[Shown] = []
    for output in cell.outputs:
        if isinstance(output, Bundle):
            shown.append(render_bundle(output, stage))
        elif isinstance(output, Stream):
            shown.append(Shown(_render_stream(output, collector)))
        else:
            shown.append(Shown(_render_traceback(output, collector)))
    blocks = _add_captions([block for block in shown if block.html], stage)
    return tag("div", join(blocks), class_="nb-outputs") if blocks else Safe("")


def hide_home(text: str) -> str:
    """``text`` with the paths of home folders as ``~``."""
    return _HOME.sub("~", text)


def _render_stream(stream: Stream, collector: Collector) -> Safe:
    if stream.name == "stdout":
        printed, class_ = render_printed(stream.text, collector), "nb-stream"
    else:
        printed, class_ = render_printed(hide_home(stream.text), collector, label="Error output"), "nb-stderr"
    return tag("div", printed, class_=f"nb-output {class_}") if printed else printed


def _render_traceback(error: Traceback, collector: Collector) -> Safe:
    lines = [hide_home(line) for line in error.lines]
    if lines and _RULE.fullmatch(strip_ansi(lines[0]).strip()):
        del lines[0]
    head = hide_home(f"{error.ename}: {error.evalue}" if error.evalue else error.ename)[:1000] or "Error"
    traceback = render_printed("\n".join(lines), collector, label="Traceback")
    if len(lines) > FOLDED_LINES:
        summary = tag("summary", escape("Show the traceback"))
        traceback = tag("details", join([summary, traceback]))
    elif error.ename and any(error.ename in line for line in lines[-3:]):
        return tag("div", traceback, class_="nb-output nb-error")
    return tag("div", join([tag("p", escape(strip_ansi(head))), traceback]), class_="nb-output nb-error")


def _add_captions(shown: list[Shown], stage: Stage) -> list[Safe]:
    """Pictures and charts with the cell's caption: each its own where there is one for each, else one for all."""
    options = stage.cell.options
    figures = [index for index, block in enumerate(shown) if block.is_figure]
    blocks = [block.html for block in shown]
    if not figures or not options.caption:
        return blocks
    captions = options.options.get("fig-cap")
    if isinstance(captions, list) and len(captions) == len(figures) > 1:
        for index, caption in zip(figures, captions, strict=True):
            blocks[index] = _figure(blocks[index], str(caption), stage, index == figures[0])
        return blocks
    first, last = figures[0], figures[-1] + 1
    return [*blocks[:first], _figure(join(blocks[first:last]), options.caption, stage, True), *blocks[last:]]


def _figure(html: Safe, caption: str, stage: Stage, is_first: bool) -> Safe:
    label = stage.cell.options.label
    name = f"{ID_PREFIX}{label}" if is_first and label and re.fullmatch(r"[\w:.-]{1,80}", label) else None
    content = join([html, tag("figcaption", stage.render_caption(caption))])
    return tag("figure", content, class_="nb-figure", id=name)
