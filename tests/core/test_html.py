"""The safety gate: what a notebook's HTML may hold, and how finished pieces pass around it."""

import re

import pytest

from nbblog.core.html import Links, Slots, escape, filter_style, safe_url, sanitise, tag


def test_tag_escapes_values_and_leaves_out_none() -> None:
    """Attribute values are escaped; ``None`` and ``False`` write nothing, ``True`` the bare name."""
    made = tag("a", escape("<x>"), href='"&', class_="k", title=None, hidden=False, download=True)
    assert made == '<a href="&quot;&amp;" class="k" download>&lt;x&gt;</a>'


@pytest.mark.parametrize(
    "url",
    ["https://x.org/?a=1#b", "//x.org", "a/b.png", "#a:b", "x/y:z", "?a:b", "mailto:a@b.c", "tel:+1", "HTTP://x"],
)
def test_ordinary_urls_pass(url: str) -> None:
    """Relative URLs and the four allowed schemes are kept as they are."""
    assert safe_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "\u200bjavascript:alert(1)",
        "java\u00adscript:alert(1)",
        "  javascript:alert(1)",
        "vbscript:x",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "blob:https://x/1",
        "http://[",
    ],
)
def test_other_schemes_die(url: str) -> None:
    """Whatever hides in front of or inside a scheme, only http, https, mailto and tel are schemes."""
    assert safe_url(url) is None


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='&#106;avascript:alert(1)'>x</a>",
        "<form action='javascript:alert(1)'><button formaction='javascript:alert(1)'>x</button></form>",
        "<object data='javascript:alert(1)'></object><embed src='javascript:alert(1)'>",
        "<base href='//evil.test/'><meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
        "<div style='background:url(javascript:alert(1))'>x</div>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    ],
)
def test_nothing_that_runs_survives(html: str) -> None:
    """No element, attribute or scheme that could run code is left, and cleaning again changes nothing."""
    clean = sanitise(html)
    low = re.sub("&lt;.*?&gt;", "", clean.lower())
    for sign in ("<script", " onerror=", " onload=", 'href="javascript', "<svg", "<iframe", "<form", "<object", "url("):
        assert sign not in low
    assert sanitise(clean) == clean


def test_ids_of_a_notebook_are_prefixed_and_ours_are_not() -> None:
    """An id stays as it is only if one of our renderers gave it; fragments follow."""
    links = Links(own_ids={"intro"}, fragment=lambda name: name if name == "intro" else f"user-{name}")
    html = sanitise(
        '<p id="intro">a</p><p id="search" name="body">b</p><a href="#intro">c</a><a href="#search">d</a>', links=links
    )
    assert '<p id="intro">' in html
    assert '<p id="user-search">' in html
    assert 'href="#intro"' in html
    assert 'href="#user-search"' in html


def test_classes_of_the_page_are_not_for_notebooks() -> None:
    """Known content classes stay; those of the theme's furniture and unknown ones go."""
    assert (
        sanitise('<div class="dataframe nb-site nb-skip evil nb-wide">x</div>')
        == '<div class="dataframe nb-wide">x</div>'
    )


@pytest.mark.parametrize(
    ("style", "kept"),
    [
        ("color: red; position: fixed", "color:red"),
        ("background-color: #fff; background: url(//evil)", "background-color:#fff"),
        ("width: expression(alert(1)); float:left", "float:left"),
        ("margin-left: -500px; margin-top: 2em", "margin-top:2em"),
        ("color: \\72 ed", ""),
        ("color: var(--nb-bg)", ""),
        (
            "background: linear-gradient(90deg, #d65f5f 30.5%, transparent 30.5%)",
            "background:linear-gradient(90deg, #d65f5f 30.5%, transparent 30.5%)",
        ),
        ("color: rgb(1 2 3 / 50%) !important", "color:rgb(1 2 3 / 50%)"),
        ("--x: 1; COLOR: Red", "color:Red"),
    ],
)
def test_styles_keep_how_text_looks_and_no_more(style: str, kept: str) -> None:
    """Colours and spacing stay; positions, loads, escapes, negative lengths and theme variables go."""
    assert filter_style(style) == kept


def test_a_long_style_word_is_read_in_linear_time() -> None:
    """Values that a backtracking expression would choke on come back at once."""
    for value in ("a" * 100_000 + "!", "a-" * 50_000 + "!", "1" * 100_000 + "!", "(" * 100_000):
        assert filter_style(f"color:{value}") == ""


def test_a_piece_takes_its_place_after_sanitising() -> None:
    """A finished piece is not seen by the sanitiser, in a block and in a line."""
    slots = Slots()
    html = f"<p>a {slots.put(tag('svg'), block=False)} b</p>{slots.put(tag('iframe'))}"
    assert sanitise(html, slots=slots) == "<p>a <svg></svg> b</p><iframe></iframe>"


def test_a_piece_never_lands_inside_an_attribute() -> None:
    """A placeholder that raw HTML swallowed into an attribute value stays text there."""
    slots = Slots()
    for quote in ("'", '"'):
        html = sanitise(f"<div title={quote}\n\n{slots.put(escape('X'))}\n\n{quote}>t</div>", slots=slots)
        assert 'title="X"' not in html and "title='X'" not in html
        assert "X" not in html.partition(">")[0]


def test_a_guessed_placeholder_gives_nothing_new() -> None:
    """An author who writes a placeholder by hand gets a copy of a safe piece, or nothing."""
    assert sanitise('<div data-slot="7"></div>', slots=Slots()) == ""


def test_form_controls_are_only_task_boxes() -> None:
    """An input of any kind becomes a disabled checkbox."""
    assert 'type="checkbox"' in sanitise("<input type=password autofocus>")
    assert "password" not in sanitise("<input type=password autofocus>")


@pytest.mark.parametrize(
    "name", ["title", "script", "select", "TEXTAREA", "svg", "iframe", "plaintext", "math", "style"]
)
def test_an_open_tag_takes_nothing_with_it(name: str) -> None:
    """A tag that would take all that follows with it, for want of an end tag, is text; one that ends is gone."""
    html = sanitise(f"<p>The <{name}> of a page.</p><p>More.</p>")
    assert f"The &lt;{name}&gt; of a page." in html
    assert "<p>More.</p>" in html
    if name != "plaintext":
        assert sanitise(f"<p>a<{name} x>b</{name.lower()}>c</p>") == "<p>ac</p>"


def test_attributes_have_one_order() -> None:
    """What the gate adds stands in the same order in every process, and is not added twice."""
    image = '<img src="a" alt="b" referrerpolicy="no-referrer" loading="lazy" decoding="async">'
    box = '<input checked="" type="checkbox" disabled="">'
    assert sanitise("<img src=a alt=b decoding=sync><input checked type=text name=x>") == image + box
    assert sanitise(image + box) == image + box
    assert sanitise('<b title="<img src=x>">&lt;img src="x"></b>').count("lazy") == 0
