"""Numbers of formulas, and what refers to them."""

from __future__ import annotations

import re

import pytest
from markdown_article import render

from nbblog.core.equations import number_formula, unnumbered
from nbblog.core.markdown import build_outline, parse_markdown
from nbblog.core.maths import MathRenderer
from nbblog.vendored import library_file

MATHS = MathRenderer(lambda: [library_file("katex", "katex-", ".js").decode()])


@pytest.mark.parametrize(
    ("tex", "tags"),
    [
        (r"\begin{equation} a \end{equation}", ["8"]),
        (r"\begin{align} a \\ b \notag \\ c \nonumber \\ d \end{align}", ["8", "9"]),
        (r"\begin{align} a &= \begin{cases} 1 \\ 2 \end{cases} \\[2pt] & {b \\ c} \\ \end{align}", ["8", "9"]),
        (r"\begin{gather} a \tag{x} \\ b \end{gather}", ["x", "8"]),
        (r"\begin{multline} a \\ b \\ c \end{multline}", ["8"]),
        (r"\begin{eqnarray} a &=& b \\ c &=& d \end{eqnarray}", ["8", "9"]),
        (r"\begin{equation}\begin{split} a \\ b \end{split}\end{equation}", ["8"]),
        (r"\begin{align*} a \end{align*}", []),
        (r"a = b", []),
        (r"a = b \label{c}", ["8"]),
        (r"\begin{aligned} a \\ b \end{aligned} \label{c}", ["8"]),
        ("\\begin{equation} a % why\n\\end{equation}", ["8"]),
    ],
)
def test_rows_have_the_numbers_of_latex(tex: str, tags: list[str]) -> None:
    """Each formula can be set, and has its numbers written in it, after the seven before it."""
    numbered = number_formula(tex, 7)
    assert re.findall(r"\\tag\{(\w+)\}", numbered.tex) == tags
    assert numbered.last == 7 + len([tag for tag in tags if tag.isdigit()])
    html = MATHS(numbered.tex, display=True)
    assert 'class="eqn-num"' not in html
    assert html.count(r"\tag") == len(tags)


def test_labels_have_the_numbers_of_their_rows() -> None:
    """Also one with a tag of its own, and several of one row."""
    tex = r"\begin{align} a \label{x} \\ b \label{y} \label{z} \\ c \tag{w} \label{v} \end{align}"
    assert number_formula(tex, 0).labels == {"x": "1", "y": "2", "z": "2", "v": "w"}


def test_numbers_run_through_the_article() -> None:
    """Cells, lists and raw HTML in their order; a reference may stand before its formula, and leads there."""
    article = render(
        r"See \eqref{b}, or $x$ in \ref{a}.",
        "$$p \\label{a}$$\n\n- $$q\\label{q}$$\n\n<div>$$r\\label{r}$$</div>",
        "\\begin{equation}\ns \\label{b}\n\\end{equation}\n\n$$\\eqref{a}$$ and $\\ref{r}$",
    )
    assert '<a href="#user-b">(4)</a>, or <span class="nb-math">x</span> in <a href="#user-a">1</a>' in article.html
    assert 'id="user-b"' in article.html
    assert r"\text{(1)}" in article.html
    assert r"\text{3}" in article.html
    assert [*map(int, re.findall(r"\\tag\{(\d)\}", article.html))] == [1, 2, 3, 4]
    assert article.codes == []


def test_an_unknown_label_stays_as_typed() -> None:
    """With a notice."""
    article = render(r"See \eqref{none} & `\ref{none}`.")
    assert r"See \eqref{none} &amp; <code>\ref{none}</code>." in article.html
    assert article.codes == ["maths-unreadable"]


def test_a_label_cannot_leave_its_attribute() -> None:
    """It is a name that anybody may write."""
    html = render('$$x \\label{"><b onclick=x>}$$\n\n\\ref{"><b onclick=x>}').html
    assert '<div id="user-&quot;&gt;&lt;b-onclick=x&gt;" class=' in html
    assert '<a href="#user-&quot;&gt;&lt;b-onclick=x&gt;">1</a>' in html


def test_a_formula_outside_the_count_has_no_number() -> None:
    """In a note, and in what code put out."""
    article = render("a[^1]\n\n[^1]: $$b$$\n\n    \\begin{equation}\n    c\n    \\end{equation}")
    assert r"\begin{equation*}" in article.notes
    assert unnumbered(r"\begin{align} a \end{align}") == r"\begin{align*} a \end{align*}"


def test_a_formula_that_cannot_have_its_number_is_set_without() -> None:
    """Where a tag may not stand."""
    html = render(r"$$\bad \label{a}$$", r"$$x \label{b}$$").html
    assert r"\bad \label{a}" in html


def test_a_link_to_the_title_leads_to_the_top() -> None:
    """Tables of contents that an author wrote name it too."""
    outline = build_outline([parse_markdown("## My Title")], title="The Article")
    assert [outline.find_anchor(name) for name in ("the-article", "The-Article", "my-title", "other")] == [
        "top",
        "top",
        "my-title",
        None,
    ]
