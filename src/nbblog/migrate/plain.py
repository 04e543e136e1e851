"""Plain text as a reader's screen has it (headings and lists without their marks) becomes Markdown again.

Nothing but line breaks tells what a line is, so what is done here is a guess by the shape of the lines around it. Every
word stays, in order; only marks are added.
"""

from __future__ import annotations

import re

from ..core.heads import read_byline
from .heads import Written, dump_yaml

_NUMBERED = re.compile(r"\d{1,2}\.\s+\S")
_OWN = re.compile(r"\s*(?:[|>#*+-]|\[\[|!\[|\d{1,3}[.)]\s|```|~~~)")
_SMALL = frozenset(
    [
        "a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "into", "like", "of", "on", "or", "the", "to",
        "vs", "via", "with",
    ]
)  # fmt: skip
_ENDS = re.compile(r"references|further|conclusion|summary|acknowledg|appendix|final|notes|see also", re.IGNORECASE)
_LONGEST = 90


def read_plain(text: str) -> Written:
    """The head (a title, then ``By NAME · DATE``) and the body in Markdown."""
    lines = [line.rstrip() for line in text.lstrip("\ufeff").splitlines()]
    start = next((place for place, line in enumerate(lines) if line), len(lines))
    fields: dict[str, object] = {}
    place = start
    if start < len(lines) and len(lines[start]) <= 300:
        byline = next((later for later in range(start + 1, len(lines)) if lines[later]), len(lines))
        found = read_byline(lines[byline], ends=True) if byline < len(lines) else {}
        if found:
            fields, place = {"title": lines[start].strip(), **found}, byline + 1
        elif _is_title(lines[start]):
            fields, place = {"title": lines[start].strip()}, start + 1
    fields = {key: list(value) if isinstance(value, tuple) else value for key, value in fields.items()}
    return Written(dump_yaml(fields), fields, _mark(lines[place:]), place + 1)


def _mark(lines: list[str]) -> str:
    written: list[str] = []
    listing = numbered = False
    under = ""
    for place, line in enumerate(lines):
        after = next((later for later in lines[place + 1 :] if later.strip()), "")
        if not line.strip():
            listing = False
        elif _NUMBERED.match(line) and _is_heading(line, after, numbered=True):
            written += ["", f"## {line.strip()}", ""]
            listing, numbered = False, True
        elif _OWN.match(line):
            table = line.lstrip().startswith("|") and bool(written) and written[-1].lstrip().startswith("|")
            written += [line] if table else ["", line]
            listing = False
        elif _is_heading(line, after, listing=listing) or (under and listing and _parts(line, after)):
            level = "###" if numbered and not _ENDS.match(line) else "##"
            written += ["", f"{level} {line.strip()}", ""]
            listing = not _is_prose(after)
            under = "" if _ENDS.match(line) else line
        elif listing and len(line) <= _LONGEST and not re.search(r"[.:;!]$", line):
            written += [f"- {line.strip()}"]
        else:
            written += ["", line, ""]
            listing, under = line.endswith(":"), ""
    text = "\n".join(written).strip("\n") + "\n"
    return re.sub(r"\n{3,}", "\n\n", text)


def _parts(line: str, after: str) -> bool:
    """A title between lines of a list that stands right under a heading parts it in two."""
    return _is_title(line) and len(line.split()) > 1 and bool(after) and not _is_title(after)


def _is_prose(line: str) -> bool:
    return bool(re.search(r"[.:!?…]$", line))


def _is_title(line: str) -> bool:
    """Words that begin with capitals, as in titles."""
    words = re.findall(r"[^\W\d_][\w'’/-]*", line)
    if not words or len(line) > _LONGEST or re.search(r"[.;,:!]$", line):
        return False
    return words[0][0].isupper() and all(word[0].isupper() or word.lower() in _SMALL for word in words)


def _is_heading(line: str, after: str, *, listing: bool = False, numbered: bool = False) -> bool:
    if numbered:
        return len(line) <= _LONGEST and not re.search(r"[.;,:]$", line)
    if not _is_title(line):
        return False
    if listing or len(line.split()) == 1:
        return _is_prose(after) and not after.startswith(("[[", "|")) and not _is_title(after)
    return bool(after) and not _OWN.match(after)
