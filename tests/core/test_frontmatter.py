"""The head of a post in all its forms."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbblog.core.config import BlogConfig
from nbblog.core.frontmatter import FrontMatterRead, Passage, read_front_matter
from nbblog.core.heads import find_headings, read_byline
from nbblog.core.notices import Place


def read(*sources: str | tuple[str, str], name: str = "my-post.ipynb", **more: Any) -> FrontMatterRead:
    """The head of a notebook with these cells: markdown, or ``(kind, source)``."""
    cells = [source if isinstance(source, tuple) else ("markdown", source) for source in sources]
    passages = [Passage(kind, text, Place(number)) for number, (kind, text) in enumerate(cells, 1)]
    config = more.pop("config", BlogConfig())
    return read_front_matter(passages, more, name=name, config=config)


def codes(found: FrontMatterRead) -> list[str]:
    return [notice.code for notice in found.notices]


def body(found: FrontMatterRead) -> list[str]:
    return [passage.source for passage in found.passages]


# --- The seed -------------------------------------------------------------------------------------------------------


def test_seed_head() -> None:
    """The blog's own head: the title as it is spelled there, the author, the date; and the body's own H1 stays."""
    own = "# System Design: How to Think Like a Backend Engineer\n\nSystem design is"
    found = read("# Testing Enivroment\n\nBy Admin · 1/21/2026", own, name="system-design.ipynb")
    assert found.front.title == "Testing Enivroment"
    assert found.front.authors == ("Admin",)
    assert found.front.date == date(2026, 1, 21)
    assert found.front.slug == "system-design"
    assert body(found) == ["", own]
    assert codes(found) == []


def test_seed_in_one_cell() -> None:
    """The same in a single cell, lines close together as the seed has them."""
    found = read("# Testing Enivroment\nBy Admin · 1/21/2026\n# System Design\nSystem design is")
    assert (found.front.title, found.front.authors) == ("Testing Enivroment", ("Admin",))
    assert body(found) == ["# System Design\nSystem design is"]
    assert found.passages[0].first_line == 3


# --- YAML -----------------------------------------------------------------------------------------------------------

FULL = """---
title: "Trade-offs: a primer"
subtitle: What to give up
summary: In short.
authors:
  - name: Ada Lovelace
    orcid: 0000
  - {name: {given: Alan, family: Turing}}
  - Grace Hopper
date: 2026-01-21T10:00:00Z
lastmod: 1/31/2026
tags: [design, backend, design]
thumbnail: images/a.png
image-alt: A diagram
slug: trade-offs
draft: true
aliases: /old/
series: Design
toc: yes
lang: en_GB
license: {text: CC BY 4.0}
bibliography: refs.bib
execute:
  echo: false
format:
  html:
    code-fold: true
---
"""


@pytest.mark.parametrize("kind", ["raw", "markdown"])
def test_yaml_has_every_field(kind: str) -> None:
    """Quarto's names and their synonyms, in a raw or a markdown cell; what follows the block stays."""
    found = read((kind, FULL + "\nText"))
    front = found.front
    assert codes(found) == []
    assert body(found) == ["Text"]
    assert (front.title, front.subtitle, front.description) == ("Trade-offs: a primer", "What to give up", "In short.")
    assert front.authors == ("Ada Lovelace", "Alan Turing", "Grace Hopper")
    assert (front.date, front.date_modified) == (date(2026, 1, 21), date(2026, 1, 31))
    assert front.categories == ("design", "backend")
    assert (front.image, front.image_alt, front.slug) == ("images/a.png", "A diagram", "trade-offs")
    assert (front.draft, front.aliases, front.series, front.toc) == (True, ("/old/",), "Design", True)
    assert (front.lang, front.license, front.bibliography) == ("en-GB", "CC BY 4.0", ("refs.bib",))
    assert (front.echo, front.code_fold) == (False, True)


def test_lines_of_the_rest_are_counted() -> None:
    """Where the rest begins in the cell is kept, for notices."""
    assert read(FULL + "\n\nText").passages[0].first_line == FULL.count("\n") + 3


VALUES = [
    ("author: A, B and C", "authors", ("A", "B", "C")),
    ("author: A & B", "authors", ("A", "B")),
    ("author: Martin Luther King, Jr.", "authors", ("Martin Luther King, Jr.",)),
    ("author: {name: Ada}", "authors", ("Ada",)),
    ("author: [A, A]", "authors", ("A",)),
    ("tags: a, b c", "categories", ("a", "b c")),
    ("tags: 2026", "categories", ("2026",)),
    ("title: 3.10", "title", "3.10"),
    ("title: 2026-01-21", "title", "2026-01-21"),
    ("title: '{{ 7*7 }} </title><script>'", "title", "{{ 7*7 }} </title><script>"),
    ("title: |\n  two\n  lines", "title", "two lines"),
    ('title: "a\\0b\\e[31mc"', "title", "a\ufffdbc"),
    ("title: a\u202eb", "title", "ab"),
    ("date: 21 January 2026", "date", date(2026, 1, 21)),
    ("date: 20260121", "date", date(2026, 1, 21)),
    ("draft: no", "draft", False),
    ("draft: 'on'", "draft", True),
    ("published: false", "draft", True),
    ("published: true", "draft", False),
    ("toc: off", "toc", False),
    ("Title: x", "title", "x"),
    ("image_alt: x", "image_alt", "x"),
    ("code-fold: show", "code_fold", False),
    ("lang: zh-Hant", "lang", "zh-Hant"),
    ("license: CC0", "license", "CC0"),
    ("subtitle:", "subtitle", None),
    ("subtitle: ''", "subtitle", None),
    ("slug: Ünïcode", "slug", "ünïcode"),
]


@pytest.mark.parametrize(("line", "field", "value"), VALUES)
def test_yaml_value(line: str, field: str, value: object) -> None:
    """Values in the forms that people write them."""
    found = read(("raw", f"---\n{line}\n---"), "# T")
    assert getattr(found.front, field) == value
    assert codes(found) == []


WRONG = [
    ("title: [a, b]", "title", "T", "front-matter-value"),
    ("title: {a: b}", "title", "T", "front-matter-value"),
    ("title: true", "title", "T", "front-matter-value"),
    ("author: 3.5", "authors", (), "front-matter-value"),
    ("categories: {a: b}", "categories", (), "front-matter-value"),
    ("toc: maybe", "toc", None, "front-matter-value"),
    ("toc: [true]", "toc", None, "front-matter-value"),
    ("lang: 'en us'", "lang", None, "front-matter-value"),
    ("date: today", "date", None, "date-unreadable"),
    ("date: 2026-02-30", "date", None, "date-unreadable"),
    ("date: [2026]", "date", None, "date-unreadable"),
    ("date: true", "date", None, "date-unreadable"),
    ("draft: soon", "draft", True, "front-matter-value"),
    ("published: perhaps", "draft", True, "front-matter-value"),
    ("slug: ../../etc/passwd", "slug", "etc-passwd", "slug-changed"),
    ("date: 1/2/2026", "date", date(2026, 1, 2), "date-ambiguous"),
    ("categoris: [a]", "categories", (), "front-matter-key"),
]


@pytest.mark.parametrize(("line", "field", "value", "code"), WRONG)
def test_wrong_value_is_a_notice(line: str, field: str, value: object, code: str) -> None:
    """A value of the wrong kind is ignored with a notice at its line; for ``draft`` the safe side is taken."""
    found = read(("raw", f"---\nsubtitle: s\n{line}\n---"), "# T")
    assert getattr(found.front, field) == value
    assert codes(found) == [code]
    assert found.notices[0].place == Place(1, line=3)


def test_unknown_key_has_a_suggestion() -> None:
    """The nearest known key is offered; other tools' keys are passed over."""
    found = read(("raw", "---\ncategoris: [a]\npermalink: /x/\nbadges: true\njupyter: python3\n---"), "# T")
    assert [notice.detail for notice in found.notices] == [
        "`categoris` is not a field; did you mean `categories`?",
        "`permalink` is not a field; did you mean `slug`?",
    ]


def test_thousands_of_unknown_keys_are_quick() -> None:
    """Twenty of them are named."""
    found = read(("raw", "---\n" + "".join(f"key{n}: x\n" for n in range(4000)) + "---"), "# T")
    assert codes(found) == ["front-matter-key"] * 20


UNREAD = [
    ("---\ntitle: *x\n---\nText", 2),
    ("---\nlayout: x\ntitle: 'open\n---\nText", 3),
    ("---\ntitle: a\ntitle: b\n---\nText", 3),
    ("---\ntitle: !!python/object/apply:os.system [ls]\n---\nText", 2),
    ("---\ntitle: a: b\n---", 2),
    ("---\ntitle: never closed\n\nText", 1),
]


@pytest.mark.parametrize(("source", "line"), UNREAD)
@pytest.mark.parametrize("kind", ["raw", "markdown"])
def test_broken_yaml_is_shown_as_text(kind: str, source: str, line: int) -> None:
    """A block that is clearly meant as front matter and is not YAML gives a notice, and nothing of it is lost."""
    found = read((kind, source))
    assert "front-matter-unreadable" in codes(found)
    notice = found.notices[codes(found).index("front-matter-unreadable")]
    assert abs((notice.place.line or 0) - line) <= 1
    assert body(found) == [source]


def test_draft_in_broken_yaml_stays_a_draft() -> None:
    """A slip elsewhere in the block must not publish what was to stay private."""
    assert read("---\ntitle: *x\ndraft: true\n---").front.draft is True


@pytest.mark.parametrize(
    "source",
    ["---\n\nText between rules\n\n---", "---\nNote: this is text\n---", "---", "---\n---", "***\ntitle: x\n***",
     "text\n---\ntitle: x\n---", "--- \n- a\n- b\n---"],
)  # fmt: skip
def test_rules_are_no_front_matter(source: str) -> None:
    """In a markdown cell ``---`` is a rule unless a known key stands under it."""
    found = read(source)
    assert body(found) == [source]
    assert "front-matter-unreadable" not in codes(found)


def test_raw_block_with_unknown_keys_only_is_a_head() -> None:
    """A raw cell has no rules: its block is front matter, and the key gets its notice."""
    found = read(("raw", "---\nfoo: bar\n---"), "# T")
    assert body(found) == ["", ""]
    assert codes(found) == ["front-matter-key"]


def test_only_a_raw_cell_before_the_text_is_a_head() -> None:
    """A later raw cell is an example of front matter, not one."""
    found = read("# T", ("raw", "---\ntitle: x\n---"))
    assert body(found) == ["", "---\ntitle: x\n---"]


# --- The title and the byline ---------------------------------------------------------------------------------------

BYLINES = [
    ("By Admin · 1/21/2026", {"author": ["Admin"], "date": "1/21/2026"}),
    ("By A, B and C | 2026-01-21", {"author": ["A", "B", "C"], "date": "2026-01-21"}),
    ("By A & B • 21 January 2026", {"author": ["A", "B"], "date": "21 January 2026"}),
    ("By Ada — January 21, 2026", {"author": ["Ada"], "date": "January 21, 2026"}),
    ("by the crew – 2026-01-21", {"author": ["the crew"], "date": "2026-01-21"}),
    ("By Ada, 2026-01-21", {"author": ["Ada"], "date": "2026-01-21"}),
    ("By Ada, January 21, 2026", {"author": ["Ada"], "date": "January 21, 2026"}),
    ("2026-01-21 · By Ada", {"author": ["Ada"], "date": "2026-01-21"}),
    ("By Ada · 2026-01-21 · 6 min read", {"author": ["Ada"], "date": "2026-01-21"}),
    ("By Ada Lovelace", {"author": ["Ada Lovelace"]}),
    ("By: Ludwig van Beethoven", {"author": ["Ludwig van Beethoven"]}),
    ("By admin", {"author": ["admin"]}),
    ("By 山拓", {"author": ["山拓"]}),
    ("1/21/2026", {"date": "1/21/2026"}),
    ("By the end of this post you will know more.", {}),
    ("By Default this is off", {}),
    ("By 2030, all cars will be electric", {}),
    ("By Ada · and now for something else", {}),
    ("Bystanders · 2026-01-21", {}),
    ("By", {}),
    ("By Ada · By Bob", {}),
    ("Text · text", {}),
    ("| a | b |", {}),
    ("", {}),
]


@pytest.mark.parametrize(("line", "fields"), BYLINES)
def test_byline(line: str, fields: dict[str, Any]) -> None:
    """An author, a date, or both, around any of the separators; a sentence that begins with "By" is none."""
    assert read_byline(line, ends=True) == fields


@pytest.mark.parametrize(
    "line", ["*By Admin · 1/21/2026*", "**By Admin** · 1/21/2026  ", "By [Admin](/me) · 1/21/2026\\"]
)
def test_byline_may_be_marked_up(line: str) -> None:
    """Emphasis and links in it are only its look."""
    found = read(f"# T\n\n{line}\n\nText")
    assert (found.front.authors, found.front.date) == (("Admin",), date(2026, 1, 21))
    assert body(found) == ["Text"]


def test_author_alone_must_end_the_paragraph() -> None:
    """A line that goes on is a sentence."""
    found = read("# T\n\nBy Ada Lovelace\nwas never shown.")
    assert found.front.authors == ()
    assert body(found) == ["By Ada Lovelace\nwas never shown."]


def test_unreadable_date_in_a_byline_stays_text() -> None:
    """The line is kept, and a notice says why."""
    found = read("# T\n\nBy Admin · 13/45/2026\n\nText")
    assert codes(found) == ["date-unreadable"]
    assert found.notices[0].place.line == 3
    assert body(found) == ["By Admin · 13/45/2026\n\nText"]


def test_title_alone() -> None:
    """The rest of the first cell stays."""
    found = read("\n\n# *A* `title` ##\nText\n\nMore")
    assert found.front.title == "A title"
    assert body(found) == ["Text\n\nMore"]
    assert found.passages[0].first_line == 4


def test_underlined_title() -> None:
    """``=====`` makes a heading, too."""
    found = read("A title\n=======\nBy Ada · 2026-01-21")
    assert (found.front.title, found.front.authors) == ("A title", ("Ada",))
    assert body(found) == [""]


def test_title_after_code() -> None:
    """The first markdown cell need not be the first cell."""
    assert read(("code", "import x"), "# T\nBy Ada · 2026-01-21").front.authors == ("Ada",)


def test_title_of_a_removed_cell_is_not_taken() -> None:
    """The author does not want that cell in the page."""
    passages = [Passage("markdown", "# Index", Place(1), removed=True), Passage("markdown", "# T", Place(2))]
    assert read_front_matter(passages, {}, name="x.ipynb").front.title == "T"


def test_yaml_then_title() -> None:
    """A heading that repeats the YAML title goes; one that does not is the body's."""
    assert body(read("---\ntitle: Foo\n---\n\n# Foo!\nText")) == ["Text"]
    other = read("---\ntitle: Foo\n---\n\n# Introduction\nText")
    assert body(other) == ["# Introduction\nText"]
    assert codes(other) == []


def test_disagreement_is_a_notice() -> None:
    """What is set first is used."""
    found = read("---\ntitle: Foo\ndate: 2026-01-21\n---\n# Bar\nBy Ada · 2026-01-22\n\nText")
    assert (found.front.title, found.front.date, found.front.authors) == ("Foo", date(2026, 1, 21), ("Ada",))
    assert codes(found) == ["front-matter-disagrees"] * 2
    assert [line for line in body(found)[0].split("\n") if line] == ["# Bar", "Text"]


# --- fastpages and nbdev --------------------------------------------------------------------------------------------


def test_fastpages_head() -> None:
    """Quotation marks and HTML in it are only its look; other tools' keys are passed over."""
    found = read(
        '# "Fast: a tutorial"\n\n> "A short\n> description."\n\n- toc: false\n- author: "<a href=\'/me\'>Ada L.</a>"\n'
        "- categories: [a, b]\n- badges:true\n- image: images/x.png\n- branch: master\n\nText"
    )
    front = found.front
    assert (front.title, front.description, front.toc) == ("Fast: a tutorial", "A short description.", False)
    assert (front.authors, front.categories, front.image) == (("Ada L.",), ("a", "b"), "images/x.png")
    assert body(found) == ["Text"]
    assert codes(found) == []


def test_nbdev_description() -> None:
    """A quotation of one line under the title is the description."""
    found = read("# T\n> What it is for\n\nText")
    assert found.front.description == "What it is for"
    assert body(found) == ["Text"]


@pytest.mark.parametrize(
    "rest",
    ["> [!NOTE]\n> Mind the gap", "> A quotation\n> of two lines", "- first: a\n- second: b", "- Text: see\n- more",
     "- no colon here", "> Quoted\nand lazily continued", "- title: x\n  more of it"],
)  # fmt: skip
def test_ordinary_text_under_a_title(rest: str) -> None:
    """Alerts, longer quotations and lists without a known key are the body's."""
    found = read(f"# T\n\n{rest}")
    assert body(found) == [rest]
    assert codes(found) == []


# --- Metadata, file name, settings ----------------------------------------------------------------------------------


def test_metadata() -> None:
    """``metadata.nbblog`` has all fields; ``title`` and ``authors`` are nbformat's own."""
    found = read("Text", nbblog={"subtitle": "S", "tags": ["a"]}, title="T", authors=[{"name": "Ada"}])
    assert (found.front.title, found.front.subtitle, found.front.authors) == ("T", "S", ("Ada",))


def test_heading_that_repeats_the_metadata_goes() -> None:
    """Even if it is not in the first cell."""
    found = read("<a id='x'></a>", "\n# The title\nText", title="The Title")
    assert body(found) == ["<a id='x'></a>", "Text"]


@pytest.mark.parametrize(
    "metadata",
    [{"nbblog": 3}, {"authors": "BAD"}, {"title": ["x"]}, {"authors": [3, None, {"name": {}}]}, {"nbblog": []}],
)
def test_wrong_metadata_never_fails(metadata: dict[str, Any]) -> None:
    """It is passed over."""
    assert read("# T", **metadata).front.title == "T"


NAMES = [
    ("2026-01-21-my-post.ipynb", "My post", "my-post", date(2026, 1, 21)),
    ("posts/2026-1-2_My_Post.ipynb", "My Post", "my-post", date(2026, 1, 2)),
    ("C:\\posts\\my-post.ipynb", "My post", "my-post", None),
    ("2026-99-99-x.ipynb", "2026 99 99 x", "2026-99-99-x", None),
    ("ünï.ipynb", "Ünï", "ünï", None),
    ("notebook", "Notebook", "notebook", None),
    (".ipynb", "Untitled", "untitled", None),
    ("2026-01-21.ipynb", "Untitled", "untitled", date(2026, 1, 21)),
    ("CON.ipynb", "CON", "post-con", None),
    ("../../etc/passwd", "Passwd", "passwd", None),
]


@pytest.mark.parametrize(("name", "title", "slug", "day"), NAMES)
def test_file_name(name: str, title: str, slug: str, day: date | None) -> None:
    """A file's name gives what nothing else says: title, slug, date."""
    front = read("Text", name=name).front
    assert (front.title, front.slug, front.date) == (title, slug, day)


def test_untitled_file_takes_its_slug_from_the_title() -> None:
    """``Untitled3`` says nothing."""
    assert read("# A good title", name="Untitled3.ipynb").front.slug == "a-good-title"


def test_settings_are_the_last_resort() -> None:
    """The blog's author, echo, fold and contents serve posts that do not say."""
    config = BlogConfig(author=("Admin",), echo=False, code_fold=True, toc=True, date_order="dmy")
    found = read("# T\n\n1/2/2026\n\nText", config=config)
    front = found.front
    assert (front.authors, front.echo, front.code_fold, front.toc) == (("Admin",), False, True, True)
    assert front.date == date(2026, 2, 1)
    assert codes(found) == []


# --- A heading in the body as the title -----------------------------------------------------------------------------

OPENINGS = [
    (["<div align='right'>Ada</div>\n\n# The title\nText", "# Another"], "The title"),
    (["![](x.png)", "# The title", "# Another"], "The title"),
    (["This was prepared by Ada.", "# The title", "## Part"], "The title"),
    (["$$x$$\n", "The title\n===", "# Another"], "The title"),
    (["Some text.", "# Part one", "# Part two"], None),
    (["## Part", "# The title"], None),
    (["```\n# a comment\n```\nText"], None),
    (["<!--\n# hidden\n-->\nText"], None),
    (["    # code"], None),
    (["#hashtag"], None),
    (["# "], None),
    (["# " + "x" * 301], None),
]


@pytest.mark.parametrize(("sources", "title"), OPENINGS)
def test_opening_heading(sources: list[str], title: str | None) -> None:
    """The first heading is the title if it opens the notebook or is the only one of its level; else the file's name
    stands in, with a notice."""
    found = read(*sources)
    assert found.front.title == (title or "My post")
    assert ("title-missing" in codes(found)) is (title is None)
    assert ("\n".join(body(found)).find("The title") == -1) or title is None


def test_text_before_the_title_stays() -> None:
    """Lines after a heading that was cut keep their numbers."""
    found = read("<b>x</b>\n\n# The title\n\nText")
    assert body(found) == ["<b>x</b>\n\n\n\nText"]


def test_headings_outside_code() -> None:
    """Fences of any length hide what is in them."""
    source = "# a\n````\n# b\n```\n# c\n````\n## d ##\ne\n---\n~~~\n# f"
    assert [(heading.level, heading.text) for heading in find_headings(source)] == [(1, "a"), (2, "d"), (2, "e")]


PIECES = [
    "# T",
    "---",
    "title: x",
    "date: *",
    "By Ada · 1/2/2026",
    "> q",
    "- key: v",
    "- tags: [",
    "===",
    "```",
    "",
    "  ",
]


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12), st.sampled_from(["raw", "markdown", "code"]))
def test_no_head_fails_and_no_text_is_invented(lines: list[str], kind: str) -> None:
    """Any mixture of the forms is read, and the rest is made of lines that were there."""
    found = read((kind, "\n".join(lines)))
    assert set(found.passages[0].source.split("\n")) <= {*lines, ""}
    assert found.front.title


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["title", "author", "date", "tags", "slug", "toc", "lang", "execute", "x"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
            max_leaves=5,
        ),
    )
)
def test_any_metadata_is_read(fields: dict[str, Any]) -> None:
    """Whatever stands in ``metadata.nbblog``, there is a head with a title and a slug."""
    front = read("# T", nbblog=fields).front
    assert front.title
    assert front.slug
