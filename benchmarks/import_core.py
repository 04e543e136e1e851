"""CPU of importing the core, above an interpreter that imports nothing."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys

RUNS = 15


def cpu(code: str) -> float:
    """CPU seconds, user and system, of one interpreter that runs ``code``."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print the medians of the floor, of the core, and of the peer that reads notebooks."""
    programs = {
        "nothing": "pass",
        "nbblog.core, ready to render": "from nbblog import read_post, render_article, render_page",
        "nbconvert's HTML exporter": "from nbconvert import HTMLExporter",
    }
    times: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(RUNS):
        for name, code in programs.items():
            times[name].append(cpu(code))
    floor = statistics.median(times["nothing"])
    for name, values in times.items():
        above = statistics.median(values) - floor
        print(f"{name:32} {above + floor:6.3f} s CPU   {above:6.3f} s above nothing")


if __name__ == "__main__":
    main()
