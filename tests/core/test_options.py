"""What an author may ask of a cell."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbblog.core.option_lines import split_option_lines
from nbblog.core.options import NO_LINES, OptionsRead, read_options
from nbblog.core.post import CellOptions


def read(source: str = "", tags: object = None, language: str = "python", **more: Any) -> OptionsRead:
    """The options of a code cell."""
    post = {name: more.pop(name) for name in ("echo", "code_fold") if name in more}
    return read_options(split_option_lines(source, language), {"tags": tags, **more}, **post)


def said(options: CellOptions) -> dict[str, Any]:
    """The fields that differ from the defaults, but for the record of all lines."""
    fields = (name for name in CellOptions.__slots__ if name != "options")
    return {name: value for name in fields if (value := getattr(options, name)) != getattr(CellOptions(), name)}


TAGS = [
    ("remove-cell", {"cell": "hide"}),
    ("remove-input", {"input": "hide"}),
    ("remove-output", {"output": "hide"}),
    ("remove-stdout", {"stdout": False}),
    ("remove-stderr", {"stderr": False}),
    ("hide-cell", {"cell": "fold"}),
    ("hide-input", {"input": "fold"}),
    ("hide-output", {"output": "fold"}),
    ("full-width", {"track": "full"}),
    ("column-page", {"track": "wide"}),
    ("skip-execution", {"evaluate": False}),
    ("raises-exception", {"may_raise": True}),
    ("runnable", {"runnable": True}),
    ("my-own-tag", {}),
    ("parameters", {}),
]


@pytest.mark.parametrize(("tag", "fields"), TAGS)
@pytest.mark.parametrize("spell", [str, str.upper, lambda tag: tag.replace("-", "_"), lambda tag: f" {tag} "])
def test_tag(tag: str, fields: dict[str, Any], spell: Any) -> None:
    """Jupyter Book's tags; an underscore is a dash."""
    found = read(tags=[spell(tag)])
    assert said(found.options) == fields
    assert found.problems == ()


@pytest.mark.parametrize("tags", [["hide-input", "remove-input"], ["remove-input", "hide-input"]])
def test_stronger_tag_wins(tags: list[str]) -> None:
    """Gone is more than folded, in any order."""
    assert read(tags=tags).options.input == "hide"


@pytest.mark.parametrize("tags", ["remove-cell", {"remove-cell": 1}, 3, True])
def test_tags_that_are_no_list(tags: object) -> None:
    """They are passed over, and said."""
    found = read(tags=tags)
    assert said(found.options) == {}
    assert [problem[0].code for problem in found.problems] == ["notebook-malformed"]


def test_misspelt_tag_is_named() -> None:
    """A slip in ``remove-input`` would publish what was to be hidden."""
    found = read(tags=["remove-imput", None, 3, "", "\x00" * 90])
    assert [detail for _, detail, _ in found.problems] == ["the tag `remove-imput`; did you mean `remove-input`?"]


METADATA = [
    ({"jupyter": {"source_hidden": True}}, {"input": "fold"}),
    ({"jupyter": {"outputs_hidden": True}}, {"output": "fold"}),
    ({"jupyter": {"source_hidden": "BAD"}}, {}),
    ({"jupyter": "BAD"}, {}),
    ({"collapsed": True}, {"output": "fold"}),
    ({"collapsed": "BAD"}, {}),
    ({"collapsed": True, "jupyter": {"outputs_hidden": False}}, {}),
    ({"hide_input": True}, {"input": "fold"}),
    ({"hide-output": True}, {"output": "fold"}),
    ({"hide-output": False}, {}),
]


@pytest.mark.parametrize(("metadata", "fields"), METADATA)
def test_metadata(metadata: dict[str, Any], fields: dict[str, Any]) -> None:
    """nbformat's hidden parts, and the older names for them."""
    assert said(read(**metadata).options) == fields


LINES = [
    ("#| echo: false", {"input": "hide"}),
    ("# | echo: false", {"input": "hide"}),
    ("#|echo: false", {"input": "hide"}),
    ("#| echo:false", {"input": "hide"}),
    ("  #| echo: false", {"input": "hide"}),
    ("#| echo: fenced", {}),
    ("#| include: false", {"cell": "hide"}),
    ("#| output: false", {"output": "hide"}),
    ("#| output: asis", {}),
    ("#| code-fold: true", {"input": "fold"}),
    ("#| code_fold: true", {"input": "fold"}),
    ("#| code-fold: show", {"input": "fold", "fold_open": True}),
    ("#| code-fold: true\n#| code-summary: Set up", {"input": "fold", "fold_summary": "Set up"}),
    ("#| warning: false", {"stderr": False}),
    ("#| eval: false", {"evaluate": False}),
    ("#| runnable: true", {"runnable": True}),
    ("#| label: fig-plot", {"label": "fig-plot"}),
    ("#| fig-cap: A *plot*", {"caption": "A *plot*"}),
    ("#| fig-cap: A plot: of x", {"caption": "A plot: of x"}),
    ('#| fig-cap: "A plot: of x"', {"caption": "A plot: of x"}),
    ("#| fig-cap: |\n#|   A plot\n#|   of x", {"caption": "A plot of x"}),
    ("#| fig-cap:\n#|   - One\n#|   - Two", {"caption": "One; Two"}),
    ("#| fig-cap:\n#| - One\n#| - Two", {"caption": "One; Two"}),
    ("#| fig-alt: A line that rises", {"alt": "A line that rises"}),
    ("#| tbl-cap: Numbers", {"table_caption": "Numbers"}),
    ("#| label: 2026", {"label": "2026"}),
    ("#| column: page", {"track": "wide"}),
    ("#| column: screen", {"track": "full"}),
    ("#| column: body-outset-right", {"track": "wide"}),
    ("#| column: body", {}),
    ("#| fig-width: 6\n#| layout-ncol: 2\n#| error: true", {}),
    ("#| echo:", {}),
    ("#| hide", {"cell": "hide"}),
    ("#|hide", {"cell": "hide"}),
    ("#| hide_input", {"input": "hide"}),
    ("#hide", {"cell": "hide"}),
    ("# hide", {"cell": "hide"}),
    ("#hide_input", {"input": "hide"}),
    ("#hide_output", {"output": "hide"}),
    ("#collapse", {"input": "fold"}),
    ("#collapse-hide", {"input": "fold"}),
    ("#collapse_show", {"input": "fold", "fold_open": True}),
    ("#collapse-output", {"output": "fold"}),
    ("#| export", {}),
    ("#| export some.thing", {}),
    ("#| default_exp core", {}),
    ("#| filter_stream FutureWarning", {}),
    ("#export", {}),
    (" # exporti", {}),
    ("#default_exp core", {}),
    ("#export some.thing", {}),
    ("\n#| echo: false\n\n#| label: x\n", {"input": "hide", "label": "x"}),
    ("#hide\n # export", {"cell": "hide"}),
]


@pytest.mark.parametrize(("lines", "fields"), LINES)
def test_lines(lines: str, fields: dict[str, Any]) -> None:
    """Quarto's options, nbdev's words, fastpages' comments; they disappear from the source."""
    found = read(f"{lines}\nprint(1)\n")
    assert said(found.options) == fields
    assert found.problems == ()
    split = split_option_lines(f"{lines}\n\nprint(1)\n")
    assert split.source == "print(1)\n"
    assert split.lines_cut == lines.count("\n") + 2


KEPT = [
    "print(1)",
    "\n\nprint(1)",
    "# a comment\n#| echo: false",
    "#export is a word in this sentence",
    "#exporting",
    "#export data",
    "# hide the axes",
    "x = 1\n#| echo: false",
    "#!/bin/sh",
    "text = '''\n#| echo: false\n'''",
    "",
]


@pytest.mark.parametrize("source", KEPT)
def test_code_is_not_touched(source: str) -> None:
    """Only lines at the top of a cell that are instructions as a whole are taken out."""
    split = split_option_lines(source)
    assert (split.source, split.lines_cut) == (source, 0)
    assert split.options == {}


LANGUAGES = [
    ("javascript", "//| echo: false\nf()", "f()"),
    ("rust", "// | echo: false\nf()", "f()"),
    ("sql", "--| echo: false\nselect 1", "select 1"),
    ("haskell", "-- | echo: false\nmain", "main"),
    ("matlab", "%| echo: false\nx", "x"),
    ("mermaid", "%%| echo: false\ngraph", "graph"),
    ("scheme", ";| echo: false\n(f)", "(f)"),
    ("julia", "#| echo: false\nf()", "f()"),
    ("javascript", "#| echo: false\nf()", "f()"),
    ("bash", "%%bash\n#| echo: false\nls", "%%bash\nls"),
]


@pytest.mark.parametrize(("language", "source", "rest"), LANGUAGES)
def test_comment_marks_of_other_languages(language: str, source: str, rest: str) -> None:
    """Each language has its own comments, and an option may stand under a magic line."""
    split = split_option_lines(source, language)
    assert split.source == rest
    assert split.options == {"echo": False}


def test_block_comment_of_lisp_is_code() -> None:
    """``#|`` opens a comment there."""
    assert split_option_lines("#| echo: false |#\n(f)", "racket").lines_cut == 0


def test_hidden_line_goes() -> None:
    """nbdev's mark at the end of a line of code."""
    assert split_option_lines("a = 1\nb = 2 #|hide_line\nc = 3").source == "a = 1\nc = 3"


PROBLEMS = [
    ("#| ehco: false", "option-unknown", "`ehco` is not an option; did you mean `echo`?", 1),
    ("#| label: x\n#| printme now", "option-unknown", "`printme now` is not an option", 2),
    ("#| echo: maybe", "option-value", "`echo` must be true or false, not `maybe`", 1),
    ("#| include: [false]", "option-value", "`include` must be true or false, not `[False]`", 1),
    ("#| column: moon", "option-value", "`column` must be one of body, ", 1),
    ("#| fig-cap: {a: b}", "option-value", "`fig-cap` must be text", 1),
    ("#| fig-cap: [a, b", "option-value", "`fig-cap` cannot be read", 1),
    ("#| fig-cap: &x a", "option-value", "the anchor &x", 1),
    ("#| label: a\n#| label: b", "option-value", "`label` is said twice", 2),
]


@pytest.mark.parametrize(("lines", "code", "detail", "line"), PROBLEMS)
def test_problem(lines: str, code: str, detail: str, line: int) -> None:
    """An unknown option or a wrong value is said with its line, and does nothing."""
    found = read(f"{lines}\nprint(1)")
    assert [(kind.code, at) for kind, _, at in found.problems] == [(code, line)]
    assert detail in found.problems[0][1]
    assert set(said(found.options)) <= {"label"}


WEIGHED = [
    # lines, tags, metadata, post's echo, post's code_fold → input
    ("", [], {}, True, False, "show"),
    ("", [], {}, False, False, "hide"),
    ("", [], {}, True, True, "fold"),
    ("", [], {}, False, True, "hide"),
    ("#| echo: true", [], {}, False, False, "show"),
    ("#| echo: true", [], {}, False, True, "fold"),
    ("#| echo: false", [], {}, True, True, "hide"),
    ("#| code-fold: false", [], {}, True, True, "show"),
    ("#| code-fold: true", [], {}, True, False, "fold"),
    ("#| echo: true", ["remove-input"], {}, True, False, "show"),
    ("#| echo: true", ["hide-input"], {}, True, False, "show"),
    ("#| echo: false", ["hide-input"], {}, True, False, "hide"),
    ("#| code-fold: true", ["remove-input"], {}, True, False, "fold"),
    ("#| code-fold: false", ["remove-input"], {}, True, False, "hide"),
    ("#| code-fold: false", ["hide-input"], {}, True, False, "show"),
    ("#| echo: false\n#| code-fold: true", [], {}, True, False, "hide"),
    ("", ["hide-input"], {"jupyter": {"source_hidden": False}}, True, False, "fold"),
    ("", ["hide-input"], {}, False, False, "fold"),
    ("", [], {"jupyter": {"source_hidden": True}}, False, False, "fold"),
    ("", [], {"jupyter": {"source_hidden": False}}, False, False, "show"),
    ("", ["remove-input"], {"jupyter": {"source_hidden": True}}, True, True, "hide"),
]


@pytest.mark.parametrize(("lines", "tags", "metadata", "echo", "code_fold", "shown"), WEIGHED)
def test_who_wins(
    lines: str, tags: list[str], metadata: dict[str, Any], echo: bool, code_fold: bool, shown: str
) -> None:
    """The cell's lines, then its tags, then its metadata, then the post's defaults."""
    assert read(f"{lines}\nx", tags=tags, echo=echo, code_fold=code_fold, **metadata).options.input == shown


def test_lines_win_over_tags_for_the_rest() -> None:
    """Also where the cell, its output or its track is meant."""
    found = read(
        "#| include: true\n#| output: true\n#| column: body\n#| warning: true\n#| eval: true\nx",
        tags=["remove-cell", "remove-output", "full-width", "remove-stderr", "skip-execution"],
    )
    assert said(found.options) == {}


def test_every_line_is_kept_for_checks() -> None:
    """Keys have dashes, values are parsed."""
    found = read("#| fig_width: 6\n#| label: x\n#| ehco: true\nx")
    assert found.options.options == {"fig-width": 6, "label": "x", "ehco": True}


def test_markdown_cells_have_tags_only() -> None:
    """The post's ``echo`` is about code."""
    assert said(read_options(NO_LINES, {"tags": ["full-width"]}).options) == {"track": "full"}


@settings(deadline=None)
@given(st.lists(st.sampled_from(["#|", "#| ", "# |", "#| a", "#| echo", ": ", "[", "#hide", "\n", "  - x", "'", "x"])))
def test_no_line_fails(pieces: list[str]) -> None:
    """Whatever stands at the top of a cell is read."""
    source = "".join(pieces)
    read(source)
    assert len(split_option_lines(source).source) <= len(source)
