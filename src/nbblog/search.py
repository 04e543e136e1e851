"""A site's search index, made by Pagefind: its pieces are small files, of which a reader's browser fetches a few.

Pagefind is a program of its own, which the extra ``nbblog[search]`` installs; without it a site has no search.
"""

from __future__ import annotations

import os
import subprocess
from functools import cache
from pathlib import Path

from .core.errors import BuildError
from .core.text import one_line
from .scratch import temporary_folder

FOLDER = "pagefind"
_SECONDS = 600
# What a page of results does not use: Pagefind's own boxes, its highlighter and their styles.
_UNUSED = ("pagefind-ui", "pagefind-modular", "pagefind-component", "pagefind-highlight", "pagefind-playground")


@cache
def can_index() -> bool:
    """Whether Pagefind is installed."""
    return _find_program() is not None


def _find_program() -> Path | None:
    try:
        from pagefind_bin import get_executable

        return Path(get_executable())
    except (ImportError, OSError):
        return None


def build_index(site: Path, language: str) -> dict[str, bytes]:
    """The files of the index, by site path, of the articles below the folder ``site``, whose words are taken for
    those of ``language`` (ISO 639-1): an index for each language would only find the posts in that of the page where
    readers search. Raises ``BuildError``."""
    program = _find_program()
    if program is None:
        raise BuildError("search needs Pagefind: pip install 'nbblog[search]'")
    with temporary_folder() as folder:
        command = [
            str(program), "--site", str(site), "--glob", "posts/*/index.html", "--root-selector", "article",
            "--exclude-selectors", "button, .nb-toc, .nb-tags, .nb-meta", "--include-characters", "_",
            "--output-path", str(folder), "--force-language", language, "--silent",
        ]  # fmt: skip
        known = {key: os.environ[key] for key in ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP") if key in os.environ}
        try:
            done = subprocess.run(command, capture_output=True, timeout=_SECONDS, env=known)  # noqa: S603
        except (OSError, subprocess.TimeoutExpired) as error:
            raise BuildError(f"search: {one_line(str(error))}") from None
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace") or done.stdout.decode("utf-8", "replace")
            raise BuildError(f"search: Pagefind failed: {one_line(said)[:300]}")
        made = sorted(path for path in folder.rglob("*") if path.is_file())
        return {
            f"{FOLDER}/{path.relative_to(folder).as_posix()}": path.read_bytes()
            for path in made
            if not path.name.startswith(_UNUSED)
        }
