"""Headings: anchors, levels, contents; and the marks of a language."""

from __future__ import annotations

import pytest
from markdown_article import render

from nbblog.core.markdown import build_outline, parse_markdown
from nbblog.core.markdown.slugs import Slugger, heading_slug


def outline(*cells: str) -> list[tuple[int, str]]:
    return [(heading.level, heading.id) for heading in render(*cells).headings]


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("1. What is System Design?", "1-what-is-system-design"),
        ("Foo  bar", "foo--bar"),
        ("C++ & C#", "c--c"),
        ("snake_case `code`", "snake_case-code"),
        ("Über Größe", "über-größe"),
        ("日本語 の", "日本語-の"),
        ("a\u200bb \U0001f600", "ab-"),
        ("???", "section"),
    ],
)
def test_slugs_are_githubs(text: str, slug: str) -> None:
    """Numbers and letters of every script stay, punctuation and symbols go."""
    assert heading_slug(text) == slug


def test_the_same_heading_twice_has_two_anchors() -> None:
    """Also where a number was written by hand."""
    slugger = Slugger()
    assert [slugger.assign(text) for text in ("A", "A", "A-1", "a")] == ["a", "a-1", "a-1-1", "a-2"]


@pytest.mark.parametrize("text", ["Note 1", "note-ref-2", "nb-main", "User-x"])
def test_a_heading_never_takes_the_pages_own_ids(text: str) -> None:
    """The ids of notes and of the page stay free."""
    assert Slugger().assign(text).startswith("section-")


def test_a_first_level_heading_moves_all_down() -> None:
    """The page's title is the only first level."""
    assert outline("# A", "## B") == [(2, "a"), (3, "b")]


def test_without_one_levels_stay() -> None:
    """A body that begins at the second level keeps it."""
    assert outline("## A\n\n### B") == [(2, "a"), (3, "b")]


def test_no_level_is_skipped() -> None:
    """A heading stands one below the one above it, and its siblings stand where it does."""
    assert outline("## A\n\n#### B\n\n#### C\n\n### D\n\n## E") == [(2, "a"), (3, "b"), (3, "c"), (3, "d"), (2, "e")]


def test_raw_html_headings_are_headings() -> None:
    """Many notebooks write them by hand."""
    done = render('<h1 style="color:red" onclick="x()">A <i>b</i></h1>\n\n# C')
    assert [(heading.level, heading.id) for heading in done.headings] == [(2, "a-b"), (2, "c")]
    assert '<h2 id="a-b" style="color:red">A <i>b</i><a class="nb-anchor" href="#a-b"' in done.html


def test_an_author_may_give_the_id() -> None:
    """Quarto's ``{#id}`` is no part of the text."""
    done = render("## A title {#short .unnumbered}")
    assert [(heading.text, heading.id) for heading in done.headings] == [("A title", "short")]


@pytest.mark.parametrize("fragment", ["a-title", "A-title:-it", "a-title:-IT"])
def test_other_tools_anchors_lead_to_ours(fragment: str) -> None:
    """JupyterLab's anchor is the text with dashes; links written for it work."""
    assert build_outline([parse_markdown("## A title: it")]).find_anchor(fragment) == (
        None if fragment == "a-title" else "a-title-it"
    )


def test_headings_in_quotations_are_not_in_the_contents() -> None:
    """They have an anchor, but are not the article's own."""
    done = render("[[toc]]\n\n> ## Quoted\n\n## Own")
    assert 'id="quoted"' in done.html
    assert 'href="#quoted">Quoted' not in done.html


@pytest.mark.parametrize(
    ("language", "typed", "written"),
    [
        ("en", "\"It's 'so' here,\" he said", "“It’s ‘so’ here,” he said"),
        ("en", 'a *"b"* ("c")', "a <em>“b”</em> (“c”)"),
        ("en", "a 6\" nail, the '90s", "a 6&quot; nail, the ’90s"),
        ("en", "pages 1--2, a --- b, wait...", "pages 1–2, a — b, wait…"),
        ("en", '`"--"` and --flag and $a\'$', '<code>"--"</code> and --flag and '),
        ("de-AT", '"So" ist\'s', "„So“ ist’s"),
        ("fr", '"Oui"', "«\u202fOui\u202f»"),
        ("en", r"\"plain\"", "&quot;plain&quot;"),
        ("en", '[a "b"](https://x.org/"--"x) c', "a “b”</a> c"),
    ],
)
def test_typographic_marks(language: str, typed: str, written: str) -> None:
    """In words only, as the language writes them."""
    html = render(typed, language=language).html.replace('"plain"', "&quot;plain&quot;").replace('6"', "6&quot;")
    assert written in html


def test_without_a_language_marks_stay_as_typed() -> None:
    """CommonMark knows no typography."""
    assert '"a" -- b...' in render('"a" -- b...').html.replace("&quot;", '"')
