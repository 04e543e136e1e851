"""Rendering a post again: what stays the same is kept, what changes is not."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from nbblog.core.article import Article, render_article
from nbblog.core.errors import FileRefused
from nbblog.core.fragment import Asset
from nbblog.core.markdown import PostLink
from nbblog.core.reading import read_post
from nbblog.core.surroundings import Surroundings
from nbblog.files import load_notebook
from nbblog.onepage import math_renderer

Cell = dict[str, Any]
EXAMPLES = Path(__file__).resolve().parent.parent.parent / "example_notebooks"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + b"\x00\x00\x00\x02" * 2 + b"\x08\x02\x00\x00\x00"


@dataclass
class World:
    """What is beside the notebook."""

    files: dict[str, bytes] = field(default_factory=dict)
    posts: dict[str, PostLink] = field(default_factory=dict)

    def read(self, target: str) -> bytes:
        if target not in self.files:
            raise FileRefused(target, "no such file")
        return self.files[target]

    def around(self) -> Surroundings:
        return Surroundings(asset_url=_name, read_file=self.read, maths=math_renderer(), find_post=self.posts.get)


def _name(asset: Asset) -> str:
    return f"files/{asset.name}"


def text(source: str, id: str) -> Cell:
    return {"cell_type": "markdown", "id": id, "metadata": {}, "source": source}


def code(source: str, id: str, *bundles: Mapping[str, Any]) -> Cell:
    outputs = [{"output_type": "display_data", "metadata": {}, "data": data} for data in bundles]
    return {"cell_type": "code", "id": id, "metadata": {}, "source": source, "outputs": outputs}


def render(cells: list[Cell], world: World, before: Article | None = None, **metadata: Any) -> Article:
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}
    return render_article(read_post(notebook, name="post.ipynb"), world.around(), before)


def kept(before: Article, after: Article) -> set[str]:
    """The ids of the pieces that are the same objects in both."""
    old = {piece.id: piece for piece in before.pieces}
    return {piece.id for piece in after.pieces if old.get(piece.id) is piece}


TITLE = text("# Title\n\nBy Ada", "title")


def changed(first: list[Cell], second: list[Cell], world: World | None = None) -> set[str]:
    """The ids of the pieces that are made anew; the result is that of rendering from nothing."""
    world = world or World()
    before = render(first, world)
    after = render(second, world, before)
    assert after == replace(render(second, world), texts=after.texts, pieces=after.pieces)
    return {piece.id for piece in after.pieces} - kept(before, after)


def test_nothing_is_rendered_twice() -> None:
    """Every piece of an unchanged post is kept."""
    cells = [TITLE, text("## One\n\n[^a] $x$\n\n[^a]: Note", "one"), code("1 + 1", "two", {"text/plain": "2"})]
    assert changed(cells, cells) == set()


def test_only_the_changed_cell_is_rendered() -> None:
    """Its neighbours are kept."""
    assert changed([TITLE, text("One", "a"), text("Two", "b")], [TITLE, text("One", "a"), text("Three", "b")]) == {"b"}


def test_inserting_a_cell_keeps_those_below() -> None:
    """Although each has another number now."""
    below = [text("## Two", "b"), code("x", "c")]
    assert changed([TITLE, *below], [TITLE, text("One", "a"), *below]) == {"a"}


def test_notices_of_a_kept_piece_name_its_new_number() -> None:
    """A notice leads to the cell as the author counts it now."""
    cells = [TITLE, text("[[image:missing.png|alt]]", "a")]
    before = render(cells, World())
    after = render([TITLE, text("More", "b"), cells[1]], World(), before)
    assert [notice.place.cell for notice in after.notices if notice.code == "image-refused"] == [3]


@pytest.mark.parametrize(
    ("name", "asking", "first", "second"),
    [
        ("anchor", "[Go](#Later)", "## Early", "## Later"),
        ("heading id", "## Same", "## Other", "## Same"),
        ("contents", "[[toc]]", "## One", "## Two"),
        ("note", "Text[^n]", "Nothing", "[^n]: Note"),
        ("note number", "Text[^n]\n\n[^n]: Note", "Nothing", "Before[^m]\n\n[^m]: First"),
        ("link", "[Go][there]", "Nothing", "[there]: https://example.org"),
        ("TeX command", r"$\R$", "Nothing", r"$\newcommand{\R}{\mathbb{R}}$"),
        ("shift", "## Two", "## One", "# One"),
        ("first picture", "![A](https://example.org/a.png)", "Nothing", "![B](https://example.org/b.png)"),
    ],
)
def test_what_another_cell_decides_is_rendered_anew(name: str, asking: str, first: str, second: str) -> None:
    """A cell is rendered again when another changes something that shows in it."""
    assert "asking" in changed([TITLE, text(first, "other"), text(asking, "asking")],
                               [TITLE, text(second, "other"), text(asking, "asking")])  # fmt: skip


def test_text_elsewhere_changes_no_cell_that_asks_for_nothing_of_it() -> None:
    """Words, and a heading's, are nothing to a cell with notes, formulas and links of its own."""
    asking = [TITLE, text(r"## Here" "\n\n[Go](#here) $x$ [^n]\n\n[^n]: Note", "asking")]
    assert changed([*asking, text("## One\n\nWord", "b")], [*asking, text("## Two\n\nWords", "b")]) == {"b"}


def test_changed_file_is_read_again() -> None:
    """A piece with a picture is kept while the file is the same."""
    world = World({"a.png": PNG})
    cells = [TITLE, text("[[image:a.png|A]]", "a"), text("No picture", "b")]
    before = render(cells, world)
    assert kept(before, render(cells, world, before)) == {"a", "b", ""}
    world.files["a.png"] = PNG + b"other"
    assert kept(before, render(cells, world, before)) == {"b", ""}


def test_post_that_appears_is_linked() -> None:
    """So is one that gets another title."""
    world = World()
    cells = [TITLE, text("[[post:other]]", "a")]
    before = render(cells, world)
    world.posts["other"] = PostLink("other.html", "Other")
    after = render(cells, world, before)
    assert "other.html" in after.html
    assert kept(before, after) == {""}


def test_widget_is_drawn_anew_when_its_state_changes() -> None:
    """What the notebook saves of widgets stands far from their cells."""
    cells = [TITLE, code("w", "w", {"application/vnd.jupyter.widget-view+json": {"model_id": "m"}}), code("1", "c")]
    before = render(cells, World())
    states = {"application/vnd.jupyter.widget-state+json": {"version_major": 2, "state": {"m": {}}}}
    assert kept(before, render(cells, World(), before, widgets=states)) == {"c", ""}


def test_front_matter_reaches_every_cell() -> None:
    """The language decides the quotation marks, `echo` whether code is shown."""
    first = [text('---\ntitle: T\n---\n', "head"), text('"a"', "a"), code("1", "c")]
    second = [text('---\ntitle: T\nlang: de\necho: false\n---\n', "head"), *first[1:]]
    assert changed(first, second) == {"a", ""}
    assert "„a“" in render(second, World(), render(first, World())).html


def _mutate(cells: list[Cell], chance: random.Random, words: list[str]) -> list[Cell]:
    """The cells after one more edit of an author."""
    cells = list(cells)
    place = chance.randrange(len(cells))
    kind = chance.choice(["edit", "edit", "edit", "append", "delete", "move", "insert"])
    if kind == "delete" and len(cells) > 3:
        del cells[place]
    elif kind == "move":
        cells.insert(chance.randrange(len(cells)), cells.pop(place))
    elif kind == "insert":
        cells.insert(place, text(chance.choice(words), f"new{chance.randrange(10**9)}"))
    else:
        source = cells[place]["source"]
        cut = chance.randrange(len(source) + 1)
        rest = source[cut:] if kind == "append" else source[cut + chance.randrange(20) :]
        cells[place] = {**cells[place], "source": source[:cut] + chance.choice(words) + rest}
    return cells


@pytest.mark.parametrize("name", ["markup", "outputs", "system-design"])
def test_many_edits_in_a_row_are_as_if_rendered_from_nothing(name: str) -> None:
    """Whatever an author does, nothing old is left in the article."""
    chance = random.Random(name)
    world = World({"images/a.png": PNG})
    words = ["word ", "## H\n", "[^n]", "\n\n[^n]: N\n", "$x$", "[x](#h)", "[[toc]]", "![a](images/a.png)", "# T\n",
             r"\newcommand{\x}{y}", "[[post:a]]", "> [!NOTE]\n> x\n", "[a]: #h\n", "[a]", "<b id=q>"]  # fmt: skip
    notebook = load_notebook(EXAMPLES / f"{name}.ipynb")
    cells = [{**cell, "source": "".join(cell["source"])} for cell in notebook["cells"]]
    article = render(cells, world, **notebook["metadata"])
    for _ in range(10):
        cells = _mutate(cells, chance, words)
        article = render(cells, world, article, **notebook["metadata"])
        fresh = render(cells, world, **notebook["metadata"])
        assert article == replace(fresh, texts=article.texts, pieces=article.pieces)


def test_what_was_is_not_kept_for_ever() -> None:
    """An article knows its own texts and pieces only, however often it was rendered before."""
    article = render([TITLE], World())
    for number in range(20):
        article = render([TITLE, text(f"Version {number}", "a")], World(), article)
    assert len(article.texts.parsed) == 1
    assert len(article.pieces) == 2


def test_order_of_asking_is_free() -> None:
    """Reading a file that is refused says so again, each time."""
    asked: list[str] = []

    def read(target: str) -> bytes:
        asked.append(target)
        raise FileRefused(target, "no such file")

    around: Callable[[], Surroundings] = lambda: replace(World().around(), read_file=read)  # noqa: E731
    post = read_post({"nbformat": 4, "cells": [TITLE, text("![A](a.png)", "a")], "metadata": {}}, name="post.ipynb")
    first = render_article(post, around())
    assert render_article(post, around(), first).notices == first.notices
    assert asked == ["a.png", "a.png"]
