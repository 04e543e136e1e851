"""Runnable sections of the seed article in a browser: how soon they answer, against Pyodide alone in the same browser.

Baked answers: every control of every section is moved through its stops, and the time from the input event until the
answer stands in the page, and until the next frame, is taken. Live answers, each time with a new browser profile: from
the press of Run to the answer of the capacity calculation; the same calculation in Pyodide as npm has it, in a worker
of a page with nothing else, is the floor. Then a second visit, and the answer after an endless loop was stopped. Last,
from nothing to the first answer, beside marimo's page of the same calculation in WebAssembly: a reader opens the page,
and here moves the first slider, while marimo computes its first answer itself.
"""

from __future__ import annotations

import ast
import json
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from marimo_page import write_marimo
from playwright.sync_api import sync_playwright
from static_host import FLAGS, find_browser, serve

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT / "example_notebooks" / "system-design.ipynb"
RUNS = 9
OPENINGS = 3
PATIENCE = 120_000
MOVE = """async () => {
  const times = [], frame = () => new Promise(requestAnimationFrame);
  const answered = (element) => new Promise((resolve) => {
    const give = (detail) => { clearTimeout(timer); resolve(detail); };
    const timer = setTimeout(give, 500);
    element.addEventListener("nbblog:answer", ({ detail }) => give(detail), { once: true });
  });
  for (const element of document.querySelectorAll("nbblog-interact")) {
    element.scrollIntoView({ block: "center" });
    await new Promise((resolve) => setTimeout(resolve, 150));
    const moved = async (input, type) => {
      const wait = answered(element), start = performance.now();
      input.dispatchEvent(new Event(type, { bubbles: true }));
      const detail = await wait, end = performance.now();
      await frame();
      if (detail) times.push([detail.source, end - start, performance.now() - start]);
    };
    for (const input of element.querySelectorAll("form [name]")) {
      if (input.type === "range") for (let at = +input.min; at <= +input.max; at++) {
        input.value = at;
        await moved(input, "input");
      } else if (input.localName === "select") for (const option of input.options) {
        input.value = option.value;
        await moved(input, "change");
      } else if (input.type === "checkbox" || input.type === "radio") {
        input.checked = !input.checked || input.type === "radio";
        await moved(input, "change");
      }
    }
  }
  return times;
}"""
PRESS_RUN = """() => new Promise((resolve) => {
  const section = document.querySelector("nbblog-interact"), start = performance.now();
  const wait = ({ detail }) => detail.source === "live" && resolve(performance.now() - start);
  section.addEventListener("nbblog:answer", wait);
  section.querySelector("[data-action=run]").click();
})"""
LOOP = """async () => {
  const section = document.querySelector("nbblog-interact");
  const press = (name) => section.querySelector(`[data-action=${name}]`).click();
  press("edit");
  await new Promise((resolve) => setTimeout(resolve, 300));
  const area = section.querySelector("textarea"), before = area.value;
  const write = (text) => { area.value = text; area.dispatchEvent(new Event("input", { bubbles: true })); };
  write("while True: pass");
  press("run");
  await new Promise((resolve) => setTimeout(resolve, 2500));
  write(before);
  const start = performance.now();
  press("stop");
  while (section.hasAttribute("data-running")) await new Promise((resolve) => setTimeout(resolve, 1));
  const answer = new Promise((resolve) => section.addEventListener("nbblog:answer", resolve, { once: true }));
  press("run");
  await answer;
  return performance.now() - start;
}"""
MOVE_FIRST = """() => new Promise((resolve) => {
  const section = document.querySelector("nbblog-interact"), input = section.querySelector("input[type=range]");
  section.addEventListener("nbblog:answer", resolve, { once: true });
  input.value = +input.value - 1;
  input.dispatchEvent(new Event("input", { bubbles: true }));
})"""
SAYS_SERVERS = "() => document.body.innerText.includes('servers carry the busiest minutes')"
BARE = """<!DOCTYPE html><title>Bare</title><button>Run</button><output></output><script>
const press = () => new Promise((resolve) => {
  const start = performance.now(), worker = new Worker("worker.mjs", { type: "module" });
  worker.onmessage = ({ data }) => {
    document.querySelector("output").textContent = data;
    resolve(performance.now() - start);
  };
});</script>"""
BARE_WORKER = """import { loadPyodide } from "./pyodide.mjs";
const python = await loadPyodide();
postMessage(python.runPython(%s));
"""


@dataclass
class Row:
    """A line of the table: seconds of each run, bytes and requests of the last."""

    name: str
    seconds: list[float] = field(default_factory=list)
    bytes: int = 0
    requests: int = 0

    def median(self) -> float:
        return statistics.median(self.seconds)

    def ratio(self, floor: Row) -> float:
        """The median of the ratios, run by run: a machine that slows down slows both."""
        return statistics.median(own / other for own, other in zip(self.seconds, floor.seconds, strict=True))

    def count(self, response: Any) -> None:
        """Add what a response weighs."""
        self.bytes += int(response.headers.get("content-length", 0))
        self.requests += 1


def calculation() -> str:
    """The capacity section's function and what it uses, as Python without nbblog; the last line is its answer."""
    cells = json.loads(SEED.read_text("utf-8"))["cells"]
    (source,) = ("".join(cell["source"]) for cell in cells if "def capacity(" in "".join(cell["source"]))
    kept = []
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.ImportFrom):
            continue
        if isinstance(statement, ast.FunctionDef):
            statement.decorator_list = []
        kept.append(ast.unparse(statement))
    return "\n".join(["plot = lambda *rest, **more: ''", *kept, "capacity()[0]"])


def write_bare(folder: Path) -> None:
    """A page with Pyodide as npm has it."""
    sys.path.insert(0, str(ROOT / "build_backend"))
    from nbblog_libraries import LIBRARIES

    (package,) = LIBRARIES["python"]
    spec = f"{package.name}@{package.version}"
    subprocess.run(["npm", "pack", "--silent", "--ignore-scripts", spec], cwd=folder, check=True, capture_output=True)
    with tarfile.open(next(folder.glob("*.tgz"))) as tar:
        for name in package.files:
            member = tar.extractfile(f"package/{name}")
            assert member is not None
            (folder / name).write_bytes(member.read())
    (folder / "index.html").write_text(BARE, "utf-8")
    (folder / "worker.mjs").write_text(BARE_WORKER % json.dumps(calculation()), "utf-8")


def in_new_profile(browser: Browser, url: str, row: Row, measure: Callable[[Page], float]) -> Page:
    """Open ``url`` with nothing kept, and add the seconds that ``measure`` (milliseconds) takes to the row."""
    page = open_page(browser.new_context(), url, row)
    row.seconds.append(measure(page) / 1000)
    return page


def open_page(context: Any, url: str, row: Row) -> Page:
    """The page, once it is quiet; what it loads from then on counts."""
    page: Page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.route("https://**", lambda route: route.abort())
    page.goto(url)
    page.wait_for_timeout(1000)
    row.bytes = row.requests = 0
    page.on("response", row.count)
    return page


def measure_baked(browser: Browser, url: str) -> None:
    page = open_page(browser.new_context(), url, Row(""))
    times = page.evaluate(MOVE)
    baked = [(answer, painted) for source, answer, painted in times if source == "baked"]
    for name, values in zip(("in the page", "next frame"), zip(*baked, strict=True), strict=True):
        ranked = sorted(values)
        middle, p95 = statistics.median(ranked), ranked[int(len(ranked) * 0.95)]
        print(f"baked answers {name:12} {len(ranked)} moved: median {middle:5.1f} ms, p95 {p95:5.1f} ms")
    print(f"answers of Python among them: {len(times) - len(baked)}")


def measure_live(browser: Browser, ours: str, bare: str) -> list[Row]:
    first, second, again, floor = rows = [
        Row("nbblog, first answer"), Row("nbblog, second visit"), Row("nbblog, after an endless loop"),
        Row("Pyodide as npm has it"),
    ]  # fmt: skip
    for _ in range(RUNS):
        page = in_new_profile(browser, bare, floor, lambda page: page.evaluate("() => press()"))
        page.context.close()
        page = in_new_profile(browser, ours, first, lambda page: page.evaluate(PRESS_RUN))
        loaded = first.bytes, first.requests
        again.seconds.append(page.evaluate(LOOP) / 1000)
        first.bytes, first.requests = loaded
        page.wait_for_timeout(2000)
        context = page.context
        page.close()
        page = open_page(context, ours, second)
        second.seconds.append(page.evaluate(PRESS_RUN) / 1000)
        context.close()
    return rows


def measure_opening(browser: Browser, ours: str, theirs: str) -> list[Row]:
    """From the opening of a page, with nothing kept, to its first answer."""
    rows = [Row("nbblog, opened and moved"), Row("marimo, opened")]
    for _ in range(OPENINGS):
        for row, url in zip(rows, (ours, theirs), strict=True):
            page = browser.new_context().new_page()
            page.set_default_timeout(PATIENCE)
            row.bytes = row.requests = 0
            page.on("response", row.count)
            page.route("https://**", lambda route: route.abort())
            start = time.perf_counter()
            page.goto(url)
            if url == ours:
                page.evaluate(MOVE_FIRST)
            else:
                page.wait_for_function(SAYS_SERVERS)
            row.seconds.append(time.perf_counter() - start)
            page.context.close()
    return rows


def print_rows(rows: list[Row], floor: Row | None = None) -> None:
    """A line for each; with a floor its ratio to that, run by run."""
    for row in rows:
        spread = f"({min(row.seconds):.2f} to {max(row.seconds):.2f})"
        ratio = f"{row.ratio(floor):5.2f} × Pyodide alone" if floor else ""
        amount = f"{row.bytes / 1e6:6.2f} MB in {row.requests} requests"
        print(f"{row.name:32} {row.median():6.2f} s {spread:16} {ratio:21} {amount}", flush=True)


def main() -> None:
    """Print what was measured."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        (folder / "bare").mkdir()
        write_bare(folder / "bare")
        command = [sys.executable, "-m", "nbconvert", "--to", "nbblog", "--output-dir", str(folder), str(SEED)]
        subprocess.run(command, check=True, capture_output=True)
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS.split())
        with serve(folder) as site:
            measure_baked(browser, f"{site}/{SEED.stem}.html")
            write_marimo(folder / "marimo", f"{site}/marimo", calculation().rpartition("\n")[0])
            rows = measure_live(browser, f"{site}/{SEED.stem}.html", f"{site}/bare/index.html")
            print_rows(rows, floor=rows[3])
            print_rows(measure_opening(browser, f"{site}/{SEED.stem}.html", f"{site}/marimo/index.html"))


if __name__ == "__main__":
    main()
