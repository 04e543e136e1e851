"""The page's Content-Security-Policy: what it may run and load, and nothing else.

Measured in Chromium 156, over http below a path and over ``file:``: a script that the page's own (hashed) script adds
may load from beside the page under ``'self'`` as under ``'strict-dynamic'``; a hash with ``integrity`` fails over
``file:``. ``'strict-dynamic'`` is the one taken: it lets in what our script adds and refuses every ``<script src>`` in
the markup, of the same origin too, and needs no address, so that it also holds in a preview without an origin.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from .island import script_hash

LOADED = frozenset({"plotly", "vega", "mermaid", "python"})
"""Libraries that a page's script adds to the page. Python's script then adds a frame, in which Python runs."""
FRAMED = frozenset({"bokeh", "widgets"})
"""Libraries that run in frames only."""

SEARCH = "search"
"""Pagefind: the page's script imports its own from beside the page, which compiles WebAssembly in a worker."""


def content_security_policy(
    *,
    scripts: Sequence[str] = (),
    libraries: Collection[str] = (),
    embeds: Collection[str] = (),
    frames: bool = False,
) -> str:
    """The policy for a ``meta`` element, which must come before every script and style.

    ``scripts`` are the texts of all inline scripts exactly as they stand in the page (islands of JSON are none);
    ``libraries`` the vendored ones it needs; ``embeds`` the hosts whose players it may show; ``frames`` whether it has
    frames of its own. Images, video and audio may come from anywhere, because authors show pictures of other sites."""
    script_sources = list(dict.fromkeys(map(script_hash, scripts)))
    script_sources += ["'strict-dynamic'"] if LOADED & set(libraries) else []
    script_sources += ["'self'", "'wasm-unsafe-eval'"] if SEARCH in libraries else []
    frame_sources = ["'self'"] if frames or (FRAMED | {"python"}) & set(libraries) else []
    frame_sources += [f"https://{host}" for host in sorted(embeds)]
    # Plotly draws big charts in a worker of its own making; a search has one too, and nothing else.
    worker = ["blob:"] if "plotly" in libraries else ["'self'"] if SEARCH in libraries else []
    directives = {
        "default-src": ["'none'"],
        "script-src": script_sources,
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["*", "data:", "blob:"],
        "media-src": ["*", "data:", "blob:"],
        "font-src": ["'self'", "data:"],
        "frame-src": frame_sources,
        "worker-src": worker,
        "connect-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "object-src": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(sources or [_NONE])}" for name, sources in directives.items())


_NONE = "'none'"
