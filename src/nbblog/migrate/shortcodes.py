"""What Jekyll, fastpages, Hugo and MyST write between braces, in this blog's markup.

Code stays as it is. What has no counterpart stays as text, and is reported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ..core.text import build_slug

_FENCE = re.compile(r"^( {0,3})(`{3,}|~{3,})([^\n]*)\n(?:.*?\n)?? {0,3}\2[`~]*[ \t]*$", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(?:(?!\n[ \t]*\n).)*?(?<!`)\1(?!`)", re.DOTALL)
_RAW = re.compile(r"\{%-?\s*raw\s*-?%\}(.*?)\{%-?\s*endraw\s*-?%\}", re.DOTALL)
_HIGHLIGHT = (
    re.compile(r"\{%-?\s*highlight\s+([\w+#.-]+)[^%]*-?%\}[ \t]*\n?(.*?)\n?[ \t]*"
               r"\{%-?\s*endhighlight\s*-?%\}", re.DOTALL),
    re.compile(r"\{\{[<%]\s*highlight\s+[\"']?([\w+#.-]*)[^>%]*[>%]\}\}[ \t]*\n?(.*?)\n?[ \t]*"
               r"\{\{[<%]\s*/\s*highlight\s*[>%]\}\}", re.DOTALL),
)  # fmt: skip
_LIQUID = re.compile(r"\{%-?\s*(\w+)\s*([^%\n]*(?:%(?!\})[^%\n]*)*?)\s*-?%\}")
_HUGO = re.compile(r"\{\{([<%])\s*([\w/-]+)\s*((?:\"[^\"]*\"|'[^']*'|`[^`]*`|[^\"'`>%])*?)\s*/?[>%]\}\}", re.DOTALL)
_VALUE = re.compile(r"\{\{([^{}\n]*)\}\}")
_LINK = re.compile(r"(?<!!)\[((?:[^\[\]\n]|\[[^\[\]\n]*\])*)\]\(\s*<?POST:([^\s)>]+)>?\s*(?:\"[^\"\n]*\"\s*)?\)")
_PART = re.compile(r"""([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s"'>]+))"""
                   r"""|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`([^`]*)`|(\S+)""")  # fmt: skip
_KINDS = {
    "alert": "NOTE", "info": "NOTE", "note": "NOTE", "tip": "TIP", "important": "IMPORTANT", "warning": "WARNING",
    "danger": "CAUTION", "caution": "CAUTION", "success": "TIP", "error": "CAUTION", "primary": "NOTE",
}  # fmt: skip
_BOXES = frozenset({"notice", "admonition", "callout", "alert", "hint", "note", "tip", "warning", "info"})
_DATED = re.compile(r"(?:.*/)?(?:\d{4}-\d{1,2}-\d{1,2}-)?(.+?)(?:\.\w+)?/?\Z")


def bracket(name: str, target: str, text: str = "", **options: str) -> str:
    """``[[name:target|text|key=value]]`` with what would end it escaped; empty options are left out."""
    parts = [_escape(target), _escape(text), *(f"{key}={_escape(value)}" for key, value in options.items() if value)]
    return f"[[{name}:{'|'.join(part for part in parts if part)}]]"


def _escape(text: str) -> str:
    return re.sub(r"([|\[\]])", r"\\\1", " ".join(text.split()))


def post_slug(target: str) -> str:
    """The slug of the post that another tool knows by a path or a name, with its fragment."""
    path, mark, fragment = target.partition("#")
    match = _DATED.match(re.sub(r"/(?:_?index|README)\.\w+\Z", "", path))
    return build_slug(match[1] if match else path) + mark + fragment


def fence(language: str, code: str) -> str:
    """A fenced code block, of marks that the code does not hold."""
    longest = max((len(run) for run in re.findall(r"`{3,}", code)), default=2)
    marks = "`" * (longest + 1)
    return f"{marks}{language}\n{code}\n{marks}"


@dataclass(slots=True)
class _Aside:
    """Text that is not to be looked at, put aside for a while."""

    kept: list[str] = field(default_factory=list)

    def put(self, text: str) -> str:
        self.kept.append(text)
        return f"\ue000{len(self.kept) - 1}\ue001"

    def restore(self, text: str) -> str:
        for _ in range(3):  # a fence within `raw` within a fence
            text = re.sub("\ue000([0-9]+)\ue001", lambda match: self.kept[int(match[1])], text)
        return text


def rewrite(text: str) -> tuple[str, list[tuple[int, str]]]:
    """The Markdown in this blog's markup, and what could not be: the line (from 1) and the words."""
    if re.search("[\ue000-\ue002]", text):  # characters for private use: marks of what is put aside
        return text, []
    aside = _Aside()
    result = _RAW.sub(lambda match: aside.put(match[1]), text)
    for pattern in _HIGHLIGHT:
        result = pattern.sub(lambda match: aside.put(fence(match[1], match[2])), result)
    result = _FENCE.sub(lambda match: aside.put(match[0]), result)
    result = _SPAN.sub(lambda match: aside.put(match[0]), result)
    result = _rewrite_boxes(result)
    result = _LIQUID.sub(_liquid, result)
    result = _HUGO.sub(_hugo, result)
    result = _VALUE.sub(_value, result)
    result = _rewrite_lines(_part_blocks(result))
    result = _LINK.sub(lambda match: bracket("post", match[2], match[1]), result)
    result = re.sub(r"POST:([^\s)\"'<>]+)", lambda match: bracket("post", match[1]), result)
    return aside.restore(result), list(_left(text, result))


def _left(text: str, result: str) -> Iterator[tuple[int, str]]:
    place = 0
    for match in re.finditer(r"\{%.{0,500}?%\}|\{\{.{0,500}?\}\}", result):
        found = text.find(match[0], place)
        place = found + 1 if found >= 0 else place
        yield text.count("\n", 0, max(found, 0)) + 1, match[0]


def read_parts(written: str) -> tuple[list[str], dict[str, str]]:
    """The positional and the named parts of a shortcode; names in lower case."""
    positional: list[str] = []
    named: dict[str, str] = {}
    for key, *values in _PART.findall(written):
        value = re.sub(r"\\(.)", r"\1", next((one for one in values if one), ""))
        if key:
            named[key.lower()] = value
        else:
            positional.append(value)
    return positional, named


def _block(text: str) -> str:
    """Text that is to stand by itself, between empty lines."""
    return f"\ue002{text}\ue002"


def _part_blocks(text: str) -> str:
    parted = re.sub(r"(?:(?:[ \t]*\n)*[ \t]*\ue002(?:[ \t]*\n)*)+", "\n\n", text)
    return parted if text.startswith("\n") else parted.lstrip("\n")


def _quoted(kind: str, title: str, text: str) -> str:
    lines = [f"> [!{kind}]{' ' + title if title else ''}", *text.strip().splitlines()]
    return _block("\n".join([lines[0], *(f"> {line}".rstrip() for line in lines[1:])]))


_BOX = re.compile(r"\{\{[<%]\s*([\w-]+)\s*((?:\"[^\"]*\"|[^\">%])*?)\s*[>%]\}\}"
                  r"(.*?)\{\{[<%]\s*/\s*\1\s*[>%]\}\}", re.DOTALL)  # fmt: skip


def _rewrite_boxes(text: str) -> str:
    """Hugo's themes name their boxes differently; the kind is the first word that is one."""

    def box(match: re.Match[str]) -> str:
        name = match[1].lower()
        positional, named = read_parts(match[2])
        if name == "details":
            summary = named.get("summary") or named.get("title") or " ".join(positional) or "Details"
            return _block(f"<details><summary>{summary}</summary>\n\n{match[3].strip()}\n\n</details>")
        if name not in _BOXES:
            return match[0]
        words = [named.get("type", ""), named.get("icon", ""), *positional[:1], name]
        kind = next((_KINDS[word.lower()] for word in words if word.lower() in _KINDS), "NOTE")
        is_kind = bool(positional) and positional[0].lower() in _KINDS
        title = named.get("title") or " ".join(positional[1:] if is_kind else positional)
        return _quoted(kind, title, match[3])

    return _BOX.sub(box, text)


def _image(named: dict[str, str], positional: list[str]) -> str:
    source = next((named[key] for key in ("src", "image_path", "url", "path", "image", "file") if named.get(key)), "")
    source = source or next(iter(positional), "")
    caption = named.get("caption") or named.get("title") or ""
    alt = named.get("alt") or (caption if not named.get("caption") else "")
    link = named.get("link") or named.get("href") or ""
    return _block(bracket("image", source, alt, caption=caption, link=link))


def _liquid(match: re.Match[str]) -> str:
    name, written = match[1], match[2].strip()
    if name in ("post_url", "link"):
        return f"POST:{post_slug(written)}"
    if name == "fn":
        return f"[^{written}]"
    if name in ("youtube", "vimeo"):
        return _embed(name, written.strip("\"'"))
    if name == "comment" or name.startswith(("end", "assign", "capture")):
        return match[0]
    if name in ("include", "include_relative"):
        file, _, rest = written.partition(" ")
        return _include(file.rpartition("/")[2].removesuffix(".html"), *read_parts(rest)) or match[0]
    return match[0]


def _include(name: str, positional: list[str], named: dict[str, str]) -> str:
    text = named.get("text") or named.get("content") or ""
    if name.lower() in _KINDS and text:
        return _quoted(_KINDS[name.lower()], "", text)
    if name.lower() in ("figure", "image", "img", "picture"):
        return _image(named, positional)
    if name.lower() in ("youtube", "vimeo", "youtube-embed", "youtubeplayer"):
        return _embed(name.lower()[:7].removesuffix("-"), named.get("id") or text or next(iter(positional), ""))
    return _block("[[toc]]") if name.lower() == "toc" else ""


def _embed(service: str, target: str) -> str:
    if "/" in target:
        return _block(bracket("embed", target))
    address = f"https://vimeo.com/{target}" if service == "vimeo" else f"https://www.youtube.com/watch?v={target}"
    return _block(bracket("embed", address))


def _hugo(match: re.Match[str]) -> str:
    name = match[2].lower()
    positional, named = read_parts(match[3])
    first = next(iter(positional), "")
    if name in ("ref", "relref"):
        return f"POST:{post_slug(first or named.get('path', ''))}"
    if name in ("figure", "img", "image"):
        return _image(named, positional)
    if name in ("youtube", "vimeo"):
        return _embed(name, first or named.get("id", ""))
    if name == "gist" and len(positional) > 1:
        return f"<https://gist.github.com/{positional[0]}/{positional[1]}>"
    if name in ("tweet", "x") and (first or named):
        return f"<https://x.com/{named.get('user', 'i')}/status/{first or named.get('id', '')}>"
    return _block("[[toc]]") if name in ("toc", "tableofcontents") else match[0]


def _value(match: re.Match[str]) -> str:
    inside = match[1].strip("- \t")
    if inside in ("site.baseurl", "site.url", "site.github.url"):
        return ""
    note = re.fullmatch(r"(\"[^\"]*\"|'.*')\s*\|\s*fndetail:\s*(\w+)", inside)
    if note:
        return f"[^{note[2]}]: {note[1][1:-1]}"
    path = _PATH.fullmatch(inside)
    return (path[1] or path[2] or "") if path else match[0]


_PATH = re.compile(r"""(?:"([^"]*)"|'([^']*)')\s*\|\s*(?:relative_url|absolute_url|prepend:\s*site\.\w+)(?:\s*\|.*)?""")
_LINES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    # fastpages
    (re.compile(r"^>[ \t]*(?:youtube|vimeo):[ \t]*(\S+)[ \t]*$", re.MULTILINE | re.IGNORECASE),
     lambda match: bracket("embed", match[1])),
    (re.compile(r"^>[ \t]*twitter:[ \t]*(\S+)[ \t]*$", re.MULTILINE | re.IGNORECASE), lambda match: f"<{match[1]}>"),
    (re.compile(r"^>[ \t]*(Note|Tip|Important|Warning):[ \t]+(\S.*)$", re.MULTILINE),
     lambda match: f"> [!{match[1].upper()}]\n> {match[2]}"),
    # kramdown
    (re.compile(r"^(?:[*+-]|1\.)[ \t]+\S.*\n\{:[ \t]*toc[^}\n]*\}[ \t]*$", re.MULTILINE), lambda match: "[[toc]]"),
    (re.compile(r"^\{:[^}\n]*\}[ \t]*\n?", re.MULTILINE), lambda match: ""),
    (re.compile(r"(?<=[)*_`>])\{:[^}\n]*\}"), lambda match: ""),
)  # fmt: skip


def _rewrite_lines(text: str) -> str:
    for pattern, write in _LINES:
        text = pattern.sub(write, text)
    return text
