"""Runnable sections: what a cell baked with ``nbblog.interact``, as controls and an answer that need no server."""

from __future__ import annotations

from .model import Code, Section, SectionProblem, read_section
from .parts import SectionContext
from .render import render_runnable, render_section

__all__ = [
    "Code",
    "Section",
    "SectionContext",
    "SectionProblem",
    "read_section",
    "render_runnable",
    "render_section",
]
