"""The seed article's capacity calculation as a page of marimo in WebAssembly, for ``sections.py`` to measure too.

marimo's page takes Pyodide from a CDN, and its own packages by a lock file from its host. Here both lie beside the
page: Pyodide as npm has it, the packages as PyPI has them, and a lock file that says so. Nothing of the page is changed
but these addresses.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import tarfile
import venv
import zipfile
from hashlib import sha256
from pathlib import Path

from static_host import cache_folder

MARIMO = "0.25.2"
PACKAGES = (
    "micropip", f"marimo-base=={MARIMO}", "Markdown", "pymdown-extensions<12", "narwhals", "packaging", "pygments",
    "docutils", "jedi<0.21", "parso", "tomlkit", "itsdangerous", "python-multipart", "msgspec", "pyodide-http",
)  # fmt: skip
NOTEBOOK = """import marimo

app = marimo.App()


@app.cell
def _():
    import marimo as mo
    return (mo,)


@app.cell
def _():
{calculation}
    return (capacity,)


@app.cell
def _(mo):
    users = mo.ui.slider(steps=[10_000, 100_000, 1_000_000, 10_000_000, 100_000_000], value=10_000_000, label="Users")
    requests = mo.ui.slider(steps=[5, 20, 100], value=20, label="Requests of each")
    reads = mo.ui.slider(steps=[50, 90, 99], value=90, label="Share of reads")
    size = mo.ui.slider(steps=[1, 10, 100], value=10, label="Size")
    mo.vstack([users, requests, reads, size])
    return reads, requests, size, users


@app.cell
def _(capacity, mo, reads, requests, size, users):
    answer, table, _ = capacity(users.value, requests.value, reads.value, size.value)
    mo.vstack([mo.md(answer), mo.md(str(table))])
    return


if __name__ == "__main__":
    app.run()
"""
ADDRESS = re.compile(r"https://cdn\.jsdelivr\.net/pyodide/v([\d.]+)/full/")


def write_marimo(folder: Path, site: str, calculation: str) -> None:
    """The page in ``folder``, which is served at the address ``site``."""
    python = _install()
    notebook = folder.parent / "capacity.py"
    indented = "\n".join(f"    {line}".rstrip() for line in calculation.splitlines())
    notebook.write_text(NOTEBOOK.format(calculation=indented), "utf-8")
    export = [python, "-m", "marimo", "export", "html-wasm", str(notebook), "-o", str(folder), "--mode", "run", "-f"]
    # It looks for uv on the PATH.
    path = os.pathsep.join([str(Path(python).parent), os.environ["PATH"]])
    subprocess.run(export, check=True, capture_output=True, env={**os.environ, "PATH": path})
    (version,) = {found for path in _scripts(folder) for found in ADDRESS.findall(path.read_text("utf-8"))}
    for path in _scripts(folder):
        text = path.read_text("utf-8").replace("https://cdn.jsdelivr.net/pyodide/", f"{site}/pyodide/")
        path.write_text(text.replace("https://wasm.marimo.app/", f"{site}/"), "utf-8")
    lock = _write_pyodide(folder / "pyodide" / f"v{version}" / "full", version, python)
    (folder / "pyodide-lock.json").write_text(json.dumps(lock), "utf-8")


def _install() -> str:
    home = cache_folder() / f"marimo-{MARIMO}"
    python = home / "bin" / "python"
    if not python.is_file():
        venv.create(home, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", f"marimo=={MARIMO}", "uv"], check=True)
    return str(python)


def _scripts(folder: Path) -> list[Path]:
    return [*folder.glob("assets/*.js"), *folder.glob("*.html")]


def _write_pyodide(folder: Path, version: str, python: str) -> dict[str, object]:
    folder.mkdir(parents=True)
    pack = ["npm", "pack", "--silent", "--ignore-scripts", f"pyodide@{version}"]
    subprocess.run(pack, cwd=folder, check=True, capture_output=True)
    with tarfile.open(next(folder.glob("*.tgz"))) as tar:
        for member in tar.getmembers():
            content = tar.extractfile(member)
            assert content is not None
            (folder / Path(member.name).name).write_bytes(content.read())
    lock = json.loads((folder / "pyodide-lock.json").read_text("utf-8"))
    _download(folder, python, lock["info"])
    packages = {name.lower(): entry for name, entry in map(_describe, sorted(folder.glob("*.whl")))}
    packages["marimo-base"]["depends"] = [name for name in packages if name not in ("micropip", "marimo-base")]
    return {"info": lock["info"], "packages": packages}


def _download(folder: Path, python: str, info: dict[str, str]) -> None:
    """The wheels as Pyodide's Python would take them; of PyYAML, which has none for it, the part in Python."""
    target = ["--platform", f"pyemscripten_{info['abi_version']}_wasm32", "--only-binary=:all:"]
    version = ["--python-version", ".".join(info["python"].split(".")[:2])]
    get = [python, "-m", "pip", "download", "--quiet", "--no-deps", "-d", str(folder), *target, *version]
    subprocess.run([*get, *PACKAGES], check=True)
    where = [python, "-c", "import yaml, pathlib; print(pathlib.Path(yaml.__file__).parent)"]
    yaml = Path(subprocess.run(where, check=True, capture_output=True, text=True).stdout.strip())
    with zipfile.ZipFile(folder / "pyyaml-6-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED) as wheel:
        for path in sorted(yaml.glob("*.py")):
            wheel.write(path, f"yaml/{path.name}")
        wheel.writestr("pyyaml-6.dist-info/METADATA", "Metadata-Version: 2.1\nName: PyYAML\nVersion: 6\n")
        wheel.writestr("pyyaml-6.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("pyyaml-6.dist-info/RECORD", "")


def _describe(wheel: Path) -> tuple[str, dict[str, object]]:
    """A package's name, and what Pyodide's lock file says of it."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    written, version = wheel.name.split("-")[:2]
    name = written.replace("_", "-").lower()
    imports = sorted({entry.split("/")[0].removesuffix(".py") for entry in names if ".dist-info" not in entry})
    return name, {
        "name": name,
        "version": version,
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": sha256(wheel.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": imports,
        "depends": [],
        "unvendored_tests": False,
    }
