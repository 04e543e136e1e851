"""SECURITY.md names every threat that we know, and tests that are there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

ROWS = range(1, 89)
_NOT_TESTED = {"60": "by reading the code"}
"""Of the rows that are no *must*: how they are known instead."""


def rows(root: Path) -> list[list[str]]:
    """The cells of the table's rows that have a number."""
    lines = (root / "SECURITY.md").read_text("utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return [row for row in cells if row[0].isdigit()]


@cache
def functions_of(path: Path) -> frozenset[str]:
    """The test functions of a file."""
    return frozenset(node.name for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.FunctionDef))


def test_every_threat_has_its_row(root: Path) -> None:
    """Once, in order, with a promise and a level."""
    table = rows(root)
    assert [int(row[0]) for row in table] == list(ROWS)
    assert all(len(row) == 5 and all(row) and row[3] in ("must", "should") for row in table)


def test_every_promise_names_tests_that_are_there(root: Path) -> None:
    """What must hold has at least one."""
    for number, _, _, level, named in rows(root):
        tests = re.findall(r"`(?P<file>[\w/]+\.py)::(?P<test>test_\w+)`", named)
        if not tests:
            assert level == "should" and _NOT_TESTED[number] in named, number
        for file, test in tests:
            assert test in functions_of(root / "tests" / file), f"{number}: {file}::{test}"
