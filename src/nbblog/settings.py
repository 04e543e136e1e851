"""A blog's folder and its settings: ``nbblog.toml``, or ``[tool.nbblog]`` in ``pyproject.toml``."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .core.config import BlogConfig, read_config
from .core.errors import ConfigError
from .core.text import one_line

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@dataclass(frozen=True, slots=True)
class Blog:
    """A blog on disk."""

    root: Path
    """The folder of its settings."""
    config: BlogConfig

    @property
    def content(self) -> Path:
        """The folder of its notebooks."""
        return self.root / self.config.content

    @property
    def output(self) -> Path:
        """The folder that a build writes."""
        return self.root / self.config.output

    @property
    def template(self) -> Path | None:
        """The folder of the author's own theme, if there is one."""
        return self.root / self.config.template if self.config.template else None


def load_settings(start: Path) -> Blog:
    """The blog that ``start`` lies in. Raises ``ConfigError``, also where no folder from there up is a blog's."""
    for folder in (start.resolve(), *start.resolve().parents):
        for path, settings in _candidates(folder):
            if settings is not None:
                try:
                    return Blog(folder, read_config(settings))
                except ConfigError as error:
                    raise ConfigError(f"{path}: {error}") from None
    raise ConfigError(f"{start}: no nbblog.toml here or above; `nbblog init` makes one")


def _candidates(folder: Path) -> list[tuple[Path, Mapping[str, Any] | None]]:
    own, project = folder / "nbblog.toml", folder / "pyproject.toml"
    if own.is_file():
        return [(own, _read_toml(own))]
    tool = _read_toml(project).get("tool") if project.is_file() else None
    ours = tool.get("nbblog") if isinstance(tool, dict) else None
    return [(project, ours if isinstance(ours, dict) else None)]


def _read_toml(path: Path) -> Mapping[str, Any]:
    try:
        settings: Mapping[str, Any] = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: {one_line(str(error))}") from None
    return settings
