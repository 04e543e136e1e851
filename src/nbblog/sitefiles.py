"""The files of a finished site as they are to be published: those that the build made, unchanged, and no others."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from .core.errors import FileRefused, NotebookError, PublishError
from .core.secrets import Secret, find_in_text, find_secrets
from .files import folder_reader, parse_notebook
from .staging import MARKER

MAX_FILE_BYTES = 100 * 1024 * 1024
"""GitHub takes no larger one."""
_UNSAFE = re.compile(
    r"[\x00-\x1f\x7f\\\"]|(?:^|/)(?:\.\.?)?(?:/|\Z)|(?:^|/)\.(?!nbblog-site\.json\Z|nojekyll\Z)|(?i:git~\d)"
)
_DATA = re.compile(r"(?<=[\",>])[A-Za-z0-9+/=]{4096,}")
_TEXTS = (".html", ".md", ".xml", ".txt", ".csv", ".json", ".ipynb")


@dataclass(frozen=True, slots=True)
class SiteFile:
    """One file of a site, without its content."""

    sha256: str
    blobs: Mapping[str, str]
    """git's name for its content, by the object format (``sha1``, ``sha256``)."""


@dataclass(frozen=True, slots=True)
class SiteFiles:
    """A site on disk."""

    files: Mapping[str, SiteFile]
    """By site path: what the marker names, and the marker."""
    read: Callable[[str], bytes]
    """The content of one of them; raises ``PublishError`` if it is not what it was."""


def read_site(site: Path, *, allow_secrets: bool = False) -> SiteFiles:
    """Look at each file once. No link is followed.

    Raises ``PublishError``, also for passwords and tokens unless ``allow_secrets``."""
    read = folder_reader(site, max_bytes=MAX_FILE_BYTES)
    try:
        raw = read(MARKER)
        listed = {**read_marker(raw), MARKER: hashlib.sha256(raw).hexdigest()}
    except (FileRefused, ValueError):
        raise PublishError(f"{site}: not a site that `nbblog build` made") from None
    for path in listed:
        if _UNSAFE.search(path):
            raise PublishError(f"{site}: {path!r} is no name for a published file")

    def read_same(path: str) -> bytes:
        try:
            content = read(path.replace("%", "%25").replace("?", "%3F").replace("#", "%23"))
        except FileRefused as error:
            raise PublishError(f"{site / path}: {error.reason}") from None
        if hashlib.sha256(content).hexdigest() != listed[path]:
            raise PublishError(f"{site / path}: changed since the build; build again")
        return content

    files = {}
    # Posts first: a list only repeats what stands in one of them.
    for path in sorted(listed, key=lambda path: (not path.startswith("posts/"), path)):
        content = read_same(path)
        if not allow_secrets:
            _refuse_secrets(path, content)
        files[path] = SiteFile(listed[path], {kind: _name_blob(kind, content) for kind in ("sha1", "sha256")})
    return SiteFiles(files, read_same)


def read_marker(raw: bytes) -> dict[str, str]:
    """The files that a marker names, each with its sha256. Raises ``ValueError`` if it is none."""
    try:
        marker = json.loads(raw)
    except RecursionError:
        raise ValueError("not a marker") from None
    files = marker.get("files") if isinstance(marker, dict) else None
    if not isinstance(files, dict) or not all(isinstance(digest, str) for digest in files.values()):
        raise ValueError("not a marker")
    return files


def _name_blob(kind: str, content: bytes) -> str:
    return hashlib.new(kind, b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _refuse_secrets(path: str, content: bytes) -> None:
    """Only certain ones stop a publishing; where they stand is said, and not what they are."""
    found = _find_secrets(path, content) if path != MARKER else []
    if found:
        more = f", and {len(found) - 1} more" if len(found) > 1 else ""
        raise PublishError(f"{path}, {found[0]}{more}; take it out of the notebook, and withdraw it")


def _find_secrets(path: str, content: bytes) -> list[Secret]:
    """Those in what readers get of the file; of a page also those that its marks stand in the middle of."""
    if path.endswith(".ipynb"):
        with suppress(NotebookError):
            return find_secrets(parse_notebook(content, path), loose=False)
    if not path.endswith(_TEXTS):
        return []
    parts = _split_page(content.decode("utf-8", "replace"))
    found = find_in_text("<".join(parts))
    if path.endswith(".html") and not path.startswith("assets/") and not found:
        words = (part.partition(">")[2] for part in parts if not part.startswith(("script", "style")))
        return find_in_text(unescape("".join(words)))
    return found


def _split_page(text: str) -> list[str]:
    """What stands between ``<`` and ``<``, without style sheets and long runs of base64: a token is shorter, and
    nothing that could be part of it follows it."""
    parts = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL).split("<")
    return [_DATA.sub("", part) if len(part) > 4096 else part for part in parts]
