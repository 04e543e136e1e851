"""The files of a finished site as they are to be published: those that the build made, unchanged, and no others."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .core.errors import FileRefused, NotebookError, PublishError
from .core.secrets import find_secrets
from .files import folder_reader, parse_notebook
from .staging import MARKER

MAX_FILE_BYTES = 100 * 1024 * 1024
"""GitHub takes no larger one."""
_UNSAFE = re.compile(
    r"[\x00-\x1f\x7f\\\"]|(?:^|/)(?:\.\.?)?(?:/|\Z)|(?:^|/)\.(?!nbblog-site\.json\Z|nojekyll\Z)|(?i:git~\d)"
)
_TEXTS = (".html", ".md", ".xml", ".txt", ".csv", ".json")


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
    found = [secret for secret in find_secrets(_as_notebook(path, content)) if secret.strict]
    if found:
        more = f", and {len(found) - 1} more" if len(found) > 1 else ""
        raise PublishError(f"{path}, {found[0]}{more}; take it out of the notebook, and withdraw it")


def _as_notebook(path: str, content: bytes) -> Mapping[str, Any]:
    """What readers get of the file: a page or a text stands as the one cell of a notebook."""
    if path.endswith(".ipynb"):
        try:
            return parse_notebook(content, path)
        except NotebookError:
            pass
    is_text = path.endswith((*_TEXTS, ".ipynb")) and path != MARKER
    text = re.sub(r"<style>.*?</style>", "", content.decode("utf-8", "replace"), flags=re.DOTALL) if is_text else ""
    return {"nbformat": 4, "cells": [{"cell_type": "markdown", "source": text}]}
