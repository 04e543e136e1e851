"""Why a program cannot run in a browser, as far as its text tells: files, network, processes, threads, input…"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from .names import dotted_path
from .packages import MISSING_MODULES
from .words import words

ReasonKind = Literal[
    "syntax", "star-import", "ipython", "undefined", "await", "input", "files", "network", "processes", "threads",
    "module",
]


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that stands in the way of running a program in a reader's browser."""

    kind: ReasonKind
    detail: str
    """What it is, in a few words, with the name as the author wrote it."""
    cell: int | None = None
    """Which of the earlier cells it stands in (from 0); ``None`` is the section's own cell."""
    line: int | None = None
    """The line of that cell's source (from 1)."""

    def __str__(self) -> str:
        return f"{_WORDS[self.kind]} ({self.detail})"


_WORDS: Mapping[ReasonKind, str] = {
    "syntax": "Python cannot read the code",
    "star-import": "it takes names that nobody can know from the code",
    "ipython": "it needs IPython",
    "undefined": "it uses a name that no earlier cell defines",
    "await": "it awaits something",
    "input": "it asks for input",
    "files": "it uses files",
    "network": "it uses the network",
    "processes": "it starts processes",
    "threads": "it starts threads",
    "module": "it imports what browsers lack",
}


_CALLS: Mapping[ReasonKind, frozenset[str]] = {
    "input": words("input breakpoint getpass.getpass getpass.getuser"),
    "files": words(
        "open bz2.open codecs.open fileinput.input glob.glob glob.iglob gzip.open io.open lzma.open"
        " matplotlib.pyplot.imread numpy.fromfile numpy.genfromtxt numpy.load numpy.loadtxt numpy.save numpy.savetxt"
        " numpy.savez os.listdir os.mkdir os.open os.remove os.scandir os.walk PIL.Image.open shelve.open"
        " sqlite3.connect tarfile.open zipfile.ZipFile"
    ),
    "processes": words("os.execv os.fork os.kill os.popen os.spawnl os.system"),
    "await": words("asyncio.run"),
}
"""Functions by their full names."""

_MODULES: Mapping[ReasonKind, frozenset[str]] = {
    "network": words(
        "aiohttp boto3 ftplib http.client http.server httpx imaplib paramiko poplib psycopg2 pymongo redis requests"
        " smtplib socket socketserver sqlalchemy ssl urllib.request urllib3 websocket websockets xmlrpc"
    ),
    "processes": words("concurrent.futures joblib multiprocessing pty subprocess"),
    "threads": words("_thread threading"),
}
"""Modules that are of no use without it. In a browser there is one process with one thread."""

_READERS = words("read_text write_text read_bytes write_bytes to_csv to_excel to_parquet savefig")
_PANDAS = ("pandas.read_", "polars.read_", "polars.scan_")


def find_reasons(node: ast.stmt, imports: Mapping[str, str]) -> Iterator[tuple[ReasonKind, str, int]]:
    """What one statement does that no browser can: kind, words and line. ``imports`` gives names their modules."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call):
            if found := _called(inner, imports):
                yield (*found, inner.lineno)
        elif isinstance(inner, ast.Import | ast.ImportFrom):
            reasons = {reason for names in _imported(inner) if (reason := _first_reason(names))}
            yield from ((*reason, inner.lineno) for reason in sorted(reasons))
    if any(_awaits(node)):
        yield "await", "`await` outside a function", node.lineno


def _called(call: ast.Call, imports: Mapping[str, str]) -> tuple[ReasonKind, str] | None:
    path = dotted_path(call.func)
    root, _, rest = path.partition(".")
    module = imports.get(root, root)
    full = f"{module}.{rest}" if rest else module
    for kind, names in _CALLS.items():
        if full in names:
            return kind, f"`{path}()`"
    if full.startswith(_PANDAS) or (call.args and path.rpartition(".")[2] in _READERS and rest):
        return "files", f"`{path}()`"
    return None


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[list[str]]:
    """For each name that is imported, the modules that it may come from or be."""
    module = "" if isinstance(node, ast.Import) else "." * node.level + (node.module or "")
    for alias in node.names:
        yield [module, f"{module}.{alias.name}"] if module else [alias.name]


def _first_reason(modules: list[str]) -> tuple[ReasonKind, str] | None:
    return next((found for module in modules if (found := _module(module))), None)


def _module(module: str) -> tuple[ReasonKind, str] | None:
    if module.startswith("."):
        return "files", f"the module `{module}` beside the notebook"
    for kind, names in _MODULES.items():
        if any(module == name or module.startswith(f"{name}.") for name in names):
            return kind, f"the module `{module}`"
    if (top := module.partition(".")[0]) in MISSING_MODULES:
        return "module", f"the module `{top}`"
    return None


def _awaits(node: ast.AST) -> Iterator[bool]:
    """Whether ``await``, ``async for`` or ``async with`` stands outside functions: IPython's own invention."""
    waiting: list[ast.AST] = [node]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(inner, ast.Await | ast.AsyncFor | ast.AsyncWith):
            yield True
        waiting.extend(ast.iter_child_nodes(inner))
