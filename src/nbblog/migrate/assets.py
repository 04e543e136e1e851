"""The files that a post shows: found in the blog it comes from, copied beside the new post, and named there."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from ..core.errors import FileRefused
from ..files import MAX_FILE_BYTES, folder_reader
from .places import SUFFIXES, Home, post_stem
from .shortcodes import bracket, post_slug

_CODE = re.compile(r"^ {0,3}(`{3,}|~{3,}).*?^ {0,3}\1|(?<!`)(`+)(?!`).*?(?<!`)\2(?!`)", re.DOTALL | re.MULTILINE)
_PICTURE = re.compile(r"""(?P<before>!\[(?:[^\[\]]|\[[^\[\]]*\])*\]\(\s*)"""
                      r"""(?P<target><[^>\n]+>|[^\s()<>]+(?:\([^\s()]*\)[^\s()<>]*)*)"""
                      r"""|(?P<tag><(?:img|video|audio|source)\b[^>]*?\s(?:src|poster)\s*=\s*["'])(?P<source>[^"'\n]+)"""
                      r"""|(?P<mark>\[\[\s*(?:image|video|audio|file)\s*:\s*)(?P<file>[^|\]\n]+)""")  # fmt: skip
_LINK = re.compile(r"(?<![!\\])\[((?:[^\[\]\n]|!?\[[^\[\]\n]*\](?:\([^()\n]*\))?)*)\]"
                   r"\(\s*(<[^>\n]+>|[^\s()]+)(?:\s+\"[^\"\n]*\")?\s*\)")  # fmt: skip
_DEFINITION = re.compile(r"^( {0,3}\[[^\]\n]+\]:[ \t]*)(\S+)", re.MULTILINE)
_PELICAN = re.compile(r"[{|](static|attach|filename|photo)[}|]")


@dataclass(slots=True)
class Moved:
    """The text of a post with its files' new names, the files, and what was not found."""

    files: dict[str, bytes] = field(default_factory=dict)
    """By path below the folder of posts."""
    missing: list[str] = field(default_factory=list)
    names: dict[Path, str] = field(default_factory=dict)


class Mover:
    """Rewrites the targets in the texts of one post."""

    def __init__(self, home: Home, source: Path, slug: str) -> None:
        self._home, self._source, self._slug = home, source, slug
        self._read = folder_reader(home.root, max_bytes=MAX_FILE_BYTES)
        self.moved = Moved()

    def rewrite(self, text: str) -> str:
        """Markdown with pictures, files and posts under their new names; code stays as it is."""
        parts: list[str] = []
        place = 0
        for code in _CODE.finditer(text):
            parts += [self._rewrite(text[place : code.start()]), code[0]]
            place = code.end()
        return "".join([*parts, self._rewrite(text[place:])])

    def picture(self, target: str) -> str:
        """The new name of a picture that the head names."""
        return self._move(target, wanted=True) or target

    def _rewrite(self, text: str) -> str:
        text = _PICTURE.sub(self._picture, text)
        text = _LINK.sub(self._link, text)
        return _DEFINITION.sub(lambda match: match[1] + self._named(match[2]), text)

    def _picture(self, match: re.Match[str]) -> str:
        if match["before"]:
            target = match["target"].strip("<>")
            new = self._move(target, wanted=True)
            return match["before"] + (_quoted(new) if new and new != target else match["target"])
        before, target = (match["tag"], match["source"]) if match["tag"] else (match["mark"], match["file"].strip())
        new = self._move(target, wanted=True)
        return before + (new or target)

    def _link(self, match: re.Match[str]) -> str:
        target = match[2].strip("<>")
        slug = self._post(target)
        if slug:
            return bracket("post", slug, match[1])
        new = self._move(target, wanted=False)
        return bracket("file", new, match[1]) if new else match[0]

    def _named(self, target: str) -> str:
        """A link definition's target: a picture's as a rule."""
        return _quoted(self._move(target, wanted=False) or target)

    def _post(self, target: str) -> str:
        """The slug of the post that a link leads to, with its fragment; empty if it leads elsewhere."""
        if target.startswith("link://slug/"):
            return post_slug(target.removeprefix("link://slug/"))
        path, _, fragment = _PELICAN.sub("", target).partition("#")
        if urlsplit(path).scheme or Path(path).suffix.lower() not in SUFFIXES - {".txt"}:
            return ""
        for file in self._home.files(self._source, unquote(path)):
            found = Path(os.path.normpath(file))
            if found in self._home.posts:
                return post_slug(post_stem(found)) + (f"#{fragment}" if fragment else "")
        return ""

    def _move(self, target: str, *, wanted: bool) -> str:
        """The new name of a local file below the folder of posts; empty for what is none.

        One that is ``wanted`` and not there is reported."""
        parts = urlsplit(_PELICAN.sub("", target))
        if parts.scheme or target.startswith(("#", "//", "attachment:", "data:")) or not parts.path:
            return ""
        path = unquote(parts.path)
        if not wanted and not Path(path).suffix:
            return ""
        for file in self._home.files(self._source, path):
            found = Path(os.path.normpath(file))
            if found in self.moved.names:
                return self.moved.names[found]
            if not found.is_relative_to(self._home.root):
                continue
            try:
                data = self._read(quote(found.relative_to(self._home.root).as_posix()))
            except FileRefused:
                continue
            name = self._place(found)
            self.moved.files[name] = data
            self.moved.names[found] = name
            return name
        if wanted:
            self.moved.missing.append(target)
        return ""

    def _place(self, file: Path) -> str:
        """A file of the post's own folder keeps its path there, in a folder of its own where the post had one; others
        keep their path from the site's root."""
        folder = self._source.parent
        if file.is_relative_to(folder):
            inside = file.relative_to(folder).as_posix()
            return f"{self._slug}/{inside}" if post_stem(self._source) != self._source.stem else inside
        parts = file.relative_to(self._home.root).parts
        return "/".join(parts[1:] if parts[0] in ("static", "files", "content") and len(parts) > 1 else parts)


def _quoted(target: str) -> str:
    return target if re.fullmatch(r"[^\s()<>]+", target) else f"<{target}>"


def lines_with(text: str, words: list[str]) -> Iterator[tuple[int, str]]:
    """Each of these words with the line (from 1) where it first stands."""
    for word in words:
        found = text.find(word)
        yield (text.count("\n", 0, found) + 1 if found >= 0 else 1), word
