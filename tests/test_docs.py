"""The documentation is complete and true: what the code knows has a heading, what a page names is there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import pytest

from nbblog.cli import COMMANDS, cli
from nbblog.core.fields import NAMES
from nbblog.core.notices import NoticeCode
from nbblog.exporter import NbBlogExporter
from nbblog.server import NbblogServer

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def sections(name: str) -> dict[str, str]:
    """The second-level headings of a reference page, each with the text under it."""
    text = (ROOT / "docs" / "reference" / name).read_text("utf-8")
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def anchors(text: str) -> set[str]:
    """GitHub's anchors of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_setting_of_the_exporter_has_its_heading() -> None:
    """And no heading is about a setting that is gone."""
    assert set(sections("exporter.md")) == set(NbBlogExporter.class_own_traits(config=True))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_has_its_heading(name: str) -> None:
    """On the command's own page; and no heading is about an option that is gone."""
    command = cli.get_command(click.Context(cli), name)
    assert command
    text = (ROOT / "docs/reference" / f"{name}.md").read_text("utf-8")
    told = set(re.findall(r"^## (--[\w-]+)$", text, re.MULTILINE))
    options = [{*one.opts, *one.secondary_opts} for one in command.params if isinstance(one, click.Option)]
    assert [names for names in options if not names & told] == []
    assert told <= set().union(*options)


def test_every_setting_in_jupyterlab_has_its_heading() -> None:
    """Those of the panel and those of the server, and none that is gone."""
    text = (ROOT / "docs" / "reference" / "jupyterlab.md").read_text("utf-8")
    panel = json.loads((ROOT / "labextension" / "schema" / "plugin.json").read_text("utf-8"))["properties"]
    headings = set(re.findall(r"^### (.+)$", text, re.MULTILINE))
    assert headings == {*panel, *NbblogServer.class_own_traits(config=True)}


def test_every_front_matter_key_has_its_heading() -> None:
    """And no heading is about a key that is gone."""
    assert set(sections("front-matter.md")) == NAMES


def test_every_notice_has_its_heading() -> None:
    """And no heading is about a notice that is gone."""
    assert set(sections("notices.md")) == {notice.code for notice in NoticeCode}


@pytest.mark.parametrize("notice", NoticeCode, ids=lambda notice: notice.code)
def test_reference_gives_the_advice_of_the_notice(notice: NoticeCode) -> None:
    """The reference says what the notice itself says, and how grave it is."""
    section = sections("notices.md").get(notice.code, "")
    said = f"*{notice.severity.capitalize()}.* {notice.advice}"
    assert section.strip().replace("`", "").startswith(said.replace("`", ""))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    """Files and headings that a page links to are there."""
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text("utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, anchor = target.partition("#")
        if "://" in path:
            continue
        linked = page.parent / path if path else page
        assert linked.exists(), target
        assert not anchor or anchor in anchors(linked.read_text("utf-8")), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_name_settings_that_exist(page: Path) -> None:
    """An example on a page can be copied."""
    named = re.findall(r"NbBlogExporter\.(\w+)", page.read_text("utf-8"))
    known = {*NbBlogExporter.class_own_traits(config=True), "name"}
    assert set(named) <= known


def test_scripts_named_in_the_contributing_guide_exist() -> None:
    """So do the programs."""
    guide = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = re.findall(r"`(?:python )?((?:scripts|build_backend)/[\w.]+)", guide)
    assert [path for path in named if not (ROOT / path).is_file()] == []
