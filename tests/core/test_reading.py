"""A notebook becomes a post, whatever state it is in."""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbblog.core.config import BlogConfig
from nbblog.core.errors import NbblogError, NotebookError
from nbblog.core.languages import cell_language, find_language
from nbblog.core.post import Bundle, Cell, Post, Stream, Traceback
from nbblog.core.reading import Reader, read_post

PNG = base64.b64encode(b"\x89PNG\r\n").decode()


def notebook(*cells: Any, **metadata: Any) -> dict[str, Any]:
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": list(cells)}


def markdown(source: Any, **more: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "source": source, "metadata": {}, **more}


def code(source: Any = "x", *outputs: Any, **metadata: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "metadata": metadata, "outputs": list(outputs), "execution_count": 1}


def stream(text: Any, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def display(data: Any, metadata: Any = None) -> dict[str, Any]:
    return {"output_type": "display_data", "data": data, "metadata": metadata or {}}


def read(*cells: Any, **metadata: Any) -> Post:
    config = metadata.pop("config", BlogConfig())
    return read_post(notebook(*cells, **metadata), name="post.ipynb", config=config)


def only(*cells: Any, **metadata: Any) -> Cell:
    (cell,) = read(*cells, **metadata).cells
    return cell


def codes(post: Post) -> list[str]:
    """The notices, but for that of a title that the little notebooks here do not have."""
    return [code for notice in post.notices if (code := notice.code) != "title-missing"]


# --- The notebook ---------------------------------------------------------------------------------------------------


def test_post() -> None:
    """The head is read, cut out of the cells, and the cells follow in order with their numbers."""
    post = read(
        markdown("# T\nBy Ada · 2026-01-21\n\nText", id="a"),
        code("#| hide\nimport x"),
        code("#| label: p\n1 + 1", display({"text/plain": ["2"]}), id="b"),
    )
    assert post.front.title == "T"
    assert [(cell.kind, cell.number, cell.source, cell.first_line) for cell in post.cells] == [
        ("markdown", 1, "Text", 4),
        ("code", 3, "1 + 1", 2),
    ]
    assert post.cells[1].outputs == (Bundle({"text/plain": "2"}),)
    assert post.notices == ()


@pytest.mark.parametrize("broken", [[], "x", None, 3, {}, {"a": 1}, {"nbformat": 3, "worksheets": []}, {"nbformat": 5}])
def test_no_notebook(broken: Any) -> None:
    """What is no notebook of format 4 is an error of ours."""
    with pytest.raises(NotebookError, match=r"^post\.ipynb"):
        read_post(broken, name="post.ipynb")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [({"nbformat": 4}, "notebook-malformed"), ({"cells": [], "metadata": "x"}, "notebook-malformed"),
     ({"cells": [3]}, "notebook-malformed"), ({"cells": [], "nbformat": 4, "nbformat_minor": 99}, "notebook-newer")],
)  # fmt: skip
def test_odd_notebook_is_read_with_a_notice(wrong: Any, code: str) -> None:
    """Missing and mistyped parts are passed over."""
    assert codes(read_post(wrong, name="post.ipynb")) == [code]


def test_silenced_notices() -> None:
    """``ignore`` takes them out."""
    post = read(markdown("Text"), config=BlogConfig(ignore=frozenset({"title-missing"})))
    assert post.notices == ()


def test_reading_changes_nothing() -> None:
    """The host's notebook is its own."""
    given_notebook = notebook(
        markdown(["# T\n", "x"]), code("x", stream(["a\x00"]), display({"application/json": {"a": "\x00"}}))
    )
    before = copy.deepcopy(given_notebook)
    read_post(given_notebook, name="post.ipynb")
    assert given_notebook == before


# --- Cells ----------------------------------------------------------------------------------------------------------

SOURCES = [
    ("text", "text"),
    (["a\n", "b"], "a\nb"),
    ("a\r\nb", "a\nb"),
    ("nul \x00 esc \x1b lone \ud800", "nul \ufffd esc \ufffd lone \ufffd"),
]


@pytest.mark.parametrize(("source", "text"), SOURCES)
@pytest.mark.parametrize("kind", ["markdown", "code", "raw"])
def test_source(kind: str, source: Any, text: str) -> None:
    """A string or a list of lines, clean wherever it is taken from."""
    assert only({"cell_type": kind, "source": source, "metadata": {}}).source == text


@pytest.mark.parametrize("source", [None, 3, {"a": 1}, [1, 2], ["a", None]])
def test_source_that_is_no_text(source: Any) -> None:
    """The cell is left out, and said, unless it is simply missing."""
    post = read(markdown(source), markdown("Text"))
    assert [cell.number for cell in post.cells] == [2]
    assert codes(post) == ["notebook-malformed"]


def test_missing_source_and_empty_cells() -> None:
    """Nothing to show is nothing to say."""
    post = read({"cell_type": "markdown"}, markdown(" \n"), code(""), code("", stream("out")))
    assert [cell.number for cell in post.cells] == [4]
    assert codes(post) == []


UNKNOWN = [
    ({"cell_type": "heading", "level": 2, "source": "A\nheading"}, "markdown", "## A heading", []),
    ({"cell_type": "heading", "level": "x", "source": "A"}, "markdown", None, []),
    ({"cell_type": "future", "source": "text"}, "markdown", "text", ["cell-type-unknown"]),
    ({"cell_type": "future", "source": "x", "outputs": [stream("a")]}, "code", "x", ["cell-type-unknown"]),
    ({"cell_type": ["code"], "source": "text"}, "markdown", "text", ["cell-type-unknown"]),
    ({"source": "text"}, "markdown", "text", ["cell-type-unknown"]),
    ({"cell_type": "code", "input": "v3"}, "code", "v3", []),
]


@pytest.mark.parametrize(("cell", "kind", "source", "found"), UNKNOWN)
def test_unknown_cell_types_keep_their_text(cell: Any, kind: str, source: str | None, found: list[str]) -> None:
    """A cell of another type is read as what it looks like."""
    post = read(markdown("# T"), cell)
    assert [(cell.kind, cell.source) for cell in post.cells] == [(kind, source or "# A")]
    assert codes(post) == found


def test_ids() -> None:
    """Ids are clean and unique; a cell without one gets one from its content, whatever stands before it."""
    given_ids = ["x", "x", "x-2", "x", '"><b>', "é", 3, "a" * 99]
    cells = [markdown(f"text {number}", id=cell_id) for number, cell_id in enumerate(given_ids)]
    ids = [cell.id for cell in read(*cells).cells]
    assert ids[:5] == ["x", "x-2", "x-2-2", "x-3", "b"]
    assert ids[7] == "a" * 64
    assert len(set(ids)) == len(ids)
    assert only(markdown("same", id=None)).id == read(markdown("other"), markdown("same")).cells[1].id


RAW_TYPES = [
    ({"format": "text/html"}, "text/html"),
    ({"raw_mimetype": "text/markdown"}, "text/markdown"),
    ({"format": "HTML"}, "text/html"),
    ({"format": "text/x-rst"}, "text/restructuredtext"),
    ({"format": 3}, ""),
    ({}, ""),
]


@pytest.mark.parametrize(("metadata", "mime"), RAW_TYPES)
def test_raw_cells_have_a_type(metadata: dict[str, Any], mime: str) -> None:
    """A raw cell's ``language`` is its MIME type."""
    assert only({"cell_type": "raw", "source": "x", "metadata": metadata}).language == mime


# --- Options --------------------------------------------------------------------------------------------------------

OUT = stream("secret\n")


@pytest.mark.parametrize(
    "gone",
    [code("secret", OUT, tags=["remove-cell"]), code("#| include: false\nsecret", OUT), code("#hide\nsecret", OUT),
     code("#| echo: false\n#| output: false\nsecret", OUT), code("#| echo: false\nsecret"),
     markdown("secret", metadata={"tags": ["remove_cell"]}), markdown("secret", metadata={"tags": ["remove-input"]}),
     {"cell_type": "raw", "source": "secret", "metadata": {"tags": ["remove-cell"]}}],
)  # fmt: skip
def test_removed_cells_are_gone(gone: Any) -> None:
    """Nothing of them is left in what is to be seen of the post."""
    post = read(markdown("# T\n\nText"), gone, code("1"))
    assert [cell.number for cell in post.cells] == [1, 3]
    assert "secret" not in repr(post)


def test_code_that_runs_is_kept_for_programs() -> None:
    """What a runnable section may need: code in the kernel's language, seen or not, unless it does not run."""
    post = read(
        markdown("# T\n\nText"),
        code("#| include: false\na = 1"),
        code("#| eval: false\nb = 2"),
        code("%%bash\nls"),
        code("c = 3", tags=["remove-cell"]),
        code("d = 4"),
    )
    assert [(cell.number, cell.source, cell.first_line) for cell in post.code] == [
        (2, "a = 1", 2),
        (5, "c = 3", 1),
        (6, "d = 4", 1),
    ]


def test_removed_parts_are_gone() -> None:
    """A removed input has no text in the post, a removed output no outputs."""
    shown = only(code("secret", stream("out"), tags=["remove-input"]))
    assert (shown.source, shown.outputs) == ("", (Stream("stdout", "out"),))
    assert only(code("x", OUT, tags=["remove-output"])).outputs == ()
    cell = only(code("x", stream("out"), stream("err", "stderr"), tags=["remove-stderr"]))
    assert cell.outputs == (Stream("stdout", "out"),)


def test_runnable_cells_keep_their_program() -> None:
    """The page needs it even where its text is not shown."""
    cell = only(code("#| runnable: true\n#| echo: false\nx"))
    assert (cell.source, cell.options.input) == ("x", "hide")


def test_hidden_parts_are_folded() -> None:
    """They stay in the post."""
    cell = only(code("x", OUT, tags=["hide-input", "hide-output"]))
    assert (cell.options.input, cell.options.output, cell.source) == ("fold", "fold", "x")
    assert cell.outputs


def test_post_decides_what_the_cell_does_not() -> None:
    """``echo: false`` in the front matter is about code only."""
    head = {"cell_type": "raw", "source": "---\necho: false\n---"}
    post = read(head, markdown("# T\n\nText"), code("a", stream("x")), code("#| echo: true\nb"))
    assert [cell.source for cell in post.cells] == ["Text", "", "b"]


def test_output_as_it_is() -> None:
    """Quarto's ``output: asis``: what was printed is Markdown."""
    assert only(code("#| output: asis\nx", stream("**b**"))).outputs == (Bundle({"text/markdown": "**b**"}),)


def test_alt_of_the_cell() -> None:
    """It serves pictures that have none of their own."""
    cell = only(code("x", display({"image/png": PNG}), display({"image/png": PNG}, {"alt": "own"}), alt="cell's"))
    assert [output.metadata["alt"] for output in cell.outputs if isinstance(output, Bundle)] == ["cell's", "own"]


def test_option_notices_have_their_line() -> None:
    """The cell's number, its id, and the line in the cell as its author sees it."""
    (notice,) = (n for n in read(code("\n#| ehco: true\nx", id="c")).notices if n.code == "option-unknown")  # type: ignore[misc]
    assert (notice.place.cell, notice.place.line) == (1, 2)


# --- Outputs --------------------------------------------------------------------------------------------------------

ERROR = {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["\x1b[31ma\nb", "c\x00"]}
TEXT = display({"text/plain": "x"})
VEGA = "application/vnd.vegalite.v6.json"

OUTPUTS = [
    ([stream(["a\n", "b\n"]), stream("c")], (Stream("stdout", "a\nb\nc"),)),
    ([stream("a"), stream("b", "stderr")], (Stream("stdout", "a"), Stream("stderr", "b"))),
    ([stream("a"), TEXT, stream("b")], (Stream("stdout", "a"), Bundle({"text/plain": "x"}), Stream("stdout", "b"))),
    ([stream(""), stream("")], ()),
    ([stream("10%\r20%\x1b[0m\x00")], (Stream("stdout", "10%\r20%\x1b[0m\ufffd"),)),
    ([stream("a", "odd")], (Stream("stdout", "a"),)),
    ([ERROR], (Traceback("E", "v", ("\x1b[31ma", "b", "c\ufffd")),)),
    ([{"output_type": "error"}], (Traceback("", "", ()),)),
    ([ERROR | {"traceback": "a\nb", "evalue": 3, "ename": "\x1b[1mE\n"}], (Traceback("E", "", ("a", "b")),)),
    ([{"output_type": "pyerr", "ename": "E", "traceback": [1, "a"]}], (Traceback("E", "", ("a",)),)),
    ([display({"text/html": ["<b>", "x\x00"]})], (Bundle({"text/html": "<b>x\ufffd"}),)),
    ([display({"TEXT/HTML": "x"})], (Bundle({"text/html": "x"}),)),
    ([display({"image/png": [PNG, "\n"]})], (Bundle({"image/png": PNG + "\n"}),)),
    ([display({"application/json": [{"a": ["\ud800", 1]}]})], (Bundle({"application/json": [{"a": ["\ufffd", 1]}]}),)),
    ([display({"application/json": ["a", "b"]})], (Bundle({"application/json": ["a", "b"]}),)),
    ([display({"application/json": '{"a": 1}'})], (Bundle({"application/json": {"a": 1}}),)),
    ([display({"application/json": '{"a": 1'})], (Bundle({"application/json": '{"a": 1'}),)),
    ([display({"application/geo+json": {"a": 1}})], (Bundle({"application/geo+json": {"a": 1}}),)),
    ([display({VEGA: {"mark": "bar"}})], (Bundle({VEGA: {"mark": "bar"}}),)),
    ([display({"text/plain": "\x1b[1mx"})], (Bundle({"text/plain": "\x1b[1mx"}),)),
    ([{"output_type": "update_display_data", "data": {"text/plain": "x"}}], (Bundle({"text/plain": "x"}),)),
    ([{"output_type": "new", "data": {"text/plain": "x"}}], (Bundle({"text/plain": "x"}),)),
    ([display({})], ()),
    (None, ()),
]  # fmt: skip


@pytest.mark.parametrize(("outputs", "found"), OUTPUTS)
def test_outputs(outputs: Any, found: tuple[Any, ...]) -> None:
    """Saved outputs with their types, texts joined and clean."""
    post = read(code("x") | {"outputs": outputs})
    assert post.cells[0].outputs == found
    assert codes(post) == []


MALFORMED = [
    "text",
    {"a": 1},
    [3],
    [None],
    [{}],
    [{"output_type": "new"}],
    [{"output_type": ["stream"]}],
    [{"output_type": "stream"}],
    [stream(3)],
    [stream([1])],
    [display("x")],
    [display({"text/html": 3})],
    [display({"text/html": {"a": 1}})],
    [display({"image/png": None})],
]


@pytest.mark.parametrize("outputs", MALFORMED)
def test_malformed_outputs_are_left_out(outputs: Any) -> None:
    """Each gives a notice at its cell; the others stay."""
    cell = code("x")
    cell["outputs"] = [*outputs, stream("ok")] if isinstance(outputs, list) else outputs
    post = read(cell)
    assert codes(post) == ["output-malformed"]
    assert post.cells[0].outputs == ((Stream("stdout", "ok"),) if isinstance(outputs, list) else ())


@pytest.mark.parametrize("as_text", [False, True])
def test_deep_output_is_left_out(as_text: bool) -> None:
    """JSON far deeper than any real output's ends neither the reader nor those after it."""
    deep: Any = []
    for _ in range(900):
        deep = [deep]
    post = read(code("x", display({"application/json": json.dumps(deep) if as_text else deep, "text/plain": "x"})))
    assert post.cells[0].outputs == (Bundle({"text/plain": "x"}),)
    assert codes(post) == ["output-malformed"]


def test_million_printed_lines_are_joined_once() -> None:
    """Ten thousand stream outputs become one."""
    cell = only(code("x", *[stream("line\n")] * 10_000))
    assert cell.outputs == (Stream("stdout", "line\n" * 10_000),)


# --- Attachments and widgets ----------------------------------------------------------------------------------------


def attached(name: str, bundle: Any) -> dict[str, Any]:
    return markdown(f"![x](attachment:{name})", attachments={name: bundle})


@pytest.mark.parametrize(
    ("bundle", "content"),
    [({"image/png": PNG}, b"\x89PNG\r\n"), ({"image/png": [PNG[:4], "\n", PNG[4:]]}, b"\x89PNG\r\n"),
     ({"image/svg+xml": "<svg/>"}, b"<svg/>"), ({"image/svg+xml": base64.b64encode(b"<svg/>").decode()}, b"<svg/>"),
     ({"text/plain": "a", "image/png": PNG}, b"\x89PNG\r\n"), ({"text/csv": "a,b"}, b"a,b")],
)  # fmt: skip
def test_attachment(bundle: Any, content: bytes) -> None:
    """The bytes of the picture, however it is kept."""
    assert only(attached("a.png", bundle)).attachments == {"a.png": content}


@pytest.mark.parametrize("name", ["../../evil.png", "/abs.png", "..", "a\0b.png", "..\\..\\e.png", ""])
def test_attachment_names_are_keys_only(name: str) -> None:
    """The picture is there under the name that the text has, and a notice asks for a plain one."""
    post = read(attached(name, {"image/png": PNG}))
    ((key, _),) = post.cells[0].attachments.items()
    assert f"attachment:{key})" in post.cells[0].source
    assert codes(post) == ["attachment-name"]


@pytest.mark.parametrize(
    "bundle", ["x", None, {}, {"image/png": "not base64!"}, {"image/png": 3}, {"image/png": "é"}, []]
)
def test_broken_attachment(bundle: Any) -> None:
    """It is left out with a notice, and its cell stays."""
    post = read(attached("a.png", bundle))
    assert post.cells[0].attachments == {}
    assert codes(post) == ["attachment-broken"]


def test_unused_attachments_are_passed_over() -> None:
    """Pictures that were deleted from the text stay behind in many notebooks."""
    post = read(markdown("Text", attachments={"..": {"image/png": "!"}}))
    assert (post.cells[0].attachments, codes(post)) == ({}, [])


WIDGETS = "application/vnd.jupyter.widget-state+json"


@pytest.mark.parametrize(
    ("widgets", "state", "found"),
    [({WIDGETS: {"state": {"a": "\x00"}}}, {"state": {"a": "\ufffd"}}, []), ({WIDGETS: 3}, {}, ["notebook-malformed"]),
     ("x", {}, ["notebook-malformed"]), ({}, {}, []), (None, {}, [])],
)  # fmt: skip
def test_widget_state(widgets: Any, state: Any, found: list[str]) -> None:
    """As it was saved, or empty."""
    post = read(widgets=widgets)
    assert post.widget_state == state
    assert codes(post) == found


# --- Languages ------------------------------------------------------------------------------------------------------

KERNELS = [
    ({"language_info": {"name": "Python"}}, "python"),
    ({"language_info": {"name": "ipython"}}, "python"),
    ({"kernelspec": {"language": "python3", "name": "x"}}, "python"),
    ({"kernelspec": {"language": "julia", "name": "julia-1.12"}}, "julia"),
    ({"kernelspec": {"name": "julia-1.12"}}, "julia"),
    ({"kernelspec": {"name": "ir"}}, "r"),
    ({"kernelspec": {"name": "conda-env-lab-py"}}, "python"),
    ({"language_info": {"name": "R"}}, "r"),
    ({"language_info": {"name": "C++17"}}, "c++"),
    ({"language_info": {"name": "F#"}}, "f#"),
    ({"language_info": {"name": '"><script>'}}, "script"),
    ({"kernelspec": "BAD", "language_info": ["BAD"]}, "python"),
    ({"language_info": {"name": 3}, "kernelspec": {"language": None, "name": []}}, "python"),
    ({}, "python"),
]


@pytest.mark.parametrize(("metadata", "language"), KERNELS)
def test_kernel_language(metadata: dict[str, Any], language: str) -> None:
    """From the first place that has one."""
    assert find_language(metadata) == language


MAGICS = [
    ("%%bash\nls", "bash"),
    ("%%html\n<b>", "html"),
    ("%%javascript\nx", "javascript"),
    ("%%writefile a/b.rs\nfn", "rust"),
    ("%%file notes\nx", "text"),
    ("%%script /usr/bin/env perl\nx", "perl"),
    ("%%script perl\nx", "perl"),
    ("%%time\nx", "python"),
    ("%%R -i df\nx", "r"),
    ("%time x", "python"),
    ("x %%bash", "python"),
]


@pytest.mark.parametrize(("source", "language"), MAGICS)
def test_magic_language(source: str, language: str) -> None:
    """A cell of another language in an IPython notebook."""
    assert cell_language(source, {}, "python") == language


def test_language_of_a_cell_of_its_own() -> None:
    """Polyglot notebooks keep it in the cell's metadata; other kernels have no magics."""
    assert cell_language("x", {"vscode": {"languageId": "csharp"}}, "c#") == "csharp"
    assert cell_language("%%bash", {"vscode": 3}, "julia") == "julia"
    assert only(code("%%bash\n#| label: x\nls")).source == "%%bash\nls"


# --- Anything -------------------------------------------------------------------------------------------------------

SAMPLE = notebook(
    {"cell_type": "raw", "source": ["---\n", "title: T\n", "date: 2026-01-21\n", "---"], "metadata": {"format": "x"}},
    markdown("# T\n\nBy Ada\n\n![x](attachment:a.png)", id="m", attachments={"a.png": {"image/png": PNG}}),
    code("#| fig-cap: A plot\nplot()", stream("a"), stream("b", "stderr"), ERROR, tags=["hide-input"], collapsed=False,
         jupyter={"source_hidden": False}, alt="x"),
    code("%%bash\nls", display({"image/png": PNG, "text/plain": ["x"], "application/json": {"a": [1]}}, {"alt": "y"})),
    kernelspec={"name": "python3", "language": "python"}, language_info={"name": "python", "version": "3"},
    widgets={WIDGETS: {"state": {}}}, title="T", authors=[{"name": "Ada"}], nbblog={"tags": ["a"], "draft": False},
)  # fmt: skip


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON value."""
    if path:
        yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield from paths(inner, (*path, key))


def altered(path: tuple[Any, ...], value: Any, *, delete: bool) -> dict[str, Any]:
    """The sample with one place deleted or set."""
    result: Any = copy.deepcopy(SAMPLE)
    inner = result
    for key in path[:-1]:
        inner = inner[key]
    if delete:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    assert isinstance(result, dict)
    return result


ODD = [None, True, -1, 3.5, float("nan"), "", "x", "\ud800\x00", [], [None], {}, {"a": {"b": []}}, [["x"]], 10**30]


def is_whole(post: Post) -> bool:
    """Whether a post can be written down: its text encodes, its ids are unique, its JSON is JSON."""
    repr(post).encode()
    assert len({cell.id for cell in post.cells}) == len(post.cells)
    for cell in post.cells:
        assert all(isinstance(output, Stream | Traceback | Bundle) for output in cell.outputs)
        json.dumps([dict(output.data) for output in cell.outputs if isinstance(output, Bundle)]).encode()
    return bool(post.front.title and post.front.slug)


@pytest.mark.parametrize("path", list(paths(SAMPLE)), ids=str)
def test_any_key_may_be_missing_or_wrong(path: tuple[Any, ...]) -> None:
    """Every key of a notebook deleted, and set to each odd value: a post, or an error of ours."""
    for value in [*ODD, "delete"]:
        try:
            post = read_post(altered(path, value, delete=value == "delete"), name="post.ipynb")
        except NbblogError:
            assert len(path) == 1  # only what makes a notebook one can be fatal
        else:
            assert is_whole(post)


JSON = st.recursive(
    st.sampled_from(ODD[:9]) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None, max_examples=300)
@given(st.lists(st.tuples(st.sampled_from(list(paths(SAMPLE))), JSON), min_size=1, max_size=4))
def test_any_json_anywhere(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    """Several places of a notebook set to any JSON: a post, or an error of ours."""
    result: Any = copy.deepcopy(SAMPLE)
    for path, value in changes:
        inner = result
        try:
            for key in path[:-1]:
                inner = inner[key]
            inner[path[-1]] = value
        except (LookupError, TypeError):
            continue  # an earlier change took the place away
    try:
        post = read_post(result, name="post.ipynb")
    except NbblogError:
        return
    assert is_whole(post)


def test_a_reader_reads_only_what_changed() -> None:
    """A cell whose mapping is the same object, in the same place under the same head, is the same cell."""
    reader = Reader()
    head = {"cell_type": "markdown", "id": "head", "metadata": {}, "source": "# Title"}
    text = {"cell_type": "markdown", "id": "text", "metadata": {"tags": ["hide-cell", "odd"]}, "source": "Words."}
    code = {"cell_type": "code", "id": "code", "metadata": {}, "source": "#| nonsense: 1\n1 + 1", "outputs": []}

    def read(*cells: dict[str, Any]) -> Post:
        notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}
        post = reader.read(notebook, name="post.ipynb")
        fresh = read_post(notebook, name="post.ipynb")
        assert post == fresh
        assert [cell.number for cell in post.cells] == [cell.number for cell in fresh.cells]
        return post

    first = read(head, text, code)
    second = read({**head, "source": "# Title\n\nMore"}, text, code)
    assert [cell.id for cell in second.cells] == ["head", "text", "code"]
    assert all(old is new for old, new in zip(first.cells[-2:], second.cells[-2:], strict=True))
    moved = read(text, head, code)
    assert moved.cells[-1] is second.cells[-1]
    assert moved.cells[0].number == 1
    # What the head says of all cells is weighed again.
    assert read({**head, "source": "---\ntitle: T\necho: false\n---"}, text, code).code
    assert read(head, {**text, "id": "code"}, code).cells[-1].id == "code-2"
    read()
    read(head, text, code)
