"""Pyodide's package of npm made into the files that nbblog ships: smaller, and quicker to start.

Nothing of it is compiled anew but the standard library, and with it our own modules that run there
(``nbblog_repack.py``). Its two scripts are joined into one classic script, since no browser runs a worker of modules in
a frame without an origin.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPACKED = {
    "js.gz": "pyodide-{v}.js.gz",
    "wasm.gz": "pyodide-{v}.wasm.gz",
    "core.zip.gz": "pyodide-core-{v}.zip.gz",
    "rest.zip.gz": "pyodide-rest-{v}.zip.gz",
    "packages.json": "pyodide-packages-{v}.json",
    "own.json": "pyodide-own-{v}.json",
}
"""What ``nbblog_repack.py`` writes → its name in the library's folder."""

CORE = ("colour", "styler", "tables")
"""Modules of ``nbblog.core``."""

MEMORY = 1 << 30
"""Bytes that Python may take: of a gigabyte too much it says so, of four the reader's whole browser would."""


class PyodideError(Exception):
    """Pyodide could not be repacked. One line."""


def repack_pyodide(files: dict[str, bytes], version: str) -> dict[str, bytes]:
    """The files of the library's folder by name, from those of the package (``pyodide.mjs``…)."""
    node = shutil.which("node")
    if node is None:
        raise PyodideError("node is not on PATH")
    with tempfile.TemporaryDirectory(prefix="nbblog-pyodide-") as scratch:
        folder = Path(scratch).resolve()
        for name, content in files.items():
            (folder / name).write_bytes(content)
        (folder / "runtime.js").write_bytes(join_scripts(files["pyodide.asm.mjs"], files["pyodide.mjs"]))
        for name in ("nbblog_repack.mjs", "nbblog_repack.py"):
            shutil.copyfile(HERE / name, folder / name)
        for path, source in own_modules().items():
            (folder / "own" / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, folder / "own" / path)
        command = [node, *permissions(node, folder), str(folder / "nbblog_repack.mjs"), str(folder)]
        result = subprocess.run(command, cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if result.returncode:
            raise PyodideError(f"Pyodide {version} could not be repacked: {last_line(result.stderr)}")
        return {target.format(v=version): (folder / made).read_bytes() for made, target in REPACKED.items()}


def own_modules() -> dict[str, Path]:
    """Our own modules that run in the browser too, by their paths there: the files among those that
    ``nbblog.live.shared_modules`` gives."""
    package = HERE.parent / "src" / "nbblog"
    shared = {f"nbblog_shared/{path.name}": path for path in sorted((package / "shared").glob("*.py"))}
    return {**shared, **{f"nbblog_core/{name}.py": package / "core" / f"{name}.py" for name in CORE}}


def permissions(node: str, folder: Path) -> list[str]:
    """Flags by which Node.js lets the script read and write its own folder, and do nothing else."""
    said = subprocess.run([node, "--version"], capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout
    major = int(match[1]) if (match := re.match(r"v(\d+)\.", said)) else 0
    if major < 20:
        raise PyodideError(f"Node.js 20 or newer is needed, this is {said.strip() or 'none'}")
    switch = "--permission" if major >= 24 else "--experimental-permission"
    return [switch, f"--allow-fs-read={folder}", f"--allow-fs-write={folder}", "--disable-warning=ExperimentalWarning"]


def last_line(text: str) -> str:
    """The line of an error that says what it is."""
    lines = [line for line in text.splitlines() if re.match(r"\w*(Error|Exception)\b", line)]
    return lines[-1] if lines else "no message"


def join_scripts(asm: bytes, loader: bytes) -> bytes:
    """Both modules as one classic script with one name: ``startPyodide`` takes the function that stands for ``fetch``
    in them, and returns ``loadPyodide`` and ``createPyodideModule``."""
    # In parentheses, by which browsers know that a function is about to be called, and compile it as they read it.
    asm = rewrite(asm, rb"\Aasync function _createPyodideModule\(", b"const _createPyodideModule=(async function(", 1)
    asm = rewrite(asm, rb"export default _createPyodideModule;", b");", 1)
    asm = rewrite(asm, rb"import\.meta\.url", b"self.location.href", 3)
    asm = rewrite(asm, rb"getHeapMax=\(\)=>4294901760;", b"getHeapMax=()=>%d;" % MEMORY, 1)
    names = rb"return {loadPyodide:\1,createPyodideModule:_createPyodideModule};"
    loader = rewrite(loader, rb"export\{(\w+) as loadPyodide,\w+ as version\};\n//# sourceMappingURL=.*", names, 1)
    return b'const startPyodide = ((fetch) => {\n"use strict";\n' + asm.strip() + b"\n" + loader.strip() + b"\n});\n"


def rewrite(script: bytes, pattern: bytes, replacement: bytes, count: int) -> bytes:
    """The script with so many places rewritten, exactly."""
    written, found = re.subn(pattern, replacement, script)
    if found != count:
        raise PyodideError(f"Pyodide changed its shape: `{pattern.decode()}` {found} times, not {count}")
    return written
