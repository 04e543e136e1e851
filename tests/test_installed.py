"""Versions by the names of folders: the same as Python's own account, and part of what a site is made from."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest

from nbblog import settings
from nbblog.core.config import BlogConfig
from nbblog.installed import installed_versions, read_version


def test_every_package_has_the_version_that_python_finds() -> None:
    """The first one of a name counts, as for an import."""
    first: dict[str, str] = {}
    for package in metadata.distributions():
        first.setdefault(package.metadata["Name"].lower().replace("-", "_").replace(".", "_"), package.version)
    assert len(first) > 50
    assert {name: installed_versions().get(name) for name in first} == first


def test_a_package_that_is_not_there_is_an_error() -> None:
    """As Python's own."""
    with pytest.raises(metadata.PackageNotFoundError):
        read_version("no_such_package")


def test_another_version_of_a_library_makes_pages_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever pages are made with."""
    blog = settings.Blog(tmp_path, BlogConfig())
    before = settings.settings_digest(blog)
    assert settings.settings_digest(blog) == before
    for name in ("nbblog", "pygments", "nh3"):
        monkeypatch.setattr(settings, "installed_versions", lambda name=name: {**installed_versions(), name: "0"})
        assert settings.settings_digest(blog) != before


def test_a_folder_that_is_not_there_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And names of other forms."""
    (tmp_path / "Some.Package-1.2.dist-info").mkdir()
    (tmp_path / "old_one-3.0-py3.11.egg-info").mkdir()
    (tmp_path / "notes.dist-info").mkdir()
    monkeypatch.setattr("sys.path", [str(tmp_path / "none"), str(tmp_path)])
    assert installed_versions.__wrapped__() == {"some_package": "1.2", "old_one": "3.0"}
