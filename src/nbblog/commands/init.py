"""``nbblog init``: a blog's first files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from ..scaffold import create_blog


@click.command("init", epilog="\b\nExamples:\n  nbblog init blog\n  cd blog && nbblog init")
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(file_okay=False, path_type=Path))
def command(folder: Path) -> None:
    """Make a blog in DIR, or here.

    Nothing that is there is changed: only what is missing is added."""
    made = create_blog(folder, today=date.today())
    for path in made:
        click.echo(f"made {path}")
    if not made:
        click.echo("nothing is missing")
    enter = "" if folder == Path(".") else f"cd {click.format_filename(folder)} && "
    click.echo(f'Next: {enter}nbblog new "My first post"')
