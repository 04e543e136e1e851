"""Our own style sheets and scripts as they stand in a page: without comments and needless white space."""

from __future__ import annotations

import re

_CSS_TOKENS = re.compile(
    r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|\s*/\*.*?\*/\s*|\s*([{};,>!])\s*"""
    r"""|\s(\+)\s(?=[.:*a-z\[])(?!\.\d|[a-z-]+\()|(:)\s+|(\s+)""",
    re.DOTALL,
)
_JS_TOKENS = re.compile(
    r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`"""
    r"""|/(?![ /*])(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/)|\s*([=*%<>&|?:,;!(){}\[\]]+)\s*"""
)


def shorten_css(source: str) -> str:
    """A style sheet of ours in one line. In ours a comment stands between rules or declarations."""

    def shorter(match: re.Match[str]) -> str:
        return match[1] or match[2] or match[3] or match[4] or (" " if match[5] else "")

    return _CSS_TOKENS.sub(shorter, source).replace(";}", "}").strip()


def shorten_js(source: str) -> str:
    """A script of ours without the white space around its signs. In ours every statement ends with its semicolon, a
    division has spaces on both sides, which tells it from a regular expression, no template stands within another, and
    a comment has its lines for itself. Spaces at plus and minus stay: two of them would be another sign."""
    return _JS_TOKENS.sub(lambda match: match[1] or match[2], drop_comments(source))


def drop_comments(source: str) -> str:
    """A script of ours without its lines of comment and its indentation."""
    lines = (line.strip() for line in source.splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith("//"))
