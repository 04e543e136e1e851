"""The program of a section: the cell, and the earlier statements that it needs, found from the text alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from .post import Cell, Post
from .programs.cells import ParsedCell, Statement, parse_cell
from .programs.fingerprint import fingerprint
from .programs.packages import needed_packages
from .programs.reasons import Reason, find_reasons
from .programs.slicing import slice_statements
from .programs.words import BUILT_IN

__all__ = ["Program", "Reason", "build_program", "has_changed", "program_of"]


@dataclass(frozen=True, slots=True)
class Program:
    """What a page carries to run a section: first ``prelude``, then ``cell``, in one namespace."""

    prelude: str
    """The statements of earlier cells that the cell needs, in order, each as its author wrote it."""
    cell: str
    """The cell, IPython's lines as comments. Line numbers are those of the source that was given."""
    packages: tuple[str, ...] = ()
    """The top-level names of imported modules that belong to no standard library."""
    unsupported: tuple[Reason, ...] = ()
    """What speaks against running it in a browser; empty where nothing is known to."""
    sha256: str = ""
    """The hash of what prelude and cell mean: of their syntax trees. Empty where the cell could not be parsed."""

    @property
    def reason(self) -> str:
        """Why it cannot run in a browser, in words that follow "because"; empty where nothing is known."""
        return " and ".join(map(str, self.unsupported[:3]))


def build_program(earlier: Sequence[str], cell: str) -> Program:
    """The program of the code ``cell`` that comes after the code cells ``earlier``, in their order.

    Never raises: what cannot be parsed or found is in ``unsupported``. The same text gives the same program in every
    Python that can parse it. What no reading can find (effects of a ``__repr__`` or a property, names put into another
    module, the environment, a cell that stopped halfway) is missed; so baking runs the program alone and compares."""
    return _build(tuple(earlier), cell)


def program_of(post: Post, cell: Cell) -> Program:
    """The program of a code cell of a post. Cells that readers do not see count as earlier code, those that do not run
    with the notebook (``eval: false``) do not. A reason's ``cell`` is the number of the notebook's cell."""
    earlier = [code for code in post.code if code.number < cell.number]
    # A cell whose text is not shown has none.
    own = next((code.source for code in post.code if code.number == cell.number), cell.source)
    program = build_program([code.source for code in earlier], own)
    reasons = (r if r.cell is None else replace(r, cell=earlier[r.cell].number) for r in program.unsupported)
    return replace(program, unsupported=tuple(reasons))


def has_changed(post: Post, cell: Cell, sha256: str) -> bool:
    """Whether the program of a code cell means something else than the one of this hash. Where this version of Python
    cannot parse all of the code, nobody can say: then not."""
    code = [code.source for code in post.code if code.number <= cell.number]
    if not sha256 or any(parse_cell(source).error for source in code):
        return False
    return any(one.number == cell.number for one in post.code) and program_of(post, cell).sha256 != sha256


@lru_cache(maxsize=64)
def _build(earlier: tuple[str, ...], cell: str) -> Program:
    cells = [*map(parse_cell, earlier), own := parse_cell(cell)]
    statements = [statement for parsed in cells for statement in parsed.statements]
    homes = [number for number, parsed in enumerate(cells) for _ in parsed.statements]
    first = len(statements) - len(own.statements)
    found = slice_statements([statement.facts for statement in statements], first)
    unknown = [name for name in found.unknown if name not in BUILT_IN]
    kept = set(found.kept) | {place for place in range(first) if _is_future(statements[place])}
    if unknown:
        kept |= {place for place in range(first) if statements[place].facts.stars}
    # What concerns the future must come first.
    order = sorted(kept, key=lambda place: (place >= first, not _is_future(statements[place]), place))
    program = [statements[place] for place in order]
    reasons = [*_of_cells(cells, bool(unknown))]
    reasons += _of_statements(program, [homes[place] for place in order], len(earlier))
    if not any(reason.kind in ("syntax", "ipython", "star-import") for reason in reasons):
        reasons += [Reason("undefined", f"`{name}`") for name in unknown]
    prelude = [statement for place, statement in zip(order, program, strict=True) if place < first]
    return Program(
        "\n".join(statement.text for statement in prelude),
        own.text,
        needed_packages(module for statement in program for module in statement.facts.modules),
        tuple(dict.fromkeys(reasons)),
        "" if own.error else fingerprint(prelude, own.statements),
    )


def _is_future(statement: Statement) -> bool:
    return "__future__" in statement.facts.modules


def _of_cells(cells: list[ParsedCell], unknown: bool) -> Iterator[Reason]:
    """What speaks against whole cells; in earlier ones it counts only where something is missing."""
    for number, parsed in enumerate(cells):
        own = number == len(cells) - 1
        if parsed.error and (own or unknown):
            yield Reason("syntax", parsed.error, None if own else number)
        for line, text in parsed.cut:
            if own or unknown:
                yield Reason("ipython", f"`{text[:60]}`", None if own else number, line)


def _of_statements(program: Sequence[Statement], homes: Sequence[int], own: int) -> Iterator[Reason]:
    imports: dict[str, str] = {}
    for statement, number in zip(program, homes, strict=True):
        home = None if number == own else number
        imports.update(statement.facts.imports)
        for star in statement.facts.stars:
            yield Reason("star-import", f"`from {star} import *`", home, statement.node.lineno)
        for kind, detail, line in find_reasons(statement.node, imports):
            yield Reason(kind, detail, home, line)
