"""What one run keeps for the next: whole, one's own, and never needed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from nbblog.core.maths import MathError, MathRenderer
from nbblog.kept import Kept, cache_folder
from nbblog.theme import load_theme


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_was_put_is_there_for_another_process(tmp_path: Path) -> None:
    """By its key, and by what all of it depends on."""
    Kept(tmp_path, "things", of="1").put("key", b"content")
    assert Kept(tmp_path, "things", of="1").get("key") == b"content"
    assert Kept(tmp_path, "things", of="1").get("other key") is None
    assert Kept(tmp_path, "things", of="2").get("key") is None


@pytest.mark.parametrize("damage", [b"", b"x", b"\0" * 100])
def test_what_is_damaged_is_not_there(tmp_path: Path, damage: bytes) -> None:
    """A file that was cut off or written over by something else."""
    kept = Kept(tmp_path, "things")
    kept.put("key", b"content")
    (path,) = files(tmp_path)
    path.write_bytes(damage)
    assert kept.get("key") is None


def test_a_folder_to_which_others_may_write_is_not_used(tmp_path: Path) -> None:
    """What is kept goes into pages as it is."""
    Kept(tmp_path, "things").put("key", b"content")
    (tmp_path / "things").chmod(0o777)
    assert Kept(tmp_path, "things").get("key") is None


def test_a_link_in_the_place_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    """Another user could have put it there."""
    Kept(tmp_path, "elsewhere").put("key", b"content")
    (tmp_path / "things").symlink_to(tmp_path / "elsewhere")
    assert Kept(tmp_path, "things").get("key") is None


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    """Neither does it raise."""
    (tmp_path / "file").write_bytes(b"")
    for folder in (None, tmp_path / "file"):
        kept = Kept(folder, "things")
        kept.put("key", b"content")
        assert kept.get("key") is None


def test_a_full_folder_is_emptied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not grow for ever."""
    monkeypatch.setattr("nbblog.kept._MOST", 3)
    for number in range(4):
        Kept(tmp_path, "things").put(str(number), b"content")
    assert len(files(tmp_path)) == 4
    assert Kept(tmp_path, "things").get("3") is None
    assert files(tmp_path) == []


def test_the_folder_is_in_the_users_cache_unless_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty name keeps nothing."""
    monkeypatch.setenv("NBBLOG_CACHE", "/some/folder")
    assert cache_folder() == Path("/some/folder")
    monkeypatch.setenv("NBBLOG_CACHE", "")
    assert cache_folder() is None
    monkeypatch.delenv("NBBLOG_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "/home/user/.cache")
    monkeypatch.setattr("sys.platform", "linux")
    assert cache_folder() == Path("/home/user/.cache/nbblog")


def test_a_formula_is_set_once(tmp_path: Path) -> None:
    """The second renderer needs no engine, and what it gives is the same."""

    def load() -> Iterator[str]:
        yield "globalThis.katex = {__defineMacro() {}, renderToString: (tex) => `<b>${tex}</b>`}; 0"

    def fail() -> Iterator[str]:
        raise AssertionError("the engine was started")

    first = MathRenderer(load, Kept(tmp_path, "formulas"))("x^2", display=True)
    assert MathRenderer(fail, Kept(tmp_path, "formulas"))("x^2", display=True) == first
    with pytest.raises(AssertionError):
        MathRenderer(fail, Kept(tmp_path, "formulas"))("x^2", display=False)


def test_a_formula_that_cannot_be_set_is_not_kept(tmp_path: Path) -> None:
    """Its message is made anew."""

    def load() -> Iterator[str]:
        yield "globalThis.katex = {__defineMacro() {}, renderToString() { throw Error('KaTeX parse error: no') }}; 0"

    with pytest.raises(MathError, match="no"):
        MathRenderer(load, Kept(tmp_path, "formulas"))("x", display=False)
    assert files(tmp_path) == []


def test_a_template_is_compiled_once_until_it_changes(tmp_path: Path) -> None:
    """Also one of the author's own."""
    template = tmp_path / "own" / "index.html.j2"
    template.parent.mkdir()
    for text in ("one", "one", "another"):
        template.write_text(text)
        os.utime(template, (0, 0))
        theme = load_theme(template.parent, kept=Kept(tmp_path, "templates"))
        assert theme.environment.get_template(theme.template).render() == text
    assert len(files(tmp_path / "templates")) == 2
