"""``nbblog new``: the notebook of a new post."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from ..scaffold import create_post
from ..settings import load_settings


@click.command("new", epilog='\b\nExamples:\n  nbblog new "How high is the tide?" --categories sea,physics')
@click.argument("title")
@click.option("--categories", default="", metavar="A,B", help="What the post is about, with commas between.")
@click.option("--series", default="", metavar="NAME", help="The series that the post is a part of.")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD",
              help="Its date; today if unsaid.")  # fmt: skip
@click.option("--open", "opened", is_flag=True, help="Open it with the program that opens notebooks here.")
def command(title: str, categories: str, series: str, day: datetime | None, opened: bool) -> None:
    """Make the notebook of a post with this TITLE."""
    today = day.date() if day else date.today()
    names = [name.strip() for name in categories.split(",") if name.strip()]
    path = create_post(load_settings(Path.cwd()).content, title, today=today, categories=names, series=series)
    click.echo(f"made {path}")
    if opened:
        click.launch(str(path))
