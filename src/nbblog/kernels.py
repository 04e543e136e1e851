"""A notebook run from top to bottom in a new kernel, within limits, and with nothing left running."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from time import monotonic
from typing import IO, TYPE_CHECKING, Any

from .core.errors import BuildError
from .core.text import clean_text, one_line

if TYPE_CHECKING:
    from nbformat import NotebookNode

SKIP = "skip-execution"
"""The tag of cells that do not run."""
_OUTPUTS = frozenset(["stream", "display_data", "execute_result", "update_display_data", "error"])
_MOST_OUTPUT = 64 << 20
"""Characters of a cell's outputs; a page shows much less of a text."""
_KNOWN = frozenset([
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TERM", "TMPDIR", "TEMP", "TMP",
    "SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC", "PATHEXT", "APPDATA", "LOCALAPPDATA", "USERPROFILE", "PROGRAMDATA",
    "VIRTUAL_ENV", "CONDA_PREFIX", "CONDA_DEFAULT_ENV", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME",
    "JUPYTER_PATH", "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "MPLBACKEND",
    "MPLCONFIGDIR", "OMP_NUM_THREADS", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "NBBLOG_CACHE",
])  # fmt: skip


@dataclass(frozen=True, slots=True)
class KernelLimits:
    """What a notebook may take."""

    seconds: int = 600
    """For one cell."""
    whole_seconds: int = 1800
    """For all cells together."""
    mebibytes: int | None = None
    """Of memory of its own for the kernel, and for each process that it starts. Only Linux sees to that."""

    def hold(self, kernel: int) -> None:
        """Have the system see to the memory of the process of this number."""
        if self.mebibytes is not None and sys.platform == "linux":
            import resource

            # Not RLIMIT_AS: libraries reserve addresses by the gigabyte that they never use.
            resource.prlimit(kernel, resource.RLIMIT_DATA, (self.mebibytes * 2**20,) * 2)


def run_notebook(notebook: NotebookNode, source: str, folder: Path, limits: KernelLimits) -> NotebookNode:
    """The notebook with its outputs. Raises ``BuildError`` for the cell that failed."""
    from nbclient import NotebookClient

    class Client(NotebookClient):
        """Keeps no more of a cell's outputs than it may."""

        def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
            if msg["msg_type"] in _OUTPUTS and not outputs.admit(cell_index, msg["content"]):
                outputs.tell(cell)
                return None
            return super().process_message(msg, cell, cell_index)

    at, outputs = 0, _Outputs()
    end = monotonic() + limits.whole_seconds
    groups: set[int] = set()

    def begin(cell: Any, cell_index: int) -> None:
        nonlocal at
        at = cell_index + 1
        kernel: Any = getattr(client.km, "provisioner", None)
        groups.add(getattr(kernel, "pgid", None) or 0)
        if cell_index == 0 and getattr(kernel, "pid", None):
            limits.hold(kernel.pid)

    client = Client(
        notebook, timeout_func=lambda cell: max(0.1, min(limits.seconds, end - monotonic())),
        resources={"metadata": {"path": str(folder)}}, on_cell_start=begin,
        kernel_name=notebook.metadata.get("kernelspec", {}).get("name") or "python3", record_timing=False,
    )  # fmt: skip
    # What a kernel says of itself is nobody's business unless it dies.
    with TemporaryFile() as said:
        try:
            client.execute(env=scrub(os.environ), stdout=said, stderr=said)
        except Exception as error:
            reason = _explain(error, limits, said, is_late=monotonic() >= end)
            if reason is None:
                raise
            raise BuildError(f"{source}, cell {at}: {reason}" if at else f"{source}: {reason}") from None
        finally:
            for group in groups - {0}:
                with suppress(OSError):
                    os.killpg(group, signal.SIGKILL)
    return notebook


def _explain(error: Exception, limits: KernelLimits, said: IO[bytes], *, is_late: bool) -> str | None:
    """Why a notebook could not be run, in one line; ``None`` for what its author cannot have caused."""
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    if isinstance(error, NoSuchKernel):
        return f"there is no kernel `{error.name}` here"
    if isinstance(error, CellTimeoutError):
        most = f"{limits.whole_seconds} seconds with all before" if is_late else f"{limits.seconds} seconds"
        return f"took longer than {most}"
    if isinstance(error, CellExecutionError):
        return one_line(clean_text(f"{error.ename}: {error.evalue}"))[:200]
    if isinstance(error, DeadKernelError | OSError | RuntimeError):
        said.seek(0)
        last = said.read()[-2000:].decode("utf-8", "replace").strip().splitlines()[-1:]
        return one_line(clean_text("its kernel died" + "".join(f": {line}" for line in last)))[:200]
    return None


def scrub(environment: Mapping[str, str]) -> dict[str, str]:
    """What of the environment a kernel is given."""
    return {name: value for name, value in environment.items() if name in _KNOWN or name.startswith("LC_")}


class _Outputs:
    """How much each cell has given."""

    def __init__(self) -> None:
        self._cell = -1
        self._size = 0
        self._told = False

    def admit(self, cell: int, content: Mapping[str, Any]) -> bool:
        """Whether there is room for this message's content."""
        if cell != self._cell:
            self._cell, self._size, self._told = cell, 0, False
        parts = [content.get("text"), *(content.get("data") or {}).values()]
        self._size += sum(len(part) if isinstance(part, str) else len(repr(part)) for part in parts if part is not None)
        return self._size <= _MOST_OUTPUT

    def tell(self, cell: NotebookNode) -> None:
        """Once, that something was left out."""
        from nbformat.v4 import new_output

        if not self._told:
            words = f"The rest was left out: more than {_MOST_OUTPUT >> 20} million characters.\n"
            cell.outputs.append(new_output("stream", name="stderr", text=words))
        self._told = True
