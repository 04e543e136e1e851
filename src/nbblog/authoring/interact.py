"""``interact``: ipywidgets' function of that name, whose answers the published page has as well."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any

import ipywidgets as widgets
from IPython.display import display

from .capture import hide_result
from .messages import progress_message
from .section import Section, has_notebook

fixed = widgets.fixed
_Function = Callable[..., Any]
_PATIENCE = 0.8
"""Seconds of baking after which the controls are shown, with how far it is."""
_PAUSE = 0.3


def interactive(function: _Function, options: dict[str, Any] | None = None, /, **controls: Any) -> Section:
    """The section as a widget, for the author to display."""
    return Section(function, options or {}, **controls)


class Interact:
    """``interact(f, **controls)``, ``@interact(**controls)``, ``@interact``, ``interact.options(manual=True)``."""

    def __init__(self, options: dict[str, Any], controls: dict[str, Any] | None = None) -> None:
        self._options = options
        self._controls = controls or {}

    def __call__(self, function: _Function | None = None, /, **controls: Any) -> Any:
        """Show the function with its controls, and return it; without a function, a decorator that does."""
        given = {**self._controls, **controls}
        if function is None:
            return Interact(self._options, given)
        section = Interact(self._options, given).widget(function)
        _show(section)
        hide_result(_is_shown_now)
        return _with_widget(function, section)

    def widget(self, function: _Function) -> Section:
        """The section, not shown."""
        return Section(function, self._options, **self._controls)

    def options(self, **options: Any) -> Interact:
        """The same with other options: ``manual``, ``manual_name``, ``auto_display``, ``bake``, ``live``."""
        for name in options:
            if name not in self._options:
                raise ValueError(f"invalid option {name!r}")
        return Interact({**self._options, **options}, self._controls)


def _show(section: Section) -> None:
    """One output for all. While a long baking lasts, the controls are there already."""
    if not has_notebook():
        print(section.text())  # noqa: T201 - there is no notebook to show it in
        return
    progress = _Progress(section)
    bundle = section.bundle(progress)
    if progress.handle is None:
        display(bundle, raw=True)
    else:
        progress.handle.update(bundle, raw=True)


class _Progress:
    """Tells how far a baking is, once it has lasted for a while."""

    def __init__(self, section: Section) -> None:
        self.handle: Any = None
        self._section = section
        self._next = monotonic() + _PATIENCE

    def __call__(self, done: int, wanted: int) -> None:
        if monotonic() < self._next:
            return
        if self.handle is None:
            self.handle = display(self._section.widget_bundle(), raw=True, display_id=True)
        self._section.tell(progress_message(done, wanted))
        self._next = monotonic() + _PAUSE


def _is_shown_now(function: _Function) -> bool:
    """Whether the cell that runs has shown the function's section: its value is then no news."""
    section = getattr(function, "widget", None)
    return isinstance(section, Section) and section.is_of_this_run


def _with_widget(function: _Function, section: Section) -> _Function:
    """The function itself, as ipywidgets returns it; a wrapper where it takes no attribute (a method)."""
    try:
        function.widget = section  # type: ignore[attr-defined]
    except AttributeError:
        method = function
        function = lambda *args, **kwargs: method(*args, **kwargs)  # noqa: E731
        function.widget = section  # type: ignore[attr-defined]
    return function


interact = Interact({"manual": False, "manual_name": "Run Interact", "auto_display": True, "bake": None, "live": True})
interact_manual = interact.options(manual=True)
