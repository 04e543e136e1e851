"""A line of Markdown that stands on every page of a site, outside any article."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..errors import FileRefused
from ..fragment import Asset, Collector
from ..html import Safe
from .model import ArticleContext, CellContext
from .outline import Outline
from .parser import parse_inline
from .render import render_spans


def render_line(source: str, url: Callable[[str], str]) -> Safe:
    """Its spans; ``url`` gives the address that a link has on the page, and no file belongs to it. Never raises."""
    parsed = parse_inline(source)
    line = parsed.tokens[0]
    children = [
        child.copy(attrs={**child.attrs, "href": url(str(child.attrs["href"]))}) if "href" in child.attrs else child
        for child in line.children or ()
    ]
    collector = Collector(asset_url=_no_asset, read_file=_no_file)
    context = CellContext(ArticleContext(Outline()), collector)
    return render_spans(replace(parsed, tokens=(line.copy(children=children),)), context)


def _no_file(target: str) -> bytes:
    raise FileRefused(target, "no file belongs to this line")


def _no_asset(asset: Asset) -> str:
    return ""
