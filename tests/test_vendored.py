"""The browser libraries as the rest of the package sees them."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest

from nbblog import live, vendored


@pytest.fixture
def unbuilt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A checkout whose libraries were never made."""
    monkeypatch.setattr(vendored, "FOLDER", tmp_path / "vendor")
    vendored.manifest.cache_clear()
    vendored.library_files.cache_clear()
    yield
    monkeypatch.undo()
    vendored.manifest.cache_clear()
    vendored.library_files.cache_clear()


def test_file_names_hold_the_version() -> None:
    """A browser may keep such a file for ever."""
    assert f"plotly-{vendored.library_version('plotly')}.min.js" in vendored.library_files("plotly")


def test_files_have_no_folders_and_no_name_twice() -> None:
    """All libraries may be laid into one folder."""
    names = [file for name in vendored.library_names() for file in vendored.library_files(name)]
    assert len(names) == len(set(names))
    assert [name for name in names if "/" in name or "\\" in name] == []


def test_a_file_is_found_without_its_version() -> None:
    """Code that uses a library does not change when its version does."""
    assert vendored.library_file("fonts", "inter-") == vendored.library_files("fonts")[f"inter-{inter_version()}.woff2"]


def test_a_prefix_does_not_match_a_longer_name() -> None:
    """``bokeh-`` is Bokeh itself, not its widgets."""
    assert vendored.library_file("bokeh", "bokeh-") != vendored.library_file("bokeh", "bokeh-widgets-")


def test_katex_style_names_only_fonts_that_are_there() -> None:
    """Every font is WOFF2 and lies beside the style sheet."""
    css = vendored.library_file("katex", "katex-", ".css").decode()
    fonts = set(re.findall(r"url\(([^)]+)\)", css))
    assert len(fonts) == 20
    assert fonts <= set(vendored.library_files("katex"))


def test_unbuilt_checkout_says_what_to_run(unbuilt: None) -> None:
    """One line with the command, not a traceback about a missing file."""
    with pytest.raises(vendored.VendorMissing, match=r"run `python build_backend/nbblog_vendor\.py`"):
        vendored.library_files("katex")


def inter_version() -> str:
    packages = vendored.manifest()["fonts"]["packages"]
    return next(package["version"] for package in packages if package["name"].endswith("/inter"))


def test_our_own_modules_are_compiled_for_the_browser() -> None:
    """All that are files of ours; one that has changed since goes there as its source."""
    loaded = dict(live._compiled(live.shared_modules()))
    made = ["nbblog_core/__init__.py", "nbblog_core/post.py"]
    assert sorted(path for path in loaded if path.endswith(".py")) == made
    assert len(loaded) == len(live.shared_modules()) > 10
    for path, code in loaded.items():
        assert path.endswith(".py") or b"/lib/nbblog/" in b64decode(code)
    changed = {**live.shared_modules(), "nbblog_shared/tables.py": "x = 1\n"}
    assert dict(live._compiled(changed))["nbblog_shared/tables.py"] == "x = 1\n"
