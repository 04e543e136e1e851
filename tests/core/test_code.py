"""Source code as HTML."""

from __future__ import annotations

import re
from html import unescape

import pytest

from nbblog.core.code import LONGEST_HIGHLIGHTED, highlight, language_label, render_code
from nbblog.core.html import sanitise


def text_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


def test_a_block_has_a_label_and_takes_the_focus() -> None:
    """The frame is what the theme and the keyboard expect."""
    assert render_code("x = 1", "python") == (
        '<div class="nb-code"><div class="nb-code-head"><span class="nb-lang">Python</span></div>'
        '<pre tabindex="0" role="group" aria-label="Python code"><code class="language-python">'
        'x <span class="o">=</span> <span class="mi">1</span></code></pre></div>'
    )


def test_a_caption_stands_in_the_head() -> None:
    """A file's name is plain text beside the label."""
    assert '<span class="nb-code-caption">a&lt;b.py</span></div>' in render_code("", "python", caption="a<b.py")


@pytest.mark.parametrize(
    ("language", "label"),
    [("ipython3", "Python"), ("R", "R"), ("c++17", "C++"), ("julia", "Julia"), ("bash", "Bash"), ("", "Text"),
     ("text", "Text"), ("Brainwave", "Brainwave"), ('"><script>', "Text")],
)  # fmt: skip
def test_languages_have_the_names_that_people_use(language: str, label: str) -> None:
    """Kernels and authors name a language in many ways; an unknown one keeps its name."""
    assert f'<span class="nb-lang">{label}</span>' in render_code("x", language)


def test_an_unknown_language_is_plain_text() -> None:
    """Nothing is guessed, and the text is all there."""
    assert highlight("a <b> & c", "brainwave") == "a &lt;b&gt; &amp; c"


def test_the_label_of_a_language_without_a_name_is_code() -> None:
    """A label is never empty."""
    assert language_label("   ") == "Text"


PYTHON = [
    ("if x is not None:", '<span class="k">if</span> x <span class="ow">is not</span> <span class="kc">None</span>:'),
    ("def print(): ...", '<span class="k">def</span> <span class="nf">print</span>(): ...'),
    ("class A(OSError):", '<span class="k">class</span> <span class="nc">A</span>(<span class="ne">OSError</span>):'),
    ("x.print()", "x.print()"),
    ("import b as c", '<span class="kn">import</span> b <span class="k">as</span> c'),
    ("self.a", '<span class="bp">self</span>.a'),
    ("@f.g\n", '<span class="nd">@f.g</span>\n'),
    ("f'{a}{{b}}'", "<span class=\"s1\">f'</span><span class=\"si\">{a}</span><span class=\"s1\">{{b}}'</span>"),
    ('"""a\n"b"""', '<span class="s2">"""a\n"b"""</span>'),
    ("'a\\'b' + 1", "<span class=\"s1\">'a\\'b'</span> <span class=\"o\">+</span> <span class=\"mi\">1</span>"),
    ("'open\nx", "<span class=\"s1\">'open</span>\nx"),
    ("1e-5 0x1F 1_0 .5", '<span class="mf">1e-5</span> <span class="mi">0x1F 1_0</span> <span class="mf">.5</span>'),
    ("# a <b>", '<span class="c1"># a &lt;b&gt;</span>'),
    ("match x:\n  case y:", '<span class="k">match</span> x:\n  <span class="k">case</span> y:'),
    ("match = 1", 'match <span class="o">=</span> <span class="mi">1</span>'),
]  # fmt: skip


@pytest.mark.parametrize(("source", "html"), PYTHON)
def test_python_is_coloured(source: str, html: str) -> None:
    """Keywords, names being defined, strings, numbers, comments: Pygments' classes, neighbours joined."""
    assert highlight(source, "python") == html


IPYTHON = [
    ("%matplotlib inline", '<span class="k">%matplotlib</span> inline'),
    ("%%time\nx", '<span class="k">%%time</span>\nx'),
    ("!pip install 'x", '<span class="o">!</span>pip install \'x'),
    ("a = !ls $HOME", 'a <span class="o">= !</span>ls $HOME'),
    ("len?", '<span class="nb">len</span><span class="o">?</span>'),
    ("a % b != c", 'a <span class="o">%</span> b <span class="o">!=</span> c'),
]


@pytest.mark.parametrize(("source", "html"), IPYTHON)
def test_lines_of_ipython_are_no_errors(source: str, html: str) -> None:
    """Magics, shell commands and help are part of what a notebook's Python is."""
    assert highlight(source, "ipython3") == html


@pytest.mark.parametrize(
    ("language", "html"),
    [
        ("python", 'x <span class="o">=</span> <span class="mi">1</span>'),
        ("json", '<span class="kc">true</span>'),
        ("mermaid", "graph LR"),
    ],
)
def test_code_within_markdown_has_its_own_colours(language: str, html: str) -> None:
    """A fence shown as source is coloured as the language that it names; unknown ones stay plain."""
    code = unescape(re.sub(r"<[^>]*>", "", html))
    fence = f"```{language}\n{code}\n```\n"
    shown = highlight(f"# Title\n\n{fence}", "markdown")
    assert f"{html}\n" in shown
    assert text_of(shown) == f"# Title\n\n{fence}"


@pytest.mark.parametrize("language", ["python", "bash", "pycon", "html", "json", "sass", "r", "tex", "http"])
@pytest.mark.parametrize("source", ["", "a\n\n", "'\\", '"""', "<script>alert(1)</script>", "$ x\n>>> y\n", "%\x7f$$`"])
def test_no_text_is_lost(language: str, source: str) -> None:
    """Whatever a lexer makes of the source, its text comes out as it is, and nothing of it is HTML."""
    html = highlight(source, language)
    assert text_of(html) == source
    assert "<script" not in html


@pytest.mark.parametrize("source", ["'\\" * 60_000, '"""' * 40_000, "f'{" * 60_000, "[" * 100_000, "=\t" * 60_000])
def test_hostile_python_takes_linear_time(source: str) -> None:
    """These are the shapes that make a careless regular expression quadratic."""
    assert text_of(highlight(source, "python")) == source


def test_a_very_long_cell_is_plain() -> None:
    """Nobody reads it, and lexers would need seconds."""
    assert "<span" not in highlight("x = 1\n" * (LONGEST_HIGHLIGHTED // 6 + 1), "python")


def test_code_passes_the_gate_unchanged() -> None:
    """A highlighted block holds nothing that the page would not take from a notebook itself."""
    html = highlight("def f(x):\n    return x < 1", "python")
    assert sanitise(html) == html


@pytest.mark.parametrize("language", ["python", "javascript", "text"])
def test_marks_that_reorder_code_are_shown(language: str) -> None:
    """So that nobody reads another program than the one that runs; right-to-left words stay as they are."""
    html = highlight('access = "user\u202e \u2066// only admins\u2069" # שלום', language)
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", html)
    assert re.sub("<[^>]*>", "", html) == 'access = "userU+202E U+2066// only adminsU+2069" # שלום'
