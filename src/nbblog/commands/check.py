"""``nbblog check``: what is to be mended before others read the blog."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from itertools import groupby
from pathlib import Path

import click

from ..check import Finding, check_blog
from ..core.errors import BuildError
from ..settings import Blog, load_settings

_EXAMPLES = """\b
Examples:
  nbblog check
  nbblog check --links posts/2026-01-21-system-design.ipynb
  nbblog check --strict --format github"""
_COLOURS = {"error": "red", "warning": "yellow", "info": "blue"}
_GITHUB = {"error": "error", "warning": "warning", "info": "notice"}


@click.command("check", epilog=_EXAMPLES)
@click.argument("posts", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--links", is_flag=True, help="Ask other sites whether what posts link to is still there.")
@click.option("--drafts/--no-drafts", default=True, help="Check drafts and posts of the future too (the default).")
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings as for errors.")
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text", show_default=True,
              help="For people, for programs, or as annotations of GitHub Actions.")  # fmt: skip
def command(posts: Sequence[Path], links: bool, drafts: bool, strict: bool, form: str) -> None:
    """Say what is to be mended: in all posts, or in POSTS."""

    def say(done: int, of: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{done}/{of} posts", err=True, nl=done == of)

    blog = load_settings(Path.cwd())
    wanted = {_source(blog, path) for path in posts}
    found = check_blog(blog, drafts=drafts, links=links, today=date.today(), say=say)
    found = [one for one in found if not wanted or one.source in wanted]
    {"text": _as_text, "json": _as_json, "github": _as_github}[form](found, blog)
    if any(one.severity == "error" or (strict and one.severity == "warning") for one in found):
        sys.exit(1)


def _source(blog: Blog, path: Path) -> str:
    try:
        return path.resolve().relative_to(blog.root.resolve()).as_posix()
    except ValueError:
        raise BuildError(f"{path}: not in the blog {blog.root}") from None


def _as_text(found: Sequence[Finding], blog: Blog) -> None:
    for source, group in groupby(found, lambda one: one.source):
        click.secho(source, bold=True)
        for one in group:
            severity = click.style(f"{one.severity:8}", fg=_COLOURS[one.severity])
            click.echo(f"  {severity} {_where(one)}{one.message} [{one.code}]")
            if one.fix:
                click.echo(f"           {one.fix}")
    click.echo(_sum_up(found))


def _where(one: Finding) -> str:
    if one.cell is None:
        return ""
    return f"cell {one.cell}: " if one.line is None else f"cell {one.cell}, line {one.line}: "


def _sum_up(found: Iterable[Finding]) -> str:
    severities = [one.severity for one in found]
    counts = [(severities.count(kind), kind) for kind in ("error", "warning", "info")]
    said = [f"{count} {kind if kind == 'info' or count == 1 else kind + 's'}" for count, kind in counts if count]
    return ", ".join(said) or "nothing to mend"


def _as_json(found: Sequence[Finding], blog: Blog) -> None:
    click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))


def _as_github(found: Sequence[Finding], blog: Blog) -> None:
    """Workflow commands ("Workflow commands for GitHub Actions"); paths are those of the repository."""
    top = Path(os.environ.get("GITHUB_WORKSPACE") or blog.root)
    for one in found:
        path = os.path.relpath(blog.root / one.source, top)
        line = f",line={one.file_line}" if one.file_line else ""
        message = f"{_where(one)}{one.message} {one.fix}".strip()
        title = _escape(one.code)
        click.echo(f"::{_GITHUB[one.severity]} file={_escape(path)}{line},title={title}::{_escape_text(message)}")
    click.echo(_sum_up(found), err=True)


def _escape_text(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape(text: str) -> str:
    return _escape_text(text).replace(":", "%3A").replace(",", "%2C")
