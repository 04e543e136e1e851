"""What a build leaves for the next one: of each part of the site, all that it was made from, and its files.

A part is used again only if it would come out the same, by the hashes of everything that it depends on, and if its
files still stand in the site as they were written. Nothing is lost with a record: the next build takes longer.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Mapping
from dataclasses import dataclass, field, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from .core.entry import Entry
from .core.markdown import PostLink
from .core.post import FrontMatter
from .kept import Kept, cache_folder
from .staging import Made


@dataclass(frozen=True, slots=True)
class PostRecord:
    """A post as it was rendered."""

    key: str
    entry: Entry
    is_in_feed: bool
    files: Mapping[str, Made] = field(default_factory=dict)
    """By site path."""
    asked: Mapping[str, PostLink | None] = field(default_factory=dict)
    read: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PartRecord:
    """Something that was made from several posts."""

    key: str
    files: Mapping[str, Made]


@dataclass(slots=True)
class Record:
    """A whole build."""

    heads: dict[str, tuple[str, FrontMatter]] = field(default_factory=dict)
    """By the notebook's path: the hash of the notebook, and its head."""
    posts: dict[str, PostRecord] = field(default_factory=dict)
    """By the notebook's path."""
    parts: dict[str, PartRecord] = field(default_factory=dict)
    """By the part's name."""


def load_record(output: Path, of: str) -> Record:
    """What the last build into this folder left; nothing, if it was made with other settings or another version."""
    raw = Kept(cache_folder(), "builds", of=of).get(str(output.resolve()))
    if raw is None:
        return Record()
    try:
        record = _Unpickler(io.BytesIO(raw)).load()
    except Exception:  # whatever a record of another Python or of a changed class stumbles over
        return Record()
    return record if isinstance(record, Record) else Record()


def save_record(output: Path, of: str, record: Record) -> None:
    """Keep it for the next build."""
    Kept(cache_folder(), "builds", of=of).put(str(output.resolve()), pickle.dumps(record, pickle.HIGHEST_PROTOCOL))


class _Unpickler(pickle.Unpickler):
    """Reads our own plain classes and nothing else, so that a record cannot run anything."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _PLAIN:
            return super().find_class(module, name)
        # A dotted name leads on, to whatever a class refers to.
        if module.startswith("nbblog.") and name.isidentifier():
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module and _is_plain(found):
                return found
        raise pickle.UnpicklingError(f"{module}.{name}")


def _is_plain(found: type) -> bool:
    """Whether making one does nothing."""
    return is_dataclass(found) or issubclass(found, Enum | str | tuple)


_PLAIN = {("datetime", "date"), ("builtins", "frozenset"), ("builtins", "set"), ("types", "MappingProxyType")}
