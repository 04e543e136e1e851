"""What the panel offers to write instead: it does away with the notice, and leaves every other letter alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from test_lab import code, text
from test_preview import desk, request

from nbblog.livepreview import Preview


def notices_of(cell: dict[str, Any], folder: Path) -> list[dict[str, Any]]:
    answer = Preview().answer(request([text("---\ntitle: One\n---", "head"), cell]), desk(folder / "a.ipynb"))
    found: list[dict[str, Any]] = answer["notices"]
    return found


def apply(cell: dict[str, Any], notice: dict[str, Any]) -> dict[str, Any]:
    """As the panel does it."""
    fix = notice["fix"]
    if notice["line"] is None:
        tags = [fix["new"] if tag == fix["old"] else tag for tag in cell["metadata"]["tags"]]
        return {**cell, "metadata": {**cell["metadata"], "tags": tags}}
    lines = cell["source"].split("\n")
    lines[notice["line"] - 1] = lines[notice["line"] - 1].replace(fix["old"], fix["new"])
    return {**cell, "source": "\n".join(lines)}


@pytest.mark.parametrize(
    ("cell", "noticed", "mended"),
    [
        (text("Words.\n\n[[imgae:x.png|A sea]] and more", "a"), "bracket-unknown", "[[image:x.png|A sea]] and more"),
        (text("As in [[wiki:Other page]].", "a"), "bracket-unknown", "As in \\[[wiki:Other page]]."),
        (text("A claim[^one].", "a"), "note-undefined", "A claim\\[^one]."),
        (text("> [!NOTTE]\n> Words.", "a"), "callout-unknown", "> [!NOTE]"),
        (text("::: {.callout-warnng}\nWords.\n:::", "a"), "callout-unknown", "::: {.callout-warning}"),
        (text("[[image:https://x.example/a.png|A sea|widht=300]]", "a"), "bracket-option", "|width=300]]"),
        (text("[[image:https://x.example/a.png|A sea|align=lft]]", "a"), "bracket-option", "|align=left]]"),
        (code("#| ecoh: false\n1", "a"), "option-unknown", "#| echo: false"),
        ({**code("1", "a"), "metadata": {"tags": ["mine", "hide_inptu"]}}, "tag-unknown", "hide-input"),
    ],
)
def test_a_fix_does_away_with_its_notice(cell: dict[str, Any], noticed: str, mended: str, tmp_path: Path) -> None:
    """The new text has what was meant, and is not noticed again."""
    (notice,) = [one for one in notices_of(cell, tmp_path) if one["code"] == noticed]
    after = apply(cell, notice)
    assert mended in after["source"] or mended in after["metadata"]["tags"]
    assert noticed not in [one["code"] for one in notices_of(after, tmp_path)]


def test_the_place_for_a_description(tmp_path: Path) -> None:
    """The author still has to say it: the cursor goes where it belongs."""
    cell = text("[[image:https://x.example/a.png]]", "a")
    (notice,) = notices_of(cell, tmp_path)
    fix = notice["fix"]
    assert fix["new"] == "[[image:https://x.example/a.png|]]"
    assert fix["new"][fix["cursor"] :] == "]]"


@pytest.mark.parametrize(
    "cell",
    [
        text("[[imgae:x.png]] and [[imgae:x.png]]", "a"),
        text("> [!QUUX]\n> Words.", "a"),
        code("#| quux: false\n1", "a"),
        text("[[image:a.png|A sea|width=wide]]", "a"),
    ],
)
def test_what_is_not_clear_has_no_fix(cell: dict[str, Any], tmp_path: Path) -> None:
    """Twice in a line, or like no known word."""
    assert not any(notice["fix"] for notice in notices_of(cell, tmp_path))
