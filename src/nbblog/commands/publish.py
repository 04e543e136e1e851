"""``nbblog publish``: the site that was built, on a branch of the repository's remote."""

from __future__ import annotations

from pathlib import Path

import click

from ..publish import Published, publish_site, roll_back
from ..served import find_site_url, wait_until_served
from ..settings import Blog, load_settings
from ..sitefiles import read_site


@click.command("publish", epilog="\b\nExamples:\n  nbblog build && nbblog publish --dry-run\n  nbblog publish --wait\n"
               "  nbblog publish --rollback")  # fmt: skip
@click.option("--remote", default="origin", show_default=True, metavar="NAME", help="The git remote to publish to.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--adopt", is_flag=True, help="Take over a branch that nbblog did not make; its files go.")
@click.option("--allow-secrets", is_flag=True, help="Publish pages in which something looks like a password.")
@click.option("--rollback", is_flag=True, help="Put the site before the last publishing on the branch again.")
@click.option("--wait", type=click.FloatRange(min=0), is_flag=False, flag_value=600, metavar="[SECONDS]",
              help="Wait until the site's address shows it; ten minutes at most, or as said.")  # fmt: skip
def command(
    remote: str, dry_run: bool, adopt: bool, allow_secrets: bool, rollback: bool, wait: float | None
) -> None:
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
    _print_changes(done, None if dry_run else 20)
    if done.commit:
        click.echo(f"published to {branch} at {done.target}: {done.commit[:12]}")
    elif dry_run:
        click.echo(f"nothing was sent to {branch} at {done.target}")
    else:
        click.echo(f"{branch} at {done.target} has this site already")
    if not dry_run:
        _answer(blog, done, wait)


def _print_changes(done: Published, most: int | None) -> None:
    for sign, paths in (("+", done.added), ("~", done.changed), ("-", done.removed)):
        pages = [path for path in paths if path.endswith(".html")][:most]
        for page in pages:
            click.echo(f"{sign} {page}")
        others = len(paths) - len(pages)
        if others:
            click.echo(f"{sign} {others} other {'file' if others == 1 else 'files'}")


def _answer(blog: Blog, done: Published, wait: float | None) -> None:
    """Where readers find it; with ``wait``, when they do."""
    url = find_site_url(blog.config.site_url, done.domain, done.target)
    if done.domain and blog.config.cname != done.domain:
        click.echo(f"the branch keeps its own domain, {done.domain}")
    if wait is None:
        if url:
            click.echo(url)
        return
    if not url:
        raise click.UsageError("--wait needs to know where the site is: set `site_url` in nbblog.toml")
    files = read_site(blog.output, allow_secrets=True)
    seconds = wait_until_served(url, files, (*done.changed, *done.added), seconds=wait)
    click.echo(f"{url} shows it, {seconds:.0f} seconds later")
