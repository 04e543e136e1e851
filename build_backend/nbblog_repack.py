"""Python's standard library and our own modules as the browser loads them. Runs within Pyodide itself, under Node.js,
when a wheel is made.

Pyodide ships the library as sources, which each visitor's browser would compile anew. Here it is compiled once, by the
very interpreter that will run it, and parted into ``core`` (what it loads at its start, and what calculations use) and
``rest``, which a page fetches when a program imports something of it. As all is compressed by Pyodide's own zlib too,
the same package gives the same bytes on every machine.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import importlib._bootstrap_external as loader
import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

LIBRARY = f"/lib/python{sys.version_info.major}{sys.version_info.minor}.zip"
"""Where Pyodide has its library, and where tracebacks will say that a function is."""

REST = frozenset(
    {
        # Networks, mail and documents, which a frame without a network has little use for.
        *("email", "ftplib", "http", "imaplib", "mailbox", "mimetypes", "netrc", "poplib", "smtplib", "socketserver"),
        *("webbrowser", "wsgiref", "xml", "xmlrpc"),
        # Tools for programs and their authors.
        *("_pyrepl", "bdb", "cProfile", "cmd", "code", "compileall", "doctest", "modulefinder", "pdb", "profile"),
        *("pstats", "py_compile", "pyclbr", "pydoc", "rlcompleter", "runpy", "symtable", "tabnanny"),
        *("timeit", "trace", "tracemalloc", "unittest", "zipapp"),
        # Processes, terminals and command lines.
        *("argparse", "ctypes", "fileinput", "filecmp", "getopt", "getpass", "multiprocessing", "optparse"),
        *("platform", "pty", "sched", "sysconfig", "tty", "_sysconfigdata__emscripten_wasm32-emscripten"),
        # Files of kinds that few calculations read.
        *("_markupbase", "configparser", "pickletools", "plistlib", "quopri", "shelve", "sqlite3"),
        *("stringprep", "wave"),
        # What C has taken over.
        *("_pydatetime", "_pyio", "nturl2path"),
        *("__hello__", "__phello__", "antigravity", "this"),
    }
)
"""Top-level modules and packages; a package is never parted."""


OWN = "/lib/nbblog"
"""Where browser/python_worker.js has our own modules."""


def compile_module(path: str, source: bytes) -> bytes:
    """A module as a ``.pyc`` that no source is looked for: marked by a hash, unchecked."""
    code = compile(source, path, "exec", dont_inherit=True, optimize=0)
    pyc: bytes = loader._code_to_hash_pyc(code, b"\0" * 8, False)  # type: ignore[attr-defined]
    return pyc


def part_library(library: zipfile.ZipFile) -> dict[str, bytes]:
    """The archives ``core`` and ``rest``. Stored, not deflated: each is compressed as a whole afterwards, which is
    smaller, and browsers unpack it faster than Python would module by module."""
    buffers = {"core": io.BytesIO(), "rest": io.BytesIO()}
    archives = {name: zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) for name, buffer in buffers.items()}
    for name in sorted(name for name in library.namelist() if not name.endswith("/")):
        content = library.read(name)
        top = name.partition("/")[0].removesuffix(".py")
        if name.endswith(".py"):
            name, content = f"{name}c", compile_module(f"{LIBRARY}/{name}", content)
        archives["rest" if top in REST else "core"].writestr(zipfile.ZipInfo(name), content)
    for archive in archives.values():
        archive.close()
    return {name: buffer.getvalue() for name, buffer in buffers.items()}


def describe(library: zipfile.ZipFile, lock: dict[str, Any]) -> dict[str, Any]:
    """What can be imported: the standard library's modules, and the packages that are built for this Pyodide."""
    tops = {name.partition("/")[0].removesuffix(".py") for name in library.namelist()} | set(sys.builtin_module_names)
    modules = sorted(top for top in tops if top in sys.stdlib_module_names)
    packages = dict(sorted(lock["packages"].items()))
    imports = {module: name for name, entry in packages.items() for module in entry["imports"] if "." not in module}
    kept = ("depends", "file_name", "sha256", "version")
    return {
        "pyodide": lock["info"],
        "modules": modules,
        "rest": sorted(REST & {name.removesuffix(".py") for name in tops}),
        "imports": dict(sorted(imports.items())),
        "packages": {name: {key: entry[key] for key in kept} for name, entry in packages.items()},
    }


def compile_own(folder: Path) -> dict[str, dict[str, str]]:
    """Our modules in the folder by their path: the SHA-256 of the ``source``, and the ``code`` in base64."""
    compiled = {}
    for file in sorted(folder.rglob("*.py")):
        source, path = file.read_text("utf-8").encode(), file.relative_to(folder).as_posix()
        code = base64.b64encode(compile_module(f"{OWN}/{path}", source)).decode("ascii")
        compiled[path] = {"source": hashlib.sha256(source).hexdigest(), "code": code}
    return compiled


def repack(source: Path, target: Path) -> None:
    """From Pyodide's files in ``source`` all that a page needs, compressed, in ``target``."""
    lock = json.loads((source / "pyodide-lock.json").read_text("utf-8"))
    with zipfile.ZipFile(LIBRARY) as library:
        parts = {f"{name}.zip": content for name, content in part_library(library).items()}
        listed = json.dumps(describe(library, lock), separators=(",", ":"))
    parts |= {"wasm": (source / "pyodide.asm.wasm").read_bytes(), "js": (source / "runtime.js").read_bytes()}
    for name, content in parts.items():
        (target / f"{name}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
    (target / "packages.json").write_text(listed + "\n", encoding="utf-8")
    (target / "own.json").write_text(json.dumps(compile_own(source / "own"), indent=0) + "\n", encoding="utf-8")
