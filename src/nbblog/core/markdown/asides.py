"""Pictures written into the text as data URIs are put aside while it is parsed: a megabyte of base64 is no text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markdown_it.token import Token

_DATA = re.compile(r"data:image/[a-z0-9.+-]{1,30};base64,[A-Za-z0-9+/=]{500,}", re.IGNORECASE)
# A subtype that the parser lets stand in a link, and a word that no picture has.
_MARK = re.compile(r"data:image/png;aside=(\d{1,9})-nbblog")


class Asides:
    """The data URIs of one text."""

    def __init__(self) -> None:
        self._uris: list[str] = []

    def put(self, text: str) -> str:
        """``text`` with a short mark for each long data URI."""
        return _DATA.sub(self._keep, text) if ";base64," in text else text

    def restore(self, tokens: Iterable[Token]) -> None:
        """Put the URIs back, wherever the parser has brought their marks."""
        if self._uris:
            for token in tokens:
                self._restore(token)

    def _keep(self, match: re.Match[str]) -> str:
        self._uris.append(match[0])
        return f"data:image/png;aside={len(self._uris) - 1}-nbblog"

    def _restore(self, token: Token) -> None:
        token.content = _MARK.sub(self._uri, token.content)
        for name, value in token.attrs.items():
            if isinstance(value, str):
                token.attrs[name] = _MARK.sub(self._uri, value)
        read = token.meta.get("bracket")
        if read is not None and ";aside=" in read.target:
            token.meta["bracket"] = type(read)(
                read.name, _MARK.sub(self._uri, read.target), read.positional, read.options
            )
        for child in token.children or ():
            self._restore(child)

    def _uri(self, match: re.Match[str]) -> str:
        number = int(match[1])
        return self._uris[number] if number < len(self._uris) else match[0]
