"""An article's HTML as a feed can have it: full addresses, no scripts, and a word where the page does more.

A feed reader has neither the page's style sheet nor its scripts. So what only these need is left out (classes,
buttons, controls, colours of code), formulas are MathML, and what a script would draw is there as it stands without.
"""

from __future__ import annotations

import re
from html import escape, unescape
from urllib.parse import urljoin

from .tree import VOID, Element, parse

_URLS = ("href", "src", "poster", "cite")
_KEPT = frozenset(
    {
        *("alt", "title", "width", "height", "colspan", "rowspan", "scope", "lang", "dir", "datetime", "controls"),
        *("open", "start", "value", "reversed", "type", "label", "kind", "srclang", "sizes"),
    }
)
_COLOURED = ("td", "th")
"""Cells of tables keep their style: it says something there."""
_DROPPED = frozenset({"script", "style", "button", "form", "template", "input", "select", "textarea", "output"})
_DROPPED_CLASSES = frozenset({"nb-anchor", "nb-code-head", "nb-actions", "nb-note", "nb-note-back", "katex-html"})
_NEEDS_SCRIPT = re.compile(r"nbblog-|iframe\Z|object\Z|embed\Z|canvas\Z")
_UNWRAPPED = re.compile(r"span\Z|nbblog-|semantics\Z|iframe\Z|object\Z|canvas\Z|\Z")
"""Elements that a feed has no use for, but for what is in them."""
_CANDIDATE = re.compile(r"\s*([^\s,]\S*?)(?:,(?=\s|\Z)|\s+([^,]*?)\s*(?:,|\Z)|\Z)")


def build_feed_html(html: str, page: str, link_text: str) -> str:
    """``html`` of the article whose page has the full address ``page``; ``link_text`` leads there from what a feed
    cannot do."""
    return _Writer(page, link_text).write(parse(html)).strip()


def full_url(url: str, page: str) -> str | None:
    """``url`` as the page at ``page`` means it; ``None`` for what is no URL."""
    try:
        return urljoin(page, url.strip())
    except ValueError:
        return None


class _Writer:
    def __init__(self, page: str, link_text: str) -> None:
        self._page = page
        self._link = f'<p><a href="{escape(page)}">{escape(link_text)}</a></p>'

    def write(self, element: Element) -> str:
        return "".join(child if isinstance(child, str) else self._write(child) for child in element.children)

    def _write(self, element: Element) -> str:
        name = element.name
        if name == "input" and element.attributes.get("type") == "checkbox":
            return "☑" if "checked" in element.attributes else "☐"
        if name == "svg":
            return self._write_drawing(element)
        if name in _DROPPED or name == "annotation" or not _DROPPED_CLASSES.isdisjoint(element.classes):
            return ""
        content = self.write(element)
        if _NEEDS_SCRIPT.match(name):
            return content + self._link
        attributes = self._attributes(element)
        if _UNWRAPPED.match(name) and not attributes:
            return content
        return f"<{name}{attributes}>" if name in VOID else f"<{name}{attributes}>{content}</{name}>"

    def _write_drawing(self, element: Element) -> str:
        """What a drawing in the page says in words: few readers of feeds draw it, and most show its letters."""
        label = element.attributes.get("aria-label", "")
        return f"<p>{label}</p>" if label else ""

    def _attributes(self, element: Element) -> str:
        written = []
        for name, value in element.attributes.items():
            if name in _URLS:
                url = full_url(unescape(value), self._page)
                value = escape(url or "")
            elif name == "srcset":
                value = escape(self._srcset(unescape(value)))
            elif not _is_kept(name, element):
                continue
            if value or name == "alt":
                written.append(f' {name}="{value}"')
            elif name not in _URLS and name != "srcset":
                written.append(f" {name}")
        return "".join(written)

    def _srcset(self, value: str) -> str:
        """Each address with its width or density (HTML, "parsing a srcset attribute")."""
        candidates = []
        for url, size in _CANDIDATE.findall(value):
            full = full_url(url, self._page)
            if full:
                candidates.append(f"{full} {size}".strip())
        return ", ".join(candidates)


_MATHS = re.compile(r"m(?:ath|n|i|o|s|text|row|frac|sqrt|root|sub|sup|subsup|under|over|underover|table|tr|td|style"
                    r"|space|padded|phantom|error|enclose|multiscripts|prescripts)\Z")  # fmt: skip


def _is_kept(attribute: str, element: Element) -> bool:
    if attribute in ("class", "style"):
        return attribute == "style" and element.name in _COLOURED
    return attribute in _KEPT or _MATHS.match(element.name) is not None
