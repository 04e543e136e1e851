"""Pictures as assets, players, downloads: what the brackets' tests do not show."""

from __future__ import annotations

import struct

import pytest

from nbblog.core.errors import FileRefused
from nbblog.core.fragment import Collector
from nbblog.core.html import trusted
from nbblog.core.media import Image, MediaContext, find_image, keep_image, render_figure, render_image
from nbblog.core.players import Medium, find_media_type, find_player, render_video

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 4, 3) + b"\x08\x02\0\0\0"


def context(**files: bytes) -> MediaContext:
    def read_file(target: str) -> bytes:
        if target not in files:
            raise FileRefused(target, "outside the folder")
        return files[target]

    return MediaContext(Collector(asset_url=lambda asset: asset.name, read_file=read_file))


def codes(around: MediaContext) -> list[str]:
    return [notice.code for notice in around.collector.finish(trusted("")).notices]


@pytest.mark.parametrize(
    "target",
    [
        "../secret.png",
        "/etc/passwd",
        "file:///etc/passwd",
        "C:\\a.png",
        "",
        "\0",
        "ftp://x.org/a.png",
        "data:text/html,x",
    ],
)
def test_what_the_host_refuses_is_a_notice(target: str) -> None:
    """Which files may be read is the host's to say; a refusal leaves words, not an error."""
    around = context()
    assert "nb-missing" in render_image(Image(target, alt="A"), around)
    assert codes(around) == ["image-refused"]


@pytest.mark.parametrize("name", ["../../evil", "/abs", "..", "a\0b", "..\\..\\e.png"])
def test_an_attachments_name_is_never_a_path(name: str) -> None:
    """A file's name on the site comes from its content."""
    around = MediaContext(context().collector, {name: PNG})
    found = find_image(f"attachment:{name}", around)
    assert found is not None
    assert found.url.startswith("image.")
    assert found.url.endswith(".png")


def test_the_same_picture_is_kept_once() -> None:
    """Assets are named by their content."""
    around = context(**{"a.png": PNG, "b.png": PNG})
    assert find_image("a.png", around) == find_image("b.png", around)
    assert len(around.collector.finish(trusted("")).assets) == 1


def test_a_huge_picture_is_copied_as_it_is() -> None:
    """It is not decoded, and its author hears of it."""
    around = context()
    found = keep_image(PNG[:16] + struct.pack(">II", 100_000, 100_000), around.collector, "a.png")
    assert found is not None
    assert codes(around) == ["image-too-large"]


def test_a_drawing_is_cleaned() -> None:
    """The file that is kept holds no script."""
    around = context(
        **{"a.svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"><script>x</script></svg>'}
    )
    found = find_image("a.svg", around)
    (asset,) = around.collector.finish(trusted("")).assets
    assert found is not None
    assert (found.width, found.height) == (4, 3)
    assert b"script" not in asset.data


def test_a_figure_without_words_has_a_link_with_a_name() -> None:
    """A link that holds a picture without description says itself what it is."""
    assert '<a href="image.' in render_figure(Image("a.png", alt="A"), context(**{"a.png": PNG}))
    assert 'aria-label="Picture at full size"' in render_figure(Image("a.png"), context(**{"a.png": PNG}))


def test_a_link_that_runs_something_is_refused() -> None:
    """The picture is shown without it."""
    around = context(**{"a.png": PNG})
    assert "javascript" not in render_figure(Image("a.png", alt="A", link="java\tscript:alert(1)"), around)
    assert codes(around) == ["link-refused"]


def test_every_value_is_escaped() -> None:
    """No word of an author ends an attribute."""
    hostile = '"><script>alert(1)</script>'
    html = render_figure(
        Image("https://x.org/" + hostile, alt=hostile, title=hostile, id=hostile, width=hostile), context()
    )
    assert "<script" not in html


@pytest.mark.parametrize(
    ("url", "player"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=x", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        ("https://youtu.be/dQw4w9WgXcQ?t=90", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?start=90"),
        ("https://m.youtube.com/shorts/dQw4w9WgXcQ", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        ("https://vimeo.com/76979871", "https://player.vimeo.com/video/76979871?dnt=1"),
        ("https://youtube.com.evil.org/watch?v=dQw4w9WgXcQ", None),
        ('https://youtu.be/"onload=', None),
        ("https://www.youtube.com/", None),
        ("https://x.org/film", None),
        ("http://[bad", None),
    ],
)
def test_players(url: str, player: str | None) -> None:
    """Only films of known hosts have one, and only by an id of the right form."""
    assert find_player(url) == player


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (b"\0\0\0\x18ftypM4A ", ".m4a"),
        (b"\x1aE\xdf\xa3", ".webm"),
        (b"OggS", ".ogg"),
        (b"RIFF\0\0\0\0WAVE", ".wav"),
        (b"fLaC", ".flac"),
        (b"\xff\xfb\x90", ".mp3"),
        (b"<html>", ""),
        (b"", ""),
    ],
)
def test_kinds_of_media(data: bytes, suffix: str) -> None:
    """By signature, never by name."""
    assert find_media_type(data) == suffix


def test_a_page_is_no_film() -> None:
    """A file that only calls itself a film is refused."""
    around = context(**{"a.mp4": b"<script>alert(1)</script>"})
    assert "nb-missing" in render_video(Medium("a.mp4"), around)
    assert codes(around) == ["media-refused"]
