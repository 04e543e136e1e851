"""Charts, widgets and frames in a real browser, from a server and from the disk: they draw, and nothing else runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from nbblog.core.active import is_active, render_active
from nbblog.core.csp import FRAMED, LOADED, content_security_policy
from nbblog.core.fragment import Collector, Fragment
from nbblog.core.html import Safe, escape, join, tag
from nbblog.core.post import Bundle, Cell, FrontMatter, Post
from nbblog.libraries import page_library, page_script, page_style

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Dialog, Page

NOTEBOOK = json.loads((Path(__file__).parent / "active.ipynb").read_text("utf-8"))
STATE = NOTEBOOK["metadata"]["widgets"]["application/vnd.jupyter.widget-state+json"]
WIDGET = "application/vnd.jupyter.widget-view+json"
ELEMENTS = ":is(nbblog-plotly, nbblog-vega, nbblog-mermaid, nbblog-frame)"
PATIENCE = 90_000
"""Milliseconds for a library to load and draw on a busy machine: a bound on hanging, not a measure."""


def outputs(*cells: str) -> list[dict[str, Any]]:
    """Outputs that Plotly, Altair, Bokeh and ipywidgets really wrote."""
    return [output["data"] for cell in NOTEBOOK["cells"] if cell["id"] in cells for output in cell["outputs"]]


def render(
    bundles: Sequence[Mapping[str, Any]], *, state: Any = STATE, trust: bool = False, diagram: str = ""
) -> Fragment:
    collector = Collector(asset_url=lambda asset: f"page_files/{asset.name}", read_file=lambda target: b"")
    post = Post("a.ipynb", FrontMatter("A"), (), widget_state=state)
    blocks = [render_diagram(diagram, collector)] if diagram else []
    for bundle in bundles:
        for mime in [mime for mime in bundle if is_active(mime, bundle[mime])]:
            block = render_active(
                mime, Bundle(bundle), Cell("code", 1, "c", ""), post, collector, fallback=Safe(""), trust=trust
            )
            if block is not None:
                blocks.append(block)
                break
    return collector.finish(join(blocks))


def render_diagram(source: str, collector: Collector) -> Safe:
    """A diagram as markdown cells have it."""
    collector.require("mermaid")
    return tag("nbblog-mermaid", tag("pre", tag("code", escape(source))), class_="nb-mermaid")


def write_page(folder: Path, fragment: Fragment, *, without: str = "") -> None:
    """A page with nothing but the outputs, under the policy that real pages have."""
    files = folder / "page_files"
    files.mkdir()
    metas = []
    for name in sorted(fragment.libraries & (LOADED | FRAMED)):
        library = page_library(name)
        metas.append(f'<meta name="nbblog:{name}" content="page_files/{library.entry}">')
        for file, content in library.files.items():
            if name != without:
                (files / file).write_bytes(content)
    for asset in fragment.assets:
        (files / asset.name).write_bytes(asset.data)
    script = page_script(fragment.libraries, frames="<nbblog-frame" in fragment.html)
    frames = "<nbblog-frame" in fragment.html
    policy = content_security_policy(scripts=[script], libraries=fragment.libraries, frames=frames)
    (folder / "page.html").write_text(
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}"><link rel="icon" href="data:,">'
        f"<title>Page</title>{''.join(metas)}<style>@layer nb.part; {page_style()}</style></head>"
        f"<body>{fragment.html}<p>The end</p><script>{script}</script></body></html>",
        encoding="utf-8",
    )


@pytest.fixture(params=["http", "file"])
def address(request: pytest.FixtureRequest, tmp_path: Path, serve: Callable[[Path], str]) -> str:
    """Where ``page.html`` of the test's folder is: below a path on a server, and on the disk."""
    base = serve(tmp_path) if request.param == "http" else tmp_path.as_uri() + "/"
    return f"{base}page.html"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 800, "height": 3000})
    yield context
    context.close()


def watch(page: Page) -> list[str]:
    """Everything that a reader's browser complains about, dialogs included, as it comes."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(request.url))

    def dismiss(dialog: Dialog) -> None:
        complaints.append(f"dialog {dialog.message}")
        dialog.dismiss()

    page.on("dialog", dismiss)
    return complaints


def expect_drawn(page: Page, count: int) -> None:
    expect(page.locator(f"{ELEMENTS}[data-drawn]")).to_have_count(count, timeout=PATIENCE)


CHARTS = ("plotly", "plotly-html", "vega-lite", "altair-html")
FRAMES = ("bokeh", "bokeh-slider", "widgets", "linked-widgets", "output-widget", "interact")


def test_charts_draw_without_complaint(tmp_path: Path, address: str, context: BrowserContext) -> None:
    """Plotly, Vega-Lite and mermaid draw under the page's policy, from a server and from the disk."""
    write_page(tmp_path, render(outputs(*CHARTS), diagram="graph TD; A[One]-->B[Two]"))
    page = context.new_page()
    complaints = watch(page)
    page.goto(address)
    expect_drawn(page, 5)
    expect(page.locator("nbblog-plotly .scatterlayer .point")).to_have_count(12)
    expect(page.locator("nbblog-vega svg g.mark-line path")).to_have_count(6)
    expect(page.locator("nbblog-mermaid svg")).to_contain_text("One")
    assert complaints == []


def test_frames_draw_without_complaint(tmp_path: Path, address: str, context: BrowserContext) -> None:
    """Bokeh and Jupyter widgets draw in frames under their own policy, from a server and from the disk."""
    write_page(tmp_path, render(outputs(*FRAMES)))
    page = context.new_page()
    complaints = watch(page)
    page.goto(address)
    expect_drawn(page, 6)
    frame = page.frame_locator("nbblog-frame >> nth=0 >> iframe")
    expect(frame.locator("canvas").first).to_be_visible()
    expect(page.frame_locator("nbblog-frame >> nth=1 >> iframe").get_by_text("hello")).to_be_visible()
    expect(page.frame_locator("nbblog-frame >> nth=3 >> iframe").get_by_text("inside output")).to_be_visible()
    assert complaints == []


def test_linked_widgets_move_together(tmp_path: Path, address: str, context: BrowserContext) -> None:
    """A link between two widgets works in the page as it did in the notebook."""
    write_page(tmp_path, render(outputs("linked-widgets")))
    page = context.new_page()
    page.goto(address)
    expect_drawn(page, 1)
    frame = page.frame_locator("iframe")
    frame.locator("input[type=number]").fill("42")
    frame.locator("input[type=number]").press("Enter")
    expect(frame.locator(".widget-readout")).to_have_text("42")


def test_frame_is_as_high_as_its_content(tmp_path: Path, address: str, context: BrowserContext) -> None:
    """A frame says how high it is, and the page makes it so."""
    write_page(tmp_path, render(outputs("widgets")))
    page = context.new_page()
    page.goto(address)
    expect_drawn(page, 1)
    inner = page.frame_locator("iframe").locator("html")
    expect(page.locator("iframe")).to_have_css("height", f"{round(inner.bounding_box()['height'])}px")  # type: ignore[index]


EVIL = "document.documentElement.dataset.ran=1;alert(1)"
HOSTILE: list[dict[str, Any]] = [
    {"application/javascript": EVIL},
    {"text/html": f"<p>a</p><script>{EVIL}</script><img src=x onerror={EVIL}><svg onload={EVIL}></svg>"},
    {"text/html": f'<iframe srcdoc="<script>{EVIL}</script>"></iframe><object data="javascript:{EVIL}"></object>'},
    {
        "application/vnd.plotly.v1+json": {
            "data": [{"x": [1], "y": [1], "name": f"</script><script>{EVIL}</script>", "type": "scatter"}],
            "layout": {
                "title": {"text": f"<img src=x onerror={EVIL}><a href='javascript:{EVIL}'>a</a>"},
                "annotations": [{"text": f"<svg onload={EVIL}>", "x": 1, "y": 1}],
            },
        }
    },
    {
        "application/vnd.vegalite.v5+json": {
            "mark": {"type": "text", "href": f"javascript:{EVIL}", "tooltip": {"expr": "1"}},
            "title": {"text": f"<img src=x onerror={EVIL}>"},
            "params": [{"name": "p", "value": 1, "bind": {"input": "range", "name": f"<img src=x onerror={EVIL}>"}}],
            "data": {"values": [{"a": 1}]},
            "transform": [{"calculate": f"datum.a.constructor.constructor('{EVIL}')()", "as": "b"}],
        }
    },
]


def test_no_script_of_a_notebook_runs_in_the_page(tmp_path: Path, address: str, context: BrowserContext) -> None:
    """Scripts, handlers and expressions that a notebook hides in outputs do nothing at all."""
    write_page(
        tmp_path, render(HOSTILE, diagram=f'graph TD; A["<img src=x onerror={EVIL}>"]-->B; click B "javascript:{EVIL}"')
    )
    page = context.new_page()
    complaints = watch(page)
    page.goto(address)
    expect(page.locator("nbblog-plotly[data-drawn]")).to_have_count(1, timeout=PATIENCE)
    expect(page.locator("nbblog-mermaid[data-drawn], nbblog-mermaid:not(:has(.nb-plot-canvas))")).to_have_count(
        1, timeout=PATIENCE
    )
    assert page.locator("html[data-ran]").count() == 0
    assert page.locator("a[href^='javascript:' i]").count() == 0
    assert not [complaint for complaint in complaints if complaint.startswith("dialog")]


def test_no_script_of_a_notebook_runs_in_a_frame(tmp_path: Path, address: str, context: BrowserContext) -> None:
    """Handlers in a widget's HTML and JavaScript callbacks of a Bokeh document do not run in their frames."""
    text = json.dumps(STATE).replace("<b>hello</b>", f"<b>hello</b><img src=data:, onerror={EVIL}>")
    script = outputs("bokeh-slider")[-1]["application/javascript"].replace("document.title=1", EVIL)
    assert EVIL in text
    assert EVIL in script
    write_page(tmp_path, render([*outputs("widgets"), {"application/javascript": script}], state=json.loads(text)))
    page = context.new_page()
    complaints = watch(page)
    page.goto(address)
    expect_drawn(page, 2)
    slider = page.frame_locator("nbblog-frame >> nth=1 >> iframe").locator(".noUi-handle")
    slider.press("ArrowRight")
    for number in range(2):
        root = page.frame_locator(f"nbblog-frame >> nth={number} >> iframe").locator("html")
        assert root.get_attribute("data-ran") is None
    assert not [complaint for complaint in complaints if complaint.startswith("dialog")]


PROBE = """<ul id="probe"></ul><script>
const tries = {
  cookie: () => document.cookie,
  parent: () => parent.document,
  storage: () => localStorage,
  top: () => { top.location.href = "about:blank"; },
  script: () => { throw new Error("ran"); },
};
for (const [name, run] of Object.entries(tries)) {
  let result = "reached";
  try { run(); } catch (error) { result = error.message === "ran" ? "ran" : "refused"; }
  document.getElementById("probe").insertAdjacentHTML("beforeend", `<li>${name}: ${result}</li>`);
}
fetch("page.html").then(() => "reached", () => "refused").then((result) =>
  document.getElementById("probe").insertAdjacentHTML("beforeend", `<li>network: ${result}</li>`));
</script>"""


def test_trusted_script_runs_and_reaches_nothing(tmp_path: Path, address: str, context: BrowserContext) -> None:
    """A trusted script runs in its frame, where cookies, storage, the page, its address and the network are refused."""
    write_page(tmp_path, render([{"text/html": PROBE}], trust=True))
    page = context.new_page()
    page.goto(address)
    expect_drawn(page, 1)
    items = page.frame_locator("iframe").locator("#probe li")
    names = [
        "cookie: refused",
        "parent: refused",
        "storage: refused",
        "top: refused",
        "script: ran",
        "network: refused",
    ]
    expect(items).to_have_text(names)
    assert page.url == address


def test_frame_file_opened_by_itself_is_empty(
    tmp_path: Path, serve: Callable[[Path], str], context: BrowserContext
) -> None:
    """A frame file fills itself only where it has no origin, never on the site's own."""
    fragment = render([{"text/html": PROBE}], trust=True)
    write_page(tmp_path, fragment)
    page = context.new_page()
    page.goto(f"{serve(tmp_path)}page_files/{fragment.assets[0].name}")
    expect(page.locator("body > :not(script)")).to_have_count(0)


def test_without_javascript_everything_is_said(tmp_path: Path, address: str, browser: Browser) -> None:
    """With JavaScript off, charts are titles and tables, widgets are their text, and there is no empty frame."""
    write_page(tmp_path, render(outputs(*CHARTS, *FRAMES), diagram="graph TD; A-->B"))
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    expect(page.get_by_text("Squares", exact=True)).to_have_count(2)
    expect(page.locator(".nb-plot-figures table")).to_have_count(4)
    expect(page.get_by_text("A-->B")).to_be_visible()
    expect(page.get_by_text("inside output")).to_be_visible()
    expect(page.locator("iframe")).to_have_count(0)
    expect(page.locator(".nb-plot-fallback").first).to_have_css("min-height", "0px")
    context.close()


def test_words_stay_when_a_library_is_missing(tmp_path: Path, address: str, context: BrowserContext) -> None:
    """A chart whose library does not load keeps what it shows without JavaScript."""
    write_page(tmp_path, render(outputs("vega-lite")), without="vega")
    page = context.new_page()
    with page.expect_event("requestfailed" if address.startswith("file") else "response"):
        page.goto(address)
    expect(page.locator(".nb-plot-canvas")).to_have_count(0)
    expect(page.get_by_text("Interactive chart (line)")).to_be_visible()


def test_libraries_wait_until_they_are_needed(tmp_path: Path, address: str, context: BrowserContext) -> None:
    """A chart far below loads its library only when the reader comes near."""
    fragment = render(outputs("vega-lite"))
    far = Safe(f'<div style="height:9000px">Above</div>{fragment.html}')
    write_page(tmp_path, Fragment(far, fragment.assets, fragment.libraries))
    page = context.new_page()
    urls: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    page.goto(address, wait_until="load")
    assert not [url for url in urls if "vega" in url]
    page.locator("nbblog-vega").scroll_into_view_if_needed()
    expect_drawn(page, 1)
    assert len([url for url in urls if "vega" in url]) == 1


def test_chart_follows_the_colour_scheme(tmp_path: Path, address: str, context: BrowserContext) -> None:
    """When a reader changes the scheme, the letters of charts change with it."""
    write_page(tmp_path, render(outputs("plotly", "vega-lite")))
    page = context.new_page()
    page.goto(address)
    expect_drawn(page, 2)
    page.locator("html").evaluate("root => { root.dataset.scheme = 'dark'; }")
    expect(page.locator("nbblog-vega svg .role-title-text text")).to_have_attribute("fill", "#dcdfe4")
    expect(page.locator("nbblog-plotly .gtitle")).to_have_css("fill", "rgb(220, 223, 228)")


def test_charts_shift_nothing(tmp_path: Path, address: str, context: BrowserContext) -> None:
    """What stands below a chart stays where it is while the chart is drawn."""
    write_page(tmp_path, render(outputs("plotly", "bokeh", "vega-lite", "widgets")))
    page = context.new_page()
    page.add_init_script(
        "window.shift = 0;"
        "new PerformanceObserver(list => list.getEntries().forEach(entry => { window.shift += entry.value; }))"
        ".observe({ type: 'layout-shift', buffered: true });"
    )
    page.goto(address)
    expect_drawn(page, 4)
    assert page.locator("html").evaluate("() => window.shift") < 0.01


def test_false_messages_change_nothing(tmp_path: Path, address: str, context: BrowserContext) -> None:
    """Only the frame itself can say how high it is, and not without bounds."""
    write_page(
        tmp_path,
        render(
            [
                {
                    "text/html": "<p>a</p><script>setInterval(() => say(1e12), 100);"
                    "const say = (height) => parent.postMessage({ nbblog: 'height', height }, '*');</script>"
                }
            ],
            trust=True,
        ),
    )
    page = context.new_page()
    page.goto(address)
    expect(page.locator("iframe")).to_have_css("height", "8000px")
    page.locator("html").evaluate(
        "() => { postMessage({ nbblog: 'height', height: 99 }, '*'); postMessage(null, '*'); }"
    )
    page.locator("html").evaluate("() => new Promise(requestAnimationFrame)")
    expect(page.locator("iframe")).to_have_css("height", "8000px")
