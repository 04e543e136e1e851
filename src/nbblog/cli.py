"""The command ``nbblog``: a blog from its first post to its publishing.

A command's module is imported when it is called, so that ``nbblog new`` does not wait for what another needs.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from .core.errors import NbblogError, near

COMMANDS: tuple[str, ...] = ("init", "new", "import", "build", "serve", "check", "publish")
"""In the order in which an author meets them."""


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        # A statement could not name a module `import`.
        name = "import_posts" if cmd_name == "import" else cmd_name
        module = import_module(f"nbblog.commands.{name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"there is no command `{args[0]}`{near(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)


def _print_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value:
        from nbblog import __version__

        click.echo(f"nbblog {__version__}")
        ctx.exit()


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="\b\nExamples:\n  nbblog init blog && cd blog\n  nbblog new \"My first post\"\n  nbblog build\n"
    "  nbblog publish --dry-run",
)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version,
              help="Show the version and exit.")  # fmt: skip
def cli() -> None:
    """Notebooks become a blog."""


def main() -> None:
    """Run the command; what a user can mend is one line on stderr and exit code 1."""
    try:
        cli(prog_name="nbblog")
    except NbblogError as error:
        click.echo(f"nbblog: {error}", err=True)
        sys.exit(1)
    except BrokenPipeError:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
