"""CPU from the bytes of a notebook to its page, against nbconvert's HTML exporter, warm and in one process."""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbconvert import HTMLExporter

from nbblog.core.config import BlogConfig
from nbblog.core.errors import FileRefused, NbblogError
from nbblog.files import parse_notebook
from nbblog.onepage import render_one_page

EXAMPLES = Path(__file__).parent.parent / "example_notebooks"


def no_file(target: str) -> bytes:
    """No file is beside the notebooks of a corpus."""
    raise FileRefused(target, "not here")


def ours(raw: bytes) -> int:
    """Characters of our page."""
    notebook = parse_notebook(raw, "x.ipynb")
    page = render_one_page(notebook, name="x.ipynb", config=BlogConfig(), read_file=no_file, files_dir="x_files")
    return len(page.html)


def theirs(raw: bytes) -> int:
    """Characters of nbconvert's page."""
    html, _ = EXPORTER.from_notebook_node(nbformat.reads(raw.decode("utf-8-sig"), 4))
    return len(html)


EXPORTER = HTMLExporter()


def cpu(render: Callable[[bytes], int], raw: bytes) -> float | None:
    """CPU seconds of the first rendering of this notebook, so that no cache knows it; ``None`` where it is refused."""
    start = time.process_time()
    try:
        render(raw)
    except (NbblogError, nbformat.ValidationError, nbformat.reader.NotJSONError, UnicodeDecodeError):
        return None
    return time.process_time() - start


def main() -> None:
    """Print both for each notebook that both render, and the ratio of the sums."""
    warnings.simplefilter("ignore")
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLES
    for warm_up in sorted(EXAMPLES.rglob("*.ipynb")):
        ours(warm_up.read_bytes()), theirs(warm_up.read_bytes())
    notebooks = sorted(folder.rglob("*.ipynb"))
    if not notebooks:
        sys.exit(f"{folder}: no notebooks here")
    sums = [0.0, 0.0]
    for path in notebooks:
        raw = path.read_bytes()
        pair = cpu(ours, raw), cpu(theirs, raw)
        if pair[0] is None or pair[1] is None:
            said = ["refused" if seconds is None else "page" for seconds in pair]
            print(f"{path.name[:60]:60} {said[0]:>9} {said[1]:>9}")
            continue
        sums = [sums[0] + pair[0], sums[1] + pair[1]]
        print(f"{path.name[:60]:60} {pair[0]:7.3f} s {pair[1]:7.3f} s {pair[1] / pair[0]:7.1f} ×")
    print(f"{'all':60} {sums[0]:7.3f} s {sums[1]:7.3f} s {sums[1] / sums[0]:7.1f} × less CPU than nbconvert")


if __name__ == "__main__":
    main()
