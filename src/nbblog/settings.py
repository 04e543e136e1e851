"""A blog's folder and its settings: ``nbblog.toml``, or ``[tool.nbblog]`` in ``pyproject.toml``."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from .core.config import BlogConfig, read_config
from .core.errors import ConfigError, NoBlogError
from .core.text import one_line
from .installed import installed_versions

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
    executed: Path | None = None
    """A folder with copies of notebooks whose outputs were made now, by their paths below the content folder."""

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
    """The blog that ``start`` lies in. Raises ``ConfigError``, and ``NoBlogError`` where that is nowhere."""
    for folder in (start.resolve(), *start.resolve().parents):
        for path, settings in _candidates(folder):
            if settings is not None:
                try:
                    return Blog(folder, read_config(settings))
                except ConfigError as error:
                    raise ConfigError(f"{path}: {error}") from None
    raise NoBlogError(f"{start}: no nbblog.toml here or above; `nbblog init` makes one")


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


_MAKE_PAGES = (
    "nbblog", "babel", "jinja2", "markdown_it_py", "nbformat", "nh3", "pillow", "pygments", "pyyaml", "quickjs_ng",
)  # fmt: skip
"""The packages whose versions decide what a page looks like."""


def settings_digest(blog: Blog) -> str:
    """The hash of all that every page depends on: the settings, the author's own theme, and this program
    with the packages that it makes pages with."""
    config = replace(blog.config, ignore=frozenset())
    versions = [installed_versions().get(name) for name in _MAKE_PAGES]
    parts = sha256(f"{versions} {config} {sorted(blog.config.ignore)}".encode("utf-8", "surrogatepass"))
    for folder in (blog.template, Path(__file__).parent):
        for path in sorted(folder.rglob("*")) if folder else ():
            if path.suffix in (".pyc", ".lock") or not path.is_file():
                continue
            # Of the program's own files the time of change says enough, and reading them all would take longer.
            status = path.stat()
            own = folder != blog.template
            content = f"{status.st_size} {status.st_mtime_ns}" if own else sha256(path.read_bytes()).hexdigest()
            parts.update(f"{path.relative_to(folder or path)}\0{content}\0".encode("utf-8", "surrogatepass"))
    return parts.hexdigest()
