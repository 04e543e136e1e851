"""Lighthouse's four mobile scores for the example pages: the medians of five runs each.

    python benchmarks/lighthouse.py [NOTEBOOK…]
    python benchmarks/lighthouse.py --blog

With ``--blog`` the pages are those of the example blog (``scripts/example_blog.py``), one of each type.

Lighthouse is fetched from npm once, in exactly this version, into a folder for what can be fetched again; it needs
Node 20 and Chromium, which ``NBBLOG_CHROMIUM`` may name. The pages are those of the command, served from this machine
as a static host serves them: compressed, to be kept for ten minutes.

Lighthouse works out a slow phone's times from what this machine took, so neighbours cost points: a run in which the
machine's own index is below 1,200 (an idle laptop has more) does not count and is repeated, as often as there are runs.

Pictures on other sites are swapped for local ones of 1,200 × 800 pixels, as the other sites' speed, and whether they
can be reached at all, says nothing about the page."""

from __future__ import annotations

import json
import os
import random
import re
import statistics
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path
from typing import Any

from static_host import FLAGS, cache_folder, find_browser, serve

VERSION = "12.8.2"
RUNS = 5
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
METRICS = {
    "largest-contentful-paint": "LCP",
    "first-contentful-paint": "FCP",
    "total-blocking-time": "TBT",
    "cumulative-layout-shift": "CLS",
}
SLOW_MACHINE = 1200
ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "example_notebooks"
BLOG = ("", "page/2/", "posts/guide-how-to/", "posts/reference-publish/", "archive/", "tags/", "tags/reference/",
        "authors/", "authors/admin/", "search/", "404.html")  # fmt: skip
"""A page of each type in the example blog."""


def fetch_lighthouse() -> Path:
    """The command's path."""
    folder = cache_folder() / f"lighthouse-{VERSION}"
    command = folder / "node_modules" / ".bin" / "lighthouse"
    if not command.exists():
        folder.mkdir(parents=True, exist_ok=True)
        npm = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", f"lighthouse@{VERSION}"]
        subprocess.run([*npm, "--prefix", str(folder)], check=True, stdout=sys.stderr, cwd=folder)
    return command


def make_pages(notebooks: list[Path], folder: Path) -> None:
    """Write the pages as the command does."""
    command = [sys.executable, "-m", "nbconvert", "--to", "nbblog", "--output-dir", str(folder)]
    subprocess.run([*command, *map(str, notebooks)], check=True, capture_output=True)


def make_blog(folder: Path) -> Path:
    """Build the example blog in the folder; the site's folder."""
    subprocess.run([sys.executable, ROOT / "scripts" / "example_blog.py", folder], check=True, capture_output=True)
    subprocess.run([sys.executable, "-m", "nbblog", "build"], cwd=folder, check=True, capture_output=True)
    return folder / "_site"


def swap_pictures(folder: Path) -> int:
    """Swap the remote pictures of all pages for local ones; how many there are."""
    swapped: dict[str, str] = {}
    for page in folder.rglob("*.html"):
        html = page.read_text("utf-8")
        for url in re.findall(r'<img [^>]*?src="(https://[^"]+)"', html):
            name = swapped.setdefault(url, f"picture-{len(swapped) + 1}.png")
            html = html.replace(f'"{url}"', f'"/{name}"')
        page.write_text(html, "utf-8")
    for number, name in enumerate(swapped.values()):
        (folder / name).write_bytes(draw_picture(number))
    return len(swapped)


def draw_picture(seed: int, width: int = 1200, height: int = 800, block: int = 5) -> bytes:
    """A PNG of about 150 KB, which is what a photograph of this size takes as a JPEG."""
    chance = random.Random(seed)
    rows = []
    for y in range(0, height, block):
        blocks = (bytes(min(255, 60 + y // 6 + chance.randrange(48)) for _ in "rgb") for _ in range(0, width, block))
        rows += [b"\0" + b"".join(colour * block for colour in blocks)] * block
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b""))
    written = (struct.pack(">I", len(c)) + kind + c + struct.pack(">I", zlib.crc32(kind + c)) for kind, c in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


def run_lighthouse(command: Path, browser: str, url: str) -> dict[str, Any]:
    """One mobile run's report."""
    options = ["--output=json", "--quiet", f"--chrome-flags={FLAGS}", f"--only-categories={','.join(CATEGORIES)}"]
    environment = {**os.environ, "CHROME_PATH": browser}
    run = subprocess.run([str(command), url, *options], check=True, capture_output=True, env=environment)
    report: dict[str, Any] = json.loads(run.stdout)
    return report


def run_often(command: Path, browser: str, url: str) -> list[dict[str, Any]]:
    """Five reports of a machine that was fast enough, or the fastest five of ten."""
    reports: list[dict[str, Any]] = []
    while len(reports) < 2 * RUNS and sum(machine_index(report) >= SLOW_MACHINE for report in reports) < RUNS:
        reports.append(run_lighthouse(command, browser, url))
    return sorted(reports, key=machine_index, reverse=True)[:RUNS]


def machine_index(report: dict[str, Any]) -> float:
    """How fast this machine was when the report was made."""
    return float(report["environment"]["benchmarkIndex"])


def faults(report: dict[str, Any]) -> list[str]:
    """The audits that cost points, by category."""
    audits = report["audits"]
    return [
        f"{name}: {audits[ref['id']]['title']} ({audits[ref['id']].get('displayValue') or audits[ref['id']]['score']})"
        for name in CATEGORIES
        for ref in report["categories"][name]["auditRefs"]
        if ref["weight"] and (audits[ref["id"]]["score"] or 0) < 0.9 and audits[ref["id"]]["score"] is not None
    ]


def main() -> None:
    """Print a line for each page, and below it what costs points."""
    is_blog, names = sys.argv[1:] == ["--blog"], sys.argv[1:]
    command, browser = fetch_lighthouse(), find_browser()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if is_blog:
            folder, pages = make_blog(folder / "blog"), list(BLOG)
        else:
            notebooks = [Path(name) for name in names] or sorted(EXAMPLES.glob("*.ipynb"))
            make_pages(notebooks, folder)
            pages = [f"{notebook.stem}.html" for notebook in notebooks]
        swapped = swap_pictures(folder)
        print(f"Lighthouse {VERSION}, mobile, medians of {RUNS} runs; {swapped} remote pictures swapped for local ones")
        with serve(folder) as site:
            for page in pages:
                print_scores(page.removesuffix(".html") or "home", run_often(command, browser, f"{site}/{page}"))


def print_scores(page: str, reports: list[dict[str, Any]]) -> None:
    """The medians of a page's runs, the range of its performance, and the faults seen in any of them."""
    print(f"{page:24}", end="")
    for category in CATEGORIES:
        scores = sorted(round(100 * report["categories"][category]["score"]) for report in reports)
        around = f" ({scores[0]} to {scores[-1]})" if category == "performance" else ""
        print(f" {category} {statistics.median(scores):.0f}{around} ", end="")
    for audit, short in METRICS.items():
        value = statistics.median(report["audits"][audit]["numericValue"] for report in reports)
        print(f" {short} {value:.3f}" if short == "CLS" else f" {short} {value / 1000:.2f} s", end="")
    indices = sorted(round(machine_index(report)) for report in reports)
    print(f"  (machine {indices[0]} to {indices[-1]})", flush=True)
    for fault in dict.fromkeys(fault for report in reports for fault in faults(report)):
        print(f"    {fault}")


if __name__ == "__main__":
    main()
