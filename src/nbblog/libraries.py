"""The vendored libraries as a page uses them: a file to load, and the script of ours that draws with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .core.active.frames import build_library_frame
from .core.csp import FRAMED, LOADED
from .theme.shortening import drop_comments, shorten_js
from .vendored import library_files

_BROWSER = Path(__file__).parent / "browser"
_FRAME = "frame"


@dataclass(frozen=True, slots=True)
class PageLibrary:
    """A library as files beside a page."""

    name: str
    """As in ``Fragment.libraries``."""
    entry: str
    """The file whose URL the page gives in ``<meta name="nbblog:NAME" content="URL">``: a script, or a frame."""
    files: Mapping[str, bytes]
    """All its files by name; names change with their content."""


@cache
def page_library(name: str) -> PageLibrary:
    """One of ``plotly``, ``vega``, ``mermaid``, ``bokeh``, ``widgets``, ``python``. Raises ``KeyError`` for another
    name, and ``VendorMissing`` in a checkout that was not built."""
    files = library_files(name)
    if name == "python":
        from .live import build_python_files

        files = build_python_files(_source)
    elif name == "plotly":
        files = _with_maps(files)
    elif name in FRAMED:
        files = build_library_frame(name, files, _source(_FRAME) + _source(name))
    elif name not in LOADED:
        raise KeyError(f"{name} is not loaded by a page")
    return PageLibrary(name, next(iter(files)), files)


def _with_maps(files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Plotly with the coastlines that it would fetch (``SCOPE_110m….json``) in its script."""
    maps = {file.partition("_110m")[0]: content for file, content in files.items() if "_110m" in file}
    entries = b",".join(b'"%s_110m":%s' % (scope.encode(), content) for scope, content in sorted(maps.items()))
    script, content = next((file, content) for file, content in files.items() if file.endswith(".js"))
    return {script: b"globalThis.PlotlyGeoAssets={topojson:{" + entries + b"}};\n" + content if maps else content}


@cache
def _page_script(names: frozenset[str], frames: bool, sections: frozenset[str]) -> str:
    drawn = sorted((LOADED & names) - {"python"})
    parts = ["draw", *(f"draw_{name}" for name in drawn), "charts"] if drawn else []
    parts += ["frames"] if frames else []
    own = [part for part in ("chart", "run", "nearest", "interact") if part in sections]
    scripts = [*map(_source, parts), *(shorten_js(_source(part)) for part in own)]
    # A block: what the parts declare is seen by them all and is no global name.
    return "{\n" + "".join(scripts) + "}" if scripts else ""


def page_script(libraries: Collection[str], *, frames: bool, tags: str = "") -> str:
    """The inline script of a page that needs these libraries; ``frames`` says whether it has ``nbblog-frame``
    elements, and ``tags`` are its start tags, where runnable sections are looked for. Empty if it needs none."""
    names = frozenset(libraries)
    return _page_script(names, frames or bool(FRAMED & names), _section_parts(names, tags))


def _section_parts(libraries: frozenset[str], tags: str) -> frozenset[str]:
    """The scripts of runnable sections. Charts are in baked answers, and Python may always make one."""
    if "<nbblog-interact" not in tags:
        return frozenset()
    can_run = "python" in libraries
    charts = {"chart"} if can_run or " data-charts" in tags else set()
    nearest = {"nearest"} if " data-partial" in tags else set()
    return frozenset({"interact", *charts, *nearest, *({"run"} if can_run else ())})


def preview_script() -> str:
    """The script of a page in a preview's frame: takes what changes from its panel."""
    return _source("preview")


def shipped_file(name: str) -> bytes | None:
    """The file that a page of ours may load from beside it: a font, a library, or a library's frame."""
    for library in ("fonts", "katex"):
        if name in library_files(library):
            return library_files(library)[name]
    libraries = [library for library in sorted(LOADED | FRAMED) if name.startswith(f"{library}-")]
    return next((files[name] for library in libraries if name in (files := page_library(library).files)), None)


def page_style() -> str:
    """The style sheet for charts and frames, in the cascade layer ``nb.part``."""
    return _source("active", ".css")


@cache
def _source(name: str, suffix: str = ".js") -> str:
    """A source of ours without the lines that hold only a comment."""
    return drop_comments((_BROWSER / f"{name}{suffix}").read_text("utf-8"))
