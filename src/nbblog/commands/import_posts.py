"""``nbblog import``: the posts of another blog."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from ..migrate.importing import Imported, import_posts
from ..settings import load_settings

_EXAMPLES = """\b
Examples:
  nbblog import ../old-blog/_posts --dry-run
  nbblog import ../fastpages-blog
  nbblog import article.qmd notes.txt --to posts/2026"""


@click.command("import", epilog=_EXAMPLES)
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
              help="The folder for the notebooks; by itself the blog's folder of posts.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Say what would be made, and write nothing.")
def command(sources: Sequence[Path], to: Path | None, dry_run: bool) -> None:
    """Make notebooks of the posts of another blog.

    SOURCES are files and folders: Markdown of Jekyll, Hugo, Quarto, MyST, Pelican and Nikola, notebooks of fastpages,
    nbdev, Pelican and Nikola, plain text. They stay as they are, and nothing in the blog is written over.
    """
    counts: dict[str, int] = {}
    for done in import_posts(sources, to or load_settings(Path.cwd()).content, dry_run=dry_run):
        counts[done.state] = counts.get(done.state, 0) + 1
        _say(done, dry_run)
    made, same = counts.get("made", 0), counts.get("unchanged", 0)
    passed, failed = counts.get("passed over", 0), counts.get("failed", 0)
    said = f"{made} posts {'would be made' if dry_run else 'made'}"
    for count, words in ((same, "there already"), (passed, "passed over"), (failed, "failed")):
        said += f", {count} {words}" if count else ""
    click.echo(said)
    if failed or not counts:
        sys.exit(1)


def _say(done: Imported, dry_run: bool) -> None:
    if done.state in ("failed", "passed over"):
        click.echo(f"{'error' if done.state == 'failed' else 'passed over'}: {done.source}: {done.reason}", err=True)
        return
    if done.state == "made":
        along = f", with {done.files} files" if done.files else ""
        click.echo(f"{'would make' if dry_run else 'made'} {done.target}{along}")
    for remark in done.remarks:
        place = f":{remark.line}" if remark.line else ""
        click.echo(f"warning: {done.source}{place}: {remark.text}", err=True)
