"""A blog's first files, and the file of a new post.

Nothing that is there is ever written over: files are opened so that an existing one, or a link in its place, stays.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from .core.errors import NbblogError
from .core.text import build_slug, one_line
from .installed import read_version
from .served import github_repository, pages_url

_FILES = Path(__file__).parent / "scaffold_files"


class ScaffoldError(NbblogError):
    """A file cannot be made where it is wanted."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What git knows about the blog's author and its home; empty where it does not know."""

    author: str = ""
    repository: str = ""
    """``owner/name`` on GitHub."""

    @property
    def site_url(self) -> str:
        """The address at which GitHub Pages serves the repository."""
        return pages_url(self.repository)


def read_origin(folder: Path) -> Origin:
    """What git says in ``folder``; nothing where there is no git."""
    address = _git(folder, "config", "--get", "remote.origin.url")
    return Origin(one_line(_git(folder, "config", "--get", "user.name")), github_repository(address))


def _git(folder: Path, *words: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603
            ["git", *words], cwd=folder, capture_output=True, timeout=10, check=False  # noqa: S607
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else ""


def create_blog(folder: Path, *, today: date, origin: Origin | None = None) -> list[Path]:
    """Make what a blog in ``folder`` still lacks; the files made, in order.

    The first post is made only where ``posts`` has no notebook. Raises ``ScaffoldError`` where a file cannot be
    written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        known = read_origin(folder) if origin is None else origin
        wanted = _blog_files(folder, today, known)
        return [folder / path for path, content in wanted.items() if _write_new(folder / path, content)]
    except OSError as error:
        raise ScaffoldError(f"{error.filename or folder}: {error.strerror or error}") from None


def _blog_files(folder: Path, today: date, origin: Origin) -> dict[str, bytes]:
    name = folder.resolve().name
    title = one_line(re.sub(r"[-_]+", " ", name)).strip()
    title = title[:1].upper() + title[1:] or "A blog"
    files = {"nbblog.toml": _settings(title, origin).encode()}
    if not any((folder / "posts").glob("**/*.ipynb")):
        files[f"posts/{today.isoformat()}-welcome.ipynb"] = (_FILES / "welcome.ipynb").read_bytes()
    workflow = (_FILES / "publish.yml").read_bytes()
    files[".github/workflows/publish.yml"] = workflow.replace(b"NBBLOG_VERSION", read_version("nbblog").encode())
    files[".gitignore"] = b"/_site/\n/.jupyter_cache/\n.ipynb_checkpoints/\n__pycache__/\n.venv/\n"
    files["README.md"] = _README.format(title=title).encode()
    return files


_README = """# {title}

A blog of notebooks, made with nbblog. A push to the main branch publishes it, as `.github/workflows/publish.yml` says.

```sh
nbblog new "A title"         # a post in posts/
jupyter lab                  # write, with the article beside it
nbblog build                 # the site, in _site/
```
"""


def _settings(title: str, origin: Origin) -> str:
    """``nbblog.toml``: what is known, and the rest behind ``#`` as it is without being said."""
    quoted = {"title": _quoted(title), "author": _quoted(origin.author or "Your name")}
    author = "" if origin.author else "# "
    url = f"site_url = {_quoted(origin.site_url)}" if origin.repository else '# site_url = "https://example.org/"'
    home = f"repository = {_quoted(origin.repository)}" if origin.repository else '# repository = "owner/name"'
    return f"""# The settings of the blog.
site_title = {quoted["title"]}
# What the blog is about, in a sentence.
# description = ""
{author}author = [{quoted["author"]}]

# Where the blog will be read; feeds need it.
{url}
{home}

# How dates are written, and the language of posts that do not say.
# locale = "en_US"
# Show code: false hides it in posts that do not say otherwise.
# echo = true
# code_fold = false
"""


def _quoted(text: str) -> str:
    """Text in one line as TOML and YAML both read it between double quotes."""
    return json.dumps(one_line(text), ensure_ascii=False)


def _write_new(path: Path, content: bytes) -> bool:
    """Write a file that is not there yet; whether it was written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        return False
    return True


def create_post(
    content: Path, title: str, *, today: date, categories: Iterable[str] = (), series: str = ""
) -> Path:
    """Make ``YYYY-MM-DD-slug.ipynb`` in the folder ``content``; the new file.

    Raises ``ScaffoldError`` for an empty title, or when a post with this name is there, of whatever date."""
    title = one_line(title)
    if not title:
        raise ScaffoldError("the title is empty; say what the post is about")
    slug = build_slug(title)
    path = content / f"{today.isoformat()}-{slug}.ipynb"
    same = (*content.glob("**/" + "[0-9]" * 4 + f"-*-{slug}.ipynb"), *content.glob(f"**/{slug}.ipynb"))
    same = tuple(file for file in same if re.fullmatch(r"(?:\d{4}-\d{1,2}-\d{1,2}-)?" + re.escape(slug), file.stem))
    if same:
        raise ScaffoldError(f"{same[0]}: there is a post with this name; choose another title")
    notebook = json.dumps(_notebook(title, today, list(categories), series), ensure_ascii=False, indent=1) + "\n"
    try:
        written = _write_new(path, notebook.encode())
    except OSError as error:
        raise ScaffoldError(f"{path}: {error.strerror or error}") from None
    if not written:
        raise ScaffoldError(f"{path}: there is a file with this name; choose another title")
    return path


def _notebook(title: str, day: date, categories: list[str], series: str) -> dict[str, Any]:
    head = ["---", f"title: {_quoted(title)}", f"date: {day.isoformat()}"]
    if categories:
        head.append(f"categories: [{', '.join(_quoted(category) for category in categories)}]")
    if series.strip():
        head.append(f"series: {_quoted(series)}")
    head.append("---")
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    return {
        "cells": [
            {"cell_type": "raw", "id": "head", "metadata": {}, "source": "\n".join(head)},
            {"cell_type": "markdown", "id": "opening", "metadata": {}, "source": "What this post is about."},
        ],
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
