"""Gzip bytes of the example pages: HTML with its inline CSS and script, and everything else they may load."""

from __future__ import annotations

import gzip
import re
import sys
from pathlib import Path

from nbblog.core.config import BlogConfig
from nbblog.files import folder_reader, load_notebook
from nbblog.onepage import render_one_page

EXAMPLES = Path(__file__).parent.parent / "example_notebooks"


def main() -> None:
    """Print a row for each notebook: the document as sent, of it CSS and script, then the files beside it."""
    print(f"{'page':24} {'document gz':>12} {'css raw':>9} {'script raw':>11} {'files':>6} {'files raw':>11}")
    for path in [Path(name) for name in sys.argv[1:]] or sorted(EXAMPLES.glob("*.ipynb")):
        page = render_one_page(
            load_notebook(path),
            name=path.name,
            config=BlogConfig(),
            read_file=folder_reader(path.parent),
            files_dir="files",
        )
        css = sum(map(len, re.findall(r"<style>(.*?)</style>", page.html, re.DOTALL)))
        script = sum(map(len, re.findall(r"<script(?: [^>]*)?>(.*?)</script>", page.html, re.DOTALL)))
        sent, beside = len(gzip.compress(page.html.encode(), 9)), sum(map(len, page.files.values()))
        print(f"{path.name:24} {sent:12,} {css:9,} {script:11,} {len(page.files):6} {beside:11,}")


if __name__ == "__main__":
    main()
