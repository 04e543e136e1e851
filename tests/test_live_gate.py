"""The gate of the page: the HTML that Python makes in a reader's browser, through the same list as a notebook's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hostile_payloads import (
    write_borrowed,
    write_clobbers,
    write_drawings,
    write_links,
    write_marks,
    write_markup,
    write_styles,
)

from nbblog.core.html import sanitise
from nbblog.live import gate_rules

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
GATE = (ROOT / "src" / "nbblog" / "browser" / "gate.js").read_text("utf-8")

# What an element is, whatever the order of its attributes. Neighbouring texts are one.
CANONICAL = """
const canonical = (node) => {
  node.normalize();
  return [...node.childNodes].map((child) => {
    if (child.nodeType !== 1) return JSON.stringify(child.data);
    const attributes = [...child.attributes].map(({ name, value }) => `${name}=${JSON.stringify(value)}`).sort();
    return `<${[child.localName, ...attributes].join(" ")}>${canonical(child)}</>`;
  }).join("");
};
const parse = (html) => new DOMParser().parseFromString(`<!DOCTYPE html><body>${html}`, "text/html").body;
const differ = (pairs, mayLoad = () => true) => {
  const gate = openGate(RULES, mayLoad);
  return pairs.filter(([html, safe]) => canonical(gate(html)) !== canonical(parse(safe)))
    .map(([html, safe]) => [html, canonical(gate(html)), canonical(parse(safe))]);
};
"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A page that has the gate, and notes what is called and fetched."""
    context = browser.new_context()
    page = context.new_page()
    page.route("**/*", lambda route: route.fulfill(body="<!DOCTYPE html><body>", content_type="text/html"))
    page.goto("http://gate.test/")
    page.evaluate(
        f"const RULES = {json.dumps(gate_rules())};\n{GATE}\n{CANONICAL}\n"
        "globalThis.gateTest = { openGate, differ, RULES };"
        "globalThis.calls = [];"
        "for (const name of ['alert', 'confirm', 'prompt', 'print', 'open'])"
        " window[name] = (...rest) => calls.push(`${name}: ${rest}`);"
        "null"
    )
    yield page
    context.close()


def outputs_of(notebook: Path) -> Iterator[str]:
    """The HTML of a notebook's outputs."""
    for cell in json.loads(notebook.read_text("utf-8"))["cells"]:
        for output in cell.get("outputs", ()):
            html = output.get("data", {}).get("text/html")
            if html is not None:
                yield html if isinstance(html, str) else "".join(html)


ORDINARY = (
    "<p>Words, <b>bold</b> and <i>so on</i>&nbsp;&amp; &lt;more&gt;</p>",
    '<table border="1" class="dataframe mine"><thead><tr style="text-align: right;"><th></th><th>a</th></tr></thead>'
    "<tbody><tr><th>0</th><td>1</td></tr></tbody></table>",
    '<div style="color:red; position:fixed; width: calc(1px + 2em); background: url(x)">a</div>',
    '<a href="https://example.org/a?b=c&d">a</a> <a href="#there">b</a> <a name="x" id="there" href="page.html">c</a>',
    '<a href="javascript:alert(1)">a</a><a>b</a><a href=" mailto:a@example.org ">c</a><a href="ftp://a">d</a>',
    '<details open><summary>More</summary><dl><dt>a<dd>b</dl></details><ol start=3 type=a reversed><li value=4>a</ol>',
    '<custom-element class="x">kept <blink>words</blink></custom-element><form><button>Go</button></form>',
    '<img src="picture.png" alt="A picture" width=10 onerror="alert(1)"><video src="film.mp4" controls loop></video>',
    '<input type=text checked value=a><input><label for=x>b</label>',
    '<span role="button" tabindex="5" aria-label="a" data-x="1">a</span><span role="img" title="b">b</span>',
    "<ul><li>one<li>two</ul><p>a<p>b<table><tr><td>c</table><pre>\nd\n</pre>",
    "The <title> of a page, a <textarea> and the <style> of it: <svg/> and <math/>",
    "<style>p { color: red }</style><script>alert(1)</script><noscript>a</noscript><select><option>b</select>c",
    "<h1 id=a class='nb-alert nb-main highlight row0 col12'>a</h1><font color=red size=7 face=x>b</font>",
    '<td>stray</td><tr><td>cells</td></tr><caption>and <em>more</caption>',
    "a<!-- b -->c<![CDATA[d]]>e<?f?>g</p>h</div>i",
)


def test_ordinary_html_is_what_the_build_makes_of_it(page: Page) -> None:
    """The page and the build let the same through, attribute by attribute."""
    examples = [*ORDINARY, *outputs_of(ROOT / "example_notebooks" / "outputs.ipynb")]
    examples = [html for html in examples if "data:" not in html]
    # The build takes ids out before its gate where nothing refers to them, the page within it.
    pairs = [(html, str(sanitise(html))) for html in examples if " id=" not in html or "#there" in html]
    assert len(pairs) > 15
    assert page.evaluate("(pairs) => gateTest.differ(pairs)", pairs) == []


def test_hostile_html_is_mostly_what_the_build_makes_of_it(page: Page) -> None:
    """Where the two parsers agree, nothing comes through one gate that does not come through the other."""
    hostile = [html for html in HOSTILE if " id" not in html]
    differ = page.evaluate("(pairs) => gateTest.differ(pairs)", [(html, str(sanitise(html))) for html in hostile])
    # Elements within drawings, formulas and raw text, of which browsers and the build's parser think differently.
    assert len(differ) < len(hostile) / 20
    assert not [html for html, kept, _ in differ if "href=" in kept and 'href="#"' not in kept and "x.test" not in kept]


HOSTILE = [
    *(*write_markup(), *write_links(), *write_marks(), *write_styles()),
    *(*write_clobbers(), *write_drawings(), *write_borrowed()),
]

TOUCH = """(vectors) => {
  const gate = gateTest.openGate(gateTest.RULES);
  const place = document.body.appendChild(document.createElement("div"));
  const names = ["load", "error", "focus", "mouseover", "pointerenter", "toggle", "scroll", "animationstart", "click"];
  addEventListener("click", (event) => event.preventDefault(), true);
  for (const vector of vectors) {
    place.replaceChildren(document.importNode(gate(vector), true));
    for (const element of place.querySelectorAll("*"))
      for (const name of names) element.dispatchEvent(new Event(name, { bubbles: true, cancelable: true }));
  }
  place.remove();
}"""


def test_hostile_html_runs_and_loads_nothing(page: Page) -> None:
    """Put into the page and touched everywhere, it calls nothing and asks for nothing at all."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(TOUCH, HOSTILE)
    page.wait_for_timeout(200)
    assert page.evaluate("calls") == []
    assert [url for url in asked if not url.startswith("data:")] == []


REMOTE = """(html) => {
  const place = document.createElement("div");
  const known = (url) => url === "https://pictures.test/known.png";
  place.append(document.importNode(gateTest.openGate(gateTest.RULES, known)(html), true));
  const shown = [...place.querySelectorAll("img, video, source")];
  return shown.map((one) => one.getAttribute("src") ?? one.getAttribute("srcset"));
}"""


def test_an_answer_loads_only_what_the_page_has_already(page: Page) -> None:
    """A picture of another site would tell it what a reader asked; one that the page shows tells nothing new."""
    html = (
        '<img src="https://pictures.test/?users=7"><img src="https://pictures.test/known.png"><img src="/own?users=7">'
        '<img srcset="https://pictures.test/a.png 2x"><video src="https://pictures.test/a.mp4"></video>'
        '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><img src="data:text/html,a">'
    )
    data = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
    assert page.evaluate(REMOTE, html) == [None, "https://pictures.test/known.png", None, None, None, data, None]


def test_ids_stay_where_something_refers_to_them(page: Page) -> None:
    """Then they are prefixed; elsewhere they go, since two answers often have the same."""
    gate = """(html) => {
      const box = document.createElement("p");
      box.append(gateTest.openGate(gateTest.RULES)(html));
      return box.innerHTML;
    }"""
    assert page.evaluate(gate, '<b id="a">x</b>') == "<b>x</b>"
    assert 'id="user-a"' in page.evaluate(gate, '<b id="a">x</b><a href="#a">y</a>')
