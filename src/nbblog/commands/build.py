"""``nbblog build``: the blog as a site."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from ..build import build_blog
from ..settings import load_settings


@click.command("build", epilog="\b\nExamples:\n  nbblog build\n  nbblog build --drafts")
@click.option("--drafts", is_flag=True, help="Build drafts and posts of the future too.")
@click.option("--strict", is_flag=True, help="Exit with 1 if a post has a warning.")
def command(drafts: bool, strict: bool) -> None:
    """Build the site from the blog's notebooks."""

    def say(done: int, of: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{done + 1}/{of} posts", err=True, nl=done + 1 == of)

    result = build_blog(load_settings(Path.cwd()), drafts=drafts, today=date.today(), say=say)
    serious = 0
    for source, notices in sorted(result.notices.items()):
        for notice in notices:
            serious += notice.kind.severity != "info"
            click.echo(f"{notice.kind.severity}: {source}, {notice}", err=True)
    for error in dict(sorted(result.errors.items())).values():
        click.echo(f"error: {error}", err=True)
    if result.errors:
        click.echo(f"nbblog: {len(result.errors)} posts failed; the site stays as it was", err=True)
        sys.exit(1)
    click.echo(f"{result.posts} posts, {result.pages} pages in {result.output}")
    if strict and serious:
        sys.exit(1)
