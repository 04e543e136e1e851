"""``IPython.display`` where IPython is not: what programs use of it to show things."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .calling import recorder


class DisplayObject:
    """Content that is shown in one certain form."""

    mime = "text/plain"

    def __init__(self, data: Any = None, url: str | None = None, filename: str | None = None, **options: Any) -> None:
        if data is None and filename is not None:
            with open(filename, "rb") as file:
                data = file.read()
        self.data = data if data is not None else url or ""

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Mapping[str, Any]:
        return {self.mime: self.data}


class HTML(DisplayObject):
    mime = "text/html"


class Markdown(DisplayObject):
    mime = "text/markdown"


class Latex(DisplayObject):
    mime = "text/latex"


class Math(DisplayObject):
    """A formula without its dollars."""

    mime = "text/latex"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Mapping[str, Any]:
        formula = str(self.data).strip("$")
        return {self.mime: f"$\\displaystyle {formula}$"}


class SVG(DisplayObject):
    mime = "image/svg+xml"


class Image(DisplayObject):
    """A PNG or JPEG picture, from bytes."""

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Mapping[str, Any]:
        if not isinstance(self.data, bytes):
            return {"text/plain": str(self.data)}
        return {"image/jpeg" if self.data[:2] == b"\xff\xd8" else "image/png": self.data}


class Handle:
    """What ``display(…, display_id=True)`` returns: here, each update is shown after the last."""

    def update(self, thing: Any, **options: Any) -> None:
        display(thing)

    display = update


def display(*things: Any, raw: bool = False, display_id: Any = None, **options: Any) -> Handle | None:
    """Show each thing in the call that is being recorded; nothing where there is none."""
    record = recorder()
    if record is not None:
        for thing in things:
            (record.show_bundle if raw else record.show)(thing)
    return Handle() if display_id else None


def clear_output(wait: bool = False) -> None:
    """Forget what the call has shown so far."""
    record = recorder()
    if record is not None:
        record.clear()


NAMES: dict[str, Any] = {
    **{kind.__name__: kind for kind in (DisplayObject, HTML, Markdown, Latex, Math, SVG, Image)},
    "DisplayHandle": Handle,
    "clear_output": clear_output,
    "display": display,
    "update_display": display,
}
