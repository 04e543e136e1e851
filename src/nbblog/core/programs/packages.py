"""Which packages a program imports, and what the browser's Python has of them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .words import words

MISSING_MODULES = words(
    # Not built for WebAssembly.
    "_curses _tkinter curses dbm ensurepip grp idlelib msvcrt nt pwd pydoc_data readline resource syslog tkinter"
    " turtle turtledemo venv winreg winsound"
    # Gone from Python by 3.14; older kernels still have them.
    " aifc asynchat asyncore audioop binhex cgi cgitb chunk crypt distutils imghdr imp lib2to3 mailcap msilib nis"
    " nntplib ossaudiodev pipes smtpd sndhdr spwd sunau telnetlib uu xdrlib"
)
"""Modules of some standard library that the browser's Python lacks."""

_NEW = words("annotationlib compression tomllib")
_STANDARD = frozenset(sys.stdlib_module_names) | _NEW | MISSING_MODULES
"""The newer names are the browser's, even where the publishing Python does not know them yet."""

STAND_INS = frozenset({"IPython", "ipywidgets", "nbblog"})
"""Modules that the page has stand-ins for."""


@dataclass(frozen=True, slots=True)
class BrowserPackages:
    """What can be imported in the reader's browser besides the standard library."""

    packages: Mapping[str, str] = field(default_factory=dict)
    """The name of a module → that of the package that has it (``sklearn`` → ``scikit-learn``)."""
    kilobytes: Mapping[str, int] = field(default_factory=dict)
    """What a package and all that it needs load, by the package's name, where known."""


NOTHING = BrowserPackages()
"""What pages can import so far: the standard library alone, as a frame without a network runs Python."""


def needed_packages(modules: Iterable[str]) -> tuple[str, ...]:
    """The top-level names of the modules that belong to no standard library, in alphabetical order."""
    tops = {module.partition(".")[0] for module in modules}
    return tuple(sorted(tops - _STANDARD - STAND_INS - {"", "__future__", "__main__"}))


def why_not_loaded(names: Iterable[str], available: BrowserPackages = NOTHING) -> str:
    """Why a page cannot import these modules, in words; empty where it can."""
    missing = [f"`{name}`" for name in names if name not in available.packages]
    return f"it imports {' and '.join(missing)}, which the page's Python does not have" if missing else ""
