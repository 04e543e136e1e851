"""What one statement does with the notebook's names: the facts that the search for a program goes by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

ARGUMENT = ""
"""Stands for the name of whatever a function was given."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call: ``path`` is the callee as written (``heapq.heappush``), with the names that it may be given."""

    path: str
    arguments: frozenset[str]
    first: frozenset[str]
    """The names that the first of them may come from."""
    bare: bool
    """Whether the result is thrown away: the call is there for its effect."""
    steady: bool
    """Whether its name says that it changes nothing (see ``words``)."""
    deep: bool = False
    """Whether the object whose method is called may be one that the name at the path's root only holds."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Names are those of the notebook's own scope. *Later* means: when a function defined here is called."""

    uses: frozenset[str]
    later_uses: frozenset[str]
    binds: frozenset[str]
    """Bound, bound perhaps, or deleted."""
    kills: frozenset[str]
    """Bound for certain: what they were before does not matter any more."""
    changes: frozenset[str]
    """Names whose objects are changed in place."""
    deep_changes: frozenset[str]
    """Names of which something is changed that they may only hold: ``a[0].b = 1``."""
    later_changes: frozenset[str]
    """Names that are written, or whose objects are changed, later; with ``ARGUMENT``, what a function is given."""
    calls: tuple[Call, ...]
    later_calls: tuple[Call, ...]
    same: Mapping[str, frozenset[str]]
    held: Mapping[str, frozenset[str]]
    """For a name, those that its value comes from; see ``Sources``."""
    imports: Mapping[str, str]
    """The names that are imported here, each with the dotted name of what it stands for."""
    modules: frozenset[str]
    """The dotted names of all modules that are imported, inside functions too."""
    stars: tuple[str, ...]
    """The modules of ``from … import *``."""
    invokes: bool
    """Whether functions may run: some call, operator, loop or decorator."""
    makers: frozenset[str]
    """The functions whose results are the value that is bound here, or stand in it; ``ARGUMENT`` for a generator."""
    shows: bool
    """Whether it can only show something: an expression whose value nobody keeps, calls of ``print`` and the like."""
    yields: bool
    """Whether it defines a generator."""
    makes: Literal["", "function", "class", "import", "scalar"]
    """What is made here, if that has no parts that could be shared with other values."""
