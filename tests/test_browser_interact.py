"""Runnable sections in a real browser: every control, the address, the buttons, and what is there without a script."""

from __future__ import annotations

import gzip
import json
import random
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hostile_payloads import CALL
from playwright.sync_api import expect
from section_bundles import (
    MIME,
    checkbox,
    choice_control,
    notebook,
    plot,
    prose,
    range_control,
    section,
    table,
    text,
)

from nbblog.core.config import BlogConfig
from nbblog.onepage import OnePage, render_one_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

USERS = [1000, 2500, 10_000, 100_000, 1_000_000, 10_000_000]
RATIOS = [round(place * 0.05, 2) for place in range(21)]
REGIONS = ["Europe & Asia", "<America>", '"quoted"']


def count(users: int, ratio: float, tier: str, region: str, cached: bool) -> int:
    return int(users * (1.5 - ratio) / (400 if tier == "small" else 1600) / (2 if cached else 1)) + len(region)


def capacity(users: int, ratio: float, tier: str, region: str, cached: bool) -> list[dict[str, Any]]:
    """A sentence, a table and a chart."""
    servers = count(users, ratio, tier, region, cached)
    rows = {"Requests a second": f"{users / 4320:,.1f}", "Servers": f"{servers:,}", "Region": len(region)}
    places = [1000, 100_000, 10_000_000]
    curve = [count(place, ratio, tier, region, cached) for place in places]
    marks = [[users, servers, f"{servers:,} servers"]]
    chart = plot(places, {"": curve}, title="Servers", xLabel="Users", logX=True, marks=marks)
    return [prose(f"{users:,} users need {servers:,} {tier} servers."), table(rows), chart]


CONTROLS = [
    range_control("users", USERS, 2, label="Users", unit="users"),
    range_control("ratio", RATIOS, 18, label="Share of reads", uniform=True),
    choice_control("tier", ["small", "large"], kind="radio"),
    choice_control("region", REGIONS),
    checkbox("cached", 1),
]
CAPACITY = section(capacity, CONTROLS, title="How many servers?")


def wait(workers: int) -> list[dict[str, Any]]:
    return [text(f"{12 / workers:.3f} s")] if workers > 1 else [text("12 s\nand a second line"), prose("Slow.")]


WAIT = section(wait, [range_control("workers", [1, 2, 3, 4], 1)], name="wait")
PART = section(
    lambda a, b: [prose(f"{a} and {b}")],
    [range_control("a", [0, 10, 20, 30]), choice_control("b", ["x", "y"])],
    name="part",
    keep=lambda number: number in (0, 4, 7),
)
CODE = "def wait(workers):\n    return 12 / workers\n\ninteract(wait, workers=(1, 4))"
LOOP = """def wait(workers):
    while workers == 4:
        pass
    return f"{workers} workers"

interact(wait, workers=(1, 4))"""
EDITED = """def wait(workers):
    return {"workers": workers, "cost": 10 / (workers - 3)}

interact(wait, workers=(1, 4))"""
LOOPING = section(
    lambda workers: [text(repr(f"{workers} workers"))],
    [range_control("workers", [1, 2, 3, 4])],
    name="wait",
    keep=lambda number: number == 0,
    code={"cell": LOOP, "prelude": "from nbblog import interact", "live": True},
)
TYPED = section(
    lambda times, word: [text(repr(word * times))],
    [
        {"name": "times", "label": "times", "kind": "number", "unit": "", "value": 2, "min": 0, "max": 5, "step": 1},
        {"name": "word", "label": "word", "kind": "text", "value": "ab"},
    ],
    name="typed",
    code={
        "cell": "def typed(times, word):\n    return word * times\ninteract(typed, times=2, word='ab')",
        "prelude": "from nbblog import interact",
        "live": True,
    },
)
LIVE = section(wait, [range_control("workers", [1, 2, 3, 4], 1)], name="wait", code={"cell": CODE, "live": True})


def build(*cells: Any, files_dir: str | None = "page_files") -> OnePage:
    return render_one_page(
        notebook(*cells),
        name="page.ipynb",
        config=BlogConfig(site_title="Testing"),
        read_file=lambda target: b"",
        files_dir=files_dir,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of pages with sections."""
    folder = tmp_path_factory.mktemp("sections")
    after = "## After it\n\n" + "Text that should stay where it is. " * 60
    pages: dict[str, tuple[Any, ...]] = {
        "sections": ("Text.", CAPACITY, after, WAIT, WAIT),
        "part": (PART,),
        "live": (LIVE, after),
        "far": ("Text.\n\n" * 200, LIVE),
        "loop": (LOOPING,),
        "typed": (TYPED,),
        "runnable": ({"cell_type": "code", "source": "#| runnable: true\nprint(f'6 * 7 = {6 * 7}')"},),
        "pictures": (PICTURES,),
        "hostile": tuple(HOSTILE),
    }
    for name, cells in pages.items():
        page = build(*cells)
        (folder / f"{name}.html").write_text(page.html, "utf-8")
        for path, content in page.files.items():
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_bytes(content)
    return folder


@pytest.fixture(params=["http", "file"])
def address(request: pytest.FixtureRequest, folder: Path, serve: Callable[[Path], str]) -> str:
    """Where the folder is: below a path on a server, and on the disk."""
    return serve(folder) if request.param == "http" else folder.as_uri() + "/"


@contextmanager
def opened(browser: Browser, url: str, width: int = 1280, **options: Any) -> Iterator[Page]:
    """A page whose complaints fail the test."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **options)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.add_init_script("addEventListener('nbblog:answer', ({ detail }) => (globalThis.told ??= []).push(detail))")
    page.goto(url)
    yield page
    context.close()
    assert complaints == []


def first(page: Page) -> Locator:
    return page.locator("nbblog-interact").first


def sentence(page: Page) -> Locator:
    return first(page).locator("output.nb-answer > .nb-prose")


def expected(**changed: Any) -> str:
    values = {"users": 10_000, "ratio": 0.9, "tier": "small", "region": REGIONS[0], "cached": True, **changed}
    return str(capacity(**values)[0]["text"])


# Controls


def test_every_control_answers_to_the_keyboard(browser: Browser, address: str) -> None:
    """Arrows move the sliders and the choices, the space bar the box; each has its name and says what it stands at."""
    with opened(browser, address + "sections.html") as page:
        page.get_by_label("Users", exact=True).press("ArrowRight")
        expect(sentence(page)).to_have_text(expected(users=100_000))
        expect(page.get_by_label("Users", exact=True)).to_have_attribute("aria-valuetext", "100,000 users")
        page.get_by_label("Share of reads").press("Home")
        expect(sentence(page)).to_have_text(expected(users=100_000, ratio=0.0))
        page.get_by_role("radio", name="small").press("ArrowRight")
        expect(sentence(page)).to_have_text(expected(users=100_000, ratio=0.0, tier="large"))
        page.get_by_label("region").press("ArrowDown")
        expect(sentence(page)).to_have_text(expected(users=100_000, ratio=0.0, tier="large", region=REGIONS[1]))
        page.get_by_label("cached").press("Space")
        last = expected(users=100_000, ratio=0.0, tier="large", region=REGIONS[1], cached=False)
        expect(sentence(page)).to_have_text(last)


def test_every_control_answers_to_the_pointer(browser: Browser, address: str) -> None:
    """A slider goes where it is dragged, a choice is what is pressed."""
    with opened(browser, address + "sections.html") as page:
        slider = page.get_by_label("Users", exact=True)
        box = slider.bounding_box()
        assert box is not None
        middle = box["y"] + box["height"] / 2
        page.mouse.move(box["x"] + box["width"] * 0.42, middle)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] - 2, middle, steps=6)
        page.mouse.up()
        expect(sentence(page)).to_have_text(expected(users=10_000_000))
        page.get_by_role("radio", name="large").click()
        expect(sentence(page)).to_have_text(expected(users=10_000_000, tier="large"))
        page.get_by_label("region").select_option(REGIONS[2])
        expect(sentence(page)).to_have_text(expected(users=10_000_000, tier="large", region=REGIONS[2]))
        page.get_by_text("cached").click()
        last = expected(users=10_000_000, tier="large", region=REGIONS[2], cached=False)
        expect(sentence(page)).to_have_text(last)


def test_every_answer_is_the_functions_own(browser: Browser, address: str) -> None:
    """A sample of all states, set in the form: sentence, table and chart say what the function said."""
    states = random.Random(1).sample(list(product(USERS, RATIOS, ["small", "large"], REGIONS, [False, True])), 1000)
    with opened(browser, address + "sections.html") as page:
        found = page.evaluate(_EVERY, [states, USERS])
    for state, (shown, cells, label) in zip(states, found, strict=True):
        values = dict(zip(("users", "ratio", "tier", "region", "cached"), state, strict=True))
        servers = count(**values)
        assert shown == expected(**values)
        assert cells == [f"{state[0] / 4320:,.1f}", f"{servers:,}", str(len(state[3]))]
        assert f"{servers:,} servers" in label


_EVERY = """async ([states, users]) => {
  const section = document.querySelector("nbblog-interact"), form = section.querySelector("form");
  const wait = () => new Promise((next) => section.addEventListener("nbblog:answer", next, { once: true }));
  const found = [];
  for (const [count, ratio, tier, region, cached] of states) {
    form.elements.users.value = users.indexOf(count);
    form.elements.ratio.value = ratio;
    form.elements.tier.value = tier;
    form.elements.region.value = region;
    form.elements.cached.checked = cached;
    const answered = wait();
    form.dispatchEvent(new Event("input"));
    await answered;
    const answer = section.querySelector("output.nb-answer");
    found.push([
      answer.querySelector(".nb-prose").textContent,
      [...answer.querySelectorAll("td")].map((cell) => cell.textContent),
      answer.querySelector("svg").getAttribute("aria-label"),
    ]);
  }
  return found;
}"""


def test_each_answer_is_an_event(browser: Browser, address: str) -> None:
    """It bubbles, and says where the answer is from and how long it took."""
    with opened(browser, address + "sections.html") as page:
        slider = page.get_by_label("Users", exact=True)
        for key in ("ArrowRight", "ArrowLeft", "End", "Home"):
            slider.press(key)
        page.wait_for_function("() => globalThis.told?.length === 4")
        told = page.evaluate("told")
        assert {one["source"] for one in told} == {"baked"}
        assert all(one["ms"] >= 0 for one in told)


def test_the_answer_is_a_polite_live_region(browser: Browser, address: str) -> None:
    """A screen reader hears it when it has time."""
    with opened(browser, address + "sections.html") as page:
        expect(first(page).locator("output.nb-answer")).to_have_attribute("aria-live", "polite")
        expect(first(page)).to_have_role("group")
        expect(first(page)).to_have_accessible_name("How many servers?")


def test_baked_answers_need_no_network(browser: Browser, folder: Path, serve: Callable[[Path], str]) -> None:
    """The network is cut after the page has loaded, and nothing is asked for."""
    with opened(browser, serve(folder) + "sections.html") as page:
        asked: list[str] = []
        page.wait_for_load_state("networkidle")
        page.context.set_offline(True)
        page.on("request", lambda request: asked.append(request.url))
        page.get_by_label("Users", exact=True).press("End")
        expect(sentence(page)).to_have_text(expected(users=10_000_000))
        page.get_by_label("workers").first.press("End")
        expect(page.locator("nbblog-interact").nth(1).locator("output.nb-answer")).to_have_text("3.000 s")
        assert asked == []


# The address


def test_the_state_is_in_the_address(browser: Browser, address: str) -> None:
    """Each parameter of a section that was moved, by name and value; a section at its beginning is not there."""
    with opened(browser, address + "sections.html") as page:
        page.get_by_label("Users", exact=True).press("End")
        page.get_by_label("region").select_option(REGIONS[0])
        page.wait_for_function("() => location.hash.includes('users=10000000')")
        hash_ = page.evaluate("location.hash")
        assert "capacity.ratio=0.9&capacity.tier=small&capacity.region=Europe+%26+Asia&capacity.cached=true" in hash_
        assert "wait." not in hash_


def test_an_address_brings_its_state(browser: Browser, address: str) -> None:
    """In a new page, which begins at the section that is meant."""
    wanted = "#capacity.users=1000000&capacity.tier=large&capacity.region=%3CAmerica%3E&capacity.cached=false"
    with opened(browser, address + "sections.html" + wanted) as page:
        values = {"users": 1_000_000, "tier": "large", "region": REGIONS[1], "cached": False}
        expect(sentence(page)).to_have_text(expected(**values))
        expect(page.get_by_label("Users", exact=True)).to_have_value("4")
        expect(first(page)).to_be_in_viewport()


def test_a_new_address_in_the_same_page_is_followed(browser: Browser, address: str) -> None:
    """Of several sections too: those of the same name are told apart by number."""
    with opened(browser, address + "sections.html") as page:
        page.evaluate("location.hash = '#capacity.users=2500&wait.workers=4&wait-2.workers=3'")
        expect(sentence(page)).to_have_text(expected(users=2500))
        answers = page.locator("output.nb-answer")
        expect(answers.nth(1)).to_have_text("3.000 s")
        expect(answers.nth(2)).to_have_text("4.000 s")
        page.get_by_label("workers").first.press("ArrowLeft")
        page.wait_for_function("() => location.hash.includes('wait.workers=3')")
        assert "capacity.users=2500" in page.evaluate("location.hash")


@pytest.mark.parametrize(
    "written",
    ["#capacity.users=x", "#capacity.nothing=1", "#capacity.tier=huge", "#%", "#after-it", "#capacity.users=%E0%A4%A"],
)
def test_an_address_that_means_nothing_changes_nothing(browser: Browser, address: str, written: str) -> None:
    """The section stands as its author left it, and works."""
    with opened(browser, address + "sections.html" + written) as page:
        expect(sentence(page)).to_have_text(expected())
        page.get_by_label("Users", exact=True).press("ArrowRight")
        expect(sentence(page)).to_have_text(expected(users=100_000))


def test_a_value_between_two_stops_is_the_nearer_one(browser: Browser, address: str) -> None:
    """A link written by hand need not know the stops."""
    with opened(browser, address + "sections.html#capacity.users=2000&capacity.ratio=0.51") as page:
        expect(sentence(page)).to_have_text(expected(users=2500, ratio=0.5))


# The buttons


def test_reset_goes_back(browser: Browser, address: str) -> None:
    """To the author's own state, in the form, the answer and the address."""
    with opened(browser, address + "sections.html") as page:
        page.get_by_label("Users", exact=True).press("End")
        page.get_by_label("cached").uncheck()
        page.wait_for_function("() => location.hash.includes('capacity')")
        first(page).get_by_role("button", name="Reset").click()
        expect(sentence(page)).to_have_text(expected())
        expect(page.get_by_label("Users", exact=True)).to_have_value("2")
        expect(page.get_by_label("cached")).to_be_checked()
        page.wait_for_function("() => location.hash === ''")


def test_a_link_can_be_copied(browser: Browser, folder: Path, serve: Callable[[Path], str]) -> None:
    """It leads to this section in this state."""
    with opened(browser, serve(folder) + "sections.html", permissions=["clipboard-read", "clipboard-write"]) as page:
        page.get_by_label("Users", exact=True).press("End")
        first(page).get_by_role("button", name="Copy link").click()
        expect(first(page).get_by_role("status").last).to_have_text("The link to this state is copied.")
        link = page.evaluate("navigator.clipboard.readText()")
        page.goto("about:blank")
        page.goto(link)
        expect(sentence(page)).to_have_text(expected(users=10_000_000))


def test_a_table_can_be_downloaded(browser: Browser, address: str) -> None:
    """As CSV, numbers plain; there is no button where there is no table."""
    with opened(browser, address + "sections.html") as page:
        page.get_by_label("Users", exact=True).press("End")
        with page.expect_download() as waiting:
            first(page).get_by_role("button", name="Download CSV").click()
        assert waiting.value.suggested_filename == "capacity.csv"
        written = Path(waiting.value.path()).read_text("utf-8-sig").splitlines()
        servers = count(10_000_000, 0.9, "small", REGIONS[0], True)
        assert written[:2] == ["Requests a second,2314.8", f"Servers,{servers}"]
        expect(page.locator("nbblog-interact").nth(1).get_by_role("button", name="Download CSV")).to_be_hidden()


# Answers that are not there


def test_a_combination_that_was_not_computed_is_said_to_be(browser: Browser, address: str) -> None:
    """The answer before it stays, and the nearest that there is can be had."""
    with opened(browser, address + "part.html") as page:
        note = first(page).locator(".nb-note")
        expect(note).to_have_text("3 of 8 combinations have their answer in this page; no others were computed.")
        page.get_by_role("slider", name="a").press("ArrowRight")
        expect(note).to_contain_text("This combination was not computed; the answer is still the one before.")
        expect(note).to_contain_text("The nearest: a 0, b x.")
        expect(sentence(page)).to_have_text("0 and x")
        page.get_by_role("slider", name="a").press("End")
        expect(note).to_contain_text("The nearest: a 20, b x.")
        note.get_by_role("button", name="Show that").click()
        expect(sentence(page)).to_have_text("20 and x")
        expect(page.get_by_role("slider", name="a")).to_have_value("2")
        page.get_by_role("slider", name="a").press("End")
        page.get_by_role("combobox", name="b").select_option("y")
        expect(sentence(page)).to_have_text("30 and y")
        expect(note).to_have_text("3 of 8 combinations have their answer in this page; no others were computed.")


# Code


def test_code_can_be_edited_with_the_keyboard(browser: Browser, address: str) -> None:
    """Tab indents, Enter keeps the indentation, and Escape then Tab leaves the field."""
    with opened(browser, address + "live.html") as page:
        edit = first(page).get_by_role("button", name="Edit the code")
        edit.press("Enter")
        area = page.get_by_role("textbox", name="Code")
        expect(area).to_be_focused()
        expect(area).to_have_value(CODE)
        expect(edit).to_have_attribute("aria-expanded", "true")
        area.evaluate("(area) => area.setSelectionRange(18, 18)")
        area.press("Enter")
        area.press("Tab")
        page.keyboard.type("x = 1")
        expect(area).to_have_value(CODE.replace(":\n", ":\n        x = 1\n", 1))
        area.press("Escape")
        area.press("Tab")
        expect(area).not_to_be_focused()


def test_a_script_may_press_what_is_far_away(browser: Browser, address: str) -> None:
    """Before the reader came near the section."""
    with opened(browser, address + "far.html") as page:
        page.evaluate("document.querySelector('[data-action=edit]').click()")
        expect(page.get_by_role("textbox", name="Code")).to_have_value(CODE)


def test_reset_brings_the_authors_code_back(browser: Browser, address: str) -> None:
    """And the author's answer."""
    with opened(browser, address + "live.html") as page:
        first(page).get_by_role("button", name="Edit the code").click()
        page.get_by_role("textbox", name="Code").fill("wrong")
        expect(first(page).locator(".nb-note")).to_have_text("Press Run to see what your code gives.")
        first(page).get_by_role("button", name="Reset").click()
        expect(page.get_by_role("textbox", name="Code")).to_have_value(CODE)
        expect(first(page).locator(".nb-note")).to_have_text("")


def test_a_baked_answer_starts_no_python(browser: Browser, folder: Path, serve: Callable[[Path], str]) -> None:
    """Nothing of the engine is asked for by looking, moving and opening the editor."""
    with opened(browser, serve(folder) + "live.html") as page:
        asked: list[str] = []
        page.wait_for_load_state("networkidle")
        page.on("request", lambda request: asked.append(request.url))
        page.get_by_label("workers").press("End")
        expect(first(page).locator("output.nb-answer")).to_have_text("3.000 s")
        first(page).get_by_role("button", name="Edit the code").click()
        assert asked == []


# Python


SLOW = 90_000
"""Milliseconds for Python to start on a busy machine: a bound on hanging, not a measure."""


def test_a_combination_that_was_not_computed_is_asked_of_python(browser: Browser, address: str) -> None:
    """The answer before it stays until the new one is there, and what Python says is an answer like any other."""
    with opened(browser, address + "loop.html") as page:
        box, note = first(page).locator("output.nb-answer"), first(page).locator(".nb-note")
        count = "1 of 4 combinations have their answer in this page"
        expect(note).to_have_text(f"{count}; others start Python in your browser.")
        slider = page.get_by_role("slider")
        slider.press("ArrowRight")
        expect(note).to_contain_text("Python")
        expect(box).to_have_text("'1 workers'")
        expect(box).to_have_text("'2 workers'", timeout=SLOW)
        assert [one["source"] for one in page.evaluate("told")] == ["live"]
        slider.press("Home")
        expect(box).to_have_text("'1 workers'")
        assert [one["source"] for one in page.evaluate("told")] == ["live", "baked"]


def test_an_address_runs_no_code(browser: Browser, folder: Path, serve: Callable[[Path], str]) -> None:
    """A state that was not baked waits for the reader."""
    with opened(browser, serve(folder) + "loop.html#wait.workers=3") as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        expect(first(page).locator(".nb-note")).to_have_text("Press Run to have Python compute this.")
        page.wait_for_timeout(500)
        expect(first(page).locator("output.nb-answer")).to_have_text("'1 workers'")
        assert [url for url in asked if "python" in url] == []
        first(page).get_by_role("button", name="Run").click()
        expect(first(page).locator("output.nb-answer")).to_have_text("'3 workers'", timeout=SLOW)


def test_a_section_may_move_within_the_page(browser: Browser, address: str) -> None:
    """What a script takes out and puts in elsewhere goes on."""
    with opened(browser, address + "sections.html") as page:
        page.evaluate("document.body.append(document.querySelector('nbblog-interact'))")
        slider = page.get_by_label("Users", exact=True)
        slider.press("End")
        expect(page.locator("nbblog-interact").last.locator(".nb-prose")).to_have_text(expected(users=10_000_000))
        page.evaluate("location.hash = '#capacity.users=2500'")
        expect(page.locator("nbblog-interact").last.locator(".nb-prose")).to_have_text(expected(users=2500))


def test_what_does_not_end_can_be_stopped(browser: Browser, address: str) -> None:
    """The answer before it stays, and Python answers again."""
    with opened(browser, address + "loop.html") as page:
        box, note = first(page).locator("output.nb-answer"), first(page).locator(".nb-note")
        stop = first(page).get_by_role("button", name="Stop")
        expect(stop).to_be_hidden()
        page.get_by_role("slider").press("End")
        expect(note).to_have_text("Python is computing …", timeout=SLOW)
        stop.click()
        expect(note).to_have_text("Stopped. The answer is still the one before.")
        expect(stop).to_be_hidden()
        expect(box).to_have_text("'1 workers'")
        page.get_by_role("slider").press("ArrowLeft")
        expect(box).to_have_text("'3 workers'", timeout=SLOW)


def test_what_is_typed_is_answered_by_python(browser: Browser, address: str) -> None:
    """A number and a text; what is no number in its bounds is said to be none, and asks nothing."""
    with opened(browser, address + "typed.html") as page:
        box, note = first(page).locator("output.nb-answer"), first(page).locator(".nb-note")
        expect(note).to_have_text("What you type is answered by Python in your browser.")
        page.get_by_label("times").fill("3")
        page.get_by_label("times").press("Enter")
        expect(box).to_have_text("'ababab'", timeout=SLOW)
        page.get_by_label("word").fill("<b>")
        page.get_by_label("word").press("Tab")
        expect(box).to_have_text("'<b><b><b>'")
        page.get_by_label("times").fill("9")
        expect(note).to_contain_text("5")
        expect(box).to_have_text("'<b><b><b>'")
        first(page).get_by_role("button", name="Reset").click()
        expect(box).to_have_text("'abab'")


def test_edited_code_answers_and_says_so(browser: Browser, address: str) -> None:
    """For each state that is asked for, until it is reset; an error is readable."""
    with opened(browser, address + "loop.html") as page:
        box = first(page).locator("output.nb-answer")
        first(page).get_by_role("button", name="Edit the code").click()
        area = page.get_by_role("textbox", name="Code")
        area.fill(EDITED)
        first(page).get_by_role("button", name="Run").click()
        expect(box).to_contain_text("From your edited code", timeout=SLOW)
        expect(box.get_by_role("rowheader")).to_have_text(["workers", "cost"])
        expect(box.get_by_role("cell")).to_have_text(["1", "-5"])
        page.get_by_role("slider").press("End")
        expect(box.get_by_role("cell")).to_have_text(["4", "10"])
        page.get_by_role("slider").press("ArrowLeft")
        expect(box).to_contain_text("ZeroDivisionError")
        box.get_by_text("Show the traceback").click()
        expect(box.locator("pre")).to_contain_text("line 2, in wait")
        first(page).get_by_role("button", name="Reset").click()
        expect(box).to_have_text("'1 workers'")


def test_a_runnable_cell_runs(browser: Browser, address: str) -> None:
    """It shows what it showed when it was published, then what it gives the reader."""
    with opened(browser, address + "runnable.html") as page:
        box = first(page).locator("output.nb-answer")
        expect(box).to_contain_text("published")
        first(page).get_by_role("button", name="Run").click()
        expect(box).to_contain_text("6 * 7 = 42", timeout=SLOW)
        first(page).get_by_role("button", name="Reset").click()
        expect(box).to_contain_text("published")


# Without what a section likes to have


def test_without_scripts_the_authors_answer_is_there(browser: Browser, address: str) -> None:
    """With its chart, and with what it is the answer to as text; nothing is there that cannot be used."""
    with opened(browser, address + "sections.html", java_script_enabled=False) as page:
        expect(page.locator(".nb-answer > .nb-prose").first).to_have_text(expected())
        expect(page.locator(".nb-answer svg[role=img]")).to_be_visible()
        for value in ("10,000 users", "0.9", "small", REGIONS[0], "yes"):
            expect(first(page).locator(".nb-value", has_text=re.compile(f"^{re.escape(value)}$"))).to_be_visible()
        for name in ("input", "select", "button"):
            assert [one for one in first(page).locator(name).all() if one.is_visible()] == []


def test_on_paper_the_values_stand_as_text(browser: Browser, address: str) -> None:
    """Those that the reader has chosen; nothing to press."""
    with opened(browser, address + "sections.html") as page:
        page.get_by_label("Users", exact=True).press("End")
        page.get_by_label("cached").uncheck()
        page.emulate_media(media="print")
        expect(first(page).get_by_text("10,000,000 users", exact=True)).to_be_visible()
        expect(first(page).locator(".nb-control-checkbox .nb-value")).to_have_text("no")
        expect(first(page).locator(".nb-control-checkbox .nb-value")).to_be_visible()
        for name in ("input", "select", "button"):
            assert [one for one in first(page).locator(name).all() if one.is_visible()] == []


def test_a_browser_that_cannot_unpack_shows_the_first_answer(browser: Browser, address: str) -> None:
    """Controls that would do nothing are not shown."""
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script("delete globalThis.DecompressionStream")
    page.goto(address + "sections.html")
    expect(page.locator(".nb-answer > .nb-prose").first).to_have_text(expected())
    expect(page.get_by_label("Users", exact=True)).to_be_hidden()
    expect(first(page).locator(".nb-value").first).to_have_text("10,000 users")
    context.close()


def test_pictures_of_other_answers_are_fetched_at_the_first_touch(browser: Browser, folder: Path, serve: Any) -> None:
    """So they are there when the network is not."""
    with opened(browser, serve(folder) + "pictures.html") as page:
        page.wait_for_load_state("networkidle")
        page.get_by_role("slider", name="n").press("ArrowRight")
        page.wait_for_load_state("networkidle")
        page.context.set_offline(True)
        page.get_by_role("slider", name="n").press("End")
        page.wait_for_function("() => document.querySelector('.nb-answer img').naturalWidth === 30")


def _picture(n: int) -> list[dict[str, Any]]:
    size = 10 * n
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}"><rect width="9" height="9"/></svg>'
    return [{"kind": "image", "mime": "image/svg+xml", "data": svg}]


PICTURES = section(_picture, [range_control("n", [1, 2, 3])], name="pictures")


# Place and look


def test_nothing_moves_while_the_page_loads(browser: Browser, folder: Path, serve: Callable[[Path], str]) -> None:
    """The script takes over what stands there, on a screen and on a phone, where it draws the chart anew."""
    for width in (1280, 390):
        with opened(browser, serve(folder) + "sections.html", width) as page:
            page.evaluate("""() => {
              globalThis.shifts = [];
              new PerformanceObserver((list) => list.getEntries().forEach((one) => shifts.push(one.value)))
                .observe({ type: "layout-shift", buffered: true });
            }""")
            page.wait_for_load_state("networkidle")
            page.evaluate("scrollBy({ top: 500, behavior: 'instant' })")
            page.wait_for_timeout(300)
            assert sum(page.evaluate("shifts")) < 0.001


def test_what_is_below_an_answer_stays_where_it_is(browser: Browser, address: str) -> None:
    """The box keeps the height of the highest answer."""
    with opened(browser, address + "sections.html") as page:
        box = page.locator("nbblog-interact").nth(1).locator("output.nb-answer")
        slider = page.get_by_label("workers").first
        slider.press("Home")
        expect(box).to_contain_text("Slow.")
        expect(box).to_have_attribute("style", re.compile(r"min-height: 1\d\d"))
        high = box.bounding_box()
        slider.press("End")
        expect(box).to_have_text("3.000 s")
        low = box.bounding_box()
        assert high is not None
        assert low is not None
        assert low["height"] == high["height"]


@pytest.mark.parametrize("name", ["sections", "part", "live", "pictures"])
def test_a_section_fits_on_a_narrow_screen(browser: Browser, address: str, name: str) -> None:
    """At 320 pixels nothing scrolls sideways, and the chart is drawn for that width."""
    with opened(browser, f"{address}{name}.html", 320) as page:
        page.wait_for_function(
            "() => [...document.querySelectorAll('.nb-chart')].every((chart) => chart.width.baseVal.value < 300)"
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        heights = "[...document.querySelectorAll('.nb-chart text')].map((one) => one.getBoundingClientRect().height)"
        sizes = page.evaluate(heights)
        assert all(size > 11 for size in sizes)


@pytest.mark.parametrize(("touch", "least"), [(False, 24), (True, 44)])
def test_controls_are_large_enough(browser: Browser, address: str, touch: bool, least: int) -> None:
    """24 pixels for a mouse, 44 for a finger."""
    options = {"has_touch": True, "is_mobile": True} if touch else {}
    with opened(browser, address + "sections.html", 390 if touch else 1280, **options) as page:
        sizes = page.evaluate("""() => [...document.querySelectorAll("nbblog-interact :is(button, select, input)")]
          .filter((one) => one.checkVisibility())
          .map((one) => (/radio|checkbox/.test(one.type) ? one.closest("label") : one).getBoundingClientRect())
          .map(({ width, height }) => Math.min(width, height))""")
        assert len(sizes) > 10
        assert min(sizes) >= least


@pytest.mark.parametrize("name", ["sections", "part", "live"])
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_axe_finds_nothing(browser: Browser, address: str, root: Path, name: str, width: int, scheme: Any) -> None:
    """WCAG 2.2 A and AA, best practices, and contrast of 7:1: after the first move, and with the editor open."""
    with opened(browser, f"{address}{name}.html", width, color_scheme=scheme, bypass_csp=True) as page:
        page.get_by_role("slider").first.press("End")
        if name == "live":
            first(page).get_by_role("button", name="Edit the code").click()
        page.add_script_tag(content=(root / "tests/node_modules/axe-core/axe.min.js").read_text("utf-8"))
        found = page.evaluate(
            """async (tags) => (await axe.run(document, {
              runOnly: { type: "tag", values: tags }, rules: { "color-contrast-enhanced": { enabled: true } },
            })).violations""",
            ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        )
        said = [f"{rule['id']}: {node['html']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]
        assert said == []


def test_the_checker_of_the_html_standard_finds_nothing(root: Path, folder: Path) -> None:
    """No error and no warning of the Nu HTML checker."""
    jar = root / "tests/node_modules/vnu-jar/build/dist/vnu.jar"
    pages = [str(folder / f"{name}.html") for name in ("sections", "part", "live", "pictures")]
    command = ["java", "-jar", str(jar), "--format", "json", *pages]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    found = [one["message"] for one in json.loads(run.stderr)["messages"]]
    assert [message for message in found if "violates Content Security Policy" not in message] == []


def test_the_scripts_of_a_page_with_sections_are_small(folder: Path) -> None:
    """At most 10 kB gzip, charts and all."""
    page = (folder / "sections.html").read_text("utf-8")
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", page, re.DOTALL)
    run = "".join(content for attributes, content in scripts if "json" not in attributes)
    assert len(gzip.compress(run.encode())) <= 10_000


# Hostile sections


EVIL = f"document.documentElement.dataset.ran=1;{CALL}"
TAGS = f"<script>{EVIL}</script><img src=x onerror={EVIL}><svg onload={EVIL}></svg>\"'&<b>"


def _evil(n: int, choice: str) -> list[dict[str, Any]]:
    series = [{"name": TAGS, "y": [n, 2]}]
    chart = {"kind": "line", "title": TAGS, "x": [1, 2], "series": series, "marks": [[1, n, TAGS]]}
    bars = {"__proto__": {"kind": "bar"}, "x": [TAGS, {"a": 1}], "series": "x", "kind": "bar", "xLabel": TAGS}
    link = f"<p>{n}</p>{TAGS}<a href='javascript:{EVIL}'>{n}</a><p style='background:url(javascript:{n})'>"
    inner = "<nbblog-interact data-name=x><script type=application/json>\"x\"</script></nbblog-interact>"
    return [
        {"kind": "text", "text": f"{n} {TAGS}"},
        {"kind": "prose", "text": f"{TAGS} {n}"},
        {"kind": "html", "html": link},
        {"kind": "table", "html": f"<table><tr><td onclick={EVIL}>{n}{TAGS}</td></tr></table>"},
        {"kind": "markdown", "text": f"{TAGS} [a](javascript:{EVIL}) {n}"},
        {"kind": "latex", "text": f"$\\href{{javascript:{EVIL}}}{{x}}$"},
        {"kind": "error", "name": TAGS, "message": TAGS, "traceback": TAGS},
        {"kind": "plot", "spec": chart},
        {"kind": "plot", "spec": bars},
        {"kind": "html", "html": f"&#1;{{}}&#1;{inner}{n}"},
    ]


HOSTILE: list[Mapping[str, Any]] = [
    section(
        _evil,
        [
            range_control("n", [1, 22, 333], label=TAGS[:150], unit="<b>&", labels=[TAGS[:90], "</script>", '"']),
            choice_control("choice", [TAGS, "b"]),
        ],
        title=TAGS[:200],
        name="evil",
    ),
    {MIME: {"version": 1, "name": TAGS}, "text/html": f"<p>instead</p>{TAGS}", "text/plain": "plain"},
    {MIME: "text", "text/plain": f"plain words {TAGS}"},
]


def test_a_hostile_section_runs_nothing(browser: Browser, address: str) -> None:
    """Whatever its answers, labels and names hold, in each state and from any address."""
    context = browser.new_context()
    page = context.new_page()
    dialogs: list[str] = []
    errors: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address + "hostile.html#evil.n=%3Cimg+src=x+onerror=alert(1)%3E&evil.__proto__=1&__proto__.x=2")
    slider = page.get_by_role("slider")
    for key in ("ArrowRight", "End", "Home"):
        slider.press(key)
        page.wait_for_timeout(50)
    page.get_by_role("combobox").select_option(index=1)
    expect(first(page).locator("output.nb-answer")).to_contain_text("1")
    assert page.locator("html[data-ran]").count() == 0
    assert page.locator("a[href^='javascript:' i], nbblog-interact nbblog-interact, .nb-answer script").count() == 0
    expect(page.get_by_text("instead")).to_be_visible()
    expect(page.get_by_text("plain words")).to_be_visible()
    assert dialogs == errors == []
    context.close()


def test_a_section_that_cannot_be_read_leaves_its_static_form() -> None:
    """And a notice that says why."""
    page = build(HOSTILE[1])
    assert "<p>instead</p>" in page.html
    assert "<nbblog-interact" not in page.html
    assert [notice.code for notice in page.notices].count("section-unreadable") == 1


def test_a_page_of_one_file_runs_no_python() -> None:
    """Its baked answers are there, and what would need Python is not offered."""
    page = build(LIVE, files_dir=None)
    assert "<nbblog-interact" in page.html
    assert "Edit the code" not in page.html
