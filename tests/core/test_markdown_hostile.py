"""Texts made to break a parser: each comes out as something, soon, with a notice where it was too much."""

from __future__ import annotations

from base64 import b64encode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_article import render, write_png

PATHOLOGICAL = {
    "brackets": "[" * 50_000,
    "nested brackets": "[" * 50_000 + "a" + "]" * 50_000,
    "open emphasis": "*a **a " * 20_000,
    "nested emphasis": "*" * 50_000 + "a" + "*" * 50_000,
    "open links": "[a](" * 20_000,
    "nested pictures": "![" * 5_000 + "a" + "](u)" * 5_000,
    "deep quotations": "> " * 20_000 + "a",
    "deep lists": "- " * 20_000 + "a",
    "indented lists": "".join("  " * depth + "- a\n" for depth in range(800)),
    "comments": "<div>\n" + "<!--" * 20_000,
    "tags": "<a " * 20_000,
    "entities": "&" * 50_000,
    "dollars": "$a " * 20_000,
    "environments": "\\begin{a}" * 10_000,
    "double brackets": "[[image:a|" * 5_000,
    "nested captions": "[[image:a|caption=" * 4_000 + "]]" * 4_000,
    "chained notes": "[^0]" + "".join(f"\n\n[^{n}]: [^{n + 1}]" for n in range(2_000)),
    "open callouts": ":::{note}\n" * 10_000,
    "large table": "|a|b|\n|-|-|\n" + "|x|y|\n" * 15_000,
    "quotation marks": "'a " * 10_000 + '"b" ' * 10_000,
    "addresses": "http://" * 20_000,
    "backticks": "".join("e" + "`" * length for length in range(500)),
}


@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_it_ends(name: str) -> None:
    """Whatever is typed renders as something."""
    assert render(PATHOLOGICAL[name], language="en").html or name == "comments"


@pytest.mark.parametrize("name", ["brackets", "deep quotations", "deep lists", "large table", "nested pictures"])
def test_too_much_is_shown_as_typed(name: str) -> None:
    """Over a limit the text stays, without markup, and the author hears of it."""
    done = render(PATHOLOGICAL[name])
    assert "markdown-too-large" in done.codes


def test_words_below_the_deepest_level_stay() -> None:
    """What is nested too deeply is text; nothing is lost."""
    assert "the end" in render("> " * 100 + "the end").html


def test_a_text_of_megabytes_is_shown_as_typed() -> None:
    """It is escaped like any other."""
    done = render("<b> *a* " * 200_000)
    assert done.html.startswith('<pre tabindex="0">&lt;b&gt; *a*')
    assert done.codes == ["markdown-too-large"]


def test_a_picture_of_megabytes_is_no_text() -> None:
    """Base64 in a target is put aside while the text is parsed."""
    written = b64encode(write_png() + bytes(2_000_000)).decode()
    done = render(f"![A](data:image/png;base64,{written})")
    assert [asset.suffix for asset in done.assets] == [".png"]


@given(st.text(alphabet="[]()!*_`~$\\|:=#>-+1. \n\t<>&\"'{}ab^@/wh", max_size=120))
@settings(max_examples=300, deadline=None)
def test_any_text_renders(source: str) -> None:
    """No arrangement of marks makes it fail."""
    render(source, language="en")


@given(
    st.lists(
        st.sampled_from(
            [
                "[[image:a.png|",
                "]]",
                "[[toc]]",
                "> [!NOTE]\n",
                "::: {.callout-tip}\n",
                ":::\n",
                "[^1]",
                "\n\n[^1]: ",
                "$$",
                "\\begin{a}",
                "```{note}\n",
                "```\n",
                "|a|b|\n|-|-|\n",
                "\n",
                "- ",
                "    ",
                "<h1>",
                "</h1>",
                "<!--",
                "-->",
                "x",
            ]
        ),
        max_size=25,
    )
)
@settings(max_examples=300, deadline=None)
def test_any_order_of_the_blogs_own_marks_renders(parts: list[str]) -> None:
    """Nor does any order of the blog's own constructs."""
    render("".join(parts), language="en")
