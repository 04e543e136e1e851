"""An article's HTML as a tree, for the forms of it that stand beside the page: feeds, and its text as Markdown.

Only HTML that our own serialiser and code of ours wrote is read here: attributes have double quotes, and a ``<`` in
text is escaped; comments did not pass the gate. What the tree says never becomes a page again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
DEEPEST = 120
"""Elements that are nested deeper lose their tags, and nothing else: what walks a tree calls itself."""

_TOKEN = re.compile(r'<(/?)([A-Za-z][^\s/<>"]*)([^<>"]*(?:"[^"]*"[^<>"]*)*)>|([^<]+|<)')
_ATTRIBUTE = re.compile(r'([^\s"=/]+)(?:\s*=\s*"([^"]*)")?')


@dataclass(slots=True)
class Element:
    """An element; its children are elements, and text as it stands in HTML."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    """Values as they stand in HTML; that of a bare one is empty."""
    children: list[Element | str] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        """The words of ``class``."""
        return self.attributes.get("class", "").split()

    def value(self, name: str) -> str:
        """An attribute's value as plain text; empty where there is none."""
        return unescape(self.attributes.get(name, ""))

    def walk(self) -> Iterator[Element]:
        """The element, and all below it in order."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def find(self, name: str, class_: str = "") -> Element | None:
        """The first of this name and class, itself or below it."""
        for element in self.walk():
            if element.name == name and (not class_ or class_ in element.classes):
                return element
        return None

    def text(self) -> str:
        """All text below it, plain and as it stands."""
        return unescape("".join(_texts(self)))


def _texts(element: Element) -> Iterator[str]:
    for child in element.children:
        if isinstance(child, str):
            yield child
        else:
            yield from _texts(child)


def parse(html: str) -> Element:
    """The tree of ``html``, below an element without a name."""
    root = Element("")
    path = [root]
    for match in _TOKEN.finditer(html):
        end, name, attributes, text = match.groups()
        if text is not None:
            path[-1].children.append(text)
        elif name and end:
            _close(path, name)
        elif name:
            element = Element(name, dict(_ATTRIBUTE.findall(attributes)) if attributes else {})
            if len(path) <= DEEPEST or name in VOID:
                path[-1].children.append(element)
            if name not in VOID and not attributes.endswith("/"):
                # Too deep, it stands in the path for its end tag's sake, and its children go to the one above it.
                path.append(element if len(path) <= DEEPEST else Element(name, {}, path[-1].children))
    return root


def _close(path: list[Element], name: str) -> None:
    for at in range(len(path) - 1, 0, -1):
        if path[at].name == name:
            del path[at:]
            return
