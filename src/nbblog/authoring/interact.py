"""``interact``: ipywidgets' function of that name, whose answers the published page has as well."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
from IPython.core.getipython import get_ipython
from IPython.display import display

from .section import Section

fixed = widgets.fixed
_Function = Callable[..., Any]


def interactive(function: _Function, options: dict[str, Any] | None = None, /, **controls: Any) -> Section:
    """The section as a widget, for the author to display."""
    return Section(function, options or {}, **controls)


class Interact:
    """``interact(f, **controls)``, ``@interact(**controls)``, ``@interact``, ``interact.options(manual=True)``."""

    def __init__(self, options: dict[str, Any], controls: dict[str, Any] | None = None) -> None:
        self._options = options
        self._controls = controls or {}

    def __call__(self, function: _Function | None = None, /, **controls: Any) -> Any:
        """Show the function with its controls; without a function, a decorator that does."""
        given = {**self._controls, **controls}
        if function is None:
            return Interact(self._options, given)
        section = Section(function, self._options, **given)
        _show(section)
        return _with_widget(function, section)

    def options(self, **options: Any) -> Interact:
        """The same function with other options: ``manual``, ``manual_name``, ``auto_display``, ``bake``, ``live``."""
        for name in options:
            if name not in self._options:
                raise ValueError(f"invalid option {name!r}")
        return Interact({**self._options, **options}, self._controls)


def _show(section: Section) -> None:
    if get_ipython() is None:
        print(section._repr_mimebundle_()["text/plain"])  # noqa: T201 - there is no notebook to show it in
    else:
        display(section)


def _with_widget(function: _Function, section: Section) -> _Function:
    """The function itself, as ipywidgets returns it; a wrapper where it takes no attribute (a method)."""
    try:
        function.widget = section  # type: ignore[attr-defined]
    except AttributeError:
        method = function
        function = lambda *args, **kwargs: method(*args, **kwargs)  # noqa: E731
        function.widget = section  # type: ignore[attr-defined]
    return function


interact = Interact(
    {"manual": False, "manual_name": "Run Interact", "auto_display": True, "bake": None, "live": True}
)
interact_manual = interact.options(manual=True)
