"""An article as Markdown (CommonMark with GitHub's tables, task lists, footnotes, alerts and maths).

It is made from the article's HTML and not from the notebook's source: so it says what the page says, with the
addresses that the page has, and nothing that the page does not show.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape

from .article import Article
from .post import Post
from .tree import Element, parse

_BLOCKS = re.compile(
    r"(?:address|article|aside|audio|blockquote|center|dd|details|dl|div|dt|fieldset|figcaption|figure|footer|form"
    r"|h[1-6]|header|hr|main|nav|nbblog-[a-z-]+|ol|p|pre|section|summary|table|ul|video)\Z"
)
_DROPPED = frozenset({"script", "style", "button", "form", "template", "select", "textarea", "nav", "colgroup"})
_DROPPED_CLASSES = frozenset({"nb-anchor", "nb-code-head", "nb-actions", "nb-note-back", "nb-interact-title"})
_MARKS = {"em": "*", "i": "*", "strong": "**", "b": "**", "del": "~~", "s": "~~"}
_KEPT = frozenset({"abbr", "kbd", "mark", "sub", "sup"})
"""Elements for which Markdown has nothing but their HTML."""
_SPECIAL = re.compile(r"[\\`*\[\]<]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)|~~|\$")
_STARTS = re.compile(r"^(#{1,6}(?=\s|$)|[-+>](?=\s|$)|={3,}$|-{3,}$)|^(\d{1,9})([.)])(?=\s|$)", re.MULTILINE)
_BREAK = "\\\n"
_SPACE = re.compile(r"[ \t\r\n]+")


def build_head(post: Post, summary: str, page: str | None = None) -> str:
    """What readers may know of the post, as YAML between lines of hyphens. ``page`` is the full address of its page."""
    front = post.front
    known = {
        "title": front.title,
        "subtitle": front.subtitle,
        "author": list(front.authors),
        "date": front.date.isoformat() if front.date else None,
        "date-modified": front.date_modified.isoformat() if front.date_modified else None,
        "description": summary,
        "categories": list(front.categories),
        "license": front.license,
        "lang": front.lang,
        "url": page,
    }
    # JSON is YAML, and leaves no question about quotes.
    lines = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in known.items() if value)
    return f"---\n{lines}---"


def build_markdown(article: Article, page: str | None = None) -> str:
    """The article with its head. ``page`` is the full address of its page."""
    post = article.post
    head = build_head(post, article.summary, page)
    body = "\n\n".join(_blocks(parse(article.html)))
    return f"{head}\n\n# {_escape(post.front.title)}\n\n{body}\n"


def _blocks(element: Element) -> Iterator[str]:
    """The blocks below ``element``; what stands between them is a paragraph."""
    line: list[Element | str] = []
    for child in element.children:
        if isinstance(child, Element) and (_BLOCKS.match(child.name) or _is_display(child)):
            yield from _paragraph(line)
            line = []
            if child.name not in _DROPPED and _DROPPED_CLASSES.isdisjoint(child.classes):
                yield from _block(child)
        else:
            line.append(child)
    yield from _paragraph(line)


def _is_display(element: Element) -> bool:
    return "katex-display" in element.classes


def _paragraph(line: list[Element | str]) -> Iterator[str]:
    text = _inline(line).strip()
    if text:
        yield _STARTS.sub(lambda match: f"\\{match[1]}" if match[1] else f"{match[2]}\\{match[3]}", text)


def _block(element: Element) -> Iterator[str]:
    name, classes = element.name, element.classes
    if name[0] == "h" and name[1:].isdigit():
        yield f"{'#' * int(name[1])} {_one_line(element)}"
    elif name == "hr":
        yield "---"
    elif name == "pre":
        yield _fence(element)
    elif name in ("ul", "ol"):
        yield _list(element)
    elif name == "table":
        yield from _table(element)
    elif name == "blockquote":
        yield _quote(element)
    elif name in ("video", "audio"):
        yield f"[{_escape(element.value('aria-label') or name)}]({_url(element.value('src'))})"
    elif "nb-notes" in classes:
        yield from _notes(element)
    elif name in ("summary", "dt"):
        yield f"**{_one_line(element)}**"
    elif "nb-alert" in classes:
        yield _alert(element)
    elif _is_display(element):
        yield f"$$\n{_tex(element)}\n$$"
    else:
        yield from _blocks(element)


def _fence(element: Element) -> str:
    code = element.find("code")
    named = [name.removeprefix("language-") for name in (code or element).classes if name.startswith("language-")]
    text = element.text().strip("\n")
    marks = "`" * max(3, 1 + max(map(len, re.findall(r"`+", text)), default=0))
    return f"{marks}{named[0] if named else ''}\n{text}\n{marks}"


def _list(element: Element) -> str:
    items = [child for child in element.children if isinstance(child, Element) and child.name == "li"]
    start = element.value("start")
    number = int(start) if start.isdecimal() else 1
    lines = []
    for item in items:
        mark = "- " if element.name == "ul" else f"{number}. "
        blocks = list(_blocks(item))
        loose = any(isinstance(child, Element) and child.name == "p" for child in item.children)
        lines.append(mark + _indent(("\n\n" if loose else "\n").join(blocks), " " * len(mark)))
        number += 1
    return "\n".join(lines)


def _indent(text: str, by: str) -> str:
    return text.replace("\n", f"\n{by}").replace(f"\n{by}\n", "\n\n")


def _quote(element: Element, first: str = "") -> str:
    text = first + "\n\n".join(_blocks(element))
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _alert(element: Element) -> str:
    kind = next((name[9:] for name in element.classes if name.startswith("nb-alert-")), "note")
    title = element.find("summary") or element.find("p", "nb-alert-title")
    words = _one_line(title) if title else ""
    rest = Element("", {}, [child for child in element.children if child is not title])
    shown = "" if words.casefold() == kind else f"**{words}**\n\n"
    return _quote(rest, f"[!{kind.upper()}]\n{shown}")


def _notes(element: Element) -> Iterator[str]:
    for note in element.walk():
        if note.name == "li" and note.attributes.get("id", "").startswith("note-"):
            text = _indent("\n\n".join(_blocks(note)), "    ")
            yield f"[^{note.value('id').removeprefix('note-')}]: {text}"


def _table(element: Element) -> Iterator[str]:
    """Rows of cells in one line each; a cell of several columns is followed by empty ones."""
    caption = element.find("caption")
    if caption:
        yield from _blocks(caption)
    rows: list[list[str]] = []
    for row in element.walk():
        if row.name == "tr":
            rows.append([])
            for cell in row.children:
                if isinstance(cell, Element) and cell.name in ("td", "th"):
                    rows[-1] += [_one_line(cell).replace("|", "\\|"), *[""] * (_span_of(cell) - 1)]
    width = max(map(len, rows), default=0)
    if not width:
        return
    if not element.find("thead"):
        rows.insert(0, [])
    lines = [f"| {' | '.join(row + [''] * (width - len(row)))} |" for row in rows]
    lines.insert(1, "|" + " --- |" * width)
    yield "\n".join(lines)


def _span_of(cell: Element) -> int:
    span = cell.value("colspan")
    return max(1, min(int(span), 99)) if span.isdecimal() else 1


def _one_line(element: Element) -> str:
    return _SPACE.sub(" ", _inline(element.children)).strip().replace("\\ ", " ")


def _inline(children: list[Element | str]) -> str:
    text = "".join(_text(child) if isinstance(child, str) else _span(child) for child in children)
    return text.replace(f"{_BREAK}\n", _BREAK)


def _text(text: str) -> str:
    return _escape(_SPACE.sub(lambda match: "\n" if "\n" in match[0] else " ", unescape(text)))


def _escape(text: str) -> str:
    return _SPECIAL.sub(lambda match: f"\\{match[0]}", text)


def _span(element: Element) -> str:
    name, classes = element.name, element.classes
    if name in _DROPPED or not _DROPPED_CLASSES.isdisjoint(classes):
        return ""
    if name == "br":
        return _BREAK
    if name == "img":
        return f"![{_escape(element.value('alt'))}]({_url(element.value('src'))})"
    if name == "input":
        return ("[x]" if "checked" in element.attributes else "[ ]") if element.value("type") == "checkbox" else ""
    if "katex" in classes:
        return f"${_tex(element)}$"
    if "nb-note-ref" in classes:
        return f"[^{element.text()}]"
    if name == "svg":
        return _escape(element.value("aria-label"))
    if name == "code":
        return _code(element.text())
    if name == "li" or _BLOCKS.match(name):
        return f" {_inline(element.children).strip()} "
    return _marked(element)


def _marked(element: Element) -> str:
    text, name = _inline(element.children), element.name
    if name == "a" and element.attributes.get("href"):
        picture = element.find("img")
        if picture and picture.attributes.get("src") == element.attributes["href"]:
            return text
        return f"[{text.strip()}]({_url(element.value('href'))})" if text.strip() else ""
    if name in _MARKS and text.strip():
        # Marks bind to letters, so spaces stay outside of them.
        inner = text.strip()
        before, _, after = text.partition(inner)
        return f"{before}{_MARKS[name]}{inner}{_MARKS[name]}{after}"
    return f"<{name}>{text}</{name}>" if name in _KEPT and text else text


def _code(text: str) -> str:
    marks = "`" * (1 + max(map(len, re.findall(r"`+", text)), default=0))
    space = " " if text[:1] == "`" or text[-1:] == "`" else ""
    return f"{marks}{space}{text}{space}{marks}" if text else ""


def _tex(element: Element) -> str:
    source = element.find("annotation")
    return source.text().strip() if source else element.text().strip()


def _url(url: str) -> str:
    return f"<{url}>" if re.search(r"[\s()<>]", url) else url
