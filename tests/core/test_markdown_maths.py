"""Formulas in text, and dollars that are none."""

from __future__ import annotations

import re

import pytest
from markdown_article import render


def formulas(html: str) -> list[str]:
    return re.findall(r'<(?:span|div) class="nb-math(?:-block)?">([\s\S]*?)</(?:span|div)>', html)


@pytest.mark.parametrize(
    ("source", "tex"),
    [
        ("so $x_1$ is", "x_1"),
        ("$a_1 * b_2 * c$", "a_1 * b_2 * c"),
        ("($x$)", "x"),
        (r"$\$5$", r"\$5"),
        ("$ \\alpha $", " \\alpha "),
        ("a $ b $ c", "b"),
        ("the $ i $th row", "i"),
        ("$ UW = Mw $", "UW = Mw"),
        ("$ u'(y) = KMv(y) $", "u'(y) = KMv(y)"),
        ("$(1-2) = -1; $", "(1-2) = -1;"),
        ("over\n$x\n= y$ lines", "x\n= y"),
        (r"\\(x\\)", "x"),
    ],
)
def test_formulas_in_a_line(source: str, tex: str) -> None:
    """Dollars without white space inside, or with TeX between them, are a formula; nothing in it is Markdown."""
    assert formulas(render(source).html) == [tex.strip()]


@pytest.mark.parametrize(
    "source",
    [
        "$5 and $6",
        "from $5 to $10",
        r"\$x\$",
        "`$x$`",
        "$ 5 or $ 6",
        "$5 is more than $x",
        "$x$5",
        "$",
        "$$",
        "$$$$",
        "$ 5 and 6 $",
    ],
)
def test_dollars_that_are_no_formula(source: str) -> None:
    """Prices, code and escaped dollars stay as typed."""
    assert formulas(render(source).html) == []


@pytest.mark.parametrize(
    "source",
    [
        "$$x = 1$$",
        "$$\nx = 1\n$$",
        "$$\n\nx = 1\n\n$$",
        "words\n$$\nx = 1\n$$\nwords",
        "- entry\n\n  $$x = 1$$",
        "> $$\n> x = 1\n> $$",
        r"\\[x = 1\\]",
        "$$ x = 1 $$ {#eq-one}",
        "```{math}\nx = 1\n```",
    ],
)
def test_formulas_of_their_own(source: str) -> None:
    """A displayed formula is a block wherever it stands."""
    html = render(source).html
    assert formulas(html) == ["x = 1"]
    assert "nb-math-block" in html


def test_an_environment_is_a_formula() -> None:
    """Jupyter shows LaTeX's environments without dollars, and Markdown does not see what is in them."""
    source = "\\begin{align*}\na &= b_1 * c_1 * \\\\\n- d\n\\end{align*}"
    assert formulas(render(source).html) == [source]


def test_a_formula_cuts_its_paragraph() -> None:
    """What is displayed stands between paragraphs, not inside one."""
    assert render("before $$x$$ after").html == ('<p>before </p>\n<div class="nb-math-block">x</div>\n<p> after</p>\n')


def test_a_displayed_formula_in_a_heading_stays_in_the_line() -> None:
    """There is no place for a block in a heading, a cell or emphasis."""
    assert "<strong>a <span" in render("**a $$x$$ b**").html


def test_raw_html_may_hold_formulas() -> None:
    """As in Jupyter, the text of raw HTML may hold formulas; its code may not."""
    html = render("<div>\n\n$x$\n\n</div>\n\n<p>$y &lt; z$ <code>$no$</code></p>").html
    assert formulas(html) == ["x", "y < z"]


def test_bad_tex_is_shown_as_typed() -> None:
    """What cannot be set is code, and is reported with its line."""
    done = render("one\n\n$\\bad{x}$")
    assert "<code>\\bad{x}</code>" in done.html
    assert [(notice.code, notice.place.line) for notice in done.notices] == [("maths-unreadable", 3)]


def test_only_a_text_with_formulas_needs_katex() -> None:
    """The page gets KaTeX's style sheet where it is used."""
    assert render("$x$").libraries == {"katex"}
    assert render("x").libraries == frozenset()


def test_a_bar_in_a_formula_does_not_end_a_cell() -> None:
    """Jupyter takes formulas out before it looks for tables."""
    assert formulas(render("| a | b |\n|---|---|\n| $|x|$ | $y$ |").html) == ["|x|", "y"]
