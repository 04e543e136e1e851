"""CPU of ``jupyter nbconvert --to nbblog`` against ``--to python``, nbconvert's own floor, in pairs.

As for someone who has run the command before: Python has its bytecode (in a folder of the benchmark's own, whatever
``PYTHONDONTWRITEBYTECODE`` says), and nbblog the formulas that it has set. The first pair, which fills both, is printed
by itself. The two commands of a pair take turns at being first."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

PAIRS = 9
EXAMPLES = Path(__file__).parent.parent / "example_notebooks"


def cpu(notebook: Path, to: str, folder: Path) -> float:
    """CPU seconds, user and system, of one conversion as a whole process."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"PYTHONPYCACHEPREFIX": str(folder / "bytecode"), "NBBLOG_CACHE": str(folder / "kept")}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "nbconvert", "--to", to, "--output-dir", str(folder / "pages"), str(notebook)]
    subprocess.run(command, check=True, capture_output=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def pair(notebook: Path, folder: Path, *, ours_first: bool) -> tuple[float, float]:
    """CPU seconds of ours and of the floor."""
    if ours_first:
        return cpu(notebook, "nbblog", folder), cpu(notebook, "python", folder)
    floor = cpu(notebook, "python", folder)
    return cpu(notebook, "nbblog", folder), floor


def main() -> None:
    """Print the median CPU of each and the median of the ratios, pair by pair, for each notebook."""
    notebooks = [Path(name) for name in sys.argv[1:]] or sorted(EXAMPLES.glob("*.ipynb"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for notebook in notebooks:
            first = pair(notebook, folder, ours_first=False)
            pairs = [pair(notebook, folder, ours_first=number % 2 == 0) for number in range(PAIRS)]
            ours, floor = (statistics.median(values) for values in zip(*pairs, strict=True))
            ratios = sorted(a / b for a, b in pairs)
            print(
                f"{notebook.name:24} nbblog {ours:6.3f} s   python {floor:6.3f} s   "
                f"ratio {statistics.median(ratios):5.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})   "
                f"first run {first[0]:6.3f} s, {first[1]:6.3f} s"
            )


if __name__ == "__main__":
    main()
