"""Callouts, notes, tables, code and raw HTML in Markdown."""

from __future__ import annotations

import re

import pytest
from markdown_article import render

from nbblog.core.fragment import Collector
from nbblog.core.markdown import ArticleContext, CellContext, Outline, parse_markdown, render_inline, render_markdown

NOTE = '<div class="nb-alert nb-alert-note" role="note">\n<p class="nb-alert-title">{}</p>\n<p>Words.</p>\n</div>\n'


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


# --- callouts -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "> [!NOTE]\n> Words.",
        "> [!note]\n>\n> Words.",
        "::: {.callout-note}\nWords.\n:::",
        ":::{note}\nWords.\n:::",
        "```{note}\nWords.\n```",
        "::: note\nWords.\n:::",
    ],
)
def test_every_way_to_write_a_note(source: str) -> None:
    """GitHub's, Quarto's and MyST's callouts come out alike."""
    assert render(source).html.replace("\n\n", "\n") == NOTE.format("Note")


@pytest.mark.parametrize(
    "source",
    [
        "> [!NOTE] A *title*\n> Words.",
        '::: {.callout-note title="A *title*"}\nWords.\n:::',
        "::: {.callout-note}\n## A *title*\nWords.\n:::",
        ":::{note} A *title*\nWords.\n:::",
        "```{admonition} A *title*\nWords.\n```",
    ],
)
def test_a_callout_may_have_a_title(source: str) -> None:
    """A title may hold markup; Quarto's heading is a title, not a section."""
    done = render(source)
    assert done.html == NOTE.format("A <em>title</em>")
    assert not done.headings


@pytest.mark.parametrize(
    ("source", "opened"),
    [
        ('::: {.callout-tip collapse="true"}\nWords.\n:::', ""),
        ('::: {.callout-tip collapse="false"}\nWords.\n:::', ' open=""'),
        (":::{tip}\n:class: dropdown\nWords.\n:::", ""),
    ],
)
def test_a_callout_may_be_collapsed(source: str, opened: str) -> None:
    """It needs no script: the browser's own element opens it."""
    html = render(source).html
    assert html.startswith(
        f'<details class="nb-alert nb-alert-tip"{opened}>\n<summary class="nb-alert-title">Tip</summary>'
    )


@pytest.mark.parametrize("mark", [":::", "```"])
def test_a_callout_may_look_like_another(mark: str) -> None:
    """MyST's ``:class:`` gives an admonition the look of a kind."""
    html = render(f"{mark}{{admonition}} Experimental\n:class: caution\nWords.\n{mark}").html
    assert 'class="nb-alert nb-alert-caution"' in html
    assert "Experimental</p>" in html


def test_callouts_nest() -> None:
    """A callout may hold lists, code with colons, and callouts."""
    html = render("::: {.callout-note}\n- a\n\n```\n:::\n```\n\n:::: {.callout-tip}\nb\n::::\n\nc\n:::\n\nd").html
    assert html.count("nb-alert-title") == 2
    assert html.index("<p>c</p>") < html.index("</div>\n<p>d</p>")


@pytest.mark.parametrize("source", ["> [!TPI]\n> Words.", ":::{tpi}\nWords.\n:::", "::: {.tpi}\nWords.\n:::"])
def test_an_unknown_callout_keeps_its_words(source: str) -> None:
    """Its content stands without a frame, and the near word is offered."""
    done = render(source)
    assert "Words." in done.html
    assert "did you mean `tip`?" in str(done.notices[0])


def test_a_directive_that_we_do_not_know_stays_code() -> None:
    """MyST has many directives; what is in them is shown."""
    done = render("```{bibliography} refs.bib\nx\n```")
    assert "x" in text(done.html)
    assert done.codes == ["callout-unknown"]


# --- notes --------------------------------------------------------------------------------------------------------


def test_notes_are_numbered_in_the_order_of_reference() -> None:
    """Over all cells; a note may stand in another cell than its reference."""
    done = render("[^b]: Second.", "One[^a] two[^b].", "[^a]: First *note*.")
    assert '<a href="#note-1" id="note-ref-1" role="doc-noteref" aria-label="Note 1">1</a></sup> two<sup' in done.html
    assert text(done.notes) == "First note . ↩ Second. ↩"
    assert done.notes.startswith(
        '<section class="nb-notes" role="doc-endnotes" aria-label="Notes"><ol><li id="note-1">'
    )


def test_several_references_have_several_ways_back() -> None:
    """Each reference has an id of its own, over cells too."""
    done = render("a[^n]\n\n[^n]: Note.", "b[^n]")
    ids = re.findall(r'id="(note-ref[\w-]*)"', done.html)
    assert ids == ["note-ref-1", "note-ref-1-2"]
    assert re.findall(r'href="#(note-ref[\w-]*)"', done.notes) == ids


def test_a_note_may_refer_to_a_note() -> None:
    """Its number follows those of the text."""
    done = render("a[^1] b[^3]\n\n[^1]: See[^2].\n[^2]: Last.\n[^3]: Three.")
    assert text(done.notes) == "See 3 . ↩ Three. ↩ Last. ↩"


def test_a_note_may_hold_blocks() -> None:
    """Four columns of indentation belong to the note."""
    done = render("a[^n]\n\n[^n]: One.\n\n    - two\n\n    $$x$$\n\nthree")
    assert "<li>two</li>" in done.notes
    assert text(done.html) == "a 1 three"


def test_an_undefined_note_is_text() -> None:
    """It is shown as typed, with a notice."""
    done = render("a[^x]")
    assert text(done.html) == "a[^x]"
    assert done.codes == ["note-undefined"]


def test_no_note_is_lost() -> None:
    """One that nothing refers to stands at the end; a second of the same label is reported."""
    done = render("[^a]: First.", "[^a]: Again.")
    assert "First." in done.notes
    assert sorted(done.codes) == ["note-duplicate", "note-unused"]


def test_a_link_may_be_defined_in_another_cell() -> None:
    """Definitions hold for the whole article; a cell's own come first."""
    done = render("[a] [b]\n\n[b]: https://x.org/own", "[a]: https://x.org/a\n[b]: https://x.org/b")
    assert re.findall(r'href="([^"]*)"', done.html) == ["https://x.org/a", "https://x.org/own"]


# --- tables, lists, code ------------------------------------------------------------------------------------------


def test_a_table_scrolls_in_a_frame_of_its_own() -> None:
    """Its headers have a scope, its columns their alignment."""
    html = render("| a | b |\n|:--|--:|\n| c | d |").html
    assert html.startswith('<div class="nb-table" role="group" tabindex="0" aria-label="Table"><table>')
    assert '<th scope="col" style="text-align:right">b</th>' in html


def test_a_column_of_numbers_stands_to_the_right() -> None:
    """Unless the author aligned it; an empty cell is no word."""
    html = render("| a | b | c |\n|---|---|:--|\n| 1,000 | x | 1 |\n| -2.5 % | 1 | 2 |\n| | 2 | 3 |").html
    assert html.count('class="nb-num"') == 4
    assert '<th scope="col" class="nb-num">a</th>' in html


def test_surplus_cells_are_reported() -> None:
    """GitHub's rule drops them; the author hears of it."""
    assert render("| a |\n|---|\n| b | c |").codes == ["table-cells-dropped"]


def test_task_lists_have_boxes() -> None:
    """Their state is in words for those who do not see it."""
    html = render("- [x] a\n- [ ] b").html
    assert '<input type="checkbox" disabled checked aria-label="Done"> a' in html
    assert '<input type="checkbox" disabled aria-label="To do"> b' in html


def test_code_has_a_frame() -> None:
    """A fence's language and file name stand above it."""
    html = render('```python title="a.py"\nx = 1\n```').html
    assert '<span class="nb-lang">Python</span><span class="nb-code-caption">a.py</span>' in html


def test_a_diagram_is_drawn_by_the_page() -> None:
    """Its source is there to read without script."""
    done = render("```mermaid\ngraph TD; A-->B\n```")
    assert (
        '<nbblog-mermaid class="nb-mermaid"><pre><code>graph TD; A--&gt;B\n</code></pre></nbblog-mermaid>' in done.html
    )
    assert done.libraries == {"mermaid"}


# --- raw HTML -----------------------------------------------------------------------------------------------------


def test_raw_html_is_sanitised() -> None:
    """Scripts, handlers and addresses that run something die; the rest stays."""
    html = render(
        '<b onclick="x()">b</b> <a href="javascript:x">c</a>\n\n<script>alert(1)</script>\n\n<div>d</div>'
    ).html
    assert "script" not in html
    assert "onclick" not in html
    assert "<b>b</b>" in html


def test_raw_html_cannot_leave_its_cell() -> None:
    """Elements that stay open are closed, and a heading's cannot reach out of it."""
    html = render("## A <b>bold\n\nwords</div></div>").html
    assert '<h2 id="a-bold">A <b>bold</b><a class="nb-anchor"' in html
    assert "</div>" not in html


def test_an_old_anchor_can_be_linked_to() -> None:
    """``<a name>`` is an id, with the prefix that its link gets too."""
    html = render('<a name="here"></a>\n\n[there](#here)').html
    assert 'id="user-here"' in html
    assert 'href="#user-here"' in html


def test_a_text_without_a_place_is_rendered_too() -> None:
    """An output's Markdown has no part in the outline: its headings have no id, its notes stand below it."""
    collector = Collector(asset_url=lambda asset: asset.name, read_file=lambda target: b"")
    context = CellContext(ArticleContext(Outline()), collector)
    html = render_markdown(parse_markdown("# H\n\na[^1]\n\n[^1]: n"), context)
    assert html == "<h2>H</h2>\n<p>a[^1]</p>\n<ul><li><p>n</p>\n</li></ul>"
    assert render_inline('A *b* "c"', context, language="en") == "A <em>b</em> “c”"
