"""SVG files made safe."""

from __future__ import annotations

import pytest

from nbblog.core.svg import SvgError, sanitise_svg


def clean(inside: str, attributes: str = "") -> str:
    return sanitise_svg(f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inside}</svg>').data.decode()


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<script href="https://x.org/a.js"/>',
        '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></body></foreignObject>',
        '<rect onclick="alert(1)"/>',
        '<a href="javascript:alert(1)"><text>x</text></a>',
        '<use href="https://x.org/a.svg#b"/>',
        '<use xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="data:image/svg+xml;base64,AAAA"/>',
        '<image href="https://x.org/a.png"/>',
        '<image href="data:image/svg+xml;base64,AAAA"/>',
        "<style>@import url(https://x.org/a.css);</style>",
        "<style>rect{fill:url(https://x.org/a)}</style>",
        "<style>rect{background:u\\72l(https://x.org)}</style>",
        '<rect style="fill:url(//x.org/a)"/>',
        '<rect fill="url(https://x.org/a#b)"/>',
        '<animate attributeName="href" to="javascript:alert(1)"/>',
        '<set attributeName="onclick" to="alert(1)"/>',
        '<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>',
        "<handler>alert(1)</handler>",
        '<iframe src="https://x.org"/>',
        '<?xml-stylesheet href="https://x.org/a.css"?>',
    ],
)
def test_what_acts_or_loads_goes(inside: str) -> None:
    """Opened by itself, the file runs nothing and asks nobody."""
    written = clean(inside)
    for word in ("script", "alert", "x.org", "onclick", "svg+xml", "animate", "<set", "iframe", "import"):
        assert word not in written.replace("http://www.w3.org", "")


def test_what_is_drawn_stays() -> None:
    """Shapes, gradients, text, local references and styles come through."""
    inside = (
        '<defs><linearGradient id="g"><stop offset="0" stop-color="red"/></linearGradient></defs>'
        "<style>text { font: 12px sans-serif; fill: url(#g) }</style>"
        '<g transform="translate(1 2)"><path d="M0 0L1 1z" fill="url(#g)"/><text x="1">a &lt; b</text></g>'
        '<use xlink:href="#g" xmlns:xlink="http://www.w3.org/1999/xlink"/>'
    )
    written = clean(inside, 'viewBox="0 0 10 10"')
    for part in (
        "linearGradient",
        'stop-color="red"',
        "font: 12px",
        'd="M0 0L1 1z"',
        'fill="url(#g)"',
        "a &lt; b",
        'xlink:href="#g"',
        "viewBox",
    ):
        assert part in written


def test_matplotlibs_document_type_is_no_obstacle() -> None:
    """A document type without declarations of its own is only left out."""
    source = '<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://x/svg11.dtd">\n<svg xmlns="http://www.w3.org/2000/svg"/>'
    assert sanitise_svg(source).data.startswith(b"<svg ")


@pytest.mark.parametrize(
    "source",
    [
        "",
        "<html/>",
        "<svg>",
        "<svg><g></svg>",
        "<svg>&undefined;</svg>",
        '<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>',
        '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg>&a;</svg>',
        "<svg>" + "<g>" * 5_000 + "</g>" * 5_000 + "</svg>",
    ],
)
def test_what_is_no_svg_is_refused(source: str) -> None:
    """Not well-formed, another root, entities, or too deep."""
    with pytest.raises(SvgError):
        sanitise_svg(source)


def test_cleaning_twice_changes_nothing() -> None:
    """The result is its own clean form."""
    once = clean('<g fill="red"><text>a &amp; b</text><style>a{b:c}</style></g>', 'width="3cm" height="1in"')
    assert sanitise_svg(once).data.decode() == once


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="640" height="480px"', (640, 480)),
        ('width="72pt" height="1in"', (96, 96)),
        ('viewBox="0 0 300 150"', (300, 150)),
        ('viewBox="0 0 300 150" width="600"', (600, 300)),
        ('width="100%" height="100%" viewBox="0,0,30,20"', (30, 20)),
        ('width="auto"', (None, None)),
    ],
)
def test_the_size_is_that_of_the_root(attributes: str, size: tuple[int | None, int | None]) -> None:
    """In pixels, from lengths or from the box."""
    drawing = sanitise_svg(f"<svg {attributes}/>")
    assert (drawing.width, drawing.height) == size
