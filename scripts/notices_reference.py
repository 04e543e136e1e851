"""Brings docs/reference/notices.md up to date: a section for each notice of the code. What else a section says is kept.

    python scripts/notices_reference.py
"""

from __future__ import annotations

import re
from pathlib import Path

from nbblog.core.notices import NoticeCode

# What an author types, outside of backticks: in Markdown it would mean something.
TYPED = re.compile(r"(`[^`]*`)|\\?\[\[(?:[^\]]*\]\])?|\\\[\^|\[\^label\]|\\\||## Title \{#name\}")

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "notices.md"


def main() -> None:
    head, *parts = re.split(r"^## (.+)$", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    # The first paragraph of a section is the notice's own sentence.
    more = {code: text.strip().partition("\n\n")[2] for code, text in zip(parts[::2], parts[1::2], strict=True)}
    text = head.rstrip() + "\n"
    for notice in NoticeCode:
        advice = TYPED.sub(lambda match: match[1] or f"`{match[0]}`", notice.advice)
        text += f"\n## {notice.code}\n\n*{notice.severity.capitalize()}.* {advice}\n"
        if more.get(notice.code):
            text += f"\n{more[notice.code]}\n"
    PAGE.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
