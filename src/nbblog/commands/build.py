"""``nbblog build``: the blog as a site."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack, nullcontext
from datetime import date
from pathlib import Path

import click

from ..build import build_blog, find_notebooks
from ..execution import execute_posts
from ..kernels import KernelLimits
from ..scratch import temporary_folder
from ..settings import Blog, load_settings
from ..workers import Cores, Crew

_EXAMPLES = """\b
Examples:
  nbblog build
  nbblog build --drafts --keep-going
  nbblog build --execute --timeout 60
  nbblog build --strict --jobs 4
  nbblog build --execute --dask tcp://scheduler:8786"""


@click.command("build", epilog=_EXAMPLES)
@click.option("--drafts", is_flag=True, help="Build drafts and posts of the future too.")
@click.option("--strict", is_flag=True, help="Exit with 1 if a post has a warning.")
@click.option("--keep-going", is_flag=True, help="Renew the site although a post failed; that one stays as it was.")
@click.option("--execute", is_flag=True, help="Run the posts in new kernels; what was run as it is, is not run again.")
@click.option(
    "--timeout",
    type=click.IntRange(min=1),
    default=KernelLimits().seconds,
    show_default=True,
    help="Seconds that a cell may take with --execute.",
)
@click.option("--post-timeout", type=click.IntRange(min=1), default=KernelLimits().whole_seconds, show_default=True,
              help="Seconds that all cells of a post may take together with --execute.")  # fmt: skip
@click.option("--memory", type=click.IntRange(min=1), metavar="MIB",
              help="Mebibytes that a kernel may take with --execute (on Linux).")  # fmt: skip
@click.option("--jobs", type=click.IntRange(min=1),
              help="How many processes render or run posts; by itself what suits the work.")  # fmt: skip
@click.option("--dask", metavar="ADDRESS", help="Render and run posts on the workers of this Dask scheduler.")
def command(
    drafts: bool,
    strict: bool,
    keep_going: bool,
    execute: bool,
    timeout: int,
    post_timeout: int,
    memory: int | None,
    jobs: int | None,
    dask: str | None,
) -> None:
    """Build the site from the blog's notebooks."""

    if jobs and dask:
        raise click.UsageError("--jobs is for this machine's processes: not with --dask")
    blog, today = load_settings(Path.cwd()), date.today()
    with ExitStack() as stack:
        crew = stack.enter_context(_gather(blog, jobs, dask))
        failed: Mapping[str, str] = {}
        if execute:
            folder = stack.enter_context(temporary_folder())
            limits = KernelLimits(timeout, max(timeout, post_timeout), memory)
            done = execute_posts(
                blog, find_notebooks(blog), folder, crew=crew, limits=limits, say=_progress("run")
            )
            blog, failed = done.blog, done.errors
        result = build_blog(
            blog, drafts=drafts, today=today, crew=crew, keep_going=keep_going, failed=failed, say=_progress("rendered")
        )
    serious = 0
    for source, notices in sorted(result.notices.items()):
        for notice in notices:
            serious += notice.kind.severity != "info"
            click.echo(f"{notice.kind.severity}: {source}, {notice}", err=True)
    for error in dict(sorted(result.errors.items())).values():
        click.echo(f"error: {error}", err=True)
    if result.errors:
        kept = "they are in the site as they last were" if keep_going else "the site stays as it was"
        click.echo(f"nbblog: {len(result.errors)} posts failed; {kept}", err=True)
    if result.deploy:
        click.echo(f"{result.posts} posts ({result.rendered} rendered), {result.pages} pages in {result.output}")
    if result.errors or (strict and serious):
        sys.exit(1)


def _gather(blog: Blog, jobs: int | None, dask: str | None) -> AbstractContextManager[Crew]:
    if dask is None:
        return nullcontext(Cores(jobs))
    from ..cluster import Cluster

    return Cluster(dask, blog)


def _progress(what: str) -> Callable[[int, int], None]:
    def say(done: int, of: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{done}/{of} posts {what}", err=True, nl=done == of)

    return say
