"""Make and run the post that `nbblog init` puts into a new blog.

    python scripts/welcome_post.py

Needs nbclient and ipykernel. Its text is here; what its cells gave is kept in src/nbblog/scaffold_files/.
"""

from __future__ import annotations

from pathlib import Path

import nbformat
from execute_examples import KERNEL, execute_notebook

POST = Path(__file__).resolve().parent.parent / "src" / "nbblog" / "scaffold_files" / "welcome.ipynb"

HEAD = """---
title: Welcome
description: "A first post: a table, code with its answer, and a calculation that you can run."
categories: [welcome]
---"""

OPENING = """This page is a notebook. Change it or delete it; `nbblog new "A title"` makes the next one.

## Writing

Text is Markdown: **bold**, [links](https://commonmark.org), formulas such as $a = \\pi r^2$, footnotes[^one].

[^one]: Each has a way back.

| Written | Becomes |
|---|---|
| `## A heading` | a section with its own address |
| `[[image:photo.jpg\\|What it shows]]` | a picture that fits every screen |
| `> [!NOTE]` | a box such as the next one |

> [!TIP]
> In JupyterLab the article is beside the notebook while you write.

## Code

Code stands with what it gave when you last ran it."""

CODE = """total = sum(range(1, 101))
print(f"The numbers from 1 to 100 add up to {total:,}.")"""

RUN = """## A section that readers run

Your readers choose the numbers. Their answers were computed here and saved with the notebook, so the
page needs no server."""

SECTION = """from nbblog import interact


@interact(amount=(100, 1000, 100), rate=(1, 10, 1), years=(5, 30, 5))
def savings(amount=500, rate=4, years=10):
    value = amount * (1 + rate / 100) ** years
    return {"Paid in": f"{amount:,}", "Worth at the end": f"{value:,.2f}", "Gained": f"{value - amount:,.2f}"}"""


def main() -> None:
    """Write the post anew."""
    make = nbformat.v4
    cells = [
        make.new_raw_cell(HEAD, id="head"),
        make.new_markdown_cell(OPENING, id="opening"),
        make.new_code_cell(CODE, id="code"),
        make.new_markdown_cell(RUN, id="run"),
        make.new_code_cell(SECTION, id="section"),
    ]
    notebook = make.new_notebook(cells=cells, metadata={"kernelspec": KERNEL})
    POST.parent.mkdir(exist_ok=True)
    nbformat.write(notebook, POST)
    execute_notebook(POST)


if __name__ == "__main__":
    main()
