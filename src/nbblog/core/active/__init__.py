"""Outputs that are more than text and pictures: charts, widgets, scripts and frames.

Charts of Plotly and Vega are data, drawn in the page by the site's own library. Bokeh documents and widgets are
data too, but their libraries need a frame. Scripts of a notebook do not run unless its author says that they are
trusted, and then in a frame. Whatever is not drawn leaves words for the reader and a notice for the author.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from nbblog.core.errors import FileRefused
from nbblog.core.fragment import Collector
from nbblog.core.html import Safe, escape, join, sanitise, tag
from nbblog.core.island import write_json
from nbblog.core.notices import NoticeCode
from nbblog.core.post import Bundle, Cell, Post

from . import bokeh, plotly, vega, widgets
from .charts import render_chart, render_words
from .embeds import render_embed
from .frames import build_trusted_frame, render_frame
from .scripts import Element, find_bokeh, find_elements, find_plotly, find_vega, has_scripts

__all__ = ["is_active", "render_active"]

_PLOTLY = "application/vnd.plotly.v1+json"
_WIDGET = "application/vnd.jupyter.widget-view+json"
_BOKEH = re.compile(r"application/vnd\.bokehjs_(exec|load)\.v0\+json")
# Altair 6 writes "vnd.vegalite.v6.json", without the plus sign.
_VEGA = re.compile(r"application/vnd\.vega(lite)?\.v\d{1,2}[.+]json")
_SCRIPTS = ("application/javascript", "text/javascript")
# What folium shows to those who must first trust a notebook: in a page it would be wrong advice.
_MAP_NOTE = "Make this Notebook Trusted to load map"
_MAX_CHARTS = 20
"""Charts in one HTML output."""
_MAX_DOCUMENT = 16 * 2**20
"""Characters of JSON that a frame is given."""

# Outputs that only fetch a library for later ones; what they would say on a page is of no use to a reader.
_LOADERS = re.compile(r"PlotlyConfig|bk-notebook-logo|_bokeh_onload_callbacks|require(?:js)?\.(?:config|undef)\(")
_BOKEH_PLACE = re.compile(r"data-root-id=|bk-notebook-logo")
# Scripts that add a button to a table which is complete without it (Colab, scikit-learn).
# What is complete as it is: the script makes it move, and a reader misses nothing.
_COMPLETE = re.compile(r"<(?:img|table|video|audio)\b")
_DECORATION = re.compile(r"\bcolab-df\b|\bsk-(?:top-)?container\b")


def is_active(mime: str, content: Any) -> bool:
    """Whether ``render_active`` is the one to ask about this part of an output."""
    if mime == "text/html":
        return isinstance(content, str) and (has_scripts(content) or _BOKEH_PLACE.search(content) is not None)
    return mime in (_PLOTLY, _WIDGET, *_SCRIPTS) or bool(_BOKEH.fullmatch(mime) or _VEGA.fullmatch(mime))


@dataclass(frozen=True, slots=True)
class _Stage:
    """What the rendering of one output may use."""

    fallback: Safe
    alt: str
    collector: Collector
    trust: bool
    frames: bool
    render_html: Callable[[str], Safe]


def render_active(
    mime: str,
    bundle: Bundle,
    cell: Cell,
    post: Post,
    collector: Collector,
    *,
    fallback: Safe,
    alt: str = "",
    trust: bool,
    frames: bool = True,
    render_html: Callable[[str], Safe] = sanitise,
) -> Safe | None:
    """The part ``mime`` of an output as finished ``nb-output`` blocks; empty when a reader needs to see nothing;
    ``None`` when it is not active after all, or of no use, and the next part should be taken.

    ``fallback`` is what else the bundle has for a reader without scripts (its picture), or empty; ``alt`` is what the
    author says that it shows. ``trust`` lets the notebook's own scripts run, in frames without origin or network.
    ``frames`` says whether the page can have files beside it for frames; ``render_html`` renders what is static in
    HTML. Never raises."""
    content = bundle.data.get(mime)
    stage = _Stage(fallback, alt, collector, trust, frames, render_html)
    try:
        if mime == _PLOTLY:
            return _render_plotly([content], stage)
        if _VEGA.fullmatch(mime):
            return _render_vega(content, stage)
        if mime == _WIDGET:
            return _render_widget(content, post, stage)
        if _BOKEH.fullmatch(mime):
            return _render_bokeh_bundle(bundle, stage)
        if mime in _SCRIPTS:
            return _render_script(str(content), bundle, stage)
        return _render_html(content, stage) if isinstance(content, str) else None
    except RecursionError:
        return None


def _render_plotly(figures: Iterable[Any], stage: _Stage) -> Safe | None:
    blocks = []
    for figure in figures:
        if not isinstance(figure, dict) or not isinstance(figure.get("data"), list):
            continue
        if plotly.needs_network(figure):
            island = None
            stage.collector.notice(NoticeCode.OUTPUT_NEEDS_NETWORK, "a Plotly map takes its tiles from a map server")
        else:
            island = write_json(plotly.upgrade_figure(figure))
        if island is not None:
            stage.collector.require("plotly")
            _ask_for_alt(stage)
        blocks.append(render_chart(plotly.read_chart(figure), island, stage.fallback, stage.alt))
    return join(blocks) if blocks else None


def _render_vega(spec: Any, stage: _Stage) -> Safe | None:
    if not vega.is_spec(spec):
        return None
    island, note = None, Safe("")
    try:
        spec = vega.inline_files(spec, stage.collector.read_file)
        island = write_json(spec)
    except vega.RemoteFigures as error:
        note = _drop(f"a chart with figures from {error.url[:200]}", stage, NoticeCode.OUTPUT_NEEDS_NETWORK)
    except FileRefused as error:
        note = _drop(f"a chart with figures from {str(error)[:200]}", stage, NoticeCode.OUTPUT_NEEDS_NETWORK)
    if island is not None:
        stage.collector.require("vega")
        if not isinstance(spec.get("description"), str):
            _ask_for_alt(stage)
    return join([render_chart(vega.read_chart(spec), island, stage.fallback, stage.alt), note])


def _ask_for_alt(stage: _Stage) -> None:
    """A chart that nothing but its figures describes gives a notice; the picture of one has given its own."""
    if not stage.alt and not stage.fallback:
        stage.collector.notice(NoticeCode.IMAGE_ALT_MISSING, "a chart among the outputs: `#| fig-alt: …`")


def _render_bokeh_bundle(bundle: Bundle, stage: _Stage) -> Safe:
    for mime in (*_SCRIPTS, "text/html"):
        code = bundle.data.get(mime)
        documents = find_bokeh(code) if isinstance(code, str) else None
        if documents:
            return _render_bokeh(documents, stage)
    if any(_BOKEH.fullmatch(mime) and "load" in mime for mime in bundle.data):
        return Safe("")
    return stage.fallback or _drop("a Bokeh plot that a server drew", stage)


def _render_bokeh(documents: Mapping[str, Any], stage: _Stage) -> Safe:
    title, island = bokeh.read_title(documents), write_json(documents)
    words = stage.fallback or render_words(title, stage.alt or "Interactive Bokeh plot.")
    if not bokeh.is_drawable(documents):
        reason = f"a plot of Bokeh {bokeh.read_version(documents)[:20]} ({title})"
        return join([stage.fallback, _drop(reason, stage, NoticeCode.OUTPUT_NOT_DRAWN)])
    _ask_for_alt(stage)
    height = bokeh.read_height(documents)
    return _render_library_frame("bokeh", island, words, stage, title=stage.alt or title, height=height)


def _render_widget(view: Any, post: Post, stage: _Stage) -> Safe:
    model_id = str(view.get("model_id")) if isinstance(view, dict) else ""
    try:
        models = widgets.select_models(post.widget_state, model_id)
    except widgets.WidgetProblem as problem:
        return stage.fallback or _drop(f"a widget: {problem.reason}", stage, NoticeCode.OUTPUT_NOT_DRAWN)
    lines = widgets.read_text(models, model_id)
    text = tag("pre", escape("\n".join(lines)), tabindex=0, role="region", aria_label="Output") if lines else Safe("")
    title = stage.alt or "Interactive widget"
    words = stage.fallback or join([tag("p", escape(title), class_="nb-plot-title"), text])
    island = write_json({"state": models, "model_id": model_id})
    height = 32 * min(max(len(lines), 1), 12) + 16
    return _render_library_frame("widgets", island, words, stage, title=title, height=height)


def _render_library_frame(
    library: str, island: str | None, words: Safe, stage: _Stage, *, title: str, height: int
) -> Safe:
    """A frame of ``library``, or what there is in words where a frame cannot be."""
    if stage.frames and island is not None and len(island) <= _MAX_DOCUMENT:
        stage.collector.require(library)
        return render_frame(words, title=title, height=height, library=library, island=island)
    reason = "its saved state is too large" if stage.frames else "a page that is one file has no frames"
    stage.collector.notice(NoticeCode.OUTPUT_NOT_DRAWN, f"{title}: {reason}")
    return tag("div", words, class_="nb-output nb-framed")


def _render_script(code: str, bundle: Bundle, stage: _Stage) -> Safe | None:
    if documents := find_bokeh(code):
        return _render_bokeh(documents, stage)
    if _LOADERS.search(code[:20_000]):
        return Safe("")
    if stage.trust and stage.frames:
        place = '<div id="output"></div><script>var element = document.getElementById("output");</script>'
        return _render_trusted(f"{place}<script>{code}</script>", stage.fallback, stage)
    if isinstance(bundle.data.get("text/html"), str):
        stage.collector.notice(NoticeCode.OUTPUT_SCRIPT_DROPPED, "JavaScript")
        return None
    return join([stage.fallback, _drop("JavaScript", stage)])


def _render_html(html: str, stage: _Stage) -> Safe | None:
    charts = _render_charts(html, stage)
    if charts is not None:
        return charts
    static = Safe("") if _MAP_NOTE in html else stage.render_html(html)
    if not _has_content(static):
        static = Safe("")
    if "bk-notebook-logo" in html or (not static and (_BOKEH_PLACE.search(html) or _LOADERS.search(html))):
        return Safe("")
    scripts = [e for e in find_elements(html, "script") if e.text.strip() or "src" in e.attributes]
    iframes = list(islice(find_elements(html, "iframe"), _MAX_CHARTS))
    if not scripts and not iframes:
        return None
    if stage.trust and stage.frames and (scripts or any("srcdoc" in iframe.attributes for iframe in iframes)):
        return _render_trusted(html, static or stage.fallback, stage)
    quiet = bool(iframes) or _DECORATION.search(html) is not None or _COMPLETE.search(static) is not None
    return _render_static(static or stage.fallback, scripts, iframes, stage, quiet=quiet)


def _render_charts(html: str, stage: _Stage) -> Safe | None:
    """What a script in the HTML would draw, drawn from the data in it."""
    charts = _render_plotly(islice(find_plotly(html), _MAX_CHARTS), stage)
    if charts is not None:
        return charts
    specs = islice(filter(vega.is_spec, find_vega(html)), _MAX_CHARTS)
    blocks = [block for spec in specs if (block := _render_vega(spec, stage)) is not None]
    if not blocks and (documents := find_bokeh(html)):
        return _render_bokeh(documents, stage)
    return join(blocks) if blocks else None


def _render_static(static: Safe, scripts: list[Element], iframes: list[Element], stage: _Stage, *, quiet: bool) -> Safe:
    """What is left of HTML without its scripts, links to its frames, and a note unless the loss is no reader's."""
    parts = [tag("div", static, class_="nb-output nb-html")] if static else []
    for iframe in iframes:
        card = render_embed(iframe.attributes.get("src", ""), iframe.attributes.get("title", ""))
        parts.append(card or _drop("an embedded document", stage))
    if scripts and quiet:
        stage.collector.notice(NoticeCode.OUTPUT_SCRIPT_DROPPED, "a script in HTML")
    elif scripts:
        parts.append(_drop("a script in HTML", stage))
    return join(parts)


def _render_trusted(html: str, fallback: Safe, stage: _Stage) -> Safe:
    """A frame that runs the notebook's scripts."""
    url = stage.collector.add_asset(build_trusted_frame(html))
    return render_frame(fallback, title="Interactive output", height=0, source=url)


def _drop(what: str, stage: _Stage, code: NoticeCode = NoticeCode.OUTPUT_SCRIPT_DROPPED) -> Safe:
    stage.collector.notice(code, what)
    return tag("p", escape(f"Left out here: {what}."), class_="nb-output nb-dropped")


def _has_content(html: Safe) -> bool:
    return bool(re.search(r"<(?:img|video|audio|hr|input|table)\b", html) or re.sub(r"<[^>]*>", "", html).strip())
