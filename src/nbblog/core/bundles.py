"""One output in several forms (a MIME bundle): the richest that can be shown, as HTML.

Each form has a function that returns its block, or ``None`` for "not this one, take the next".
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .active import is_active, render_active
from .code import highlight
from .equations import unnumbered
from .fragment import Asset, Collector
from .html import Safe, Slots, escape, join, sanitise, tag
from .htmlmedia import keep_media
from .maths import MathError, RenderMath
from .media import ImageFile, MediaContext, keep_image
from .notices import NoticeCode
from .post import Bundle, Cell, Post
from .printed import render_block, render_download, render_printed
from .tables import tidy_tables
from .texsource import strip_delimiters
from .text import plain_text

_IMAGES = ("image/svg+xml", "image/png", "image/jpeg", "image/webp", "image/gif", "image/avif")
_SCRIPTS = ("application/javascript", "text/javascript")
_WIDGET = "application/vnd.jupyter.widget-view+json"
SECTION = "application/vnd.nbblog.interact.v1+json"
"""What ``nbblog.interact`` saves of a section."""
_OBJECT = re.compile(r"<(?:[\w.]+ object|IPython\.[\w.]+)(?: at 0x[0-9a-fA-F]+)?>|<Figure size [^>]*>")
_EMPTY_FIGURE = re.compile(r"<Figure size [\d.]+x[\d.]+ with 0 Axes>")
# What scikit-learn and xarray show folds and unfolds by a style sheet of its own; without that it says all twice.
_NEEDS_STYLES = re.compile(r"\b(?:sk|xr)-text-repr-fallback\b")
_CONTENT = re.compile(r"<(?:img|video|audio|hr|input|table)\b")
_ANY_TAG = re.compile(r"<[^>]*>")
_IDS = re.compile(r"""(<[a-zA-Z][^<>]{0,2000}?)\sid\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[\w:.-]+)""")
_FIGURE = re.compile(r'<div class="nb-output nb-(?:image|plotly|vega|frame)')
_OPEN_LINES = 20
"""JSON of more lines is folded."""
_LONGEST_HTML = 8 << 20
"""Characters, the pictures in it not counted. More than that is data, not a page."""
_COLUMN = 640
"""CSS pixels. A wider picture may be shown smaller than it is, so it leads to the whole."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What the rendering of one cell's outputs may use."""

    cell: Cell
    post: Post
    collector: Collector
    render_math: RenderMath
    render_markdown: Callable[[str], Safe]
    render_caption: Callable[[str], Safe]
    trust: bool
    frames: bool
    draw_chart: Callable[[Any, int], Safe] | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A finished block, or several; empty where there is nothing to see."""

    html: Safe
    is_figure: bool = False
    """A picture or a chart: what a caption is for."""


_Render = Callable[[str, Bundle, Stage], Safe | None]


def render_bundle(bundle: Bundle, stage: Stage) -> Shown:
    """The first form, richest first, that can be shown. Never raises."""
    tried = []
    for mime, render in _forms(bundle):
        tried.append(mime)
        html = render(mime, bundle, stage)
        if html is not None:
            return Shown(html, is_figure=_FIGURE.match(html) is not None)
    if all(mime.startswith("text/") for mime in tried) and tried:
        return Shown(Safe(""))  # HTML of scripts and styles only, an empty text
    names = ", ".join(bundle.data)[:200]
    if not any(mime in _IMAGES for mime in tried):  # whose notice says more
        stage.collector.notice(NoticeCode.OUTPUT_UNKNOWN, names)
    return Shown(tag("p", escape(f"Left out here: an output of the kind {names}."), class_="nb-output nb-dropped"))


def _forms(bundle: Bundle) -> Iterator[tuple[str, _Render]]:
    """The bundle's forms with what renders them: charts and widgets, HTML, Markdown, pictures, formulas, data, text."""
    if SECTION in bundle.data:
        yield SECTION, _render_section
    for mime, content in bundle.data.items():
        if mime == _WIDGET and SECTION in bundle.data:
            continue  # the same controls, which do nothing without a kernel
        if mime not in _KNOWN and is_active(mime, content):
            yield mime, _render_active
    for mime, render in _ORDER:
        if mime in bundle.data:
            yield mime, render
    for mime in bundle.data:
        if mime == "text/latex" or (mime.startswith("text/") and mime not in _KNOWN):
            yield mime, _render_text


def _render_section(mime: str, bundle: Bundle, stage: Stage) -> Safe | None:
    # Imported here, as most posts have no section.
    from .sections import SectionContext, SectionProblem, read_section, render_section

    try:
        section = read_section(bundle.data[mime])
        context = SectionContext(
            stage.cell.id,
            stage.collector,
            prepare_html=lambda html: _prepare(html, stage, Slots()),
            render_markdown=stage.render_markdown,
            render_latex=lambda text: _render_latex("latex", Bundle({"latex": text}), stage),
            draw_chart=stage.draw_chart,
            alt=stage.cell.options.alt or "",
            can_run=stage.frames,
            source="" if stage.cell.options.input == "hide" else stage.cell.source,
        )
        return render_section(section, context)
    except SectionProblem as problem:
        stage.collector.notice(NoticeCode.SECTION_UNREADABLE, str(problem))
        return None


def _render_active(mime: str, bundle: Bundle, stage: Stage) -> Safe | None:
    picture = _render_picture(bundle, stage)
    cell, post, collector = stage.cell, stage.post, stage.collector
    return render_active(
        mime,
        bundle,
        cell,
        post,
        collector,
        fallback=picture,
        alt=_own_alt(mime, bundle.metadata, stage),
        trust=stage.trust,
        frames=stage.frames,
        render_html=lambda html: _gate(html, stage),
    )


# --- HTML and Markdown ----------------------------------------------------------------------------------------------


def _render_html(mime: str, bundle: Bundle, stage: Stage) -> Safe | None:
    content = bundle.data[mime]
    if not isinstance(content, str) or ("text/plain" in bundle.data and _NEEDS_STYLES.search(content)):
        return None
    if is_active(mime, content):
        block = _render_active(mime, bundle, stage)
        if block is not None:
            return block
    html = _gate(content, stage)
    return tag("div", html, class_="nb-output nb-html") if _has_content(html) else None


def _gate(content: str, stage: Stage) -> Safe:
    """Static HTML of an output, made safe."""
    slots = Slots()
    prepared = _prepare(content, stage, slots, caption=stage.cell.options.table_caption or "")
    if len(prepared) > _LONGEST_HTML:
        size = f"{len(prepared) >> 20} MiB of HTML"
        stage.collector.notice(NoticeCode.OUTPUT_UNKNOWN, size)
        return tag("p", escape(f"Left out here: {size}."), class_="nb-dropped")
    return sanitise(prepared, slots=slots)


def _prepare(html: str, stage: Stage, slots: Slots, *, caption: str = "") -> str:
    """HTML ready for the gate: its pictures kept, its tables tidy, its ids gone unless something refers to them (two
    outputs of one library often have the same ids)."""
    html = keep_media(html, MediaContext(stage.collector))
    if caption and "<table" in html:
        placeholder = slots.put(stage.render_caption(caption), block=False)
        html = tidy_tables(html, caption=placeholder, label=plain_text(caption), most=stage.collector.output_bytes)
    else:
        html = tidy_tables(html, most=stage.collector.output_bytes)
    return html if " id" not in html or re.search(r"href\s*=\s*[\"']?#", html) else _IDS.sub(r"\1", html)


def _has_content(html: str) -> bool:
    return bool(_CONTENT.search(html) or _ANY_TAG.sub("", html).strip())


def _render_markdown(mime: str, bundle: Bundle, stage: Stage) -> Safe | None:
    content = bundle.data[mime]
    if not isinstance(content, str) or not content.strip():
        return None
    return tag("div", stage.render_markdown(content), class_="nb-output nb-markdown")


def _render_latex(mime: str, bundle: Bundle, stage: Stage) -> Safe | None:
    """A formula; text with formulas in it as Markdown; what KaTeX does not know as its source, if nothing else is."""
    content = bundle.data[mime]
    if not isinstance(content, str) or not content.strip():
        return None
    formula = strip_delimiters(content)
    if formula is None:
        is_prose = "$" in content and "\\begin" not in content
        return _render_markdown(mime, bundle, stage) if is_prose else None
    try:
        html = stage.render_math(unnumbered(formula[0]), display=formula[1])
    except MathError as error:
        stage.collector.notice(NoticeCode.MATHS_UNREADABLE, str(error)[:200])
        return None
    stage.collector.require("katex")
    return tag("div", html, class_="nb-output nb-latex")


# --- Pictures -------------------------------------------------------------------------------------------------------


def _render_picture(bundle: Bundle, stage: Stage) -> Safe:
    """The bundle's picture, for those who do not see its chart; or empty."""
    for mime in _IMAGES:
        if mime in bundle.data and (html := _render_image(mime, bundle, stage)):
            return html
    return Safe("")


def _render_image(mime: str, bundle: Bundle, stage: Stage) -> Safe | None:
    data = _read_bytes(mime, bundle.data[mime])
    image = keep_image(data or b"", stage.collector, f"an output of the kind {mime}")
    if image is None:
        return None
    alt = _find_alt(mime, bundle.metadata, stage)
    width, height = _shown_size(image, _metadata(mime, bundle.metadata))
    element = tag(
        "img",
        src=image.url,
        srcset=image.srcset,
        sizes=image.sizes(stage.cell.options.track),
        alt=alt,
        width=width,
        height=height,
        loading="lazy",
        decoding="async",
    )
    if width is not None and image.width is not None and (width > _COLUMN or image.width > width):
        element = tag("a", element, href=image.url, aria_label=None if alt else "Picture at full size")
    return tag("div", element, class_="nb-output nb-image")


def _read_bytes(mime: str, content: Any) -> bytes | None:
    if not isinstance(content, str):
        return None
    if mime == "image/svg+xml" and "<" in content:
        return content.encode("utf-8", "replace")
    try:
        return b64decode("".join(content.split()))
    except (Base64Error, ValueError):
        return None


def _metadata(mime: str, metadata: Mapping[str, Any]) -> Mapping[str, Any]:
    own = metadata.get(mime)
    return own if isinstance(own, Mapping) else metadata


def _find_alt(mime: str, metadata: Mapping[str, Any], stage: Stage) -> str:
    """The text that stands for the picture; where there is none, a notice."""
    alt = _own_alt(mime, metadata, stage)
    if not alt:
        stage.collector.notice(NoticeCode.IMAGE_ALT_MISSING, "a picture among the outputs: `#| fig-alt: …`")
    return alt


def _own_alt(mime: str, metadata: Mapping[str, Any], stage: Stage) -> str:
    """``fig-alt``, else the output's own; or empty."""
    for alt in (stage.cell.options.alt, _metadata(mime, metadata).get("alt"), metadata.get("alt")):
        if isinstance(alt, str) and alt.strip():
            return alt.strip()
    return ""


def _shown_size(image: ImageFile, metadata: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """CSS pixels: what the metadata say (a plot for sharp screens has twice the pixels), else the file's own."""
    width, height = (_pixels(metadata.get(name)) for name in ("width", "height"))
    if image.width and image.height:
        if width is None and height is None:
            return image.width, image.height
        if width is None and height is not None:
            width = round(height * image.width / image.height)
        elif height is None and width is not None:
            height = round(width * image.height / image.width)
    return width, height


def _pixels(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 1 <= value <= 20_000:
        return None
    return round(value)


# --- Data and text --------------------------------------------------------------------------------------------------


def _render_json(mime: str, bundle: Bundle, stage: Stage) -> Safe | None:
    content = bundle.data[mime]
    options = _metadata(mime, bundle.metadata)
    text = json.dumps(content, ensure_ascii=False)
    if len(text) <= stage.collector.output_bytes:  # indented, megabytes of numbers would be gigabytes of lines
        text = json.dumps(content, indent=2, ensure_ascii=False)
    lines = text.count("\n") + 1
    summary = tag("summary", escape(_describe(content, options, is_map="geo" in mime)))
    is_long = len(text) > stage.collector.output_bytes // 4
    if is_long:
        block = render_printed(text, stage.collector, label="JSON")
    else:
        block = render_block(tag("code", highlight(text, "json"), class_="language-json"), label="JSON")
    is_open = (lines <= _OPEN_LINES and not is_long) or options.get("expanded") is True
    return tag("div", tag("details", join([summary, block]), open=is_open), class_="nb-output nb-json")


def _describe(content: Any, options: Mapping[str, Any], *, is_map: bool) -> str:
    root = options.get("root")
    name = root if isinstance(root, str) and root not in ("", "root") else "GeoJSON" if is_map else "JSON"
    if isinstance(content, Mapping | list):
        kind = (
            "key" if isinstance(content, Mapping) else "entry",
            "keys" if isinstance(content, Mapping) else "entries",
        )
        return f"{name[:80]}, {len(content):,} {kind[len(content) != 1]}"
    return name[:80]


def _render_pdf(mime: str, bundle: Bundle, stage: Stage) -> Safe | None:
    data = _read_bytes(mime, bundle.data[mime])
    if not data or not data.startswith(b"%PDF-"):
        return None
    link = render_download(Asset("document", ".pdf", data), "PDF document", stage.collector)
    return tag("p", link, class_="nb-output nb-html")


def _render_text(mime: str, bundle: Bundle, stage: Stage) -> Safe | None:
    """Plain text; but not the name of an object whose richer form turned out to be empty."""
    content = bundle.data[mime]
    if not isinstance(content, str) or (len(bundle.data) > 1 and _OBJECT.fullmatch(content.strip())):
        return None
    if _EMPTY_FIGURE.fullmatch(content.strip()):
        return Safe("")
    printed = render_printed(content, stage.collector)
    return tag("div", printed, class_="nb-output nb-text") if printed else None


_ORDER: tuple[tuple[str, _Render], ...] = (
    *((mime, _render_active) for mime in _SCRIPTS),
    ("text/html", _render_html),
    ("text/markdown", _render_markdown),
    ("image/svg+xml", _render_image),
    ("text/latex", _render_latex),
    *((mime, _render_image) for mime in _IMAGES if mime != "image/svg+xml"),
    ("application/geo+json", _render_json),
    ("application/json", _render_json),
    ("application/pdf", _render_pdf),
    ("text/plain", _render_text),
)
_KNOWN = frozenset(mime for mime, _ in _ORDER)
