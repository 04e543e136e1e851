"""A new blog and a new post: complete at once, and nothing that was there is touched."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from nbblog.cli import cli
from nbblog.core.reading import read_post
from nbblog.scaffold import Origin, ScaffoldError, create_blog, create_post, read_origin
from nbblog.settings import load_settings

DAY = date(2026, 3, 1)


def test_a_new_blog_has_settings_and_a_post_without_notices(tmp_path: Path) -> None:
    """What `init` makes can be read at once."""
    create_blog(tmp_path / "my-blog", today=DAY, origin=Origin())
    assert load_settings(tmp_path / "my-blog").content == tmp_path / "my-blog" / "posts"
    (post,) = (tmp_path / "my-blog" / "posts").glob("*.ipynb")
    read = read_post(json.loads(post.read_text("utf-8")), name=post.name)
    assert (read.front.title, read.front.slug, read.front.date, read.notices) == ("Welcome", "welcome", DAY, ())
    assert any(cell.outputs for cell in read.cells)


def test_what_is_there_stays(tmp_path: Path) -> None:
    """A second `init` adds only what is missing, and follows no link."""
    create_blog(tmp_path, today=DAY, origin=Origin())
    (tmp_path / "nbblog.toml").write_text("mine", "utf-8")
    (tmp_path / "README.md").unlink()
    (tmp_path / ".gitignore").unlink()
    (tmp_path / ".gitignore").symlink_to(tmp_path / "elsewhere")
    assert create_blog(tmp_path, today=DAY, origin=Origin()) == [tmp_path / "README.md"]
    assert (tmp_path / "nbblog.toml").read_text("utf-8") == "mine"
    assert not (tmp_path / "elsewhere").exists()


def test_git_says_who_and_where(tmp_path: Path) -> None:
    """A remote on GitHub gives the repository and the address of its pages; a token in it is not kept."""
    for words in (
        ["init", "-q"],
        ["config", "user.name", "Ada"],
        ["remote", "add", "origin", "https://token@github.com/Ada/Tides.git"],
    ):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    origin = read_origin(tmp_path)
    assert origin == Origin("Ada", "Ada/Tides")
    assert origin.site_url == "https://ada.github.io/Tides/"
    assert Origin("", "ada/ada.github.io").site_url == "https://ada.github.io/"


def test_a_new_post_is_ready_to_be_opened(tmp_path: Path) -> None:
    """It is a valid notebook whose head is read as it was given."""
    path = create_post(tmp_path, 'Tides: "high"', today=DAY, categories=["sea", "a: b"], series="Moon")
    assert path.name == "2026-03-01-tides-high.ipynb"
    nbformat.validate(nbformat.read(path, as_version=4))
    read = read_post(json.loads(path.read_text("utf-8")), name=path.name)
    front = read.front
    assert (front.title, front.categories, front.series) == ('Tides: "high"', ("sea", "a: b"), "Moon")
    assert read.notices == ()


def test_a_name_is_given_once(tmp_path: Path) -> None:
    """Also on another day: the address of a post is its name without the date."""
    create_post(tmp_path, "Tides", today=DAY)
    with pytest.raises(ScaffoldError, match="another title"):
        create_post(tmp_path, "tides!", today=date(2026, 4, 1))
    assert create_post(tmp_path, "High tides", today=DAY).name == "2026-03-01-high-tides.ipynb"


@settings(max_examples=50, deadline=None)
@given(title=st.text(min_size=1, max_size=60))
def test_a_title_of_any_script_comes_back(tmp_path_factory: pytest.TempPathFactory, title: str) -> None:
    """Whatever is typed, the post's title is that text in one line, or it is said that there is none."""
    folder = tmp_path_factory.mktemp("posts")
    try:
        path = create_post(folder, title, today=DAY)
    except ScaffoldError:
        assert not title.split() or not list(folder.iterdir())
        return
    again = read_post(json.loads(path.read_text("utf-8")), name=path.name)
    with_same_title = create_post(folder / "again", again.front.title, today=DAY)
    assert with_same_title.read_bytes() == path.read_bytes()


def test_new_works_below_the_blogs_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The post goes to the blog's folder of posts, as its settings name it."""
    (tmp_path / "nbblog.toml").write_text('content = "texts"\n', "utf-8")
    (tmp_path / "texts" / "deep").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "texts" / "deep")
    done = CliRunner().invoke(cli, ["new", "Tides", "--date", "2026-03-01", "--categories", "a, b"])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "texts" / "2026-03-01-tides.ipynb").is_file()


def test_the_command_is_a_module_too() -> None:
    """Where its script is not on the PATH."""
    run = subprocess.run([sys.executable, "-m", "nbblog", "--version"], capture_output=True, text=True, check=True)
    assert run.stdout.startswith("nbblog ")
