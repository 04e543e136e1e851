"""The browser libraries that come with the package: KaTeX, the fonts, Plotly, Vega, mermaid, Jupyter widgets, Bokeh.

They are constants of the package, like its templates: read when first asked for, never changed, never fetched.
``build_backend/nbblog_libraries.py`` says which files they are.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbblog.core.errors import NbblogError

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).parent / "vendor"


class VendorMissing(NbblogError):
    """The package was not built: a checkout without its browser libraries."""

    def __init__(self) -> None:
        super().__init__(
            "nbblog's browser libraries are not there; in a checkout, run `python build_backend/nbblog_vendor.py`"
        )


@cache
def manifest() -> Mapping[str, Any]:
    """Each library's ``version``, ``packages`` (name, version, licence, integrity) and ``files`` (name → SHA-256)."""
    import json

    try:
        text = (FOLDER / "manifest.json").read_text("utf-8")
    except OSError as error:
        raise VendorMissing from error
    libraries: Mapping[str, Any] = json.loads(text)["libraries"]
    return libraries


def library_names() -> tuple[str, ...]:
    """The names that the functions below take."""
    return tuple(manifest())


def library_version(name: str) -> str:
    """The version of a library, such as ``0.19.1``; of its first package, where it is made of several.

    Raises ``KeyError`` for a name that is no library, ``VendorMissing`` in a checkout that was not built.
    """
    return str(manifest()[name]["version"])


def library_hashes(name: str) -> Mapping[str, str]:
    """The SHA-256 of each file of a library, without reading it. Raises as ``library_version`` does."""
    hashes: Mapping[str, str] = manifest()[name]["files"]
    return hashes


@cache
def library_files(name: str) -> Mapping[str, bytes]:
    """Every file of a library by its name, such as ``katex-0.19.1.min.js``: no folders, and the version is in the name.

    The files may lie in one folder beside a page: those that name one another do it by these names.
    Raises as ``library_version`` does.
    """
    try:
        return {file: (FOLDER / name / file).read_bytes() for file in manifest()[name]["files"]}
    except OSError as error:
        raise VendorMissing from error


def library_file(name: str, prefix: str, suffix: str = "") -> bytes:
    """The one file of a library whose name starts with ``prefix`` and a digit, and ends with ``suffix``.

    So ``library_file("katex", "katex-", ".js")`` stays right when the version changes.
    """
    pattern = re.compile(rf"{re.escape(prefix)}[0-9].*{re.escape(suffix)}")
    matches = [file for file in manifest()[name]["files"] if pattern.fullmatch(file)]
    if len(matches) != 1:
        raise KeyError(f"{name}: {len(matches)} files are named {prefix}VERSION{suffix}")
    return library_files(name)[matches[0]]
