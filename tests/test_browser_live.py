"""Python in a real browser, from a server and from the disk: it answers, it can be stopped, and it reaches nothing."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from live_page import PATIENCE, ask, start, write_page
from playwright.sync_api import expect

from nbblog.core.fragment import Collector
from nbblog.core.html import escape, tag
from nbblog.core.sections.parts import PartPress, SectionContext
from nbblog.core.tables import tidy_tables
from nbblog.libraries import page_library
from nbblog.live import packages_lock, shared_modules

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

CAPACITY = '''
from nbblog import interact

@interact(users=(1, 9), cached=True)
def capacity(users=3, cached=True):
    """How many servers?"""
    print("for", users, "users")
    return [{"server": number, "load": users / (number + 1)} for number in range(users if cached else 2 * users)]
'''


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("live")
    write_page(folder)
    return folder


@pytest.fixture(scope="module", params=["http", "file"])
def address(request: pytest.FixtureRequest, folder: Path, serve: Callable[[Path], str]) -> str:
    """Where the page is: below a path on a server, and on the disk."""
    return (serve(folder) if request.param == "http" else folder.as_uri() + "/") + "page.html"


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture(scope="module")
def page(address: str, context: BrowserContext) -> Iterator[Page]:
    """A page whose Python has started, and answers many questions."""
    page = context.new_page()
    page.goto(address)
    assert ask(page, "1 + 1")["html"].count("2") == 1
    yield page
    page.close()


# --- Answers ----------------------------------------------------------------------------------------------------------


def test_nothing_is_loaded_before_somebody_asks(address: str, context: BrowserContext) -> None:
    """A page whose reader moves no slider beyond what is baked asks for no byte of Python."""
    page = context.new_page()
    urls: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    page.goto(address, wait_until="load")
    assert [url.rpartition("/")[2] for url in urls] == ["page.html"]
    page.close()


def test_answers_come_with_progress(address: str, context: BrowserContext) -> None:
    """While Python loads and starts, the reader is told; a second answer needs neither."""
    page = context.new_page()
    page.goto(address)
    first = ask(page, CAPACITY, arguments={"users": 2, "cached": True})
    words = page.evaluate("live.words.splice(0)")
    second = ask(page, CAPACITY, arguments={"users": 3, "cached": False})
    assert words[0].startswith("Python is loading: 0.0 of 5.")
    assert words[-2:] == ["Python is starting …", "Python is computing …"]
    assert set(page.evaluate("live.words")) == {"Python is computing …"}
    assert [answer["html"].count("<tr>") for answer in (first, second)] == [3, 7]
    assert second["error"] is None
    page.close()


PARTS = '''
from nbblog import plot
from IPython.display import HTML, display
print("printed", 1, "\\nand more \\t<b>")
display(HTML("<p class='x'>Its <b onclick='a()'>own</b> HTML</p><script>a()</script>"))
display({"name": "Ada & Co", "of": 1815, "ratio": 0.123456789})
class Picture:
    def _repr_svg_(self):
        return "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'><rect width='9' height='9'/></svg>"
class Frame:
    def _repr_html_(self):
        return (
            "<table border='1' class='dataframe'><thead><tr style='text-align: right;'><th></th><th>a</th></tr></thead>"
            "<tbody><tr><th>0</th><td>1.5</td></tr><tr><th>1</th><td>-2</td></tr></tbody></table>"
        )
display(Picture())
display([1, 2, {"a": ("b",)}], "text")
rows = [{"n": number, "square": number**2, "odd": bool(number % 2), "word": "<i>"} for number in range(3)]
rows, Frame(), "A sentence.", plot([1, 2], [3, 4])
'''

COMPARABLE = """([html, built]) => {
  const parse = (text) => {
    const { body } = new DOMParser().parseFromString(`<!DOCTYPE html><body>${text}`, "text/html");
    for (const one of body.querySelectorAll("img, [data-plot]")) one.replaceWith(document.createElement("hr"));
    for (const one of body.querySelectorAll(".nb-plotted")) one.replaceWith(document.createElement("hr"));
    body.normalize();
    return body;
  };
  const [one, other] = [parse(html), parse(built)];
  return one.isEqualNode(other) ? "" : `${one.innerHTML}\\n${other.innerHTML}`;
}"""


def build(parts: list[dict[str, Any]]) -> str:
    """What the build makes of an answer."""
    collector = Collector(asset_url=lambda asset: asset.name, read_file=lambda target: b"")
    context = SectionContext("key", collector, tidy_tables, lambda text: tag("p", escape(text)), lambda text: None)
    return str(PartPress(context).render(parts))


def run_here(requests: list[dict[str, Any]], folder: Path, *, raw: bool = False) -> list[list[dict[str, Any]]]:
    """The parts that this Python gives, by the very modules that the browser's has."""
    for path, text in shared_modules().items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    (folder / "requests.json").write_text(json.dumps(requests), encoding="utf-8")
    program = RAW if raw else NATIVE
    command = [sys.executable, "-I", "-c", program, str(folder)]
    result = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert result.returncode == 0, result.stderr
    answers: list[list[dict[str, Any]]] = json.loads(result.stdout)
    return answers


NATIVE = """
import json, sys
sys.path.append(sys.argv[1])
from nbblog_core.tables import tidy_tables
from nbblog_shared.sections import MissingModules, Programs
programs = Programs(MissingModules([]), tidy_tables)
with open(sys.argv[1] + "/requests.json", encoding="utf-8") as file:
    requests = json.load(file)
print(json.dumps([json.loads(programs.answer(json.dumps(request)))["parts"] for request in requests]))
"""
RAW = """
import json, sys
sys.path.append(sys.argv[1])
from nbblog_shared.stand_in import run_cell
with open(sys.argv[1] + "/requests.json", encoding="utf-8") as file:
    requests = json.load(file)
print(json.dumps([run_cell(request["prelude"], request["cell"]) for request in requests]))
"""


def test_an_answer_has_the_elements_that_the_build_gives_it(page: Page, tmp_path: Path) -> None:
    """Printed text, tables, foreign HTML, sentences, pictures and charts look as they do when they are baked."""
    [parts] = run_here([{"prelude": "", "cell": PARTS}], tmp_path, raw=True)
    answered = ask(page, PARTS)
    assert len(parts) == 10
    assert page.evaluate(COMPARABLE, [answered["html"], build(parts)]) == ""
    assert page.locator("main img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 10
    spec = json.loads(page.locator("main [data-plot]").get_attribute("data-plot") or "")
    assert spec["series"][0]["y"] == [3, 4]


def test_the_runtime_knows_whether_it_gives_what_was_baked(page: Page, tmp_path: Path) -> None:
    """The same answer is known as the same, another as another."""
    [parts] = run_here([{"prelude": "", "cell": PARTS}], tmp_path, raw=True)
    same = """async ([request, html]) => {
      const api = await live.open();
      return api.isSame((await api.answer(request)).fragment, html);
    }"""
    request = {"key": "check", "cell": PARTS}
    assert page.evaluate(same, [request, build(parts)]) is True
    assert page.evaluate(same, [request, build(parts).replace("1.5", "1.6")]) is False


COUNT = """
from nbblog import interact
import sys
import time
sys.runs = getattr(sys, 'runs', 0) + 1
@interact(a=(0, 9))
def f(a):
    return sys.runs, a
"""


def test_a_program_stays_loaded(page: Page) -> None:
    """The cells of a section run once, however many answers it gives; edited code runs anew."""
    answers = [ask(page, COUNT, key="count", arguments={"a": number}) for number in range(3)]
    edited = ask(page, COUNT + "\n", key="count", arguments={"a": 0})
    assert [answer["parts"][0]["text"] for answer in (*answers, edited)] == ["(1, 0)", "(1, 1)", "(1, 2)", "(2, 0)"]


CAREFUL = """
try:
    import argparse
except ImportError:
    argparse = None
import unittest, xml.dom
argparse.__name__, unittest.TestCase.__name__
"""


def test_the_rest_of_the_library_comes_when_it_is_imported(page: Page) -> None:
    """Modules that few programs need are loaded with the first that does, even where the program does without."""
    assert ask(page, CAREFUL)["parts"] == [{"kind": "text", "text": "('argparse', 'TestCase')"}]


def test_ordinary_modules_are_there_from_the_start(address: str, context: BrowserContext) -> None:
    """No module that calculations use makes the page load the rest of the library."""
    rest = set(packages_lock()["rest"])
    page = context.new_page()
    urls: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    page.goto(address)
    answered = ask(page, "\n".join(f"import {name}" for name in ORDINARY) + "\n1")
    assert answered["error"] is None
    assert set(ORDINARY) & rest == set()
    assert [url for url in urls if "python-rest" in url] == []
    page.close()


ORDINARY = (
    *("abc", "array", "ast", "asyncio", "base64", "bisect", "calendar", "cmath", "collections", "colorsys", "copy"),
    *("csv", "dataclasses", "datetime", "decimal", "difflib", "enum", "fractions", "functools", "gzip", "hashlib"),
    *("heapq", "hmac", "html", "inspect", "io", "ipaddress", "itertools", "json", "locale", "logging", "math"),
    *("numbers", "operator", "os", "pathlib", "pickle", "pprint", "queue", "random", "re", "secrets", "shutil"),
    *("statistics", "string", "struct", "sys", "tempfile", "textwrap", "threading", "time", "tomllib", "traceback"),
    *("types", "typing", "unicodedata", "urllib", "uuid", "warnings", "weakref", "zipfile", "zlib"),
)


# --- A thousand states ------------------------------------------------------------------------------------------------

FUNCTIONS = (Path(__file__).parent / "live_functions.py").read_text("utf-8")


def states() -> list[dict[str, Any]]:
    """Requests to every function of ``live_functions.py``, over the whole of what its controls can say."""
    requests = []
    for index in range(FUNCTIONS.count("@interact(")):
        for number in range(90):
            values = {"n": 1 + number * 7 % 89, "x": round(0.05 + number * 0.37, 2), "word": f"word {number % 9}"}
            requests.append({"key": "all", "prelude": "", "cell": FUNCTIONS, "index": index, "arguments": values})
    return requests


def test_a_thousand_answers_are_those_of_this_python(page: Page, tmp_path: Path) -> None:
    """The browser's Python shows what CPython shows, in every one of the states."""
    requests = states()
    assert len(requests) >= 1000
    expected = run_here(requests, tmp_path)
    found = page.evaluate(
        "async (all) => { const found = []; for (const one of all) found.push(await live.ask(one)); return found; }",
        requests,
    )
    others = [(one["parts"], parts) for one, parts in zip(found, expected, strict=True) if one["parts"] != parts]
    assert others == []


# --- What goes wrong --------------------------------------------------------------------------------------------------


def test_an_error_is_told_with_its_place(page: Page) -> None:
    """What the program raises is its name, its message and the lines of the cell."""
    error = ask(page, "def half(x):\n    return 1 / x\nhalf(0)")["error"]
    assert (error["name"], error["message"]) == ("ZeroDivisionError", "division by zero")
    assert "Cell, line 2, in half\n    return 1 / x" in error["traceback"]
    assert ask(page, "import nothing_like_it")["error"]["message"] == "No module named 'nothing_like_it'"
    assert ask(page, "x = (")["error"]["name"] == "SyntaxError"


def test_an_endless_loop_is_stopped(page: Page) -> None:
    """Stop ends it at once, and the next question is answered by a new Python. The page was never held up."""
    page.evaluate(GAPS)
    start(page, "while True: pass")
    page.wait_for_function("live.words.at(-1) === 'Python is computing …'")
    page.wait_for_timeout(500)
    took = page.evaluate("""async () => {
      const begin = performance.now();
      (await live.open()).stop();
      await live.last;
      return performance.now() - begin;
    }""")
    assert page.evaluate("live.done.failed") == "AbortError"
    assert ask(page, "2 + 2")["parts"] == [{"kind": "text", "text": "4"}]
    print(f"stopped after {took:.0f} ms; longest time between two frames {page.evaluate('live.gap'):.0f} ms")


GAPS = """() => {
  let last = performance.now();
  live.gap = 0;
  const next = () => {
    const now = performance.now();
    live.gap = Math.max(live.gap, now - last);
    last = now;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
}"""


def test_a_time_limit_ends_what_takes_too_long(page: Page) -> None:
    """The reader is told why there is no answer."""
    answered = ask(page, "while True: pass", options={"limit": 0.2})
    assert answered["message"] == "It took longer than 0.2 seconds and was stopped."
    assert ask(page, "3 + 3")["error"] is None


@pytest.mark.parametrize("bomb", ["'x' * 10**10", "[0] * 10**9", "x = 'x'\nwhile True: x += x", "bytearray(2 * 10**9)"])
def test_a_memory_bomb_is_an_error(bomb: str, page: Page) -> None:
    """Python has a gigabyte, so that a program cannot take the reader's browser with it."""
    error = ask(page, bomb)["error"]
    assert error["name"] in ("MemoryError", "OverflowError")
    assert error["message"]
    assert ask(page, "4 + 4")["error"] is None


def test_a_program_that_ends_python_is_told_so(page: Page) -> None:
    """What even Python does not survive is words for the reader, and the next question is answered."""
    endless = "import sys\nsys.setrecursionlimit(10**7)\ndef f(n): return f(n + 1)\nf(0)"
    assert ask(page, endless)["message"].startswith("Python ended: ")
    assert ask(page, "5 + 5")["error"] is None


def test_sections_wait_for_one_another_and_the_newest_question_counts(page: Page) -> None:
    """Each section's last question is answered; an older one that still waits is dropped."""
    asked = """async () => {
      const api = await live.open();
      const cell = (name) => ({ key: name, cell: `'${name}'` });
      const all = await Promise.allSettled(["a", "b", "b", "c"].map((name) => api.answer(cell(name))));
      return all.map(({ reason, value }) => reason?.name ?? value.parts[0].text);
    }"""
    assert page.evaluate(asked) == ["'a'", "AbortError", "'b'", "'c'"]


def test_long_output_is_cut(page: Page) -> None:
    """A million printed lines become their beginning, and how many more there are."""
    [part] = ask(page, "for number in range(100_000): print(number)")["parts"]
    assert part["text"].endswith("\n999\n… 99,001 more lines")


@pytest.mark.parametrize(
    ("missing", "words"),
    [("python-314", "Python's files are not beside this page."), ("python-rest", "The rest of Python's library is")],
)
def test_missing_files_are_told(
    missing: str, words: str, tmp_path: Path, context: BrowserContext, serve: Callable[[Path], str]
) -> None:
    """Where the files of Python were not published, the reader is told, and the page goes on."""
    write_page(tmp_path)
    for file in (tmp_path / "page_files").glob(f"{missing}*.html"):
        file.unlink()
    page = context.new_page()
    page.goto(f"{serve(tmp_path)}page.html")
    assert ask(page, "import argparse")["message"].startswith(words)
    page.close()


# --- The next visit ---------------------------------------------------------------------------------------------------

KEPT = "async () => (await (await caches.open('nbblog-python')).keys()).map(({ url }) => url)"


@pytest.fixture
def visits(browser: Browser, folder: Path, serve: Callable[[Path], str]) -> Iterator[Callable[[], Page]]:
    """Each call is another visit of the same reader, to the page on a server."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    address = f"{serve(folder)}page.html"

    def visit() -> Page:
        page = context.new_page()
        page.goto(address)
        return page

    yield visit
    context.close()


def wait_for(page: Page, promise: str) -> None:
    """Wait until what the expression promises is true; Playwright takes the promise itself for that."""
    end = time.monotonic() + PATIENCE / 1000
    while not page.evaluate(promise):
        assert time.monotonic() < end, promise
        page.wait_for_timeout(50)


def wait_until_kept(page: Page) -> None:
    wait_for(page, f"({KEPT})().then((urls) => urls.length)")


def test_python_starts_from_its_memory_at_the_next_visit(visits: Callable[[], Page]) -> None:
    """The browser keeps what Python's memory was before any program; random numbers are new all the same."""
    cell = "import random\nrandom.random()"
    pages = []
    for _ in range(3):
        page = visits()
        pages.append((ask(page, cell)["parts"][0]["text"], page))
        wait_until_kept(page)
    assert len({text for text, _ in pages}) == 3
    [url] = pages[-1][1].evaluate(KEPT)
    assert url.endswith(".html.snapshot")
    said = pages[-1][1].evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    assert not [name for name in said if name.endswith(".snapshot")]


def test_a_spoilt_memory_is_thrown_away(visits: Callable[[], Page]) -> None:
    """Python starts as if there were none, and a good one takes its place."""
    page = visits()
    ask(page, "1")
    wait_until_kept(page)
    spoil = """async () => {
      const store = await caches.open("nbblog-python");
      const [{ url }] = await store.keys();
      await store.put(url, new Response(new Uint8Array(1000)));
    }"""
    page.evaluate(spoil)
    size = "async () => (await (await (await caches.open('nbblog-python')).matchAll())[0]?.arrayBuffer())?.byteLength"
    assert page.evaluate(size) == 1000
    page = visits()
    assert ask(page, "6 + 6")["parts"] == [{"kind": "text", "text": "12"}]
    wait_for(page, f"({size})().then((bytes) => bytes > 1e7)")


def test_a_program_cannot_leave_a_memory_behind(visits: Callable[[], Page]) -> None:
    """A memory that comes after a program has run is not kept, whoever sends it."""
    page = visits()
    ask(page, "1")
    wait_until_kept(page)
    page.evaluate("caches.delete('nbblog-python')")
    forge = """
import js
from pyodide.ffi import to_js
memory = js.ArrayBuffer.new(1000)
for name in ("snapshot", "ready", "spoilt", "module"):
    js.postMessage(to_js({"nbblog": name, "snapshot": memory, "module": memory}, dict_converter=js.Object.fromEntries))
"""
    assert ask(page, forge)["error"] is None
    assert ask(page, "7 + 7")["error"] is None
    page.wait_for_timeout(300)
    assert page.evaluate(KEPT) == []


# --- What it reaches --------------------------------------------------------------------------------------------------


class Canary:
    """A server that nobody may ask anything."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        canary = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                canary.asked.append(self.path)
                self.send_response(200)
                self.send_header("Access-Control-Allow-Origin", "*")
                self.end_headers()

            do_POST = do_OPTIONS = do_GET

            def log_message(self, format: str, *arguments: object) -> None:
                """Silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def canary() -> Iterator[Canary]:
    canary = Canary()
    yield canary
    canary.close()


REACH = """
import asyncio, js, urllib.request
from pyodide.http import open_url, pyfetch
from pyodide.ffi import run_sync
url = "CANARY"
source = js.Array.of(f"fetch('{url}worker'); importScripts('{url}script'); postMessage(1)")
def worker():
    return js.Worker.new(js.URL.createObjectURL(js.Blob.new(source)))
def request():
    one = js.XMLHttpRequest.new()
    one.open("GET", url + "xhr", False)
    one.send()
def awaited(make):
    task = asyncio.ensure_future(make())
tries = {
    "fetch": lambda: js.fetch(url + "fetch"),
    "own": lambda: js.fetch("page.html"),
    "pyfetch": lambda: awaited(lambda: pyfetch(url + "pyfetch")),
    "open_url": lambda: open_url(url + "open_url"),
    "urllib": lambda: urllib.request.urlopen(url + "urllib"),
    "xhr": request,
    "socket": lambda: js.WebSocket.new(url.replace("http", "ws") + "socket"),
    "events": lambda: js.EventSource.new(url + "events"),
    "script": lambda: js.importScripts(url + "script"),
    "code": lambda: js.eval("1"),
    "worker": worker,
    "beacon": lambda: js.navigator.sendBeacon(url + "beacon"),
}
for name, attempt in tries.items():
    try:
        attempt()
        print(name, "began")
    except BaseException as error:
        print(name, "refused")
"""


def test_no_program_reaches_the_network(page: Page, canary: Canary) -> None:
    """By none of the ways that a worker has: not the site itself, nor any other."""
    ask(page, "import urllib.request, pyodide.http")
    answers: list[str] = []
    page.on("response", lambda response: answers.append(response.url))
    answered = ask(page, REACH.replace("CANARY", canary.url))
    assert "script refused" in answered["html"]
    page.wait_for_timeout(1500)
    assert canary.asked == []
    assert [url for url in answers if not url.startswith("blob:")] == []


STORES = """
import js
found = {}
for name in ("parent", "top", "document", "window", "localStorage", "sessionStorage", "caches", "cookieStore"):
    try:
        found[name] = str(getattr(js, name))
    except Exception as error:
        found[name] = type(error).__name__
js.indexedDB
try:
    js.indexedDB.open("a")
    found["indexedDB"] = "opened"
except Exception as error:
    found["indexedDB"] = "refused"
found["origin"] = js.origin
[*found.items()]
"""


def test_no_program_reaches_the_page_or_its_stores(page: Page) -> None:
    """There is no page and no cookie where it runs, and no store of the site."""
    page.evaluate("() => { try { localStorage.mine = 'secret'; } catch {} document.title = 'Mine'; }")
    text = ask(page, STORES)["parts"][0]["text"]
    assert "'indexedDB', 'refused'" in text
    assert "'origin', 'null'" in text
    assert text.count("AttributeError") + text.count("JsException") == 8
    assert "secret" not in text
    assert page.title() == "Mine"


INERT = """
from IPython.display import HTML, display
display(HTML('<img src="CANARYa.png" onerror="document.title=1"><script>document.title = 2</script>'))
display(HTML('<iframe src="CANARYb"></iframe><a href="javascript:document.title=3">a</a>'))
display(HTML('<svg onload="document.title=4"></svg><details open ontoggle="document.title=6">b</details>'))
'<img src="CANARYc.png" onerror="document.title=5">'
"""


def test_what_a_program_displays_does_nothing(page: Page, canary: Canary) -> None:
    """Its HTML goes through the gate of the page: no handler, no script, no picture that tells another site."""
    page.evaluate("() => { document.title = 'Mine'; }")
    answered = ask(page, INERT.replace("CANARY", canary.url))
    page.locator("main a").click()
    page.wait_for_timeout(300)
    assert answered["html"].count("<img") == 1
    assert page.title() == "Mine"
    assert canary.asked == []


def test_only_the_frame_is_heard(page: Page) -> None:
    """Messages of the page's own window, or of another frame, are no answers."""
    start(page, "import time\ntime.sleep(1)\n'true'")
    page.evaluate(
        "() => { for (let id = 0; id < 99; id++)"
        " postMessage({ nbblog: 'answer', id, text: '{\"parts\":[{\"kind\":\"text\",\"text\":\"false\"}]}' }, '*'); }"
    )
    assert page.evaluate("live.last.then(({ parts }) => parts[0].text)") == "'true'"


def test_a_frame_file_by_itself_starts_nothing(
    folder: Path, serve: Callable[[Path], str], browser: Browser
) -> None:
    """On the site's own origin no worker of it runs."""
    page = browser.new_page()
    workers: list[str] = []
    page.on("worker", lambda worker: workers.append(worker.url))
    name = next(name for name in page_library("python").files if name.endswith(".html") and "rest" not in name)
    page.goto(f"{serve(folder)}page_files/{name}", wait_until="load")
    page.evaluate("() => postMessage({ nbblog: 'start', snapshot: null }, '*')")
    page.wait_for_timeout(300)
    expect(page.locator("body > :not(script)")).to_have_count(0)
    assert workers == []
    page.close()
