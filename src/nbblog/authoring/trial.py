"""A program of its own: ``python -I trial.py REQUEST ANSWER`` runs a section's program and answers for some states.

REQUEST is a JSON file: ``shared`` (the folder of the shared modules), ``seconds`` (the limit), ``prelude``, ``cell``,
``index``, ``states`` (the arguments of each call), ``packages``. ANSWER becomes ``{"answers": [parts…]}`` or
``{"error": "…"}``. It knows the standard library only, and may do what a browser's Python may: no connections, no other
processes, no changes to the machine's files.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import sysconfig
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

_REFUSED = (
    *("socket.connect", "socket.bind", "socket.getaddrinfo"),
    *("subprocess.Popen", "os.system", "os.exec", "os.fork", "os.posix_spawn"),
)
_CHANGING = ("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.truncate", "os.link", "os.symlink", "shutil.rmtree")
"""What these name first is changed."""
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


_HOME = Path.cwd().resolve().parent
"""The answer is written there; the program's own folder is in it."""


def main(request: str, answer: str) -> None:
    asked = json.loads(Path(request).read_text("utf-8"))
    if hasattr(signal, "alarm"):
        # The kernel that started this may be gone by then.
        signal.alarm(asked["seconds"])
    _load_shared(Path(asked["shared"]))
    sys.addaudithook(_refuse)
    # No compiled modules are written either.
    sys.dont_write_bytecode = True
    try:
        found: dict[str, Any] = {"answers": _answers(asked)}
    except (Exception, SystemExit) as error:
        found = {"error": f"{type(error).__name__}: {error}"}
    Path(answer).write_text(json.dumps(found), "utf-8")


def _load_shared(folder: Path) -> None:
    spec = spec_from_file_location(
        "nbblog_shared", folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None and spec.loader is not None
    sys.modules["nbblog_shared"] = module = module_from_spec(spec)
    spec.loader.exec_module(module)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _REFUSED:
        raise PermissionError(f"a browser's Python has no {event}")
    is_change = event in _CHANGING or (event == "open" and _is_writing(*arguments[1:3]))
    if is_change and not _is_own(arguments[0]):
        raise PermissionError(f"a browser's Python has no file {arguments[0]!r}")


def _is_writing(mode: str | None, flags: int) -> bool:
    return bool(set(mode or "") & set("wax+") or flags & _WRITING)


def _is_own(path: Any) -> bool:
    """Whether it is in the folder of this process, or no file at all. The program has run once; its files are safe."""
    if isinstance(path, int) or path == os.devnull:
        return True
    return Path(os.fsdecode(path)).resolve().is_relative_to(_HOME)


def _answers(asked: dict[str, Any]) -> list[Any]:
    answer = import_module("nbblog_shared.calling").answer
    functions = import_module("nbblog_shared.stand_in").run_program(asked["prelude"], asked["cell"])
    if asked["index"] >= len(functions):
        raise LookupError(f"the cell calls interact {len(functions)} times, not {asked['index'] + 1}")
    answers = [answer(functions[asked["index"]], arguments) for arguments in asked["states"]]
    for name in asked["packages"]:
        _check_package(name)
    return answers


def _check_package(name: str) -> None:
    """A module that is not installed like others is nowhere but here."""
    file = getattr(sys.modules.get(name), "__file__", None)
    installed = {sysconfig.get_path(key) for key in ("purelib", "platlib", "stdlib", "platstdlib")}
    if file is not None and not any(Path(file).is_relative_to(folder) for folder in installed):
        raise ImportError(f"{name} is a module of this machine only")


if __name__ == "__main__":
    main(*sys.argv[1:])
