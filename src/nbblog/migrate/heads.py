"""The heads of other tools' posts, as YAML text: what its author wrote stays as written where it is YAML already."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ..core.errors import NbblogError
from ..core.fields import Unusable, canonical, read_texts
from ..core.text import one_line

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


class ImportRefused(NbblogError):
    """A file cannot become a post; the message says why."""


@dataclass(frozen=True, slots=True)
class Written:
    """A post's text, with its head apart."""

    head: str
    """YAML, without the lines around it; empty if there is none."""
    fields: Mapping[str, Any]
    """What the head says."""
    body: str
    body_line: int = 1
    """The line of the file at which the body begins."""


_FENCED = re.compile(r"\ufeff?\s*(---|\+\+\+)[ \t]*\n(.*?\n)??(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_NIKOLA = re.compile(r"\ufeff?\s*<!--[ \t]*\n((?:[ \t]*(?:\.\.[ \t]+[\w-]+:.*)?\n)+)[ \t]*-->[ \t]*(?:\n|\Z)")
_NIKOLA_LINE = re.compile(r"[ \t]*\.\.[ \t]+([\w-]+):[ \t]*(.*)")
_PELICAN = re.compile(r"\ufeff?((?:[A-Za-z][\w -]{0,40}:.*\n(?:[ \t]+\S.*\n)*)+)[ \t]*(?:\n|\Z)")
_PELICAN_LINE = re.compile(r"([A-Za-z][\w -]{0,40}?)[ \t]*:[ \t]*(.*(?:\n[ \t]+\S.*)*)")


def split_head(text: str) -> Written:
    """Part a Markdown file into head and body. Raises ``ImportRefused`` for a head that cannot be read."""
    if match := _FENCED.match(text):
        written = match[2] or ""
        if match[1] == "---":
            return _apart(text, match.end(), *_read_yaml(written))
        try:
            fields = _plain(tomllib.loads(written))
        except ValueError as error:
            raise ImportRefused(f"its head is not TOML: {one_line(str(error))}") from None
        return _apart(text, match.end(), dump_yaml(fields), fields)
    if text.startswith("{") and (found := _read_json(text)):
        return _apart(text, found[1], dump_yaml(found[0]), found[0])
    if match := _NIKOLA.match(text):
        return _apart(text, match.end(), *read_lines(match[1]))
    match = _PELICAN.match(text)
    if match and re.search(r"^title[ \t]*:", match[1], re.IGNORECASE | re.MULTILINE):
        return _apart(text, match.end(), *read_lines(match[1]))
    return Written("", {}, text)


def _apart(text: str, end: int, head: str, fields: Mapping[str, Any]) -> Written:
    return Written(head, fields, text[end:], text.count("\n", 0, end) + 1)


def _read_yaml(written: str) -> tuple[str, Mapping[str, Any]]:
    """The YAML as it is; written anew where it has what our reader refuses (anchors, tags)."""
    import yaml

    from ..core.yaml import YamlError, load_yaml

    try:
        fields, head = load_yaml(written), written
    except YamlError as refused:
        try:
            fields = _plain(yaml.safe_load(written))
            head = dump_yaml(fields)
            load_yaml(head)
        except (yaml.YAMLError, YamlError, ValueError, TypeError, RecursionError):
            raise ImportRefused(f"its head is not YAML: {refused}") from None
    if fields is None:
        return head, {}
    if not isinstance(fields, dict):
        raise ImportRefused("its head is not a list of keys and values")
    return head, fields


def _read_json(text: str) -> tuple[dict[str, Any], int] | None:
    try:
        fields, end = json.JSONDecoder().raw_decode(text)
    except ValueError:
        return None
    return (_plain(fields), end) if isinstance(fields, dict) else None


def _plain(value: Any) -> Any:
    """Days as text, as our heads have them."""
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, date | datetime) else value


def dump_yaml(fields: Mapping[str, Any]) -> str:
    """A mapping as YAML, its keys in order; empty for an empty one."""
    import yaml

    def dump(key: str, value: Any) -> str:
        inline = None if isinstance(value, list | dict) else False  # None: a list of plain values stands in one line
        text: str = yaml.safe_dump(
            {key: value}, allow_unicode=True, sort_keys=False, default_flow_style=inline, width=10**6
        )
        return text

    return "".join(dump(key, value) for key, value in fields.items())


_STATUS = frozenset({"draft", "hidden", "private"})


def read_lines(written: str) -> tuple[str, Mapping[str, Any]]:
    """Pelican's ``Key: value`` and Nikola's ``.. key: value`` lines, also those of a file beside a notebook."""
    pattern = _NIKOLA_LINE if re.match(r"\s*\.\.", written) else _PELICAN_LINE
    return adapt_keys((key, " ".join(value.split())) for key, value in pattern.findall(written))


def adapt_keys(pairs: Iterable[tuple[str, Any]]) -> tuple[str, Mapping[str, Any]]:
    """Pelican's and Nikola's fields under our names, as YAML and as a mapping. Empty ones are left out."""
    fields: dict[str, Any] = {}
    for written, value in pairs:
        key = written.strip().lower().replace(" ", "-")
        if value in ("", None, [], {}) or (key, value) == ("type", "text"):
            continue
        if key == "status":
            if str(value).lower() in _STATUS:
                fields["draft"] = True
        elif key in ("url", "save-as", "save_as"):
            fields.setdefault("aliases", []).append(f"/{str(value).lstrip('/')}")
        elif key == "modified":
            fields["date-modified"] = value
        else:
            fields[key] = value
    merge_topics(fields)
    return dump_yaml(fields), fields


def merge_topics(fields: dict[str, Any], *, by_spaces: bool = False) -> bool:
    """Make one list, ``categories``, of categories and tags; whether that was needed.

    ``by_spaces`` parts a text without commas at its spaces, as Jekyll does."""
    names = [key for key in fields if canonical(key) == "categories"]
    parted: list[str] = []
    for key in names:
        value = fields[key]
        if by_spaces and isinstance(value, str) and "," not in value and key != "category":
            value = value.split()
        try:
            parted += read_texts(value) if value is not None else ()
        except Unusable:
            return False
    first: dict[str, str] = {}
    for topic in parted:
        first.setdefault(topic.casefold(), topic)
    topics = list(first.values())
    if not names or (names == ["categories"] and fields["categories"] == topics) or (
        len(names) == 1 and not by_spaces and isinstance(fields[names[0]], list | str)
    ):
        return False
    for key in names:
        del fields[key]
    fields["categories"] = topics
    return True


_KEY = re.compile(r"([\w-]+|\"[^\"]+\"|'[^']+')[ \t]*:(?:[ \t]|$)")


def set_fields(head: str, changed: Mapping[str, Any]) -> str:
    """The YAML with other values for some keys, all other lines as they are; ``None`` takes a key away."""
    kept: list[str] = []
    dropping = False
    for line in head.splitlines():
        if match := _KEY.match(line):
            dropping = match[1].strip("\"'") in changed
        elif dropping and line.startswith("#"):
            dropping = False
        if not dropping:
            kept.append(line)
    text = "".join(f"{line}\n" for line in kept)
    return text + dump_yaml({key: value for key, value in changed.items() if value is not None})
