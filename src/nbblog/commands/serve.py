"""``nbblog serve``: the blog in the author's browser while it is written."""

from __future__ import annotations

import signal
from pathlib import Path
from socket import socketpair

import click

from ..scratch import temporary_folder
from ..serve import BlogServer, State
from ..settings import load_settings


@click.command("serve", epilog="\b\nExamples:\n  nbblog serve\n  nbblog serve --port 9000 --no-drafts --no-open")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any that is free.")
@click.option("--drafts/--no-drafts", default=True, help="Show drafts and posts of the future too (the default).")
@click.option("--open/--no-open", "opens", default=True, help="Open it in the browser (the default).")
def command(port: int, drafts: bool, opens: bool) -> None:
    """Show the blog in the browser, and what changes as soon as it is saved."""
    # A lock or queue would be waited for in vain if the signal reaches another thread, or comes just before the wait.
    woken, waker = socketpair()
    waker.setblocking(False)
    signal.set_wakeup_fd(waker.fileno())
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, lambda *_: None)

    def say(state: State) -> None:
        for error in state.errors:
            click.echo(f"error: {error}", err=True)
        if not state.errors:
            click.echo("built", err=True)

    with temporary_folder() as folder:
        server = BlogServer(load_settings(Path.cwd()), folder / "site", port, drafts=drafts, say=say)
        click.echo(f"{server.url} shows the blog; Ctrl-C ends it")
        if opens:
            click.launch(server.url)
        woken.recv(1)
        server.close()
