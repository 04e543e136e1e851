r"""Formulas: KaTeX in QuickJS, and what MathJax knows that KaTeX does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from html import unescape

import pytest

from nbblog.core.maths import LONGEST_FORMULA, MathError, MathRenderer
from nbblog.core.texsource import find_definitions, normalise, rewrite_environments, strip_delimiters
from nbblog.vendored import library_file


def load() -> Iterator[str]:
    yield library_file("katex", "katex-", ".js").decode()
    yield library_file("katex", "katex-mhchem-", ".js").decode()


@pytest.fixture(scope="module")
def maths() -> MathRenderer:
    return MathRenderer(load)


FORMULAS = [
    r"x",
    r"\frac{a}{b} + \sqrt[3]{x^2}",
    r"\sum_{i=0}^n i^2 = \frac{n(n+1)(2n+1)}{6}",
    r"\int_{-\infty}^\infty e^{-x^2}\,\mathrm{d}x",
    r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}",
    r"\begin{vmatrix} a & b \\ c & d \end{vmatrix}",
    r"\begin{array}{|c|r|} \hline a & b \\ \hline \end{array}",
    r"f(x) = \begin{cases} 1 & x > 0 \\ 0 & \text{otherwise} \end{cases}",
    r"\begin{aligned} a &= b \\ &= c \end{aligned}",
    r"\begin{align} a &= b \\ c &= d \label{eq:x_1} \end{align}",
    r"\begin{align*} a &= b \\ &= d \nonumber \end{align*}",
    r"\begin{gather} a \\ b \end{gather}",
    r"\mbox{if } \text{a_b & 5% #1 x^2} \texttt{k_endog}",
    r"\unicode{x263a} \unicode{8364} \unicode{60}",
    r"\root 3 \of x + \root {n+1} \of {x+y} \buildrel d \over \longrightarrow \idotsint",
    r"\vspace{1cm} \raise 1pt x \lower .2em{y} \lefteqn{z} \strut \mit x \framebox{x}",
    r"\begin{equation} E = mc^2 \tag{1.2} \end{equation}",
    r"\begin{equation} \begin{split} a &= b \\ &= c \end{split} \end{equation}",
    r"\begin{eqnarray} a &=& b \\ & \le & c \end{eqnarray}",
    r"\begin{multline} a \\ b \end{multline}",
    r"x = \begin{align} a &= b \end{align}",
    r"\boxed{E = mc^2}",
    r"\operatorname{argmax}_x \operatorname*{argmin}_\theta",
    r"\text{for all $x$ <b>}",
    r"\ce{2H2 + O2 -> 2H2O} \quad \pu{3 m s-1}",
    r"\newcommand{\R}{\mathbb{R}^n} x \in \R",
    r"\renewcommand\vec[1]{\mathbf{#1}} \vec{x}",
    r"\def\x#1{#1^2} \x{y}",
    r"\DeclareMathOperator{\E}{E} \DeclareMathOperator*{\am}{arg\,max} \E[X] \am_x",
    r"\require{cancel} \cancel{x} \bbox[yellow]{y}",
    r"\eqref{eq:foo_bar} \ref{a#b}",
    r"\pmatrix{a & b \cr c & d} \eqalign{x &= y}",
    r"\color{red}{x} + \textcolor{#00f}{y}",
    r"\left( \frac{\partial L}{\partial \dot q} \right) \bm{x} \mathbbm{1}",
    r"\overbrace{a + b}^{n} \underbrace{c}_m \xrightarrow{k} \overset{!}{=} \substack{a \\ b}",
    "α + β² ≤ ∞ 中文",
    r"\displaystyle \lim_{x \to 0} \Pr(A \mid B) {n \choose k}",
    "x\\ ",
]


@pytest.mark.parametrize("tex", FORMULAS)
@pytest.mark.parametrize("display", [False, True])
def test_formulas_are_set(maths: MathRenderer, tex: str, display: bool) -> None:
    """What Jupyter's MathJax sets comes out as HTML with MathML inside."""
    html = maths(tex if display else tex.replace(r"\tag{1.2}", ""), display=display)
    assert '<math xmlns="http://www.w3.org/1998/Math/MathML"' in html
    assert "katex-error" not in html


def test_the_frames(maths: MathRenderer) -> None:
    """An inline formula is a span; a displayed one scrolls by itself and takes the focus."""
    assert maths("x", display=False).startswith('<span class="nb-math"><span class="katex">')
    start = '<div class="nb-math-block" tabindex="0" role="group" aria-label="Formula"><span class="katex-display">'
    assert maths("x", display=True).startswith(start)


@pytest.mark.parametrize(
    "tex",
    [r"\href{javascript:alert(1)}{x}", r"\url{javascript:alert(1)}", r"\includegraphics{https://x.example/a.png}",
     r"\htmlId{a}{b}", r"\htmlStyle{color:red}{b}", r"\htmlData{a=b}{c}", r"\text{<img src=x onerror=alert(1)>}",
     r'\text{"><script>alert(1)</script>}', r"\cssId{x}{y} \class{z}{w}"],
)  # fmt: skip
def test_nothing_in_a_formula_acts(maths: MathRenderer, tex: str) -> None:
    """No link, no picture, no attribute of the formula's own; its text is text."""
    html = maths(tex, display=False)
    tags = re.findall(r"<([a-z]+)((?:\s[^<>]*)?)>", html)
    assert {name for name, _ in tags}.isdisjoint({"a", "img", "script", "style", "iframe"})
    assert not any(re.search(r"\s(?:href|src|id|on\w+|data-\w+)=", attributes) for _, attributes in tags)


def test_links_leave_their_text(maths: MathRenderer) -> None:
    """What a link was put around is part of the formula."""
    assert maths(r"\href{https://x.example}{x} + 1", display=False).count("<mi>x</mi>") == 1


def test_the_output_is_valid(maths: MathRenderer) -> None:
    """KaTeX writes some things that the checkers of HTML and MathML refuse."""
    html = maths(r'\ce{H2O} \overset{!}{=} \text{style="height:-1em"} \includegraphics{x}', display=True)
    assert 'style="height:-' not in html
    assert "<mo><m" not in html
    assert html.count("<mrow>") == html.count("</mrow>")
    assert html.count("<mo") - html.count("<mover") == html.count("</mo>")


@pytest.mark.parametrize(
    ("tex", "reason"),
    [(r"\frac{1", "Unexpected end of input"), (r"\undefined", r"Undefined control sequence: \undefined"),
     (r"\textcolor{\"><script>}{x}", "Invalid color"), ("x & y", "Expected 'EOF'"),
     (r"\begin{foo}", "No such environment")],
)  # fmt: skip
def test_errors_say_why(maths: MathRenderer, tex: str, reason: str) -> None:
    """One line, without the underlining that KaTeX does with combining characters."""
    with pytest.raises(MathError, match=re.escape(reason)) as caught:
        maths(tex, display=True)
    assert "\n" not in str(caught.value)
    assert "\N{COMBINING LOW LINE}" not in str(caught.value)


BOMBS = [
    r"\def\a{\a\a}\a",
    r"\def\a{x}" + r"\edef\a{\a\a}" * 40 + r"\a",
    "{" * 9_000,
    r"\sqrt{" * 3_000 + "}" * 1_000,
    r"\frac" * 4_000,
    r"\begin{matrix}" + "&" * 19_000 + r"\end{matrix}",
    "x" * LONGEST_FORMULA,
    "x" * (LONGEST_FORMULA + 1),
]


@pytest.mark.parametrize("tex", BOMBS)
def test_a_bomb_does_no_harm(maths: MathRenderer, tex: str) -> None:
    """It is set or refused, within the engine's limits, and the next formula is set as ever."""
    with suppress(MathError):
        maths(tex, display=True)
    assert maths("y", display=False)


def test_definitions_hold_for_the_whole_article(maths: MathRenderer) -> None:
    """A command defined in one formula is known in the others, and only in that article's."""
    definitions = find_definitions([r"Let $$\newcommand{\R}{\mathbb{R}} \def\vv#1{\mathbf{#1}}$$ be.", "none"])
    assert definitions == (r"\newcommand{\R}{\mathbb{R}}", r"\def\vv#1{\mathbf{#1}}")
    assert 'mathvariant="double-struck"' in maths.with_definitions(definitions)(r"\vv{x} \in \R", display=False)
    with pytest.raises(MathError):
        maths(r"\vv{x}", display=False)


def test_a_broken_definition_spoils_no_other(maths: MathRenderer) -> None:
    """Only the formulas that use it fail."""
    render = maths.with_definitions((r"\newcommand{\a}[x]{b}", r"\newcommand{\c}{d}"))
    assert render(r"\c", display=False)


def test_a_formula_of_definitions_is_empty(maths: MathRenderer) -> None:
    """It is for the reader's eyes only in its effects."""
    assert maths(r"\newcommand{\R}{\mathbb{R}} \def\x{y}", display=True) == ""


@pytest.mark.parametrize(
    "source",
    [
        r"\newcommand{\x}",
        r"\newcommand{\x}{",
        r"\def\x",
        r"\newcommand{x}{y}",
        r"\newcommandx{\x}{y}",
        "\\def\\x{" * 500,
    ],
)
def test_what_defines_nothing_is_not_found(source: str) -> None:
    """Half a definition could swallow the formula behind it."""
    assert find_definitions([source]) == ()


@pytest.mark.parametrize(
    ("latex", "formula"),
    [
        ("$x$", ("x", False)),
        (r"$\displaystyle x^{2}$", (r"\displaystyle x^{2}", True)),
        ("$$\nx\n$$", ("x", True)),
        (r"\[x\]", ("x", True)),
        (r"\(x\)", ("x", False)),
        (r"\begin{equation}x\end{equation}", (r"\begin{equation}x\end{equation}", True)),
        (r"$5\$$", (r"5\$", False)),
        ("$a$ and $b$", None),
        ("$", None),
        ("$$", None),
        (r"\begin{tabular}{l}x\end{tabular}", None),
        ("text", None),
    ],
)
def test_the_latex_of_an_output(latex: str, formula: tuple[str, bool] | None) -> None:
    """SymPy and others put a formula in dollars; what is more than a formula is not one."""
    assert strip_delimiters(latex) == formula


@pytest.mark.parametrize(
    ("tex", "normal"),
    [
        (r"\begin{eqnarray}a &=& b \\ && +c\end{eqnarray}", r"\begin{align}a &= b \\ & +c\end{align}"),
        (r"\begin{eqnarray*}a &=& {b & c}\end{eqnarray*}", r"\begin{align*}a &= {b & c}\end{align*}"),
        (r"\begin{displaymath}x\end{displaymath}", "x"),
        (r"\begin{multline}x\end{multline}", r"\begin{gather}x\end{gather}"),
        (r"  x\\ ", r"x\\"),
        (r"x\ ", r"x\ "),
    ],
)
def test_environments_that_katex_lacks(tex: str, normal: str) -> None:
    """They become those it has."""
    assert normalise(tex, display=True) == normal


def test_display_environments_within_a_line() -> None:
    """KaTeX refuses them there; their inner kinds look the same."""
    tex = r"\begin{align*}a\end{align*} \begin{equation}b\end{equation}"
    assert rewrite_environments(tex) == r"\begin{aligned}a\end{aligned} b"


def test_the_source_stays_readable(maths: MathRenderer) -> None:
    """For screen readers and for copying, the TeX stands inside, as text."""
    html = maths(r"a < b", display=False)
    assert unescape(re.findall(r'<annotation encoding="application/x-tex">(.*?)</annotation>', html)[0]) == "a < b"
