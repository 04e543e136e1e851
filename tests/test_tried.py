"""The command that tries what is promised, and the page that it makes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tries import PARTS


def test_the_page_says_what_was_tried_and_what_failed(root: Path, tmp_path: Path) -> None:
    """Of the tests that were asked for; a failing one is counted, and is the exit code."""
    page, fails = tmp_path / "tried.md", tmp_path / "test_fails.py"
    fails.write_text(
        "import pytest\n\n\n@pytest.mark.tries('Builds', 'builds that fail', 3)\ndef test_fails():\n    assert False\n",
        "utf-8",
    )
    command = [sys.executable, str(root / "scripts" / "tried"), "--quick", "--output", str(page)]
    done = subprocess.run([*command, "tests/test_secrets.py"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, f"{page}\n"), done.stderr
    assert re.search(r"\| kinds of secret, planted in a notebook \| \d\d \| 0 \|", page.read_text("utf-8"))
    done = subprocess.run([*command, "tests/test_secrets.py", str(fails)], capture_output=True, text=True)
    assert done.returncode == 1
    assert "1 tests FAILED" in page.read_text("utf-8")
    assert "| builds that fail | 3 | 1 tests FAILED |" in page.read_text("utf-8")


def test_the_page_in_the_documentation_has_every_part(root: Path) -> None:
    """And nothing that failed."""
    text = (root / "docs" / "reference" / "tried.md").read_text("utf-8")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == list(PARTS)
    assert "FAILED" not in text
