"""From a keystroke to the painted change, in a real JupyterLab: how long, and where the time goes.

    python benchmarks/preview.py [CELLS…]

For notebooks of so many cells (200 and 1,000, unless others are given), half text and half code with outputs: one cell
in the middle is typed into, letter by letter, each when the last has been painted. The parts are what the panel does
before it asks, the answer's way through the server (and of that the rendering, measured without a server), and from
the answer to the paint; JupyterLab's own keystroke, to its next frame, stands below them. Tasks of the page's main
thread that take longer than 50 ms are counted, with the preview and before it is opened. Then a thousand edits more,
and what the page holds after them: bytes of its heap and nodes of its documents, after a collection.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from notebook_server import TOKEN, NotebookServer  # noqa: E402

from chromium import FLAGS, find_browser  # noqa: E402
from nbblog.core.errors import FileRefused  # noqa: E402
from nbblog.livepreview import Desk, Preview, Request  # noqa: E402

KEYS = 60
EDITS = 1000
MEASURE = """async (keys) => {
  const panel = [...jupyterapp.shell.widgets('main')].find(({ content }) => content.model?.cells);
  const cells = panel.content.model.cells, middle = cells.get(Math.floor(cells.length / 2) | 1);
  const tasks = [], times = [];
  const note = (list) => tasks.push(...list.getEntries().map(({ duration }) => duration));
  new PerformanceObserver(note).observe({ type: 'longtask' });
  for (let key = 0; key < keys; key++) {
    performance.clearResourceTimings();
    const painted = new Promise((resolve) => addEventListener('message', function hear({ data }) {
      if (data?.nbblog !== 'shown') return;
      removeEventListener('message', hear);
      resolve(performance.now());
    }));
    const start = performance.now();
    middle.sharedModel.setSource(middle.sharedModel.getSource() + 'words '[key % 6]);
    const end = await painted;
    const [asked] = performance.getEntriesByType('resource').filter(({ name }) => name.includes('nbblog/api/preview'));
    const { startTime, responseEnd } = asked, server = responseEnd - startTime;
    times.push({ all: end - start, before: startTime - start, server, after: end - responseEnd });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { times, tasks };
}"""
ALONE = """async (keys) => {
  const panel = [...jupyterapp.shell.widgets('main')].find(({ content }) => content.model?.cells);
  const cells = panel.content.model.cells, middle = cells.get(Math.floor(cells.length / 2) | 1);
  const tasks = [], times = [];
  new PerformanceObserver((list) => tasks.push(...list.getEntries())).observe({ type: 'longtask' });
  for (let key = 0; key < keys; key++) {
    const start = performance.now();
    middle.sharedModel.setSource(middle.sharedModel.getSource() + 'words '[key % 6]);
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    times.push(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { times, tasks: tasks.length };
}"""


def write_cells(count: int) -> list[dict[str, Any]]:
    """Half text with headings, formulas and tables, half code with what it printed."""
    words = "More words that say something about it, here and there. " * 8
    table = "| a | b |\n|---|---|\n| 1 | 2 |"
    cells: list[dict[str, Any]] = [
        {"cell_type": "raw", "id": "head", "metadata": {}, "source": "---\ntitle: A long post\n---"}
    ]
    for number in range(1, count):
        if number % 2:
            text = f"Some *text* with `code`, $x^{{{number % 7}}}$. {words}"
            source = f"## Part {number}\n\n{text}\n\n- one\n- two\n\n{table}"
            cells.append({"cell_type": "markdown", "id": f"text{number}", "metadata": {}, "source": source})
        else:
            source = f"for number in range({number}):\n    print(number, 'times')\n" * 4
            printed = {"output_type": "stream", "name": "stdout", "text": f"{number} times\n" * 20}
            code = {"cell_type": "code", "id": f"code{number}", "metadata": {}, "source": source}
            cells.append({**code, "outputs": [printed], "execution_count": number})
    return cells


def no_file(target: str) -> bytes:
    """No file is beside the notebook."""
    raise FileRefused(target, "not here")


def render(cells: list[dict[str, Any]]) -> list[float]:
    """Milliseconds of each answer to a changed cell, without a server."""
    preview, desk, times = Preview(), Desk("long.ipynb", no_file), []
    keyed = [(str(number), cell) for number, cell in enumerate(cells)]
    preview.answer(Request(tuple(keyed)), desk)
    middle = len(cells) // 2 | 1
    for key in range(KEYS):
        changed = {**cells[middle], "source": cells[middle]["source"] + ("words " * KEYS)[:key]}
        asked = [(name, None) for name, _ in keyed]
        asked[middle] = (f"changed{key}", changed)
        start = time.perf_counter()
        json.dumps(preview.answer(Request(tuple(asked), have=key + 1), desk))
        times.append((time.perf_counter() - start) * 1000)
    return times


def browse(cells: list[dict[str, Any]], base: Path) -> dict[str, Any]:
    """What the browser measured."""
    from playwright.sync_api import sync_playwright

    (base / "posts").mkdir(parents=True)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": cells}
    (base / "posts" / "long.ipynb").write_text(json.dumps(notebook))
    application: Any = {"LabApp": {"expose_app_in_browser": True}}
    server = NotebookServer(base / "posts", base / "home", application="lab", **application)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
            page = browser.new_page(viewport={"width": 1400, "height": 900})
            page.set_default_timeout(120_000)
            page.goto(f"{server.url}lab/tree/long.ipynb?reset&token={TOKEN}")
            page.wait_for_selector(".jp-Notebook .jp-Cell")
            session = page.context.new_cdp_session(page)
            settle(page, session)
            alone = page.evaluate(ALONE, KEYS)
            page.click('[data-jp-item-name="nbblog"] jp-button')
            page.wait_for_selector(".nbblog-Frame > iframe:not(.nbblog-mod-loading)", state="attached")
            settle(page, session)
            measured: dict[str, Any] = page.evaluate(MEASURE, KEYS)
            measured["alone"] = alone
            measured["held"] = [hold(session)]
            for _ in range(4):
                page.evaluate(MEASURE, EDITS // 4)
                measured["held"].append(hold(session))
            browser.close()
    finally:
        server.close()
    return measured


def settle(page: Any, session: Any) -> None:
    """Wait until JupyterLab has drawn the cells that it leaves for when it has nothing else to do: minutes, of a
    thousand."""
    before = -1
    while before != (now := session.send("Memory.getDOMCounters")["nodes"]):
        before = now
        page.wait_for_timeout(4000)


def hold(session: Any) -> tuple[float, int]:
    """Mebibytes of the page's heap, and nodes of its documents."""
    for _ in range(2):
        session.send("HeapProfiler.collectGarbage")
    heap = session.send("Runtime.getHeapUsage")["usedSize"]
    return heap / 2**20, int(session.send("Memory.getDOMCounters")["nodes"])


def spread(times: list[float]) -> str:
    """Median and 95th percentile."""
    return f"{statistics.median(times):6.1f} {statistics.quantiles(times, n=20)[-1]:6.1f}"


def main() -> None:
    """Print the parts for each size."""
    for count in [int(argument) for argument in sys.argv[1:]] or [200, 1000]:
        cells = write_cells(count)
        with tempfile.TemporaryDirectory() as folder:
            measured = browse(cells, Path(folder) / "lab")
        parts = {name: [time[name] for time in measured["times"]] for name in ("all", "before", "server", "after")}
        print(f"{count} cells, {len(json.dumps(cells)) // 1000} KB          median    p95 (ms)")
        for name, words in (
            ("all", "keystroke to paint"),
            ("before", "  before asking"),
            ("server", "  through the server"),
            ("after", "  answer to paint"),
        ):
            print(f"{words:24} {spread(parts[name])}")
        print(f"{'  rendering alone':24} {spread(render(cells))}")
        alone = measured["alone"]
        print(f"{'without the preview':24} {spread(alone['times'])}")
        print(f"tasks over 50 ms: {len(measured['tasks'])} in {KEYS} keystrokes, {alone['tasks']} without the preview")
        for at, (heap, nodes) in enumerate(measured["held"]):
            print(f"after {at * EDITS // 4:5} edits more: {heap:7.1f} MiB, {nodes} nodes")
        print()


if __name__ == "__main__":
    main()
