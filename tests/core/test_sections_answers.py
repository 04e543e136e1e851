"""Answers packed for a page: put together again they are what the gate makes of each alone, and never more."""

from __future__ import annotations

import base64
import json
import re
import zlib
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from section_bundles import plot, prose, table, text

from nbblog.core import allowlist
from nbblog.core.fragment import Collector
from nbblog.core.html import Safe, escape, sanitise
from nbblog.core.sections import skeleton
from nbblog.core.sections.model import SectionProblem
from nbblog.core.sections.packing import SMALL, pack_answers, pack_states, write_content
from nbblog.core.sections.parts import CHART, PartPress, SectionContext
from nbblog.core.sections.skeleton import Split, render_skeleton, split_html, split_json, split_text
from nbblog.core.tables import tidy_tables


def unpack(packed: dict[str, Any]) -> list[str]:
    """Every answer, as the page's script puts it together."""
    group = [int(number) for number in packed["group"].split(" ")] if "group" in packed else None
    if group is None:
        (_, columns), = packed["groups"]
        group = [0] * (len(columns[0].split(" ")) if columns else 1)
    seen: dict[int, int] = {}
    answers = []
    for number in group:
        row = seen.get(number, 0)
        seen[number] = row + 1
        literals, columns = packed["groups"][number]
        pairs = zip(columns, literals[1:], strict=True)
        answers.append(literals[0] + "".join(column.split(" ")[row] + after for column, after in pairs))
    return answers


def press(**more: Any) -> PartPress:
    context: dict[str, Any] = {
        "collector": Collector(asset_url=lambda asset: asset.name, read_file=lambda target: b""),
        "prepare_html": tidy_tables,
        "render_markdown": lambda text: Safe(f"<p>{escape(text)}</p>"),
        "render_latex": lambda text: None,
    }
    return PartPress(SectionContext("cell", **{**context, **more}))


def through_the_gate(html: str) -> str:
    return f'<div class="nb-output nb-html">{sanitise(tidy_tables(html))}</div>'


# Skeletons


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("12 of 1,234,567.5 are -3", ("12", "1,234,567.5", "-3")),
        ("1e-05 and 2.5E+10", ("1e-05", "2.5E+10")),
        ("12ms, 3GB, 5%, $7, (8)", ("12", "3", "5", "7", "8")),
        ("at 12. Then 13, and 14", ("12", "13", "14")),
        ("1.2.3 and v2 and row12 and é9 and _4", ()),
        ("&#38; &#x41; &frac12; \\u0041 #123456 #fff", ()),
        ("", ()),
        ("١٢ ४", ()),
    ],
)
def test_a_number_stands_by_itself(written: str, numbers: tuple[str, ...]) -> None:
    """Not within a word, an entity, an escape, a colour or a version; and text is its pieces."""
    split = split_text(written)
    assert split.numbers == numbers
    assert str(split) == written


def test_numbers_within_tags_are_no_numbers() -> None:
    """Nor are those of styles, scripts and comments."""
    html = '<p class="a 1" title="x > 2">3</p><style>td {width: 4px}</style><!-- 5 --><td colspan=6>7</td>'
    assert {"3", "7"} <= set(split_html(html).numbers)
    assert not {"1", "4", "5", "6"} & set(split_html(html).numbers)


def test_numbers_of_json_are_those_of_its_values_and_texts() -> None:
    """A chart's specification keeps its names."""
    spec = json.dumps({"v1": [1, -2.5, 3e-7, None], "text": "at 4, \u00e9 5 \\ 6 \" 7 u0041"})
    split = split_json(spec)
    assert split.numbers[:3] == ("1", "-2.5", "3e-07")
    assert "4" in split.numbers
    assert str(split) == spec


@given(st.text(alphabet="0123456789.,-+eE xé&#;\\<>\"'/a\n", max_size=60))
@settings(max_examples=300, deadline=None)
def test_a_text_is_its_pieces(written: str) -> None:
    """Whatever it is, and however it is read; a number has nothing but signs of a number."""
    for split in (split_text, split_html, split_json):
        found = split(written)
        assert str(found) == written
        assert all(re.fullmatch(r"[-+]?[0-9][0-9.,]*([eE][-+]?[0-9]+)?", number) for number in found.numbers)


def test_markers_do_not_occur_in_the_text() -> None:
    """Digits that would look like a marker are somebody's own."""
    literals = ("900000 9000000000 ", " 900001", " end")
    form = render_skeleton(literals, lambda marked: str(escape(marked)))
    assert form is not None
    assert str(form.fill(("5", "6"))) == "900000 9000000000 5 9000016 end"


def test_a_number_that_comes_out_within_a_tag_has_no_place() -> None:
    """Then the text is rendered by itself."""
    assert render_skeleton(("a ", " b"), lambda marked: f'<p title="{marked}">a</p>') is None
    assert render_skeleton(("a ", " b"), lambda marked: f"<p>&#{marked}</p>".replace("a ", "")) is None


def test_numbers_may_go_or_come_twice() -> None:
    """What renders the text decides."""
    form = render_skeleton(("a ", " b ", ""), lambda marked: f"<p>{marked.split(' b ')[1]}</p>" * 2)
    assert form is not None
    assert str(form.fill(("1", "2"))) == "<p>2</p><p>2</p>"


# The gate

HOSTILE = (
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '<a href="javascript:alert(1)">5</a>'),
    *("<svg/onload=alert(1)>", "&#60;script&#62;", "&lt5;", "&#6", "&#x3", "<", ">", '"', "'", "<!-", "-->", "<!--"),
    *("]]>", "<style>", "</style>", "<title>", '<p style="margin:-5px;color:red">', '<td style="width:', '" title="'),
    *("<td colspan=", "<5>", "</5>", "<-5>", "<a5 b=6>", "&#1;", "&#0;", CHART, "900000", "9000000000", "<table>"),
    *("</table>", "<tr><td>", "<th>", "<caption>", "<p ", "=5", "\\5", "#5"),
)
PLAIN = (" ", "a ", "é", "<b>", "</b>")
NUMBERS = st.from_regex(r"[-+]?[0-9]{1,4}(,[0-9]{3})?(\.[0-9]{1,3})?([eE][-+]?[0-9]{1,2})?", fullmatch=True)
PIECES = st.lists(st.sampled_from(HOSTILE) | NUMBERS | st.sampled_from(PLAIN), max_size=14).map("".join)
TEMPLATES = st.lists(st.sampled_from(HOSTILE) | st.just("{}") | st.sampled_from(PLAIN), max_size=14).map("".join)


class _Reader(HTMLParser):
    """The elements and attributes that a piece of HTML has for a reader that is not the gate's."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = allowlist.ATTRIBUTES["*"] | allowlist.ATTRIBUTES.get(tag, set())
        known |= {"role", "rel", "loading", "decoding", "disabled", "type", "referrerpolicy", "preload"}
        if tag not in allowlist.TAGS:
            self.wrong.append(tag)
        for name, value in attrs:
            if name not in known or re.search(r"javascript:|expression|url\(|:-\d", (value or "").lower()):
                self.wrong.append(f"{tag} {name}={value}")


def assert_harmless(html: str) -> None:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.wrong == []


@given(PIECES)
@settings(max_examples=400, deadline=None)
def test_an_answer_is_what_the_gate_makes_of_it(html: str) -> None:
    """With its numbers put in afterwards, it is harmless, and gives the gate nothing to take away."""
    shown = str(press().render([{"kind": "html", "html": html}]))
    assert CHART not in shown
    assert_harmless(shown)
    again = re.sub(r'(?:user-)+|| (?:loading|decoding)="[^"]*"| disabled=""', "", sanitise(shown))
    assert again == re.sub(r'(?:user-)+| (?:loading|decoding)="[^"]*"| disabled=""', "", shown)


@given(TEMPLATES, st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=2, max_size=5))
@settings(max_examples=300, deadline=None)
def test_no_answer_changes_another(template: str, rows: list[tuple[str, ...]]) -> None:
    """Answers of one form are each what they would be alone."""
    pieces = template.split("{}")
    htmls = ["".join(map("".join, zip(pieces, [*row, *[row[0]] * len(pieces)], strict=False))) for row in rows]
    together = press()
    for html in htmls:
        part = {"kind": "html", "html": html}
        assert str(together.render([part])) == str(press().render([part]))


SANE_PIECES = (" ", " of ", "<b>", "</b>", " ms ", "<td>", "</td>", "&amp; ", "&lt; ", '<i title="1 > 2">', "</i>")
SANE = st.lists(NUMBERS | st.sampled_from(SANE_PIECES), max_size=14).map("".join)


@given(SANE)
@settings(max_examples=300, deadline=None)
def test_ordinary_answers_equal_the_gates_own(html: str) -> None:
    """HTML without traps comes out to the letter as if it had gone through the gate with its numbers."""
    assert str(press().render([{"kind": "html", "html": html}])) == through_the_gate(html)


@given(st.text(max_size=80) | PIECES)
@settings(max_examples=200, deadline=None)
def test_text_stays_text(words: str) -> None:
    """Printed text and sentences are escaped, numbers and all."""
    error = {"kind": "error", "name": words, "message": words, "traceback": words}
    shown = str(press().render([text(words), prose(words), error]))
    assert set(re.findall(r"<(\w+)", shown)) <= {"div", "pre", "p", "details", "summary", "span"}
    assert_harmless(shown)


def test_a_table_of_numbers_goes_through_the_gate_once() -> None:
    """A thousand answers of one form are one form."""
    calls = []

    def prepare(html: str) -> str:
        calls.append(html)
        return tidy_tables(html)

    together = press(prepare_html=prepare)
    for number in range(1000):
        rows = {"requests": f"{number:,}", "servers": f"{number * 17:,.2f}"}
        alone = through_the_gate(table(rows)["html"].replace(' class="nb-table"', ""))
        assert str(together.render([table(rows)])) == alone
    assert len(calls) == 1


def test_a_styled_table_goes_through_the_gate_each_time() -> None:
    """Where numbers are part of a style, each answer is rendered by itself, and right."""
    table = '<table id="T_1"><tr><td id="T_1_row0_col0">{0}</td></tr></table>'
    html = "<style>#T_1_row0_col0 {{width: {0}px}}</style>" + table
    together = press()
    for number in (5, 6):
        shown = str(together.render([{"kind": "html", "html": html.format(number)}]))
        assert f"width:{number}px" in shown
        assert f">{number}</td>" in shown


# Charts and other parts


def test_a_chart_stays_data() -> None:
    """Its specification comes out as it went in."""
    specs = [plot([1, 2.5, 3], {"a": [n, None, -n]}, title=f"at {n} <b>")["spec"] for n in range(5)]
    together = press()
    answers = [together.render([{"kind": "plot", "spec": spec}]) for spec in specs]
    assert len({answer.literals for answer in answers}) == 1
    for spec, answer in zip(specs, answers, strict=True):
        before, written, after = str(answer).split(CHART)
        assert json.loads(written) == spec
        assert (before, after) == ('<div class="nb-output nb-plotted">', "</div>")


@pytest.mark.parametrize(
    "part",
    [
        {"kind": "unknown"},
        {"kind": "plot", "spec": [1]},
        {"kind": "plot"},
        {"kind": "text"},
        {"kind": "html", "html": 5},
        {"kind": "image", "mime": "image/png", "data": "AAAA"},
        {"kind": "image", "mime": 5, "data": None},
        {"kind": "image", "mime": "image/svg+xml", "data": "<svg"},
        {"kind": "error"},
        {"kind": "latex", "text": 5},
    ],
    ids=str,
)
def test_a_part_that_is_none_leaves_nothing_dangerous(part: dict[str, Any]) -> None:
    """Nothing is raised, and what is shown is harmless."""
    assert_harmless(str(press().render([part])))


def test_too_many_forms_are_refused() -> None:
    """Answers that have nothing in common are no table of numbers."""
    together = press()
    many = [[prose("a" * (number % 200) + "b" * (number // 200))] for number in range(30_000)]
    with pytest.raises(SectionProblem, match="forms"):
        list(map(together.render, many))


# Packing


def test_packed_answers_are_the_answers() -> None:
    """Two forms, taken in turn; what is the same in all of a form's answers is said once."""
    answers = [Split(("a ", " b ", ""), (str(n), "7")) if n % 3 else Split(("c",)) for n in range(50)]
    packed = pack_answers(answers)
    assert unpack(packed) == [str(answer) for answer in answers]
    assert [len(columns) for _, columns in packed["groups"]] == [0, 1]


def test_states_say_only_what_is_not_plain() -> None:
    """Where every state has an answer of its own, there is nothing to say."""
    assert pack_states(None, (0, 1, 2)) == {}
    assert pack_states((3, 5), (0, 0)) == {"keys": "3 5", "answers": "0 0"}


def test_little_stands_in_the_page_as_it_is() -> None:
    """No parser can take it for markup."""
    content = {"groups": [[["</script>", "<!--", "é"], ["1 2"]]]}
    written = write_content(content)
    assert "<" not in written
    assert json.loads(written) == content


def test_what_is_compressed_can_stand_in_a_page() -> None:
    """Letters, digits and three signs; unpacked it is the same."""
    content = {"groups": [[["</script>", "é"], ["1 2" * SMALL]]]}
    packed = write_content(content)
    assert re.fullmatch(r'"[A-Za-z0-9+/]+=*"', packed)
    assert json.loads(zlib.decompress(base64.b64decode(packed), -zlib.MAX_WBITS)) == content


def test_a_long_text_is_not_searched_for_numbers() -> None:
    """It is one piece."""
    assert len(split_text("1 " * skeleton.LONGEST).literals) == 1
