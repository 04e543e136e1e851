"""The example notebooks: the seed post word for word, the reference page, and one output of every kind."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat
import pytest

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "example_notebooks"
SEED = ROOT / "tests" / "seed" / "system-design.txt"
NAMES = ("system-design", "markup", "outputs", "interact")
ADDED = "run-"
"""What the ids of the seed post's runnable sections begin with, and those of the sentences before them."""

MIME_TYPES = {
    "application/geo+json",
    "application/javascript",
    "application/json",
    "application/vnd.bokehjs_exec.v0+json",
    "application/vnd.bokehjs_load.v0+json",
    "application/vnd.jupyter.widget-view+json",
    "application/vnd.plotly.v1+json",
    "application/vnd.vegalite.v6+json",
    "image/jpeg",
    "image/png",
    "image/svg+xml",
    "text/html",
    "text/latex",
    "text/markdown",
    "text/plain",
}


def read_example(name: str) -> Any:
    """The notebook, as nbformat reads it."""
    return nbformat.read(EXAMPLES / f"{name}.ipynb", as_version=nbformat.NO_CONVERT)


def read_markdown(name: str) -> str:
    """The text of all markdown cells."""
    return "\n\n".join(cell.source for cell in read_example(name).cells if cell.cell_type == "markdown")


def find_bundles(name: str) -> Iterator[Any]:
    """The outputs that hold MIME bundles."""
    for cell in read_example(name).cells:
        yield from (output for output in cell.get("outputs", ()) if "data" in output)


def written_as_read(markdown: str) -> list[str]:
    """The lines as the seed has them: without marks of headings and lists, alternative texts and targets of links."""
    plain = re.sub(r"\[\[image:([^|\]]*)[^\]]*\]\]", r"[[image:\1]]", markdown)
    plain = re.sub(r"(?<!\[)\[([^][]+)\]\([^)]*\)", r"\1", plain)
    plain = re.sub(r"(?m)^(#+|-) ", "", plain)
    return [line for line in plain.splitlines() if line.strip()]


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_valid_nbformat_4_5(name: str) -> None:
    """Each notebook keeps to the current format, cell ids included."""
    notebook = read_example(name)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    nbformat.validate(notebook)


@pytest.mark.parametrize("name", NAMES)
def test_an_example_belongs_to_no_machine(name: str) -> None:
    """No path, no time and no version of the place where the cells were run is left in the file."""
    notebook = read_example(name)
    assert notebook.metadata.kernelspec == {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    }
    assert "version" not in notebook.metadata.language_info
    assert not [cell.id for cell in notebook.cells if "execution" in cell.metadata]
    path = re.compile(r"(?:/(?:home|Users|root|tmp|opt|var|mnt|usr)/|[A-Z]:\\Users|site-packages|ipykernel_\d).*")
    assert not path.findall("\n".join(_texts(notebook)))


def _texts(node: Any) -> Iterator[str]:
    """Every string in the notebook but the bytes of pictures."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key, value in node.items():
            if not key.startswith("image/") or key == "image/svg+xml":
                yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)


@pytest.mark.parametrize("name", NAMES)
def test_an_example_was_run_from_top_to_bottom(name: str) -> None:
    """Code cells are numbered from 1 without a gap, and those that end in an expression have an output."""
    cells = [cell for cell in read_example(name).cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert sum(bool(cell.outputs) for cell in cells) >= len(cells) - 2


@pytest.mark.parametrize("name", NAMES)
def test_local_targets_exist(name: str) -> None:
    """Every file that an example names lies beside it."""
    metadata = read_example(name).metadata.get("nbblog", {})
    prose = re.sub(r"(?ms)^(`{3,})\w*\n.*?^\1$", "", read_markdown(name))
    prose = re.sub(r"`[^`\n]*`|\\\[\[.*?\]\]", "", prose)
    targets = re.findall(r"\[\[(?:image|video|audio|file):\s*([^|\]]+?)\s*(?=[|\]])", prose)
    targets += re.findall(r"!\[[^]]*\]\(([^) ]+)", prose)
    targets += [metadata[key] for key in ("image",) if key in metadata]
    local = [target for target in targets if not re.match(r"(?:https?|attachment):", target)]
    assert not [target for target in local if not (EXAMPLES / target).is_file()]


def test_the_seed_is_there_word_for_word() -> None:
    """The seed post's lines are all in the notebook, in order, and nothing but runnable sections between them."""
    seed = [line for line in SEED.read_text(encoding="utf-8").splitlines() if line.strip()]
    cells = [cell for cell in read_example("system-design").cells if not cell.id.startswith(ADDED)]
    assert {cell.cell_type for cell in cells} == {"markdown"}
    assert written_as_read("\n\n".join(cell.source for cell in cells)) == seed


def test_a_runnable_section_has_its_sentence_and_one_cell() -> None:
    """Before each section stands one paragraph that leads to it; its code is folded."""
    added = [cell for cell in read_example("system-design").cells if cell.id.startswith(ADDED)]
    for text, code in zip(added[::2], added[1::2], strict=True):
        assert (text.cell_type, code.cell_type) == ("markdown", "code")
        assert text.id == f"{code.id}-text"
        assert "\n" not in text.source
        assert code.source.startswith("#| code-fold: true\n")


def test_the_seed_gives_title_and_byline_itself() -> None:
    """Title, author and date come from the seed's own head, not from metadata."""
    notebook = read_example("system-design")
    assert notebook.cells[0].source == "# Testing Enivroment\n\nBy Admin · 1/21/2026"
    assert not {"title", "author", "authors", "date"} & (set(notebook.metadata) | set(notebook.metadata.nbblog))


def test_every_picture_of_the_seed_has_an_alternative_text() -> None:
    """The four pictures can be told apart by someone who does not see them."""
    texts = re.findall(r"\[\[image:[^|\]]+\|([^|\]]+)\]\]", read_markdown("system-design"))
    assert len(set(texts)) == 4


def test_outputs_hold_every_mime_type() -> None:
    """The third example has an output of each kind that a page can show."""
    assert {mime for output in find_bundles("outputs") for mime in output.data} >= MIME_TYPES


def test_outputs_hold_streams_and_an_error() -> None:
    """Text on both streams, colours, a progress bar, and a traceback."""
    outputs = [output for cell in read_example("outputs").cells for output in cell.get("outputs", ())]
    streams = {name: "".join(o.text for o in outputs if o.get("name") == name) for name in ("stdout", "stderr")}
    assert all("\x1b[" in text for text in streams.values())
    assert "\r" in streams["stdout"]
    assert [output.ename for output in outputs if output.output_type == "error"] == ["KeyError"]


def test_the_widgets_state_is_saved() -> None:
    """The view's model and the link between the two widgets are in the notebook's metadata."""
    state = read_example("outputs").metadata.widgets["application/vnd.jupyter.widget-state+json"].state
    views = [output.data.get("application/vnd.jupyter.widget-view+json") for output in find_bundles("outputs")]
    assert all(view.model_id in state for view in views if view)
    assert "LinkModel" in {model.model_name for model in state.values()}
    assert set(re.findall(r"IPY_MODEL_(\w+)", json.dumps(state))) <= set(state)


def test_figures_and_tables_say_what_they_show() -> None:
    """Each picture and chart of the third example has an alternative text, each data frame a caption."""
    for cell in read_example("outputs").cells:
        data = [output.data for output in cell.get("outputs", ()) if "data" in output]
        mimes = {mime for bundle in data for mime in bundle}
        own = any("alt" in meta for o in cell.get("outputs", ()) for meta in o.get("metadata", {}).values())
        if mimes & {"image/png", "image/jpeg", "image/svg+xml"} or any("plotly" in m or "vega" in m for m in mimes):
            assert own or "#| fig-alt: " in cell.source, cell.id
        if any("<table" in bundle.get("text/html", "") for bundle in data):
            assert "#| tbl-cap: " in cell.source, cell.id


def test_the_examples_are_small() -> None:
    """The notebooks can be cloned and compared: under 600 KB each, and no more than 1 MB with their files."""
    assert max((EXAMPLES / f"{name}.ipynb").stat().st_size for name in NAMES) < 600_000
    assert sum(path.stat().st_size for path in EXAMPLES.rglob("*") if path.is_file()) < 1_000_000


@pytest.mark.parametrize(
    "construct",
    [
        "[[image:", "[[video:", "[[audio:", "[[embed:", "[[post:", "[[file:", "[[toc]]", "caption=", "width=", "align=",
        "link=", "poster=", r"\[[", r"\|", "attachment:", "> [!NOTE]", "> [!TIP]", "> [!IMPORTANT]", "> [!WARNING]",
        "> [!CAUTION]", "::: {.callout-", ":::{note}", "<details>", "```mermaid", "[^", "~~", "- [x]", "|---:|", "$$",
        r"\begin{align}", "{width=", "<script>",
    ],
)  # fmt: skip
def test_the_reference_shows_each_construct_and_its_source(construct: str) -> None:
    """Every construct stands in the reference page once as source, in a fence, and once for real."""
    text = read_markdown("markup")
    fences = re.findall(r"(?ms)^(`{3,})(\w+)\n(.*?)^\1$", text)
    written = "\n".join(f"```{language}\n{body}" for _, language, body in fences)
    shown = re.sub(r"(?ms)^(`{3,})(?!mermaid)\w*\n.*?^\1$", "", text)
    assert construct in written
    assert construct in shown


def test_sections_of_the_reference_follow_each_other_without_a_gap() -> None:
    """No heading level is skipped, and none is a first-level one: the title comes from the front matter."""
    prose = re.sub(r"(?ms)^(`{3,})\w*\n.*?^\1$", "", read_markdown("markup"))
    levels = [len(marks) for marks in re.findall(r"(?m)^(#+) ", prose)]
    assert min(levels) == 2
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_cell_ids_are_words() -> None:
    """Ids are names given by the author: links to cells and differences in version control stay readable."""
    ids = [cell.id for name in NAMES for cell in read_example(name).cells]
    assert all(re.fullmatch(r"[a-z]+(?:-[a-z]+)*", cell_id) for cell_id in ids)


def test_the_reference_names_notices_that_exist() -> None:
    """Each notice in the reference's last table is one that the renderer gives."""
    from nbblog.core.notices import NoticeCode

    named = re.findall(r"\| `([a-z]+(?:-[a-z]+)+)`: ", read_markdown("markup"))
    assert len(named) > 5
    assert set(named) <= {kind.code for kind in NoticeCode}
