"""What a function displays goes to its answer, not to the cell: the hooks into IPython."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from types import FunctionType
from typing import Any

from IPython.core.displaypub import DisplayPublisher
from IPython.core.formatters import DisplayFormatter
from IPython.core.getipython import get_ipython

from ..shared.calling import recorder
from ..shared.showing import own_bundle


class _Formatter(DisplayFormatter):  # type: ignore[misc]
    """Gives ``display`` its object away instead of formatting it: there is then nothing to publish."""

    def format(self, obj: object, include: Any = None, exclude: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
        record = recorder()
        if record is not None:
            record.show(obj)
        return {}, {}


class _Publisher(DisplayPublisher):  # type: ignore[misc]
    """Finished bundles, as ``display(…, raw=True)`` and libraries publish them."""

    def publish(self, data: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        record = recorder()
        if record is not None:
            record.show_bundle(data)

    def clear_output(self, wait: bool = False) -> None:
        record = recorder()
        if record is not None:
            record.clear()


_formatter: DisplayFormatter | None = None
_hooks = cache(lambda: (_Formatter(), _Publisher()))
"""Made once: they are dear, and a baking calls the function thousands of times."""


@contextmanager
def capturing() -> Iterator[None]:
    """While this lasts, what is displayed goes to the call that is being recorded."""
    shell = get_ipython()
    if shell is None:
        yield
        return
    global _formatter
    kept = shell.display_formatter, shell.display_pub
    _formatter = kept[0]
    shell.display_formatter, shell.display_pub = _hooks()
    # What a library registers while the function runs, as Matplotlib's first figure does, is to last.
    shell.display_formatter.formatters = kept[0].formatters
    try:
        yield
    finally:
        shell.display_formatter, shell.display_pub = kept
        _formatter = None


def hide_result(is_hidden: Callable[[Any], bool]) -> None:
    """Let a cell whose last line is ``interact(f, …)`` not show ``<function f>`` as well. Other functions are shown."""
    shell = get_ipython()
    if shell is None:
        return

    def show(function: FunctionType) -> None:
        if not is_hidden(function):
            raise NotImplementedError  # IPython then shows it as ever

    shell.display_formatter.ipython_display_formatter.for_type(FunctionType, show)


def bundle_of(thing: object) -> Mapping[str, Any]:
    """An object's MIME bundle as the notebook makes it, with the formatters that the author has registered."""
    if _formatter is None:
        return own_bundle(thing)
    bundle: Mapping[str, Any] = _formatter.format(thing)[0]
    return bundle
