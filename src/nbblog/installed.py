"""Which versions of packages are installed, by the names of the folders that pip leaves beside them.

``importlib.metadata`` reads the same from files, and is not imported here: it takes as long as a third of the core.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from functools import cache


@cache
def installed_versions() -> Mapping[str, str]:
    """The version of every package, as it is spelled in a folder's name, by its name in lower case with ``_``."""
    found: dict[str, str] = {}
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        for name in names:
            if match := _RECORD.match(name):
                found.setdefault(match["name"].lower().replace("-", "_").replace(".", "_"), match["version"])
    return found


_RECORD = re.compile(r"(?P<name>.+?)-(?P<version>[^-]+)(?:-py[0-9.]+)?\.(?:dist|egg)-info\Z")


def read_version(package: str) -> str:
    """The version of one package, named as in ``installed_versions``. Raises ``PackageNotFoundError``."""
    found = installed_versions().get(package)
    if found is not None:
        return found
    # What is imported from an archive, or by a loader that knows its packages otherwise.
    from importlib.metadata import version

    return version(package)
