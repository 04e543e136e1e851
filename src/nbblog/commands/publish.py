"""``nbblog publish``: the site that was built, on a branch of the repository's remote."""

from __future__ import annotations

from pathlib import Path

import click

from ..publish import Published, publish_site, roll_back
from ..settings import load_settings


@click.command("publish", epilog="\b\nExamples:\n  nbblog build && nbblog publish --dry-run\n  nbblog publish\n"
               "  nbblog publish --rollback")  # fmt: skip
@click.option("--remote", default="origin", show_default=True, metavar="NAME", help="The git remote to publish to.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--adopt", is_flag=True, help="Take over a branch that nbblog did not make; its files go.")
@click.option("--allow-secrets", is_flag=True, help="Publish notebooks in which something looks like a password.")
@click.option("--rollback", is_flag=True, help="Put the site before the last publishing on the branch again.")
def command(remote: str, dry_run: bool, adopt: bool, allow_secrets: bool, rollback: bool) -> None:
    """Publish the site that `nbblog build` made."""
    blog = load_settings(Path.cwd())
    branch = blog.config.branch
    if rollback:
        click.echo(f"{branch} is the earlier site again: {roll_back(blog.root, branch=branch, remote=remote)[:12]}")
        return
    done = publish_site(
        blog.output, blog.root, branch=branch, remote=remote, dry_run=dry_run, adopt=adopt,
        allow_secrets=allow_secrets,
    )  # fmt: skip
    _print_changes(done)
    if done.commit:
        click.echo(f"published to {branch} at {done.target}: {done.commit[:12]}")
    elif dry_run:
        click.echo(f"nothing was sent to {branch} at {done.target}")
    else:
        click.echo(f"{branch} at {done.target} has this site already")


def _print_changes(done: Published) -> None:
    for sign, paths in (("+", done.added), ("~", done.changed), ("-", done.removed)):
        pages = [path for path in paths if path.endswith(".html")]
        for page in pages[:20]:
            click.echo(f"{sign} {page}")
        others = len(paths) - min(len(pages), 20)
        if others:
            click.echo(f"{sign} {others} other {'file' if others == 1 else 'files'}")
