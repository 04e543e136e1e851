"""A real kernel that runs cells, as JupyterLab and nbconvert do."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode
from collections.abc import Iterator
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

MIME = "application/vnd.nbblog.interact.v1+json"
IMPORTS = "from nbblog import fixed, interact, interact_manual, interactive, plot, slider"


class Kernel:
    """A notebook that grows by the cells that are run."""

    def __init__(self) -> None:
        self.notebook = nbformat.v4.new_notebook()
        self._client = NotebookClient(self.notebook, timeout=120)
        self._running = self._client.setup_kernel(stderr=None)
        self._running.__enter__()

    def run(self, *cells: str) -> list[dict[str, Any]]:
        """Run cells; the outputs of the last."""
        for source in cells:
            self.notebook.cells.append(nbformat.v4.new_code_cell(source))
            self._client.execute_cell(self.notebook.cells[-1], len(self.notebook.cells) - 1, store_history=True)
        outputs: list[dict[str, Any]] = self.notebook.cells[-1].outputs
        return outputs

    def sections(self, *cells: str) -> list[dict[str, Any]]:
        """Run cells; what the last one saves of its sections."""
        return [output["data"][MIME] for output in self.run(*cells) if MIME in output.get("data", {})]

    def section(self, *cells: str) -> dict[str, Any]:
        """Run cells; the last one has one section and no other output."""
        outputs = self.run(*cells)
        assert [list(output.get("data", output)) for output in outputs] == [list(outputs[0]["data"])]
        saved: dict[str, Any] = outputs[0]["data"][MIME]
        return saved

    def close(self) -> None:
        self._running.__exit__(None, None, None)


@pytest.fixture(scope="module")
def kernel() -> Iterator[Kernel]:
    """One for all tests of a module: each uses names of its own. ``nbblog``'s names are imported."""
    running = Kernel()
    running.run(IMPORTS)
    yield running
    running.close()


@pytest.fixture(scope="session")
def answers_of() -> Any:
    """``answers_of(saved)``: the parts of each baked state, by its number."""

    def read(saved: dict[str, Any]) -> dict[int, list[dict[str, Any]]]:
        content = json.loads(zlib.decompress(b64decode(saved["states"]["data"])))
        keys = content["keys"] if content["keys"] is not None else range(saved["states"]["total"])
        return {key: content["distinct"][answer] for key, answer in zip(keys, content["answers"], strict=True)}

    return read
