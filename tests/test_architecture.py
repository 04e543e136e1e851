"""The rules of ARCHITECTURE.md that a program can check."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parent.parent / "src" / "nbblog"
MODULES = sorted(path for path in SRC.rglob("*.py") if "vendor" not in path.relative_to(SRC).parts)
CORE = [path for path in MODULES if path.is_relative_to(SRC / "core")]

IMPURE = {
    *("asyncio", "ctypes", "http", "logging", "multiprocessing", "os", "pathlib", "random", "secrets", "shutil"),
    *("signal", "socket", "ssl", "subprocess", "tempfile", "time", "urllib.request", "warnings"),
}
IMPURE_CALLS = {"open", "print", "input", "exec", "eval", "compile", "__import__"}
IMPURE_METHODS = {".now", ".today", ".utcnow"}
JUPYTER = ("nbformat", "nbconvert", "nbclient", "tornado", "traitlets", "jupyter_core", "jupyter_client", "IPython")
_SERVER = {"jupyter_server", "tornado"}
HOSTS = {"server.py": _SERVER, "bloghandlers.py": _SERVER}
"""What a module may import although nbblog does not ask for it everywhere: who imports the module has it."""
HEAVY = ("yaml", "pygments", "babel", "quickjs", "jinja2", "markdown_it", "jsonschema", "email", "zipfile")


def name_of(path: Path) -> str:
    return path.relative_to(SRC).as_posix()


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function and how many lines it has, without its docstring and the signature above it."""
    for node in ast.walk(parse(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            lines = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
            yield f"{name_of(path)}:{node.name}", lines


def imported(path: Path) -> set[str]:
    """The absolute names that a module imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            names.update({node.module, *(f"{node.module}.{alias.name}" for alias in node.names)})
    return names


def calls(path: Path) -> Iterator[str]:
    """The names of the functions and methods that a module calls."""
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield f".{node.func.attr}"


def loaded_by(statement: str) -> set[str]:
    """The modules that are loaded in a fresh interpreter after a statement."""
    command = [sys.executable, "-c", f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"]
    return set(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


@pytest.fixture(scope="module")
def loaded_by_core() -> set[str]:
    modules = [".".join(("nbblog", *path.relative_to(SRC).with_suffix("").parts)) for path in CORE]
    return loaded_by("import " + ", ".join(module.removesuffix(".__init__") for module in modules))


def test_core_loads_no_network(loaded_by_core: set[str]) -> None:
    """Neither does the standard library bring it in by the back door."""
    # Not "logging": markdown-it-py imports it.
    network = {"socket", "ssl", "subprocess", "http.client", "urllib.request", "asyncio"}
    assert network & loaded_by_core == set()


def test_core_loads_no_jupyter_package(loaded_by_core: set[str]) -> None:
    """The core knows no host, not even through something it imports."""
    assert [name for name in JUPYTER if name in loaded_by_core] == []


def test_public_functions_load_nothing_heavy() -> None:
    """What only some notebooks need is imported when the first of them does."""
    loaded = loaded_by("from nbblog import read_post, render_article, render_page")
    assert [name for name in HEAVY if name in loaded] == []


def test_package_itself_loads_nothing() -> None:
    """Jupyter imports the packages of all its extensions when it starts."""
    assert {name for name in loaded_by("import nbblog") if name.startswith("nbblog")} == {"nbblog"}


@pytest.mark.parametrize("path", CORE, ids=name_of)
def test_core_module_imports_nothing_impure(path: Path) -> None:
    """No disk, clock, network, process or log."""
    assert imported(path) & IMPURE == set()


@pytest.mark.parametrize("path", CORE, ids=name_of)
def test_core_module_calls_nothing_impure(path: Path) -> None:
    """Neither does it reach them through a builtin or a method."""
    assert set(calls(path)) & (IMPURE_CALLS | IMPURE_METHODS) == set()


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_template_is_made_from_text(path: Path) -> None:
    """What a notebook says is never a template."""
    assert "from_string" not in path.read_text("utf-8")


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_module_is_short(path: Path) -> None:
    """At most 400 lines."""
    assert len(path.read_text("utf-8").splitlines()) <= 400


def test_no_function_is_long() -> None:
    """At most 50 lines."""
    assert [(name, lines) for path in MODULES for name, lines in functions(path) if lines > 50] == []


def test_functions_are_small() -> None:
    """Twelve lines on average, at most."""
    lines = [lines for path in MODULES for _, lines in functions(path)]
    assert sum(lines) / len(lines) <= 12


def test_names_say_what_things_are() -> None:
    """No module or class is called after a word that fits everything."""
    vague = re.compile(r"manager|helper|util|process|(?<![a-z])(data|item)s?(?![a-z])", re.IGNORECASE)
    names = [path.stem for path in MODULES]
    names += [node.name for path in MODULES for node in ast.walk(parse(path)) if isinstance(node, ast.ClassDef)]
    assert [name for name in names if vague.search(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name))] == []


def test_lock_files_name_no_host(root: Path) -> None:
    """Whoever installs chooses the registry; the hashes say that it is the same thing."""
    assert '"resolved"' not in (root / "tests" / "package-lock.json").read_text("utf-8")
    assert "://" not in (root / "labextension" / "yarn.lock").read_text("utf-8")
    requirements = (root / "tests" / "requirements.txt").read_text("utf-8")
    assert "://" not in requirements
    pinned = re.findall(r"^[\w.-]+==", requirements, re.MULTILINE)
    assert len(pinned) == len(re.findall(r"^[\w.-]+==.*\\\n    --hash=sha256:", requirements, re.MULTILINE))


def test_dependencies_are_those_that_are_imported() -> None:
    """What is imported is declared, and what is declared is imported."""
    own = {*sys.stdlib_module_names, "nbblog"}
    named = {path: {name.partition(".")[0] for name in imported(path)} for path in MODULES}
    used = {name for path, names in named.items() for name in names - HOSTS.get(name_of(path), set())} - own
    homes = metadata.packages_distributions()
    others = re.compile(r"extra == .(?!dask|execute|search)")
    wanted = (line for line in metadata.requires("nbblog") or () if not others.search(line))
    declared = {re.split(r"[^\w.-]", line)[0].lower().replace("_", "-") for line in wanted}
    used -= {"dask"}  # distributed's own other half
    # tomli is the standard library's tomllib for the Pythons before it, and not installed for later ones.
    assert {homes.get(name, [name])[0].lower().replace("_", "-") for name in used} == declared
