"""Saved outputs of code cells as HTML."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from struct import pack
from typing import Any
from zlib import crc32

import pytest

from nbblog.core.errors import FileRefused
from nbblog.core.fragment import Collector, Fragment
from nbblog.core.html import escape, tag
from nbblog.core.maths import MathRenderer
from nbblog.core.outputs import hide_home, render_outputs
from nbblog.core.post import OUTPUT_BYTES, Bundle, Cell, CellOptions, FrontMatter, Output, Post, Stream, Traceback
from nbblog.core.printed import KEPT_LINES
from nbblog.vendored import library_file

Render = Callable[..., Fragment]


def load() -> Iterator[str]:
    yield library_file("katex", "katex-", ".js").decode()


MATHS = MathRenderer(load)


def png(width: int, height: int) -> str:
    """The head of a picture, in base64: all that is ever read of it."""
    header = b"IHDR" + pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b64encode(b"\x89PNG\r\n\x1a\n" + pack(">I", 13) + header + pack(">I", crc32(header))).decode()


def read_file(target: str) -> bytes:
    raise FileRefused(target, "there is no such file")


@pytest.fixture
def render() -> Render:
    """Outputs and options of a cell → its fragment."""

    def render(*outputs: Output, output_bytes: int = OUTPUT_BYTES, **options: Any) -> Fragment:
        cell = Cell("code", 1, "c1", "", outputs=outputs, options=CellOptions(**options))
        collector = Collector(
            asset_url=lambda asset: f"files/{asset.name}", read_file=read_file, output_bytes=output_bytes
        )
        post = Post("post.ipynb", FrontMatter("Post"), (cell,))
        html = render_outputs(
            cell,
            post,
            collector,
            render_math=MATHS,
            render_markdown=lambda text: tag("p", escape(text)),
            render_caption=escape,
        )
        return collector.finish(html)

    return render


def block(html: str) -> str:
    """What is inside ``div.nb-outputs``."""
    start = '<div class="nb-outputs">'
    assert html.startswith(start)
    assert html.endswith("</div>")
    return html[len(start) : -len("</div>")]


def codes(fragment: Fragment) -> list[str]:
    return [notice.code for notice in fragment.notices]


def bundle(data: Mapping[str, Any], **metadata: Any) -> Bundle:
    return Bundle(data, metadata)


# --- Text -----------------------------------------------------------------------------------------------------------


def test_printed_text(render: Render) -> None:
    """It scrolls by itself, takes the focus, and is text."""
    assert block(render(Stream("stdout", "a <b>\n")).html) == (
        '<div class="nb-output nb-stream"><pre tabindex="0" role="group" aria-label="Output">a &lt;b&gt;</pre></div>'
    )


def test_errors_printed_have_no_home(render: Render) -> None:
    """Warnings name files of the author's machine; the person's name in them goes."""
    assert block(render(Stream("stderr", "/home/ada/x.py:1: UserWarning: \x1b[31mw\x1b[0m")).html) == (
        '<div class="nb-output nb-stderr"><pre tabindex="0" role="group" aria-label="Error output">'
        '~/x.py:1: UserWarning: <span class="nb-ansi-fg-1">w</span></pre></div>'
    )


@pytest.mark.parametrize(
    ("path", "shown"),
    [("/home/ada/x.py", "~/x.py"), ("/Users/ada b/x", "/Users/ada b/x"), ("/Users/ada/x", "~/x"),
     ("C:\\Users\\ada\\x.py", "~\\x.py"),
     ("/root/x", "~/x"), ("~/root/x", "~/root/x"), ("/data/root/x", "/data/root/x"), ("/home/", "/home/"),
     ("/srv/home/ada/x", "/srv/home/ada/x")],
)  # fmt: skip
def test_home_folders(path: str, shown: str) -> None:
    """Of Linux, macOS and Windows."""
    assert hide_home(path) == shown


@pytest.mark.parametrize("text", ["", "\n \n", "\x1b[2K\r", "x\r\x1b[K"])
def test_what_shows_nothing_leaves_nothing(render: Render, text: str) -> None:
    """A progress bar that wiped itself out leaves no empty box."""
    assert render(Stream("stdout", text), bundle({"text/plain": text})).html == ""


def test_a_million_lines(render: Render) -> None:
    """The page has the first thousand, a note, and the whole as a file."""
    text = "".join(f"line {number}\n" for number in range(1_000_000))
    fragment = render(Stream("stdout", text))
    assert f"line {KEPT_LINES - 1}\n" not in fragment.html
    assert fragment.html.count("\n") == KEPT_LINES - 1
    assert f'line {KEPT_LINES - 1}</pre><p class="nb-more">… 999,000 more lines · <a class="nb-file" ' in fragment.html
    assert 'download="output.txt">the whole output <span class="nb-size">11.9 MB</span></a></p>' in fragment.html
    assert [asset.data for asset in fragment.assets] == [text.rstrip().encode()]
    assert codes(fragment) == ["output-truncated"]


def test_a_blog_may_allow_less(render: Render) -> None:
    """Of text and of tables: a tenth of the bytes is a tenth of the lines."""
    text, table = "line\n" * 300, "<table>" + f"<tr><td>{'x' * 90}</td></tr>" * 9000 + "</table>"
    fragment = render(Stream("stdout", text), bundle({"text/html": table}), output_bytes=100 << 10)
    assert "… 203 more lines" in fragment.html
    assert fragment.html.count("<tr>") < 2000
    assert render(Stream("stdout", text)).assets == ()


def test_one_endless_line(render: Render) -> None:
    """Text without line ends is cut too."""
    fragment = render(bundle({"text/plain": "x" * 2_000_000}))
    assert len(fragment.html) < 300_000
    assert "more characters" in fragment.html


# --- Errors ---------------------------------------------------------------------------------------------------------

SHORT = Traceback(
    "NameError",
    "name 'x' is not defined",
    (
        "\x1b[31m" + "-" * 75 + "\x1b[0m",
        "\x1b[31mNameError\x1b[0m  Traceback",
        "x",
        "NameError: name 'x' is not defined",
    ),
)


def test_a_short_traceback(render: Render) -> None:
    """It says the error's name itself; the rule above it goes."""
    assert block(render(SHORT).html) == (
        '<div class="nb-output nb-error"><pre tabindex="0" role="group" aria-label="Traceback">'
        '<span class="nb-ansi-fg-1">NameError</span>  Traceback\nx\n'
        "NameError: name 'x' is not defined</pre></div>"
    )


def test_a_long_traceback_is_folded(render: Render) -> None:
    """What went wrong stays in sight."""
    error = Traceback("ValueError", "no <b>", tuple(f"File /home/ada/{number}.py" for number in range(40)))
    html = block(render(error).html)
    assert html.startswith(
        '<div class="nb-output nb-error"><p>ValueError: no &lt;b&gt;</p>'
        "<details><summary>Show the traceback</summary><pre "
    )
    assert "File ~/39.py</pre></details></div>" in html


def test_an_error_without_a_traceback(render: Render) -> None:
    """Some kernels save the name alone."""
    assert block(render(Traceback("E", "", ())).html) == '<div class="nb-output nb-error"><p>E</p></div>'
    assert "<p>Error</p>" in render(Traceback("", "", ())).html


# --- Bundles --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "class_"),
    [
        ({"text/plain": "x", "text/html": "<p>x</p>"}, "nb-html"),
        ({"text/plain": "x", "image/png": png(2, 1)}, "nb-image"),
        ({"text/plain": "x", "text/latex": "$x$", "image/png": png(2, 1)}, "nb-latex"),
        ({"text/plain": "x", "text/latex": r"\begin{tabular}{l}x\end{tabular}"}, "nb-text"),
        ({"text/plain": "x", "text/latex": r"$\unknown$"}, "nb-text"),
        ({"text/latex": r"$\unknown$"}, "nb-text"),
        ({"text/plain": "x", "text/markdown": "*x*"}, "nb-markdown"),
        ({"text/plain": "x", "application/json": {"a": 1}}, "nb-json"),
        ({"text/plain": "x", "application/vnd.unknown+json": {"a": 1}}, "nb-text"),
        ({"text/plain": "x", "text/html": "<style>a{}</style> "}, "nb-text"),
        ({"text/plain": "x", "image/png": "no picture"}, "nb-text"),
        ({"text/x-rst": "x"}, "nb-text"),
        ({"application/vnd.unknown": "x"}, "nb-dropped"),
        ({"image/png": "!"}, "nb-dropped"),
    ],
)
def test_the_richest_form_that_can_be_shown(render: Render, data: Mapping[str, Any], class_: str) -> None:
    """An unknown, empty or broken form gives way to the next, and to plain text in the end."""
    assert f'class="nb-output {class_}"' in render(bundle(data)).html


@pytest.mark.parametrize(
    "name", ["<IPython.core.display.HTML object>", "<Figure size 640x480 with 1 Axes>", "<a.B object at 0x7f>"]
)
def test_the_name_of_an_object_is_no_output(render: Render, name: str) -> None:
    """When HTML turns out to be empty, its Python name is of no use to a reader; alone, it is what there is."""
    assert render(bundle({"text/html": "<style></style>", "text/plain": name})).html == ""
    assert render(bundle({"text/plain": name})).html


@pytest.mark.parametrize("content", [None, 1, [], {}, ["x"], True])
@pytest.mark.parametrize(
    "mime", ["text/html", "text/plain", "text/latex", "text/markdown", "image/png", "image/svg+xml", "application/pdf"]
)
def test_content_of_a_wrong_type_is_no_accident(render: Render, mime: str, content: Any) -> None:
    """A notebook can hold anything anywhere."""
    render(bundle({mime: content}))


def test_html_goes_through_the_gate(render: Render) -> None:
    """Its tables are tidied on the way, its ids go."""
    html = render(bundle({"text/html": '<div id="x" onclick="a()"><b>x</b><iframe></iframe></div>'})).html
    assert "<b>x</b>" in html
    assert "onclick" not in html
    assert "id=" not in html


def test_a_table_has_its_caption(render: Render) -> None:
    """``tbl-cap`` may have inline markup; the box is named in plain text."""
    fragment = render(bundle({"text/html": "<table><tr><td>1</td></tr></table>"}), table_caption="*Shares* & more")
    assert 'aria-label="Table: Shares &amp; more"><table><caption>*Shares* &amp; more</caption><tbody>' in fragment.html


def test_pictures_in_html_become_files(render: Render) -> None:
    """With their size; a remote one stays where it is, words for a missing one, with notices."""
    html = f"<img src='data:image/png;base64,{png(20, 10)}'><img src=https://x.example/a.png alt=b>"
    html += "<img src='no.png' alt='No &amp;'>"
    fragment = render(bundle({"text/html": html}))
    assert [asset.suffix for asset in fragment.assets] == [".png"]
    assert f'<img src="files/{fragment.assets[0].name}" alt="" width="20" height="10"' in fragment.html
    assert 'src="https://x.example/a.png"' in fragment.html
    assert fragment.html.endswith(">No &amp;</div></div>")
    assert codes(fragment) == ["image-alt-missing", "image-refused"]


def test_sounds_in_html_become_files(render: Render) -> None:
    """``IPython.display.Audio`` writes them into the page."""
    wav = b64encode(b"RIFF\x00\x00\x00\x00WAVEfmt ").decode()
    html = f'<audio controls="controls"><source src="data:audio/wav;base64,{wav}" type="audio/wav" /></audio>'
    fragment = render(bundle({"text/html": html}))
    assert [asset.suffix for asset in fragment.assets] == [".wav"]
    assert f'src="files/{fragment.assets[0].name}"' in fragment.html


def test_a_drawing_in_html_becomes_a_file(render: Render) -> None:
    """As in the tables of Dask; the words in it stand for it, and nobody is asked for better ones."""
    fragment = render(bundle({"text/html": "<b>x</b><svg width=9 height=9><text>1000</text></svg>"}))
    assert '<img src="files/drawing.' in fragment.html
    assert 'alt="1000" width="9" height="9"' in fragment.html
    assert codes(fragment) == []


def test_pictures_in_a_charts_data_are_left_alone(render: Render) -> None:
    """Hover labels hold HTML; the data around it must stay what it was."""
    document = {"d": {"roots": [{"label": '<img src="@file" alt=""><svg></svg>'}], "version": "3.6.0"}}
    fragment = render(bundle({"text/html": f"<script>const docs_json = {json.dumps(document)};</script>"}), alt="x")
    assert 'data-library="bokeh"' in fragment.html
    assert codes(fragment) == []


@pytest.mark.parametrize("name", ["sk", "xr"])
def test_html_that_needs_its_own_styles_gives_way_to_text(render: Render, name: str) -> None:
    """What scikit-learn and xarray show would say everything twice, and ask the reader to trust the notebook."""
    html = f'<div class="{name}-text-repr-fallback"><pre>Model()</pre><b>Trust the notebook</b></div><div>Model</div>'
    shown = block(render(bundle({"text/html": html, "text/plain": "Model()"})).html)
    assert "Model()</pre>" in shown and "Trust" not in shown


def test_an_empty_figure_is_nothing(render: Render) -> None:
    """Matplotlib says so when a cell draws nothing; a reader need not know."""
    assert render(bundle({"text/plain": "<Figure size 432x288 with 0 Axes>"})).html == ""


def test_a_script_beside_a_picture_leaves_no_note(render: Render) -> None:
    """It makes the picture move; only the author learns that it is gone."""
    fragment = render(bundle({"text/html": "<svg width='9' height='9'><rect/></svg><script>x()</script>"}), alt="a")
    assert "Left out" not in fragment.html
    assert codes(fragment) == ["output-script-dropped"]


def test_a_script_leaves_a_note(render: Render) -> None:
    """What it would have drawn is gone, and both reader and author are told."""
    fragment = render(bundle({"text/html": "<b>x</b><script>alert(1)</script>"}))
    assert "<b>x</b>" in fragment.html
    assert "nb-dropped" in fragment.html
    assert "alert" not in fragment.html
    assert codes(fragment) == ["output-script-dropped"]


def test_formulas(render: Render) -> None:
    """SymPy's are displayed; the page is told that it needs KaTeX's style sheet."""
    fragment = render(bundle({"text/latex": r"$\displaystyle x^{2}$"}))
    assert block(fragment.html).startswith('<div class="nb-output nb-latex"><div class="nb-math-block" ')
    assert fragment.libraries == {"katex"}


def test_text_with_formulas_is_markdown(render: Render) -> None:
    """``Latex("Let $x$ be …")`` is prose."""
    assert (
        '<div class="nb-output nb-markdown"><p>Let $x$ be $y$.</p></div>'
        in render(bundle({"text/latex": "Let $x$ be $y$."})).html
    )


def test_a_formula_that_cannot_be_set_gives_a_notice(render: Render) -> None:
    """The next form stands in its place."""
    assert codes(render(bundle({"text/latex": r"$\unknown$", "text/plain": "x"}))) == ["maths-unreadable"]


# --- Pictures -------------------------------------------------------------------------------------------------------


def test_a_picture(render: Render) -> None:
    """A file of the page's, with its size so that nothing moves, loaded when it comes near."""
    fragment = render(bundle({"image/png": png(400, 300)}), alt='A "curve"')
    assert block(fragment.html) == (
        f'<div class="nb-output nb-image"><img src="files/{fragment.assets[0].name}" alt="A &quot;curve&quot;" '
        'width="400" height="300" loading="lazy" decoding="async"></div>'
    )
    assert fragment.notices == ()


def test_a_picture_without_alt(render: Render) -> None:
    """The author is asked for one."""
    fragment = render(bundle({"image/png": png(4, 3)}))
    assert 'alt=""' in fragment.html
    assert codes(fragment) == ["image-alt-missing"]


@pytest.mark.parametrize("metadata", [{"alt": "words"}, {"image/png": {"alt": "words"}}])
def test_alt_from_the_output(render: Render, metadata: dict[str, Any]) -> None:
    """matplotlib-inline and others save one in the metadata."""
    assert 'alt="words"' in render(Bundle({"image/png": png(4, 3)}, metadata)).html


CHART = {"data": [{"y": [1, 2]}], "layout": {"title": {"text": "A line"}}}
SPEC = {"mark": "bar", "data": {"values": [{"a": 1}]}}
BOKEH = 'const docs_json = {"d": {"roots": [], "version": "3.6.0"}};'
CHARTS: list[dict[str, Any]] = [
    {"application/vnd.plotly.v1+json": CHART},
    {"application/vnd.vegalite.v5+json": SPEC},
    {"application/javascript": BOKEH, "application/vnd.bokehjs_exec.v0+json": ""},
]


@pytest.mark.parametrize("data", CHARTS)
def test_a_chart_has_the_authors_words(render: Render, data: dict[str, Any]) -> None:
    """``fig-alt``, or the output's own alt, names a chart and stands where it is not drawn."""
    for fragment in (render(bundle(data), alt="Costs <fall>"), render(bundle(data, alt="Costs <fall>"))):
        assert 'aria-label="Costs &lt;fall&gt;"' in fragment.html
        assert "<p class=\"nb-plot-words\">Costs &lt;fall&gt;</p>" in fragment.html
        assert codes(fragment) == []


@pytest.mark.parametrize("data", CHARTS)
def test_a_chart_without_words_gives_a_notice(render: Render, data: dict[str, Any]) -> None:
    """Its figures alone do not say what it is about; a picture of it has given the notice already."""
    assert codes(render(bundle(data))) == ["image-alt-missing"]
    assert codes(render(bundle({**data, "image/png": png(4, 3)}))) == ["image-alt-missing"]


def test_a_chart_may_describe_itself(render: Render) -> None:
    """Vega-Lite has a place for words."""
    fragment = render(bundle({"application/vnd.vegalite.v5+json": {**SPEC, "description": "Costs fall."}}))
    assert codes(fragment) == []


@pytest.mark.parametrize(
    ("metadata", "size"),
    [
        ({"image/png": {"width": 200, "height": 150}}, 'width="200" height="150"'),
        ({"width": 200}, 'width="200" height="150"'),
        ({"image/png": {"height": 75.0}}, 'width="100" height="75"'),
        ({"image/png": {"width": "200", "height": True}}, 'width="400" height="300"'),
        ({"image/png": {"width": 1e9, "needs_background": "light"}}, 'width="400" height="300"'),
    ],
)
def test_sizes_of_pictures_for_sharp_screens(render: Render, metadata: dict[str, Any], size: str) -> None:
    """The metadata say how large a picture is meant to be; its pixels may be more."""
    assert size in render(Bundle({"image/png": png(400, 300)}, metadata)).html


def test_a_wide_picture_leads_to_the_whole(render: Render) -> None:
    """It may be shown smaller than it is; no script is needed to see more."""
    fragment = render(bundle({"image/png": png(1200, 300)}), alt="x")
    assert f'<a href="files/{fragment.assets[0].name}"><img ' in fragment.html


def test_a_caption_makes_a_figure(render: Render) -> None:
    """A label makes it a place to link to."""
    html = block(render(bundle({"image/png": png(4, 3)}), alt="x", caption="A <b>", label="fig-a").html)
    assert html.startswith('<figure class="nb-figure" id="user-fig-a"><div class="nb-output nb-image"><img ')
    assert html.endswith("</div><figcaption>A &lt;b&gt;</figcaption></figure>")


def test_several_pictures_with_one_caption(render: Render) -> None:
    """They are one figure; what was printed before stays outside."""
    html = render(
        Stream("stdout", "x"),
        bundle({"image/png": png(4, 3)}),
        bundle({"image/png": png(5, 3)}),
        caption="Two",
        alt="x",
    ).html
    assert html.count("<figure") == 1
    assert html.index("nb-stream") < html.index("<figure") < html.index("nb-image")
    assert html.count("<figcaption>") == 1


def test_several_pictures_with_captions(render: Render) -> None:
    """A list of captions gives each its own."""
    pictures = [bundle({"image/png": png(width, 3)}) for width in (4, 5)]
    html = render(*pictures, caption="A; B", alt="x", options={"fig-cap": ["A", "B"]}).html
    assert html.count("<figure") == 2
    assert html.index("<figcaption>A</figcaption>") < html.index("<figcaption>B</figcaption>")


def test_a_drawing_is_a_file(render: Render) -> None:
    """SVG never stands in the page itself, and nothing in the file acts."""
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="5"><script>alert(1)</script><rect/></svg>'
    fragment = render(bundle({"image/svg+xml": svg}), alt="x")
    assert "<svg" not in fragment.html
    assert 'width="10" height="5"' in fragment.html
    assert b"script" not in fragment.assets[0].data


@pytest.mark.parametrize("name", ["../../evil.png", "/etc/passwd", "..\\..\\e.png"])
def test_file_names_in_metadata_are_ignored(render: Render, name: str) -> None:
    """nbconvert's extraction trusts them; here a file's name comes from its content."""
    metadata = {"filenames": {"image/png": name}, "filename": name}
    fragment = render(Bundle({"image/png": png(4, 3)}, metadata))
    assert name not in fragment.html
    assert fragment.assets[0].name.startswith("image.")


# --- Data -----------------------------------------------------------------------------------------------------------


def test_html_of_many_megabytes_is_left_out(render: Render) -> None:
    """A page of tens of megabytes helps nobody: a note stands there, and the author hears of it."""
    shown = render(bundle({"text/html": "<p>words</p>" * 800_000}))
    assert shown.html.count("<p") == 1 and "Left out here: 9 MiB of HTML." in shown.html
    assert [notice.code for notice in shown.notices] == ["output-unknown"]


def test_json_of_megabytes_is_folded_and_cut(render: Render) -> None:
    """Its beginning is shown, the whole is a file beside the page."""
    shown = render(bundle({"application/json": ["word"] * 200_000}))
    assert len(shown.html) < 400_000
    assert "<details><summary>JSON, 200,000 entries</summary>" in shown.html
    assert [asset.suffix for asset in shown.assets] == [".txt"]


def test_json_is_a_folded_text(render: Render) -> None:
    """Short JSON is open; a summary says what it is."""
    html = render(bundle({"application/json": {"a": "<b>"}})).html
    assert '<div class="nb-output nb-json"><details open><summary>JSON, 1 key</summary><pre ' in html
    assert "&lt;b&gt;" in html
    assert (
        "<details><summary>JSON, 100 entries</summary>" in render(bundle({"application/json": list(range(100))})).html
    )
    assert (
        "<details open><summary>Rows, 100 entries"
        in render(
            Bundle({"application/json": list(range(100))}, {"application/json": {"expanded": True, "root": "Rows"}})
        ).html
    )
    assert "<summary>GeoJSON, 1 key</summary>" in render(bundle({"application/geo+json": {"type": "Point"}})).html


def test_a_document_is_a_download(render: Render) -> None:
    """A PDF is never shown in the page; what only claims to be one is left out."""
    data = b64encode(b"%PDF-1.4 " + b"x" * 2000).decode()
    fragment = render(bundle({"application/pdf": data}))
    assert '<a class="nb-file" href="files/document.' in fragment.html
    assert 'download="document.pdf">PDF document <span class="nb-size">2 KB</span></a>' in fragment.html
    assert "nb-dropped" in render(bundle({"application/pdf": b64encode(b"<html>").decode()})).html
