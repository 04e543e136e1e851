"""GitHub's bare links: ``https://…``, ``www.…`` and addresses, found in running text.

Source of the rules: the GitHub Flavored Markdown Specification 0.29, section 6.9, "Autolinks (extension)".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.rules_inline import StateInline

_SCHEME = re.compile(r"(?:^|[^A-Za-z0-9])(https?)$", re.IGNORECASE)
_LONGEST = 2_000
_URL = re.compile(r"[^\s<\x00-\x1f]{1,2001}")
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)*")
_TRAILING = "?!.,:*_~'\""
_ENTITY = re.compile(r"&[A-Za-z0-9]+;$")
_LOCAL = re.compile(r"[A-Za-z0-9.+_-]{1,64}$")
_HOST = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63}){1,10}")
_PAIRS = {")": "(", "]": "["}


def bare_link(state: StateInline, silent: bool) -> bool:
    """An inline rule for the three marks at which a bare link shows: ``://``, ``www.`` and ``@``."""
    mark = state.src[state.pos]
    if mark not in ":wW@" or silent or state.linkLevel:
        return False
    if mark == ":":
        return _read_url(state)
    return _read_address(state) if mark == "@" else _read_www(state)


def _read_url(state: StateInline) -> bool:
    start, pos = state.pos, state.pos
    scheme = _SCHEME.search(state.pending[-6:]) if state.src.startswith("://", pos) else None
    if scheme is None:
        return False
    rest = _trim(state.src, pos + 3, state.posMax)
    if rest is None:
        return False
    state.pending = state.pending[: len(state.pending) - len(scheme[1])]
    url = f"{scheme[1]}://{rest}"
    state.pos = start + 3 + len(rest)
    return _push(state, url, url)


def _read_www(state: StateInline) -> bool:
    before = state.src[state.pos - 1] if state.pos else " "
    if not (before.isspace() or before in "*_~([\"'") or state.src[state.pos : state.pos + 4].lower() != "www.":
        return False
    rest = _trim(state.src, state.pos, state.posMax)
    if rest is None or "." not in rest[4:]:
        return False
    state.pos += len(rest)
    return _push(state, f"http://{rest}", rest)


def _read_address(state: StateInline) -> bool:
    local = _LOCAL.search(state.pending[-65:])
    host = _HOST.match(state.src, state.pos + 1, state.posMax)
    if local is None or host is None or host[0][-1] in "-_":
        return False
    address = f"{local[0]}@{host[0]}"
    before = state.pending[: len(state.pending) - len(local[0])]
    scheme = "mailto:" if before.endswith("mailto:") else ""
    state.pending = before.removesuffix(scheme)
    state.pos = host.end()
    return _push(state, f"mailto:{address}", scheme + address)


def _push(state: StateInline, url: str, text: str) -> bool:
    state.push("link_open", "a", 1).attrs = {"href": state.md.normalizeLink(url)}
    state.push("text", "", 0).content = text
    state.push("link_close", "a", -1)
    return True


def _trim(source: str, start: int, end: int) -> str | None:
    """The part of ``source`` from ``start`` that belongs to the link, if its domain is one."""
    domain = _DOMAIN.match(source, start, end)
    found = _URL.match(source, start, end)
    if (
        domain is None
        or found is None
        or len(found[0]) > _LONGEST
        or any("_" in label for label in domain[0].split(".")[-2:])
    ):
        return None
    rest = _without_tail(found[0])
    return rest if len(rest) >= len(domain[0].rstrip(_TRAILING)) else None


def _without_tail(rest: str) -> str:
    """``rest`` without what reads as the sentence's: punctuation, a bracket that opens outside, an entity."""
    while rest:
        last = rest[-1]
        entity = _ENTITY.search(rest[-40:]) if last == ";" else None
        if entity:
            rest = rest[: -len(entity[0])]
        elif last in _TRAILING or (last in _PAIRS and rest.count(last) > rest.count(_PAIRS[last])):
            rest = rest[:-1]
        else:
            break
    return rest
