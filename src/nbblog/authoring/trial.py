"""A program of its own: ``python -I trial.py REQUEST ANSWER`` runs a section's program and answers for some states.

REQUEST is a JSON file: ``shared`` (the folder of the shared modules), ``seconds`` (the limit), ``prelude``, ``cell``,
``index``, ``states`` (the arguments of each call), ``packages``. ANSWER becomes ``{"answers": [parts…]}`` or
``{"error": "…"}``. It knows the standard library only, and may do what a browser's Python may: no connections, no other
processes.
"""

from __future__ import annotations

import json
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


def main(request: str, answer: str) -> None:
    asked = json.loads(Path(request).read_text("utf-8"))
    if hasattr(signal, "alarm"):
        # The kernel that started this may be gone by then.
        signal.alarm(asked["seconds"])
    _load_shared(Path(asked["shared"]))
    sys.addaudithook(_refuse)
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
