"""Pictures, drawings, players and frames in HTML that an author wrote into a notebook."""

from __future__ import annotations

import re

import pytest
from markdown_article import render


@pytest.mark.parametrize(
    ("html", "written"),
    [
        ("<br>\nWords *a* <b>b</b>", "<p><br>\nWords *a* <b>b</b></p>"),
        ("<center>a</center>\nWords", "<center>a</center><p>Words</p>"),
        ("<div>a</div> b <div>c</div>", "<div>a</div><p>b</p>\n<div>c</div>"),
        ("<div>a <p>b</p> c</div>\n", "<div>a <p>b</p> c</div>\n"),
        ("<hr>\n<i>\na</i>", "<hr><p><i>\na</i></p>\n"),
        ("<div>\n\n*a*\n\n</div>", "<div>\n<p><em>a</em></p>\n</div>"),
    ],
)
def test_words_between_blocks_are_paragraphs(html: str, written: str) -> None:
    """Without a block around them they would fall out of the page's column."""
    assert render(html).html.strip() == written.strip()


def test_boxes_of_bootstrap_are_alerts() -> None:
    """They stand in many notebooks; no other class of a framework's gets through."""
    html = render('<div class="alert alert-info">\na\n</div>\n\n<p class="alert alert-danger button">x</p>').html
    assert '<div class="nb-alert nb-alert-note">' in html
    assert '<p class="nb-alert nb-alert-caution">' in html


DRAWING = '<svg width="10" height="20"><title>A box</title><rect width="5" height="5" fill="red"/></svg>'


def drawn(html: str) -> str:
    """The SVG file that the one picture of ``html`` shows."""
    fragment = render(html)
    (asset,) = fragment.assets
    assert f'src="files/{asset.name}"' in fragment.html
    assert asset.name.startswith("drawing.") and asset.suffix == ".svg"
    return asset.data.decode()


@pytest.mark.parametrize("html", ['<img src="a.png">', "Words <IMG src='a.png'> words", "<div><img src=a.png></div>"])
def test_a_picture_in_html_comes_along(html: str) -> None:
    """It is kept as ``![](…)`` is, with its size; a missing alt gives a notice."""
    fragment = render(html)
    assert re.search(r'src="files/image\.[0-9a-f]{12}\.png" alt="" width="4" height="3"', fragment.html)
    assert fragment.codes == ["image-alt-missing"]


def test_a_picture_of_a_given_width_has_its_height() -> None:
    """The text does not move when the picture comes."""
    assert re.search('<img [^>]*height="60"[^>]*width="80"', render('<img alt="b" src="b.png" width="80">').html)


def test_an_attachment_in_html_is_shown() -> None:
    """Jupyter shows it too."""
    from markdown_article import write_png

    html = render('<img src="attachment:a.png" alt="a">', attachments={"a.png": write_png()}).html
    assert 'src="files/image.' in html


def test_a_missing_picture_in_html_leaves_its_words() -> None:
    """And a notice."""
    fragment = render('<img src="none.png" alt="A tree">')
    assert "A tree" in fragment.html and "<img" not in fragment.html
    assert fragment.codes == ["image-refused"]


def test_a_player_in_html_can_be_started() -> None:
    """It has controls, also where its author gave it none, and its file comes along."""
    html = render('<video src="https://x.org/a.mp4" autoplay loop></video>').html
    assert 'controls=""' in html and "autoplay" not in html


@pytest.mark.parametrize(
    "html",
    [
        '<iframe width="560" src="https://www.youtube.com/embed/dQw4w9WgXcQ" allowfullscreen></iframe>',
        '<div align="center"><iframe src="//www.youtube.com/embed/dQw4w9WgXcQ"></iframe></div>',
    ],
)
def test_a_film_in_a_frame_is_a_card(html: str) -> None:
    """As ``[[embed:…]]`` is; its link leads to the film's own page."""
    html = render(html).html
    assert '<div class="nb-embed" data-src="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ">' in html
    assert 'href="https://www.youtube.com/watch?v=dQw4w9WgXcQ"' in html
    assert "iframe" not in html and "<p></p>" not in html


def test_a_frame_in_a_sentence_is_a_link() -> None:
    """There is no place for a card."""
    html = render('See <iframe src="https://x.org/a" title="this map"></iframe> here.').html
    assert '<p>See <a href="https://x.org/a" rel="noopener noreferrer">this map</a> here.</p>' in html


@pytest.mark.parametrize(("url", "left"), [("a.html", '<a href="a.html"'), ("javascript:x()", ""), ("data:,x", "")])
def test_a_frame_of_no_web_page_gives_a_notice(url: str, left: str) -> None:
    """Of a file beside the notebook a link stays."""
    fragment = render(f'<div><iframe src="{url}"></iframe></div>')
    assert left in fragment.html and "javascript" not in fragment.html and "data:" not in fragment.html
    assert fragment.codes == ["html-dropped"]


@pytest.mark.parametrize("html", [DRAWING, f"Words {DRAWING} words", f"<div>\n{DRAWING}\n</div>"])
def test_a_drawing_is_a_picture(html: str) -> None:
    """It is shown from a safe file of its own, under its title."""
    fragment = render(html)
    assert re.search(r'<img src="files/drawing[^"]*" alt="A box" width="10" height="20"', fragment.html)
    assert '<rect width="5" height="5" fill="red"></rect>' in drawn(html)
    assert fragment.codes == []


@pytest.mark.parametrize(
    "inside",
    [
        "<rect width=5 height=5 />",
        "<text>a &nbsp; b & c</text>",
        '<g inkscape:label="x" sodipodi:y="1"><path d="M0 0"/></g>',
        '<defs><circle id="c" r="3"/></defs><use xlink:href="#c"/>',
        "<svg><rect/></svg>",
    ],
)
def test_a_drawing_by_the_rules_of_html_is_understood(inside: str) -> None:
    """Without namespaces, quotation marks, XML's entities."""
    assert drawn(f'<svg viewBox="0 0 9 9"><title>t</title>{inside}</svg>')


def test_a_drawing_that_acts_does_not() -> None:
    """It goes through the same gate as a file."""
    text = drawn('<svg onload="alert(1)"><script>alert(1)</script><rect onclick="x()"/><image href="https://x.org/"/></svg>')
    assert "alert" not in text and "onclick" not in text and "x.org" not in text


@pytest.mark.parametrize(
    "html",
    [
        '<svg style="position:absolute;width:0"><defs><symbol id="a"><path d="M0 0"/></symbol></defs></svg>',
        '<svg class="icon"><use href="#a"></use></svg>',
        "<svg></svg>",
    ],
)
def test_a_drawing_that_shows_nothing_leaves_nothing(html: str) -> None:
    """A store of symbols, and the icons that are taken from it."""
    fragment = render(f"<div>{html}</div>")
    assert "<img" not in fragment.html
    assert (fragment.assets, fragment.codes) == ((), [])


def test_a_drawing_that_cannot_be_read_gives_a_notice() -> None:
    """It is left out."""
    fragment = render("<div><svg><g></svg></div>")
    assert "svg" not in fragment.html
    assert fragment.codes == ["html-dropped"]


@pytest.mark.parametrize("name", ["script", "style", "object", "form"])
def test_what_the_gate_drops_is_said(name: str) -> None:
    """With its line, where it stands on lines of its own."""
    (notice,) = render(f"Words\n\n<{name}>\nx\n</{name}>").notices
    assert (notice.code, notice.place.line, notice.detail) == ("html-dropped", 3, f"<{name}>")
    assert render(f"The `<{name}>` element").codes == []
