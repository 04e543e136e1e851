"""Build the panel's script from TypeScript, where that is needed.

    python build_backend/nbblog_labextension.py

It takes Node.js, and ``jlpm`` from jupyter-builder. What is fetched from npm is in ``labextension/yarn.lock`` by hash,
and no script of a package is run. The result names what it was made from, so that it is made once.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "labextension"
BUNDLE = ROOT / "src" / "nbblog" / "labextension"
_FILES = (".yarnrc.yml", "package.json", "rspack.config.js", "tsconfig.json", "yarn.lock")
_FOLDERS = ("schema", "src", "style")
_STAMP = "made_from.txt"


class BundleError(Exception):
    """The script could not be built. One line."""


def ensure_labextension(sources: Path = SOURCES, bundle: Path = BUNDLE) -> bool:
    """Build the script unless it is there and up to date. True if it was built."""
    if is_current(sources, bundle):
        return False
    # Without it, what a build cut short leaves behind does not look whole.
    (bundle / _STAMP).unlink(missing_ok=True)
    run_jlpm(sources, "install", "--immutable")
    shutil.rmtree(sources / "lib", ignore_errors=True)
    run_jlpm(sources, "build:prod")
    for left in bundle.rglob("*.orig"):
        left.unlink()
    (bundle / _STAMP).write_text(stamp(sources) + "\n", encoding="utf-8", newline="\n")
    return True


def is_current(sources: Path = SOURCES, bundle: Path = BUNDLE) -> bool:
    """Whether the script was built from exactly these sources by exactly this program."""
    try:
        return (bundle / _STAMP).read_text("utf-8").strip() == stamp(sources)
    except OSError:
        return False


def stamp(sources: Path = SOURCES) -> str:
    """The hash of everything that decides what the script is."""
    digest = hashlib.sha256(Path(__file__).read_bytes().replace(b"\r\n", b"\n"))
    for path in read_sources(sources):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{path.relative_to(sources).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def read_sources(sources: Path) -> Iterator[Path]:
    """The files that the script is built from, in an order that is the same everywhere."""
    yield from (sources / name for name in _FILES)
    for folder in _FOLDERS:
        yield from sorted((path for path in (sources / folder).rglob("*") if path.is_file()), key=Path.as_posix)


def run_jlpm(sources: Path, *arguments: str) -> None:
    """Run ``jlpm``; its last words are the error when it fails."""
    command = [sys.executable, "-c", "from jupyter_builder.jlpm import main; main()", *arguments]
    # The build's own commands are beside this Python, which need not be on PATH.
    scripts = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    environment = {**os.environ, "PATH": scripts}
    result = subprocess.run(
        command, cwd=sources, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    if result.returncode:
        # Yarn's errors stand somewhere in its output.
        words = [line for line in (result.stdout + result.stderr).splitlines() if "rror" in line or "No module" in line]
        raise BundleError(f"jlpm {' '.join(arguments)} failed: {words[-1].strip() if words else 'no message'}")


if __name__ == "__main__":
    try:
        built = ensure_labextension()
    except BundleError as error:
        sys.exit(f"nbblog: {error}")
    print(f"{'made' if built else 'already up to date'}: {BUNDLE.relative_to(ROOT)}")
