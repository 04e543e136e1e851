"""The program of a section is the smallest part of the notebook that gives the same answer."""

from __future__ import annotations

from nbblog.core.runnable import build_program


def test_program_has_what_the_cell_needs() -> None:
    """Statements that define what is used, in order, and no others."""
    program = build_program(["import math\nunused = 1\nk = 2", "print(k)", "k = 3"], "math.sqrt(k)")
    assert program.prelude == "import math\nk = 3"
    assert program.cell == "math.sqrt(k)"
    assert (program.packages, program.unsupported) == ((), ())
