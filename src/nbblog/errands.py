"""What JupyterLab asks for a blog as a whole, each errand in a process of its own: ``python -m nbblog.errands``.

The process reads one question, a JSON object with ``task``, ``folder``, ``allowed`` and what the task needs, from its
standard input. It writes lines of JSON: ``{"done": 3, "of": 7}`` while it is at work, and at last ``{"answer": …}``, or
``{"error": "…"}`` with one line for a person.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from .core.errors import NbblogError, NoBlogError
from .scaffold import create_post
from .settings import Blog, load_settings


class Refused(NbblogError):
    """The server's contents do not show what the errand is about."""


@dataclass(frozen=True, slots=True)
class Errand:
    """What is asked, and where."""

    folder: Path
    """Any folder of the blog."""
    allowed: Path
    """The folder that the server shows; nothing outside of it is read for an errand, or written."""
    wishes: Mapping[str, Any]
    say: Callable[[int, int], None]
    today: date

    def blog(self) -> Blog:
        """The blog that the folder is in. Raises ``ConfigError`` and ``Refused``."""
        blog = load_settings(self.folder)
        if not all(path.resolve().is_relative_to(self.allowed) for path in (blog.root, blog.content, blog.output)):
            raise Refused(f"{blog.root}: the blog lies outside of the folder that Jupyter was started in")
        return blog

    def shown(self, path: Path) -> str:
        """The path as the server's contents name it."""
        return path.resolve().relative_to(self.allowed).as_posix()


def add_post(errand: Errand) -> dict[str, Any]:
    """The notebook of a new post, among the blog's; where there is no blog, in the folder itself."""
    try:
        content = errand.blog().content
    except NoBlogError:
        content = errand.folder
    return {"path": errand.shown(create_post(content, str(errand.wishes["title"]), today=errand.today))}


TASKS: Mapping[str, Callable[[Errand], dict[str, Any]]] = {"new": add_post}


def run(question: Mapping[str, Any], tell: Callable[[Mapping[str, Any]], None]) -> None:
    """Do it, and tell how it goes and what came of it."""
    errand = Errand(
        Path(question["folder"]), Path(question["allowed"]).resolve(), question,
        lambda done, of: tell({"done": done, "of": of}), date.today(),
    )  # fmt: skip
    try:
        tell({"answer": TASKS[question["task"]](errand)})
    except NbblogError as error:
        tell({"error": str(error)})
    except Exception:
        traceback.print_exc()
        tell({"error": "nbblog met with a fault of its own; the server's log has it"})


def main() -> None:
    """One question, and its answer."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="replace")
    # Whatever a library prints must not stand between the answers.
    os.dup2(2, 1)

    def tell(line: Mapping[str, Any]) -> None:
        print(json.dumps(line), file=answers, flush=True)

    run(json.load(sys.stdin), tell)


if __name__ == "__main__":
    main()
