"""Frames: documents of their own, without an origin, for what needs a library that may not run in the page.

A frame is ``<iframe sandbox="allow-scripts">`` made by the page's script, so that without JavaScript its fallback is
what one sees. There are two kinds of frame file, and both fill themselves only when they have no origin:

* one per library (Bokeh, Jupyter widgets), the same for every post, to which the page hands a document of data;
* one per output of a notebook whose author said that its scripts are trusted.

Measured in Chromium 156: over http a frame without an origin loads a script beside it by ``'self'``, but over
``file:`` it may load nothing at all, whatever its policy (``'self'``, ``file:``, ``*``, ``'strict-dynamic'``, a hash
with ``integrity``). So the library stands in the frame file itself, allowed by its hash; one file serves all frames of
a folder. A ``srcdoc`` or ``data:`` frame would inherit the page's policy, which allows none of this.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256

from nbblog.core.fragment import Asset
from nbblog.core.html import Safe, escape, join, tag
from nbblog.core.island import render_island, script_hash, write_json

_POLICY = (
    "default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; "
    "connect-src 'none'; base-uri 'none'; form-action 'none'"
)
_STYLE = (
    "html{color-scheme:light;background:#fff}"
    "body{margin:0;padding:8px;font:16px/1.5 system-ui,sans-serif;overflow-x:auto}"
)

_HEAD = 4096
"""Bytes of a frame in which its whole policy is."""

# The order in which Bokeh's parts must run, by the start of their file names.
_FIRST = re.compile(r"bokeh-\d")


def render_frame(
    fallback: Safe, *, title: str, height: int, library: str = "", source: str = "", island: str | None = None
) -> Safe:
    """An output that becomes a frame: of ``library``, with ``island`` as its document, or of the file ``source``."""
    content = [tag("div", fallback, class_="nb-plot-fallback", style=f"--nb-height:{height}px")]
    content += [render_island(island)] if island is not None else []
    element = tag(
        "nbblog-frame",
        join(content),
        class_="nb-plot",
        role="group",
        aria_label=title,
        data_library=library or None,
        data_src=source or None,
    )
    return tag("div", element, class_="nb-output nb-framed")


def build_library_frame(name: str, files: Mapping[str, bytes], draw: str) -> dict[str, bytes]:
    """The frame file of a library (``bokeh`` or ``widgets``), by its name.

    ``files`` are the library's own (scripts, and fonts that the scripts name); ``draw`` is our script, which runs
    before them and, when all have loaded, takes a document from the page and draws it."""
    names = sorted((file for file in files if file.endswith(".js")), key=lambda file: (not _FIRST.match(file), file))
    fonts = {file: content for file, content in files.items() if file.endswith(".woff2")}
    scripts = [_inline_fonts(files[file], fonts) for file in names]
    page = build_frame_page([draw.encode(), *scripts])
    version = match[0] if names and (match := re.search(r"\d+\.\d+\.\d+", names[0])) else "0"
    # The policy at the page's beginning has the hash of all that follows it.
    return {f"{name}-{version}-{sha256(page[:_HEAD]).hexdigest()[:8]}.html": page}


def build_frame_page(scripts: Sequence[bytes]) -> bytes:
    """A whole document that runs exactly these scripts, which are UTF-8."""
    written = [_closed(script) for script in scripts]
    hashes = dict.fromkeys(script_hash(script) for script in written)
    policy = _POLICY.format(scripts=" ".join(hashes))
    return _document(policy, b"".join(part for script in written for part in (b"<script>", script, b"</script>")))


def build_trusted_frame(html: str) -> Asset:
    """The frame of an output whose author trusts its scripts: any script in it may run, and reach nothing.

    It is written into the document from a string, so that opening the file by itself, on the site's own origin, shows
    an empty page."""
    policy = _POLICY.format(scripts="'unsafe-inline' 'unsafe-eval'")
    island = render_island(write_json(html) or '""')
    body = f"{island}<script>{_TRUSTED}</script>"
    return Asset("frame", ".html", _document(policy, body.encode("utf-8", "replace")))


_TRUSTED = """
if (self.origin === "null") {
  const height = () => document.documentElement.getBoundingClientRect().height;
  const size = () => parent.postMessage({ nbblog: "height", height: height() }, "*");
  addEventListener("load", () => { new ResizeObserver(size).observe(document.documentElement); size(); });
  document.write(JSON.parse(document.currentScript.previousElementSibling.textContent));
}
"""


def _document(policy: str, body: bytes) -> bytes:
    head = (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" '
        f'content="{escape(policy)}"><title>Frame</title><meta name="robots" content="noindex">'
        f"<style>{_STYLE}</style></head><body>"
    )
    return b"".join((head.encode(), body, b"</body></html>"))


def _closed(script: bytes) -> bytes:
    """A script that cannot end its element: both sequences occur only in strings and patterns, where ``\\`` is idle."""
    return re.sub(rb"<(/script|!--)", rb"<\\\1", script, flags=re.IGNORECASE)


_FONT = rb"url\(\$\{[\w$]+\}\)"
# How a style sheet in a bundle lists one font in five formats, of which the third is the one that browsers take.
_FORMATS = re.compile(
    rb"src:%b;src:%b format\(\"embedded-opentype\"\),(%b format\(\"woff2\"\))(?:,%b format\(\"\w+\"\))+"
    % ((_FONT,) * 4)
)


def _inline_fonts(script: bytes, fonts: Mapping[str, bytes]) -> bytes:
    """A bundle with its fonts in it, and without the other formats of them that it would ask the network for."""
    script = _FORMATS.sub(rb"src:\1", script) if fonts else script
    for name, content in fonts.items():
        url = b'"data:font/woff2;base64,%b"' % b64encode(content)
        # By the literal name first: an expression that begins with a word tries every letter of two megabytes.
        pieces = script.split(f'"{name}"'.encode())
        script = url.join([piece[:-60] + _BASE.sub(b"", piece[-60:]) for piece in pieces[:-1]] + pieces[-1:])
    return script


_BASE = re.compile(rb"[\w$]{1,20}\.p\s{0,9}\+\s{0,9}\Z")
"""What stands before a file's name in a bundle: where its script came from."""
