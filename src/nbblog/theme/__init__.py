"""The theme: templates, style sheets and scripts, which are what a designer edits, and their loading.

A page holds its styles and scripts inline, and only the parts whose elements it has: ``Theme.styles_for`` and
``Theme.scripts_for`` look for elements and class names among the article's start tags. Templates are Jinja, escaping
everything that is not ``Safe``; they are code of the theme's author, and never made from anything in a notebook.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from nbblog.core.errors import ConfigError

from .fonts import FONTS, Font, render_font_faces
from .shortening import shorten_css, shorten_js
from .words import ENGLISH

if TYPE_CHECKING:
    from jinja2 import Environment

    from nbblog.core.maths import KeptBytes

__all__ = ["ENGLISH", "FONTS", "Font", "Theme", "load_theme"]

_HERE = Path(__file__).parent

# Which part goes into a page that has one of these in its article; in the order of the cascade.
_STYLE_PARTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "base": ("",),
        "article": ("",),
        "prose": (
            "<blockquote",
            "<dl",
            "<hr",
            "<input",
            "<kbd",
            "<mark",
            "<small",
            "<sub",
            "<sup",
            "nb-file",
            "nb-toc-inline",
        ),
        "code": ("nb-code", "nb-fold", "<pre", "<code", "<samp", "<kbd"),
        "pygments": ('class="nb-code',),
        "ansi": ("nb-ansi-",),
        "outputs": ("nb-output", "nb-dropped", "nb-frame"),
        "tables": ("<table",),
        "interact": ("nb-interact",),
        "chart": ("nb-chart", "data-charts"),
        "figures": ("<figure",),
        "alerts": ("nb-alert",),
        "maths": ("nb-math",),
        "notes": ("nb-note",),
        "media": ("nb-video", "nb-audio", "nb-embed"),
        "listing": ("nb-listing",),
        "search": ("nb-search",),
        "after": ("nb-after",),
        "print": ("",),
    }
)
_SCRIPT_PARTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "page": ("",),
        "site": ("nb-site",),
        "embed": ("nb-embed",),
        "notes": ("nb-notes",),
        "listing": ("nb-listing",),
        "search": ("nb-search",),
    }
)


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme that has been read: rendering a page with it touches no disk but for Jinja's own template loading."""

    environment: Environment
    """Jinja with autoescape on and undefined names refused."""
    template: str
    """The name of the page's template."""
    styles: Mapping[str, str]
    """Style sheets by part, minified; ``custom`` is the author's own and comes last, outside all layers."""
    scripts: Mapping[str, str]
    """``head`` and ``fonts`` stand before the styles, ``toc`` behind the contents, ``page`` and its parts last."""
    fonts: tuple[Font, ...] = FONTS
    words: Mapping[str, str] = field(default_factory=lambda: ENGLISH)
    """The words of the interface, with the keys of ``words.ENGLISH``."""

    @property
    def early_fonts(self) -> tuple[str, ...]:
        """The keys of those that the first lines of nearly every page need."""
        return tuple(font.key for font in self.fonts if font.style == "normal")

    def styles_for(self, tags: str, font_urls: Mapping[str, str]) -> str:
        """The style sheet of a page whose article has these start tags. ``font_urls`` has a URL by ``Font.key``."""
        parts = [text for name, text in self.styles.items() if _wanted(_STYLE_PARTS.get(name, ("",)), tags)]
        return (render_font_faces(font_urls) + "".join(parts)).replace("</", "<\\/")

    def scripts_for(self, tags: str, *, fonts: bool, toc: bool, toggle: bool) -> Mapping[str, str]:
        """The scripts of a page: ``head`` if the reader may choose the colours, ``toc`` if there are contents,
        ``fonts`` if there are files of them, and ``page``. The texts depend on nothing but which parts there are, so
        their hashes can go into the CSP."""
        page = "\n".join(self.scripts[name] for name, marks in _SCRIPT_PARTS.items() if _wanted(marks, tags))
        wanted = {"head": toggle, "fonts": fonts, "toc": toc}
        return {"page": page} | {name: self.scripts[name] for name, there in wanted.items() if there}


def _wanted(marks: tuple[str, ...], tags: str) -> bool:
    return any(mark in tags for mark in marks)


def load_theme(template_dir: Path | None = None, *, kept: KeptBytes | None = None) -> Theme:
    """The theme, with an author's own pieces from ``template_dir`` in front of it.

    There, ``index.html.j2`` replaces the page's template and may begin with ``{% extends "nbblog/index.html.j2" %}``;
    any file of ``nbblog/`` may be replaced by one of the same path; ``custom.css`` is added to every page.
    ``kept`` keeps compiled templates from one process to the next. Raises ``ConfigError`` if the folder is not there.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from .compiled import CompiledTemplates

    folders = [_HERE / "templates"]
    styles, template = dict(_package_texts("css")), "nbblog/index.html.j2"
    if template_dir is not None:
        if not template_dir.is_dir():
            raise ConfigError(f"{template_dir}: the theme's folder is not there")
        folders.insert(0, template_dir)
        if (template_dir / "index.html.j2").is_file():
            template = "index.html.j2"
        if (template_dir / "custom.css").is_file():
            styles["custom"] = (template_dir / "custom.css").read_text("utf-8")
    environment = Environment(
        loader=FileSystemLoader(folders),
        bytecode_cache=CompiledTemplates(kept) if kept else None,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return Theme(environment, template, MappingProxyType(styles), _package_texts("js"))


@cache
def _package_texts(kind: str) -> Mapping[str, str]:
    names = _STYLE_PARTS if kind == "css" else ("head", "fonts", "toc", *_SCRIPT_PARTS)
    shorten = shorten_css if kind == "css" else shorten_js
    return MappingProxyType({name: shorten((_HERE / kind / f"{name}.{kind}").read_text("utf-8")) for name in names})
