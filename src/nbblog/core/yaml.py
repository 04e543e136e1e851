"""YAML as front matter and cell options need it: mappings, lists and plain values, nothing that acts or expands.

Built on PyYAML's event stream, so that what is refused is refused before it is made: anchors and aliases (the
"billion laughs"), tags, merge keys, duplicate keys, several documents, keys that are not plain text, more than
``MAX_BYTES`` or ``MAX_DEPTH``. Values follow YAML 1.2's core schema where it differs from 1.1: ``no`` and ``on`` are
text, and so is ``1:30``. Dates stay text (``dates.read_date`` reads more forms than YAML has), and a number is a
number only when Python would write it the same way: ``3.10`` and ``007`` stay as the author typed them.
"""

from __future__ import annotations

import re
from typing import Any

MAX_BYTES = 64 * 1024
"""More than any head of a post needs; a bound for time and memory."""
MAX_DEPTH = 10
"""Levels of lists and mappings."""

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOL = {word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")}
_INT = re.compile(r"(?:0|-?[1-9][0-9]{0,17})\Z")
_FLOAT = re.compile(r"-?[0-9]{1,15}\.[0-9]{1,15}\Z")


class YamlError(ValueError):
    """The text is not the YAML that is read here. ``line`` counts from 1 within the text."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(f"line {line}: {reason}")
        self.reason = reason
        self.line = line


def load_yaml(text: str) -> Any:
    """The value of one YAML document: a ``dict`` with text keys, ``list``, text, number, truth or ``None``.

    Raises ``YamlError``, in one line, for anything else.
    """
    import yaml

    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise YamlError(f"longer than {MAX_BYTES // 1024} KiB", 1)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _document(yaml.parse(text, Loader=loader))
    except yaml.YAMLError as error:
        raise _one_line(error, text) from None
    except YamlError:
        raise
    except (ValueError, OverflowError):
        # PyYAML's pure scanner passes `"\\UFFFFFFFF"` to chr(); text with lone surrogates cannot be encoded.
        raise YamlError("a character that does not exist", 1) from None


def _one_line(error: Exception, text: str) -> YamlError:
    """PyYAML's error with its line, without its multi-line excerpt."""
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        return YamlError(str(getattr(error, "problem", None) or "not YAML"), mark.line + 1)
    position = getattr(error, "position", 0)
    return YamlError("a character that YAML does not allow", text.count("\n", 0, position) + 1)


def _document(events: Any) -> Any:
    """The one document of the stream, or ``None`` when it is empty."""
    value, documents = None, 0
    for event in events:
        kind = type(event).__name__
        if kind == "DocumentStartEvent":
            documents += 1
            if documents > 1:
                raise YamlError("a second document; only one is read", _line(event))
            if event.tags:
                raise YamlError("a %TAG line; tags are not read", _line(event))
            value = _node(next(events), events, 0)
    return value


def _node(event: Any, events: Any, depth: int) -> Any:
    """The value that begins with ``event``; takes the rest of its events."""
    kind = type(event).__name__
    if kind == "AliasEvent":
        raise YamlError(f"the alias *{event.anchor}; write the value out", _line(event))
    if event.anchor is not None:
        raise YamlError(f"the anchor &{event.anchor}; write the value out where it is used", _line(event))
    if event.tag is not None:
        raise YamlError(f"the tag {event.tag}; only plain values are read", _line(event))
    if kind == "ScalarEvent":
        return _plain(event.value) if event.implicit[0] else event.value
    if depth == MAX_DEPTH:
        raise YamlError(f"nested deeper than {MAX_DEPTH} levels", _line(event))
    return _list(events, depth + 1) if kind == "SequenceStartEvent" else _mapping(events, depth + 1)


def _list(events: Any, depth: int) -> list[Any]:
    values = []
    while type(event := next(events)).__name__ != "SequenceEndEvent":
        values.append(_node(event, events, depth))
    return values


def _mapping(events: Any, depth: int) -> dict[str, Any]:
    values: dict[str, Any] = {}
    while type(event := next(events)).__name__ != "MappingEndEvent":
        if type(event).__name__ != "ScalarEvent":
            raise YamlError("a key that is not plain text", _line(event))
        _node(event, events, depth)  # refuses anchors and tags
        key: str = event.value
        if key == "<<" and event.implicit[0]:
            raise YamlError("the merge key <<; write the keys out", _line(event))
        if key in values:
            raise YamlError(f"the key `{key[:80]}` a second time", _line(event))
        values[key] = _node(next(events), events, depth)
    return values


def _plain(text: str) -> Any:
    """An unquoted scalar by YAML 1.2's core schema, as far as it loses no text."""
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _INT.match(text):
        return int(text)
    return float(text) if _FLOAT.match(text) and repr(float(text)) == text else text


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
