"""Whether a section's program gives the notebook's answers when it runs alone, as it will in a reader's browser.

It runs in a clean process (``trial.py``): an empty folder, stand-ins for the notebook's modules, no connections, a time
limit. A few states are compared with what the kernel answered.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ..core.programs.cells import parse_cell
from ..core.programs.packages import needed_packages
from ..core.runnable import Program, Reason, build_program
from ..shared.showing import Part
from .cells import Source

SECONDS = 10
"""For starting and for the earlier statements; the answers' own time is added."""
_SHARED = Path(__file__).parent.parent / "shared"
_HARD = {
    "syntax": "Python cannot read the code",
    "ipython": "it needs IPython",
    "await": "it awaits something",
    "input": "it asks for input",
    "files": "it uses files",
    "network": "it uses the network",
    "processes": "it starts processes",
    "threads": "it starts threads",
    "module": "it imports a module that browsers lack",
}
"""Reasons that no trial overrules: it runs on the author's machine, not in a browser."""


@dataclass(frozen=True, slots=True)
class Proof:
    """The program that the page may run; ``reason`` says why it may not."""

    program: Program
    reason: str = ""


class Trial:
    """A program that runs in its clean process."""

    def __init__(self, program: Program, index: int, states: Sequence[Mapping[str, Any]], seconds: int) -> None:
        self.program = program
        self._seconds = seconds
        self._folder = TemporaryDirectory(prefix="nbblog-", ignore_cleanup_errors=True)
        place = Path(self._folder.name)
        request = {"shared": str(_SHARED), "seconds": seconds, "index": index, "states": list(states)}
        code = {"prelude": program.prelude, "cell": program.cell, "packages": program.packages}
        written = json.dumps(request | code)
        (place / "request.json").write_text(written, "utf-8")
        (place / "empty").mkdir()
        self._answer = place / "answer.json"
        script = Path(__file__).with_name("trial.py")
        # A group of its own: an interruption of the kernel reaches the whole group.
        self._process = subprocess.Popen(  # noqa: S603 - the author's own program, which has just run here
            [sys.executable, "-I", str(script), str(place / "request.json"), str(self._answer)],
            cwd=place / "empty",
            env={**os.environ, "TMPDIR": str(place / "empty")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def finish(self) -> tuple[list[list[Part]], str]:
        """Wait for the answers; or none, and why."""
        try:
            self._process.wait(self._seconds)
            found = json.loads(self._answer.read_text("utf-8"))
        except subprocess.TimeoutExpired:
            return [], f"it takes longer than {self._seconds} seconds"
        except (OSError, ValueError):
            late = self._process.returncode == -14
            return [], f"it takes longer than {self._seconds} seconds" if late else "Python itself ends"
        finally:
            self.stop()
        return found.get("answers", []), f"it ends with {found['error']}" if "error" in found else ""

    def stop(self) -> None:
        """End the process, whatever it does."""
        with suppress(OSError):
            self._process.kill()
        self._process.wait()
        self._folder.cleanup()


def hard_reason(program: Program) -> str:
    """Why the program cannot run in any browser, as far as its text tells; empty where nothing is known."""
    return next((_sentence(reason) for reason in program.unsupported if reason.kind in _HARD), "")


def _sentence(reason: Reason) -> str:
    return f"{_HARD[reason.kind]} ({reason.detail})"


def programs(source: Source) -> Iterator[Program]:
    """What the page could carry, the smallest first: the statements that the cell needs, as the notebook has them; then
    as they have run; then all earlier statements."""
    first = build_program(source.as_notebook, source.cell)
    yield first
    as_run = build_program(source.earlier, source.cell)
    if as_run.prelude != first.prelude:
        yield as_run
    everything = "\n".join(cell.text for cell in map(parse_cell, source.as_notebook) if not cell.error)
    if everything.strip() not in (first.prelude.strip(), as_run.prelude.strip()):
        # The hash stays: it is of what the publisher finds.
        yield replace(first, prelude=everything, packages=_packages(everything + "\n" + first.cell))


def _packages(code: str) -> tuple[str, ...]:
    found: list[str] = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.append(node.module)
    return needed_packages(found)


def differs(ours: Sequence[Part], theirs: Sequence[Part]) -> bool:
    """Whether two answers would look different. Of pictures only that they are there: fonts and formats may differ."""
    return [_seen(part) for part in ours] != [_seen(part) for part in theirs]


def _seen(part: Part) -> Any:
    if part["kind"] == "image":
        return part["kind"]
    if part["kind"] == "error":
        return part["kind"], part["name"], part["message"]
    return json.loads(json.dumps({key: value for key, value in part.items() if key != "bundle"}))
