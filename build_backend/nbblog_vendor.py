"""Fetch the browser libraries from npm and lay them out for the package, once.

    python build_backend/nbblog_vendor.py

Only the listed packages are fetched, as tarballs (``npm pack``): none of their dependencies, no script that they want
run at their installation is run, and a tarball whose hash is not the one in ``nbblog_libraries.py`` is refused. Nothing
here touches the clock, so the same list gives the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from nbblog_libraries import LIBRARIES, Package
from nbblog_pyodide import PyodideError, own_modules, repack_pyodide

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "src" / "nbblog" / "vendor"
LICENSES = Path(__file__).resolve().parent / "licenses"
SOURCES = (
    *("nbblog_libraries.py", "nbblog_vendor.py", "nbblog_pyodide.py", "nbblog_repack.py", "nbblog_repack.mjs"),
    *("licenses/MPL-2.0.txt", "licenses/Python-2.0.txt", "../LICENSE"),
)


class VendorError(Exception):
    """A library could not be fetched, or is not the one that was asked for. One line."""


def ensure_vendor(vendor: Path = VENDOR) -> bool:
    """Make the folder of browser libraries unless it is there and up to date. True if it was made."""
    if is_current(vendor):
        return False
    with tempfile.TemporaryDirectory(prefix="nbblog-vendor-") as scratch:
        tarballs = fetch_tarballs(Path(scratch))
    vendor.parent.mkdir(parents=True, exist_ok=True)
    # Made beside its final place and renamed, so that a build cut short leaves no half folder that looks whole.
    with tempfile.TemporaryDirectory(prefix=".vendor-", dir=vendor.parent) as fresh:
        write_vendor(Path(fresh) / "new", tarballs)
        if vendor.exists():
            vendor.rename(Path(fresh) / "old")
        (Path(fresh) / "new").rename(vendor)
    return True


def is_current(vendor: Path = VENDOR) -> bool:
    """Whether the folder was made from exactly this list by exactly this program."""
    try:
        manifest = json.loads((vendor / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("made_from") == stamp()


def stamp() -> str:
    """The hash of everything that decides what is in the folder."""
    digest = hashlib.sha256()
    for path in (*(Path(__file__).parent / name for name in SOURCES), *own_modules().values()):
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def fetch_tarballs(scratch: Path) -> dict[str, bytes]:
    """Each package's tarball by package name, proved to be the one that was asked for."""
    npm = shutil.which("npm")
    if npm is None:
        raise VendorError("npm is not on PATH: install Node.js 20 or newer, or run `pip install .`, which brings one")
    packages = [package for library in LIBRARIES.values() for package in library]
    specs = [f"{package.name}@{package.version}" for package in packages]
    command = [npm, "pack", "--ignore-scripts", "--silent", *specs]
    result = subprocess.run(command, cwd=scratch, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if result.returncode:
        reason = (result.stderr or result.stdout).strip().splitlines()
        raise VendorError(f"npm pack failed: {reason[-1] if reason else 'no message'}")
    return {package.name: read_tarball(scratch, package) for package in packages}


def read_tarball(scratch: Path, package: Package) -> bytes:
    """One tarball's bytes; refused when they are not what the list says."""
    name = f"{package.name.lstrip('@').replace('/', '-')}-{package.version}.tgz"
    tarball = (scratch / name).read_bytes()
    integrity = "sha512-" + base64.b64encode(hashlib.sha512(tarball).digest()).decode()
    if integrity != package.integrity:
        raise VendorError(f"{package.name} {package.version}: expected {package.integrity}, got {integrity}")
    return tarball


def write_vendor(folder: Path, tarballs: dict[str, bytes]) -> None:
    """Write every library's folder, the licence texts, and the manifest."""
    libraries = {}
    (folder / "licenses").mkdir(parents=True)
    for name, packages in LIBRARIES.items():
        files, licence = unpack_library(packages, tarballs)
        if name == "katex":
            files = {path: flatten_katex(text) if path.endswith(".css") else text for path, text in files.items()}
        if name == "vega":
            files = {f"vega-{packages[0].version}.min.js": join_vega(files)}
        if name == "python":
            files = repack_pyodide(files, packages[0].version)
        (folder / name).mkdir()
        for path, content in files.items():
            (folder / name / path).write_bytes(content)
        (folder / "licenses" / f"{name}.txt").write_bytes(licence)
        libraries[name] = describe(packages, files)
    manifest = {"made_from": stamp(), "libraries": libraries}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8", newline="\n")


def unpack_library(packages: tuple[Package, ...], tarballs: dict[str, bytes]) -> tuple[dict[str, bytes], bytes]:
    """The wanted files of a library by their new names, and its licence texts as one."""
    files: dict[str, bytes] = {}
    licences = []
    for package in packages:
        with tarfile.open(fileobj=io.BytesIO(tarballs[package.name]), mode="r:gz") as tar:
            for path, target in package.files.items():
                files[target.format(v=package.version)] = without_source_map(read_member(tar, package, path), target)
            texts = [read_member(tar, package, path).decode("utf-8").strip() for path in package.licence_files]
        if package.copyright:
            texts.insert(0, bsd_licence(package.copyright))
        texts += [(LICENSES / f"{name}.txt").read_text("utf-8").strip() for name in package.texts]
        if package.note:
            texts.insert(0, package.note)
        licences.append("\n\n".join([f"{package.name} {package.version} ({package.licence})", *texts]))
    return files, ("\n\n\n".join(licences) + "\n").encode()


def read_member(tar: tarfile.TarFile, package: Package, path: str) -> bytes:
    """One file of a package. Read, never extracted: a path in a tarball cannot lead anywhere."""
    try:
        member = tar.extractfile(f"package/{path}")
    except KeyError:
        member = None
    if member is None:
        raise VendorError(f"{package.name} {package.version} has no file {path}")
    return member.read()


def without_source_map(content: bytes, name: str) -> bytes:
    """A script without its last line's pointer to a source map, which is not shipped."""
    return re.sub(rb"\n//# sourceMappingURL=\S+\s*\Z", b"\n", content) if name.endswith(".js") else content


def flatten_katex(css: bytes) -> bytes:
    """KaTeX's style sheet with its fonts beside it, and as WOFF2 only: every browser of today reads that."""
    version = LIBRARIES["katex"][0].version.encode()
    woff2_only = re.sub(rb',url\(fonts/[^)]+\.(?:woff|ttf)\) format\("(?:woff|truetype)"\)', b"", css)
    return re.sub(rb"url\(fonts/([^)]+)\.woff2\)", rb"url(\1-" + version + rb".woff2)", woff2_only)


def join_vega(files: dict[str, bytes]) -> bytes:
    """Vega, Vega-Lite and the interpreter as one classic script, which also works from ``file://``."""
    interpreter = files["vega-interpreter.js"].decode("utf-8")
    rewrites = (
        ("import { ascending, isString, DisallowedObjectProperties } from 'vega-util';", USE_VEGA_UTIL),
        ("export { expression as expressionInterpreter };", GIVE_INTERPRETER),
    )
    for module_syntax, classic in rewrites:
        if interpreter.count(module_syntax) != 1:
            raise VendorError(f"vega-interpreter changed its shape: expected one `{module_syntax}`")
        interpreter = interpreter.replace(module_syntax, classic)
    interpreter = f"(() => {{\n{interpreter.strip()}\n}})()"
    parts = [files["vega.min.js"].decode("utf-8"), files["vega-lite.min.js"].decode("utf-8"), interpreter]
    # The semicolon: two scripts that each are one expression would otherwise be read as a call.
    return "".join(part.strip().rstrip(";") + ";\n" for part in parts).encode()


USE_VEGA_UTIL = "const { ascending, isString, DisallowedObjectProperties } = globalThis.vega;"
GIVE_INTERPRETER = "globalThis.vegaInterpreter = { expressionInterpreter: expression };"


def bsd_licence(copyright_line: str) -> str:
    """The BSD-3-Clause text under another copyright line."""
    ours = (ROOT / "LICENSE").read_text("utf-8")
    return re.sub(r"^Copyright .*$", copyright_line, ours, count=1, flags=re.MULTILINE).strip()


def describe(packages: tuple[Package, ...], files: dict[str, bytes]) -> dict[str, object]:
    """A library's entry in the manifest."""
    return {
        "version": packages[0].version,
        "packages": [
            {key: getattr(package, key) for key in ("name", "version", "licence", "integrity")} for package in packages
        ],
        "files": {path: hashlib.sha256(content).hexdigest() for path, content in sorted(files.items())},
    }


if __name__ == "__main__":
    try:
        made = ensure_vendor()
    except (VendorError, PyodideError) as error:
        sys.exit(f"nbblog: {error}")
    print(f"{'made' if made else 'already up to date'}: {VENDOR.relative_to(ROOT)}")
