"""Which language a cell is written in: the kernel's, or the one its ``%%magic`` line names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_NAMES = {
    "c++11": "c++", "c++14": "c++", "c++17": "c++", "c++20": "c++", "cling-cpp": "c++", "xcpp": "c++", "ir": "r",
    "ipython": "python", "js": "javascript", "pyspark": "python", "python2": "python", "python3": "python",
    "sage": "python", "sagemath": "python", "shell": "bash", "sh": "bash", "xpython": "python",
}  # fmt: skip

_MAGICS = {
    "bash": "bash", "cython": "cython", "html": "html", "javascript": "javascript", "js": "javascript",
    "julia": "julia", "latex": "latex", "markdown": "markdown", "mermaid": "mermaid", "perl": "perl", "pypy": "python",
    "r": "r", "ruby": "ruby", "sh": "bash", "sql": "sql", "bigquery": "sql", "svg": "xml", "cmd": "batch",
}  # fmt: skip

_SUFFIXES = {
    "bash": "bash", "c": "c", "cfg": "ini", "cpp": "c++", "css": "css", "csv": "text", "dockerfile": "docker",
    "h": "c", "html": "html", "ini": "ini", "js": "javascript", "json": "json", "md": "markdown", "py": "python",
    "pyx": "cython", "r": "r", "rs": "rust", "sh": "bash", "sql": "sql", "tex": "latex", "toml": "toml",
    "ts": "typescript", "txt": "text", "xml": "xml", "yaml": "yaml", "yml": "yaml",
}  # fmt: skip

_MAGIC = re.compile(r"%%(\w+)(?:[ \t]+([^\n]*))?")


def find_language(metadata: Mapping[str, Any]) -> str:
    """The kernel's language in lower case, from ``language_info``, ``kernelspec`` or their remains; else ``python``."""
    info, kernel = metadata.get("language_info"), metadata.get("kernelspec")
    candidates = [
        info.get("name") if isinstance(info, Mapping) else None,
        kernel.get("language") if isinstance(kernel, Mapping) else None,
        metadata.get("language"),
        kernel.get("name") if isinstance(kernel, Mapping) else None,
    ]
    # The name of a kernel is chosen by its owner ("conda-env-lab-py"): it counts only if it begins like a language.
    named = [_language(written) for written in candidates[:3]]
    if isinstance(name := candidates[3], str):
        named.append(next((known for known in ("julia", "ir", "javascript") if name.lower().startswith(known)), ""))
    found = next(filter(None, named), "python")
    return _NAMES.get(found, found)


def _language(written: object) -> str:
    if not isinstance(written, str):
        return ""
    name = re.sub(r"[^a-z0-9+#._-]", "", written.strip().lower())[:40]
    return _NAMES.get(name) or re.sub(r"[-_]?[0-9][0-9.]*\Z", "", name) or name


def cell_language(source: str, metadata: Mapping[str, Any], kernel_language: str) -> str:
    """The language of a code cell: of its magic line in an IPython kernel, of its own metadata, or the kernel's."""
    if kernel_language == "python" and (match := _MAGIC.match(source)):
        return _magic_language(match[1].lower(), match[2] or "", kernel_language)
    editor = metadata.get("vscode")
    if isinstance(editor, Mapping) and (own := _language(editor.get("languageId"))):
        return _NAMES.get(own, own)
    return kernel_language


def _magic_language(magic: str, rest: str, kernel_language: str) -> str:
    words = rest.split()
    if magic in ("writefile", "file") and words:
        return _SUFFIXES.get(words[-1].rpartition(".")[2].lower(), "text")
    if magic == "script" and words:
        program = _language(next((word for path in words if (word := path.rpartition("/")[2]) != "env"), ""))
        return _NAMES.get(program, program) or kernel_language
    return _MAGICS.get(magic, kernel_language)
