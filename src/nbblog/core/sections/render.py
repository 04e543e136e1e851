"""A section as HTML: its controls and its first answer, complete without scripts, and all it needs to answer more."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from typing import Any

from nbblog.core.fragment import Collector
from nbblog.core.html import Safe, escape, join, tag, trusted
from nbblog.core.island import render_island
from nbblog.core.notices import NoticeCode
from nbblog.core.programs.packages import why_not_loaded

from .controls import render_controls
from .model import Code, Section, SectionProblem
from .packing import pack_answers, pack_states, write_content
from .parts import CHART, PartPress, SectionContext
from .skeleton import Split

CHART_WIDTH = 584
"""CSS pixels: a section's inner width in the text. A page with scripts draws a chart anew where it has other room."""
LONGEST_ISLAND = 8 << 20
"""Characters of JSON in a page."""
_OPTION_LINES = re.compile(r"\A(?:[ \t]*#\|[^\n]*\n|[ \t]*\n)+")
_ONE_FILE = "this page is one file, without Python beside it"


def render_section(section: Section, context: SectionContext) -> Safe:
    """The section as an output. Raises ``SectionProblem`` where its answers are too many or too large."""
    press = PartPress(context)
    states, code = section.states, _limited(section.code, context)
    answers = [press.render(parts) for parts in states.distinct]
    shown = _show(answers[section.default_answer], context)
    described = {"controls": _describe_controls(section), "code": _describe_code(code, context.source)}
    island = write_content({**described, **pack_states(states.keys, states.answers), **pack_answers(answers)})
    if len(island) > LONGEST_ISLAND:
        raise SectionProblem(f"its answers are more than {LONGEST_ISLAND >> 20} MiB in the page")
    _give_notices(section, code, context)
    if code.live:
        context.collector.require("python")
    parts = [
        *([tag("p", escape(section.title), class_="nb-interact-title")] if section.title else []),
        render_controls(section.controls, live=code.live),
        tag("div", shown, class_="nb-answer"),
        _render_actions(code, has_controls=bool(section.controls), has_table="<table" in shown),
        _render_note(_describe_states(section, code)),
        render_island(island),
    ]
    element = tag(
        "nbblog-interact",
        join(parts),
        class_="nb-interact",
        role="group",
        aria_label=section.title or section.name.replace("_", " "),
        data_name=section.name,
        data_partial=states.keys is not None and not code.live,
        data_charts=any(CHART in literal for answer in answers for literal in answer.literals),
    )
    return tag("div", element, class_="nb-output nb-section")


def render_runnable(
    code: Code, name: str, outputs: Safe, collector: Collector, *, source: str, can_run: bool
) -> Safe:
    """The ``nb-outputs`` of a cell without controls whose code readers can run; just ``outputs``, and a notice, where
    it cannot be run. ``source`` is the code that readers see above it, ``can_run`` says whether the page can have
    Python's files beside it."""
    if not code.live:
        collector.notice(NoticeCode.SECTION_NOT_RUN, code.reason)
    if not code.live or not can_run:
        return outputs
    collector.require("python")
    parts = [
        tag("div", outputs, class_="nb-answer"),
        _render_actions(code, has_controls=False, has_table=False),
        _render_note(""),
        render_island(write_content({"controls": [], "code": _describe_code(code, source)})),
    ]
    element = tag(
        "nbblog-interact",
        join(parts),
        class_="nb-interact nb-runnable",
        role="group",
        aria_label="Code that can be run",
        data_name=name,
    )
    return tag("div", element, class_="nb-outputs")


def _limited(code: Code, context: SectionContext) -> Code:
    reason = why_not_loaded(code.packages) or ("" if context.can_run else _ONE_FILE)
    return replace(code, live=False, reason=reason) if code.live and reason else code


def _give_notices(section: Section, code: Code, context: SectionContext) -> None:
    states = section.states
    if not states.pure:
        context.collector.notice(NoticeCode.SECTION_IMPURE, f"two calls of `{section.name}` gave different answers")
    if states.keys is not None:
        done = f"`{section.name}` has {len(states.answers):,} of {states.total:,} answers"
        if code.live:
            context.collector.notice(NoticeCode.SECTION_PARTIAL, f"{done}; others load Python in the reader's browser")
        else:
            because = f", because {code.reason}" if code.reason else ""
            context.collector.notice(NoticeCode.SECTION_INCOMPLETE, f"{done} and the page no others{because}")


def _describe_states(section: Section, code: Code) -> str:
    """What a reader should know beforehand: nothing, where every choice has its answer."""
    states = section.states
    count = f"{len(states.answers):,} of {states.total:,} combinations have their answer in this page"
    if states.keys is not None:
        return f"{count}; others start Python in your browser." if code.live else f"{count}; no others were computed."
    is_open = code.live and any(not control.stops for control in section.controls)
    return "What you type is answered by Python in your browser." if is_open else ""


def _describe_controls(section: Section) -> list[dict[str, Any]]:
    return [
        {"name": control.name, "stops": control.stops, "labels": control.labels, "unit": control.unit}
        for control in section.controls
    ]


def _describe_code(code: Code, source: str) -> dict[str, Any]:
    """``code`` without its ``cell`` where that is what readers see above the section, from which the page takes it."""
    if not code.live:
        return {"live": False, "reason": code.reason}
    described = asdict(code)
    if source.strip("\n") == _OPTION_LINES.sub("", code.cell).strip("\n"):
        del described["cell"]
    return described


def _show(answer: Split, context: SectionContext) -> Safe:
    """The answer with its charts drawn."""
    pieces = str(answer).split(CHART)
    pieces[1::2] = [_draw(json.loads(spec), context) for spec in pieces[1::2]]
    # Between the charts: HTML of the gate and of code of ours, with numbers in it (see ``skeleton``).
    return trusted("".join(pieces))


def _draw(spec: Any, context: SectionContext) -> Safe:
    if context.draw_chart is not None:
        return context.draw_chart(spec, CHART_WIDTH)
    return tag("p", escape(str(spec.get("title") or "A chart")), class_="nb-plot-title")


def _render_actions(code: Code, *, has_controls: bool, has_table: bool) -> Safe:
    actions = [("run", "Run", False), ("stop", "Stop", True), ("edit", "Edit the code", False)] if code.live else []
    if has_controls:
        actions += [("link", "Copy link", False), ("csv", "Download CSV", not has_table)]
    if actions:
        actions.append(("reset", "Reset", False))
    buttons = [
        tag("button", escape(words), type="button", data_action=name, hidden=is_hidden)
        for name, words, is_hidden in actions
    ]
    return tag("div", join(buttons), class_="nb-actions")


def _render_note(words: str) -> Safe:
    return tag("p", escape(words), class_="nb-note", role="status")
