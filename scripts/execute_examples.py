"""Run the example notebooks in place, and keep in them only what is the same on every machine.

    python scripts/execute_examples.py [NOTEBOOK …]        (default: all of them)

Needs nbclient, ipykernel, matplotlib, pandas, plotly, altair, bokeh, sympy and ipywidgets. Two runs with the same
versions of these write the same bytes, so a difference in version control is a difference in what a reader sees.
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

EXAMPLES = Path(__file__).resolve().parent.parent / "example_notebooks"
EXECUTED = ("interact.ipynb", "markup.ipynb", "outputs.ipynb", "system-design.ipynb")

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
SECTION = "application/vnd.nbblog.interact.v1+json"

# The language as a reader needs it; the kernel adds the version of the interpreter it happened to run on.
LANGUAGE = {
    "name": "python",
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}

# Dates in SVG files, hashes and Bokeh's ids would differ from run to run.
ENVIRONMENT = {"SOURCE_DATE_EPOCH": "1768953600", "PYTHONHASHSEED": "0", "BOKEH_SIMPLE_IDS": "yes", "LC_ALL": "C.UTF-8"}

# A UUID with or without dashes; not a stretch of base64.
_RANDOM_ID = re.compile(r"(?<![0-9A-Za-z+/])[0-9a-f]{8}(-?)(?:[0-9a-f]{4}\1){3}[0-9a-f]{12}(?![0-9A-Za-z+/])")
_ADDRESS = re.compile(r"(?<= at 0x)[0-9a-f]+(?=>)")


def execute_notebook(path: Path) -> None:
    """Run every cell of the notebook at ``path`` and write it back.

    Raises ``CellExecutionError`` at a cell that fails without the tag ``raises-exception``; the file stays as it was.
    """
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        record_timing=False,
        store_widget_state=True,
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute(env={**os.environ, **ENVIRONMENT})
    notebook = rename_random_ids(notebook)
    clear_traces(notebook)
    nbformat.validate(notebook)
    nbformat.write(notebook, path)


def rename_random_ids(notebook: NotebookNode) -> NotebookNode:
    """The notebook with every UUID replaced by a number in the same notation, counted in order of appearance, and
    every memory address by 0."""
    numbers: dict[str, int] = {}

    def rename(match: re.Match[str]) -> str:
        number = numbers.setdefault(match[0].replace("-", ""), len(numbers) + 1)
        digits = f"{number:032x}"
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])) if match[1] else digits

    text = _ADDRESS.sub("0", _RANDOM_ID.sub(rename, json.dumps(notebook)))
    renamed: NotebookNode = nbformat.from_dict(json.loads(text))
    return renamed


def clear_traces(notebook: NotebookNode) -> None:
    """Drop what tells of the machine, and put pieces of text together that a kernel sent one by one."""
    notebook.metadata["kernelspec"] = KERNEL
    notebook.metadata["language_info"] = LANGUAGE
    if not has_lone_widgets(notebook):
        notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        for key in ("execution", "collapsed", "scrolled"):
            cell.metadata.pop(key, None)
        if cell.cell_type == "code":
            cell["outputs"] = _join_streams(cell.outputs)


def has_lone_widgets(notebook: NotebookNode) -> bool:
    """Whether a page needs the widgets' saved states. A section needs none: its answers are in its own output."""
    bundles = [output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", ())]
    return any(WIDGET_VIEW in bundle and SECTION not in bundle for bundle in bundles)


def _join_streams(outputs: list[Any]) -> list[Any]:
    joined: list[Any] = []
    for output in outputs:
        last = joined[-1] if joined else None
        if last and output.output_type == last.output_type == "stream" and output.name == last.name:
            last["text"] += output.text
        else:
            joined.append(output)
    return joined


def main(arguments: list[str]) -> int:
    """Execute the named notebooks, or all."""
    for path in [Path(name) for name in arguments] or [EXAMPLES / name for name in EXECUTED]:
        execute_notebook(path)
        print(f"{path}: {path.stat().st_size / 1024:.0f} KB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
