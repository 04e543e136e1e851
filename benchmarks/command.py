"""CPU of ``jupyter nbconvert --to nbblog`` against ``--to python``, nbconvert's own floor, in pairs."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

PAIRS = 9
EXAMPLES = Path(__file__).parent.parent / "example_notebooks"


def cpu(notebook: Path, to: str, folder: str) -> float:
    """CPU seconds, user and system, of one conversion as a whole process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "nbconvert", "--to", to, "--output-dir", folder, str(notebook)]
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print the median CPU of each and the median of the ratios, pair by pair, for each notebook."""
    notebooks = [Path(name) for name in sys.argv[1:]] or sorted(EXAMPLES.glob("*.ipynb"))
    with tempfile.TemporaryDirectory() as folder:
        for notebook in notebooks:
            pairs = [(cpu(notebook, "nbblog", folder), cpu(notebook, "python", folder)) for _ in range(PAIRS + 1)][1:]
            ours, floor = (statistics.median(values) for values in zip(*pairs, strict=True))
            ratio = statistics.median(a / b for a, b in pairs)
            print(f"{notebook.name:28} nbblog {ours:6.3f} s   python {floor:6.3f} s   ratio {ratio:5.2f}")


if __name__ == "__main__":
    main()
