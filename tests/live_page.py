"""A page with nothing but Python's script in it, under the policy that real pages have, and how a test asks it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbblog.core.csp import content_security_policy
from nbblog.core.html import escape
from nbblog.libraries import page_library

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATIENCE = 120_000
"""Milliseconds for Python to start on a busy machine: a bound on hanging, not a measure."""

SCRIPT = """
const wait = new Promise((resolve) => document.addEventListener("nbblog:python", ({ detail }) => resolve(detail)));
const open = () => {
  const script = document.createElement("script");
  script.src = document.head.querySelector("meta[name='nbblog:python']").content;
  document.head.append(script);
  return wait;
};
let opened;
globalThis.live = {
  words: [],
  open: () => (opened ??= open()),
  write: (fragment) => {
    const box = document.querySelector("main");
    box.replaceChildren(document.importNode(fragment, true));
    return box.innerHTML;
  },
  ask: async (request, options = {}) => {
    const api = await live.open();
    try {
      const answer = await api.answer(request, { onProgress: (words) => live.words.push(words), ...options });
      return { ...answer, html: live.write(answer.fragment), fragment: null };
    } catch ({ name, message }) {
      return { failed: name, message };
    }
  },
};
"""


def write_page(folder: Path, *, without: str = "") -> None:
    """``page.html`` and its files in the folder; none of those whose name begins with ``without``."""
    files = folder / "page_files"
    files.mkdir()
    library = page_library("python")
    for name, content in library.files.items():
        if not (without and name.startswith(without)):
            (files / name).write_bytes(content)
    policy = content_security_policy(scripts=[SCRIPT], libraries={"python"})
    (folder / "page.html").write_text(
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}"><link rel="icon" href="data:,">'
        f'<title>Page</title><meta name="nbblog:python" content="page_files/{library.entry}"></head>'
        f"<body><main></main><script>{SCRIPT}</script></body></html>",
        encoding="utf-8",
    )


def ask(page: Page, cell: str, *, options: dict[str, Any] | None = None, **request: Any) -> dict[str, Any]:
    """What Python answers to a cell without controls, or to ``arguments`` of its first ``interact``."""
    whole = {"key": "section", "cell": cell, "index": 0 if "arguments" in request else None, **request}
    answered: dict[str, Any] = page.evaluate("([request, options]) => live.ask(request, options)", [whole, options])
    return answered


def start(page: Page, cell: str, **request: Any) -> None:
    """Ask, and do not wait: the answer becomes ``live.last``."""
    whole = {"key": "section", "cell": cell, "index": None, **request}
    page.evaluate("(request) => { (live.last = live.ask(request)).then((one) => { live.done = one; }); }", whole)
