"""An author's program run where there is no notebook: stand-ins for the modules it imports for the notebook's sake.

``interact`` notes its function instead of showing controls; widgets are only descriptions; ``display`` goes to the call
that is being recorded.
"""

from __future__ import annotations

import ast
import linecache
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from inspect import Parameter, signature
from io import StringIO
from types import ModuleType
from typing import Any

from . import displays
from .calling import CELL, answer
from .plotting import plot
from .restoring import restore
from .showing import Part

EARLIER = "<earlier cells>"
"""Their name in tracebacks."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A function that ``interact`` was called with; calling it fills in what no control stands for."""

    function: Callable[..., Any]
    controls: Mapping[str, Any]
    defaults: Mapping[str, Any]
    shows_value: bool = True

    def __call__(self, **arguments: Any) -> Any:
        """``arguments`` come from JSON, where 1 and 1.0 are the same: each becomes what the control gives in Python."""
        given = {
            name: restore(self.controls.get(name, Parameter.empty), self.defaults.get(name, Parameter.empty), value)
            for name, value in arguments.items()
        }
        fixed = {
            name: control.value
            for name, control in {**self.defaults, **self.controls}.items()
            if isinstance(control, Inert) and name not in given and control.has_value
        }
        value = self.function(**fixed, **given)
        return value if self.shows_value else None


class Inert:
    """A widget, ``slider`` or ``fixed``: what it was made with, and nothing else. Any attribute or method is there."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.arguments, self.given = arguments, options
        self.__dict__.update(options)

    @property
    def has_value(self) -> bool:
        return "value" in self.__dict__

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Inert()

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return Inert()

    def __enter__(self) -> Inert:
        return self

    def __exit__(self, *error: object) -> None:
        return None


class fixed(Inert):
    """A value without a control."""

    def __init__(self, value: Any, **options: Any) -> None:
        super().__init__(value=value, **options)


@dataclass(slots=True)
class _Interact:
    """``interact``, in all the ways it can be called."""

    controls: dict[str, Any] = field(default_factory=dict)
    shows_value: bool = True

    def __call__(self, function: Any = None, options: object = None, /, **controls: Any) -> Any:
        given = {**self.controls, **{name: value for name, value in controls.items() if name not in _RESERVED}}
        if function is None:
            return _Interact(given, self.shows_value)
        _recorded.append(Recorded(function, given, _defaults(function), self.shows_value))
        return function

    def options(self, **options: Any) -> _Interact:
        return _Interact(self.controls, bool(options.get("auto_display", self.shows_value)))


_RESERVED = ("bake", "live", "clear_output")
_recorded: list[Recorded] = []


def _interactive(function: Any, options: Any = None, /, **controls: Any) -> Inert:
    """As in ipywidgets, what the function returns is not shown unless an option says so."""
    _Interact(shows_value=bool((options or {}).get("auto_display")))(function, **controls)
    return Inert()


def _defaults(function: Callable[..., Any]) -> dict[str, Any]:
    try:
        parameters = signature(function).parameters.values()
    except (TypeError, ValueError):
        return {}
    return {one.name: one.annotation if one.default is one.empty else one.default for one in parameters}


def install() -> None:
    """Put the stand-ins in the place of ``nbblog``, ``ipywidgets`` and ``IPython``, loaded or not."""
    interact = _Interact()
    calls = {"interact": interact, "interact_manual": interact, "interactive": _interactive, "fixed": fixed}
    _module("nbblog", **calls, slider=type("Slider", (Inert,), {}), plot=plot)
    widgets = _module("ipywidgets", **calls)
    widgets.__dict__.update(widgets=widgets, __getattr__=_widget_class)
    display = _module("IPython.display", **displays.NAMES)
    _module("IPython", display=display, get_ipython=lambda: None, version_info=(9, 0, 0))
    os.environ["MPLBACKEND"] = f"module://{__package__}.figure_backend"


def _module(name: str, **content: Any) -> ModuleType:
    module = sys.modules[name] = ModuleType(name)
    module.__dict__.update(content)
    return module


def _widget_class(name: str) -> type[Inert]:
    if name.startswith("__"):
        raise AttributeError(name)
    return type(name, (Inert,), {})


def run_program(prelude: str, cell: str) -> list[Recorded]:
    """Run a program and return the functions that its cell gives to ``interact``, in order.

    What it prints is dropped; what it raises is raised."""
    namespace = _start(prelude)
    _recorded.clear()
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        _run(cell, CELL, namespace)
    return list(_recorded)


def run_cell(prelude: str, cell: str) -> list[Part]:
    """The parts of a cell without controls, as Jupyter would show it: the value of its last expression is the last."""

    def call() -> Any:
        # Within the call, so that an error in the earlier cells is shown too.
        namespace = _start(prelude)
        return _run(cell, CELL, namespace)

    return answer(call, {})


def _start(prelude: str) -> dict[str, Any]:
    """A namespace in which the earlier statements have run."""
    install()
    namespace: dict[str, Any] = {"__name__": "__main__", "display": displays.display, "get_ipython": lambda: None}
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        _run(prelude, EARLIER, namespace)
    return namespace


def _run(source: str, name: str, namespace: dict[str, Any]) -> Any:
    """Run statements; the value of the last one if it is an expression without a semicolon behind it."""
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    tree = ast.parse(source, name)
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr) or source.rstrip().endswith(";"):
        exec(compile(tree, name, "exec"), namespace)  # noqa: S102 - the author's own program, or the reader's
        return None
    exec(compile(ast.Module(tree.body[:-1], []), name, "exec"), namespace)  # noqa: S102
    return eval(compile(ast.Expression(last.value), name, "eval"), namespace)  # noqa: S307
