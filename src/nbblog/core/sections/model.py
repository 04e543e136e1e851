"""What a cell baked, read from its output. The output is anybody's: every field is checked, nothing is trusted."""

from __future__ import annotations

import json
import math
import re
import zlib
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from nbblog.core.text import clean_text, one_line

MIME = "application/vnd.nbblog.interact.v1+json"

ControlKind = Literal["range", "select", "radio", "checkbox", "text", "number"]
Scalar = str | int | float | bool | None

MOST_CONTROLS = 24
MOST_STOPS = 10_000
"""Of one control."""
MOST_STATES = 100_000
"""Baked ones; how many states there are in all is not limited."""
LONGEST_DATA = 16 << 20
"""Characters of base64."""
LONGEST_STATES = 24 << 20
"""Bytes of JSON, decompressed."""
LONGEST_CODE = 1 << 20
"""Characters of a section's program."""
_NAME = re.compile(r"[A-Za-z_][\w.-]{0,99}")
_GREATEST_TOTAL = 1 << 62


class SectionProblem(ValueError):
    """The output is no section that can be shown; the message says why."""


@dataclass(frozen=True, slots=True)
class Control:
    """One parameter of the function. All text is plain text in one line."""

    name: str
    """A Python name."""
    label: str
    kind: ControlKind
    unit: str = ""
    stops: tuple[Scalar, ...] = ()
    """The values it can take, in order; empty for ``text`` and ``number``. ``None`` also stands for a value that is no
    JSON."""
    labels: tuple[str, ...] = ()
    """What a reader sees of each stop."""
    default: int = 0
    """The index of the stop at which it stands at first."""
    uniform: bool = False
    """The stops of a ``range`` are numbers at equal distances."""
    value: str | int | float = ""
    """Of ``text`` and ``number``."""
    limits: tuple[float | None, float | None, float | None] = (None, None, None)
    """Least, greatest and step of a ``number``."""

    def shown(self, index: int) -> str:
        """The stop as a reader sees it, with its unit."""
        return f"{self.labels[index]} {self.unit}".strip()


@dataclass(frozen=True, slots=True)
class Code:
    """The program behind a section."""

    cell: str = ""
    prelude: str = ""
    index: int | None = 0
    """Which call of ``interact`` in the cell; ``None`` for a cell that is run as it is."""
    packages: tuple[str, ...] = ()
    """The top-level names of the modules that it imports beside the standard library."""
    live: bool = False
    """Whether a reader's browser can run it."""
    reason: str = ""
    """Why it cannot; plain text."""


@dataclass(frozen=True, slots=True)
class States:
    """The answers that were computed when the notebook ran."""

    total: int
    """How many states there are: the product of the numbers of stops."""
    keys: tuple[int, ...] | None
    """The numbers of the baked states, ascending; ``None`` when all are baked. The first control counts most."""
    answers: tuple[int, ...]
    """For each baked state an index into ``distinct``."""
    distinct: tuple[tuple[Mapping[str, Any], ...], ...]
    """Answers, each a list of parts; a part is a mapping whose ``kind`` is text, its other fields unchecked."""
    pure: bool = True
    """Two calls with the same arguments gave the same."""


@dataclass(frozen=True, slots=True)
class Section:
    """A function of parameters, with its baked answers."""

    name: str
    """The key in the page's address."""
    title: str
    controls: tuple[Control, ...]
    states: States
    code: Code = Code()

    @property
    def default_state(self) -> int:
        """The number of the state in which the controls stand at first."""
        number = 0
        for control in self.controls:
            if control.stops:
                number = number * len(control.stops) + control.default
        return number

    @property
    def default_answer(self) -> int:
        """The index of that state's answer."""
        keys, number = self.states.keys, self.default_state
        return self.states.answers[number if keys is None else keys.index(number)]


def read_section(content: object) -> Section:
    """The section in an output of the type ``MIME``. Raises ``SectionProblem``, and nothing else."""
    try:
        return _read_section(_mapping(content, "the output"))
    except RecursionError:
        raise SectionProblem("it is nested too deeply") from None


def _read_section(content: Mapping[str, Any]) -> Section:
    if content.get("version") != 1:
        raise SectionProblem(f"it is of version {str(content.get('version'))[:20]}, and 1 is known")
    name = _text(content, "name", 100)
    if not name.isidentifier():
        raise SectionProblem(f"`{name[:40]}` is no name of a function")
    written = content.get("controls")
    if not isinstance(written, list) or len(written) > MOST_CONTROLS:
        raise SectionProblem(f"its controls are no list, or more than {MOST_CONTROLS}")
    controls = tuple(_read_control(_mapping(one, "a control")) for one in written)
    if len({control.name for control in controls}) < len(controls):
        raise SectionProblem("two controls have one name")
    total = math.prod(len(control.stops) for control in controls if control.stops)
    if total > _GREATEST_TOTAL:
        raise SectionProblem("it has more states than can be counted")
    states = _read_states(_mapping(content.get("states"), "`states`"), total)
    section = Section(name, _text(content, "title", 300), controls, states, _read_code(content.get("code")))
    if states.keys is not None and section.default_state not in states.keys:
        raise SectionProblem("the state in which it begins was not baked")
    return section


# --- Controls -------------------------------------------------------------------------------------------------------


def _read_control(written: Mapping[str, Any]) -> Control:
    name, kind = _text(written, "name", 100), written.get("kind")
    if not name.isidentifier():
        raise SectionProblem(f"`{name[:40]}` is no name of a parameter")
    label = _text(written, "label", 200) or name
    if kind in ("range", "select", "radio", "checkbox"):
        return _read_choice(written, name, label, cast(ControlKind, kind))
    if kind == "text":
        return Control(name, label, "text", value=_text(written, "value", 10_000))
    if kind != "number":
        raise SectionProblem(f"`{name[:40]}` is a control of the unknown kind {str(kind)[:40]}")
    value, low, high, step = (_number(written.get(key)) for key in ("value", "min", "max", "step"))
    if value is None:
        raise SectionProblem(f"`{name[:40]}` has no number")
    step = step if step and step > 0 else None
    return Control(name, label, "number", _text(written, "unit", 60), value=value, limits=(low, high, step))


def _read_choice(written: Mapping[str, Any], name: str, label: str, kind: ControlKind) -> Control:
    stops, labels, default = written.get("stops"), written.get("labels"), written.get("default")
    if not isinstance(stops, list) or not isinstance(labels, list) or not 1 <= len(stops) <= MOST_STOPS:
        raise SectionProblem(f"`{name[:40]}` has no stops, or more than {MOST_STOPS:,}")
    if len(labels) != len(stops) or not all(isinstance(one, str) for one in labels):
        raise SectionProblem(f"the labels of `{name[:40]}` are not those of its stops")
    if not all(_is_scalar(stop) for stop in stops):
        raise SectionProblem(f"a stop of `{name[:40]}` is neither text nor number")
    if not isinstance(default, int) or isinstance(default, bool) or not 0 <= default < len(stops):
        raise SectionProblem(f"`{name[:40]}` does not begin at one of its stops")
    if kind == "checkbox" and (len(stops) != 2 or stops[0] is not False or stops[1] is not True):
        raise SectionProblem(f"`{name[:40]}` is no choice between no and yes")
    return Control(
        name,
        label,
        kind,
        _text(written, "unit", 60),
        tuple(clean_text(stop) if isinstance(stop, str) else stop for stop in stops),
        tuple(one_line(one[:200]) for one in labels),
        default,
        uniform=kind == "range" and written.get("uniform") is True and _is_uniform(stops),
    )


def _is_uniform(stops: list[Any]) -> bool:
    """Whether a native range of ``min``, ``max`` and ``step`` has these stops and no others."""
    if len(stops) < 2 or not all(_is_number(stop) for stop in stops):
        return False
    step = (stops[-1] - stops[0]) / (len(stops) - 1)
    return step > 0 and all(abs(stops[0] + place * step - stop) <= step / 1000 for place, stop in enumerate(stops))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300


def _number(value: Any) -> float | int | None:
    return value if _is_number(value) else None


def _is_scalar(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= 10_000
    return value is None or isinstance(value, bool) or _is_number(value)


# --- States ---------------------------------------------------------------------------------------------------------


def _read_states(written: Mapping[str, Any], total: int) -> States:
    unpacked = _mapping(_unpack(written.get("data")), "what is in `states.data`")
    keys, answers, distinct = unpacked.get("keys"), unpacked.get("answers"), unpacked.get("distinct")
    if not isinstance(distinct, list) or not 1 <= len(distinct) <= MOST_STATES:
        raise SectionProblem(f"it has no answers, or more than {MOST_STATES:,}")
    if not isinstance(answers, list) or not 1 <= len(answers) <= MOST_STATES:
        raise SectionProblem(f"it has no states, or more than {MOST_STATES:,}")
    if not all(type(one) is int and 0 <= one < len(distinct) for one in answers):
        raise SectionProblem("a state has an answer that is not there")
    if keys is None and len(answers) != total:
        raise SectionProblem(f"it has {len(answers):,} answers for {total:,} states")
    pure = written.get("pure") is not False
    return States(total, _read_keys(keys, total, len(answers)), tuple(answers), tuple(map(_read_parts, distinct)), pure)


def _read_keys(keys: object, total: int, count: int) -> tuple[int, ...] | None:
    if keys is None:
        return None
    if not isinstance(keys, list) or len(keys) != count or not all(type(key) is int for key in keys):
        raise SectionProblem("its states have no numbers")
    if not all(before < after for before, after in zip([-1, *keys], [*keys, total], strict=True)):
        raise SectionProblem("the numbers of its states are not in order")
    return tuple(keys) if count < total else None


def _read_parts(parts: object) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(parts, list) or len(parts) > 1000:
        raise SectionProblem("an answer is no list of parts")
    if not all(isinstance(part, dict) and isinstance(part.get("kind"), str) for part in parts):
        raise SectionProblem("a part of an answer does not say what it is")
    return tuple(parts)


def _unpack(data: object) -> Any:
    """JSON from base64 of zlib's format, of bounded size whatever it says."""
    if not isinstance(data, str) or len(data) > LONGEST_DATA:
        raise SectionProblem(f"its states are no text, or more than {LONGEST_DATA >> 20} MiB")
    unpacker = zlib.decompressobj()
    try:
        written = unpacker.decompress(b64decode(data, validate=True), LONGEST_STATES)
    except (zlib.error, Base64Error, ValueError):
        raise SectionProblem("its states cannot be unpacked") from None
    if not unpacker.eof:
        raise SectionProblem(f"its states are cut off, or more than {LONGEST_STATES >> 20} MiB unpacked")
    try:
        return json.loads(written)
    except ValueError:
        raise SectionProblem("its states are no JSON") from None


# --- Code and text --------------------------------------------------------------------------------------------------


def _read_code(written: object) -> Code:
    if not isinstance(written, Mapping):
        return Code()
    cell, prelude, index = written.get("cell"), written.get("prelude"), written.get("index")
    if not isinstance(cell, str) or not isinstance(prelude, str) or len(cell) + len(prelude) > LONGEST_CODE:
        return Code()
    number = index if isinstance(index, int) and not isinstance(index, bool) and 0 <= index < 1000 else 0
    live = written.get("live") is True and bool(cell.strip())
    return Code(
        clean_text(cell), clean_text(prelude), number, _read_names(written), live, _text(written, "reason", 300)
    )


def _read_names(written: Mapping[str, Any]) -> tuple[str, ...]:
    names = written.get("packages")
    given = names[:100] if isinstance(names, list) else []
    return tuple(name for name in given if isinstance(name, str) and _NAME.fullmatch(name))


def _mapping(value: object, what: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise SectionProblem(f"{what} is no mapping")
    return value


def _text(written: Mapping[str, Any], key: str, longest: int) -> str:
    value = written.get(key)
    return one_line(value[:longest]) if isinstance(value, str) else ""
