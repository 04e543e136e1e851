"""Pictures as they are published: upright, bare, in several sizes, and refused when they are not what they seem."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

from nbblog.core.article import Article, render_article
from nbblog.core.errors import FileRefused
from nbblog.core.fragment import Asset, Rendition
from nbblog.core.pictures import read_picture
from nbblog.core.reading import read_post
from nbblog.core.stripping import strip_metadata
from nbblog.core.surroundings import Surroundings
from nbblog.images import LIGHT, WIDTHS, Picture, picture_preparer, prepare_picture
from nbblog.kept import Kept
from nbblog.onepage import math_renderer

PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
SECRET = b"N 52 31 12, E 13 24 36"


def save(image: Image.Image, kind: str, **options: object) -> bytes:
    written = BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def photo(width: int = 1600, height: int = 1000) -> Image.Image:
    """A picture with as much in it as a photograph has; the same each time."""
    small = Image.frombytes("RGB", (160, 100), bytes((i * i * 7 + i // 3) % 251 for i in range(48_000)))
    return small.resize((width, height), Image.Resampling.BICUBIC)


def with_place(orientation: int = 1) -> Image.Exif:
    """EXIF as a phone writes it: a camera, a place, a comment."""
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = SECRET.decode(), orientation
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0)})
    return exif


@pytest.fixture(scope="module")
def jpeg() -> bytes:
    return save(photo(), "JPEG", quality=92, exif=with_place(), comment=SECRET, icc_profile=PROFILE)


def text_in(kind: str) -> bytes:
    """A small picture of the kind that says where it was taken."""
    image = photo(90, 60)
    if kind == "PNG":
        chunks = PngImagePlugin.PngInfo()
        chunks.add_text("Comment", SECRET.decode())
        return save(image, "PNG", pnginfo=chunks, exif=with_place())
    if kind == "GIF":
        return save(image, "GIF", comment=SECRET)
    if kind == "JPEG":
        return save(image, "JPEG", exif=with_place(), comment=SECRET)
    return save(image, kind, exif=with_place().tobytes(), xmp=b"<x>" + SECRET + b"</x>")


def pixels(data: bytes) -> bytes:
    return Image.open(BytesIO(data)).convert("RGBA").tobytes()


KINDS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF")


@pytest.mark.parametrize("kind", KINDS)
def test_place_and_comment_are_taken_out(kind: str) -> None:
    """Whatever the format has for them."""
    data = text_in(kind)
    assert SECRET in data or kind == "PNG"
    published = prepare_picture(data, "a").data
    assert SECRET not in published and b"Exif" not in published
    assert not Image.open(BytesIO(published)).getexif()


@pytest.mark.parametrize("kind", KINDS[:-1])
def test_stripping_leaves_each_pixel(kind: str) -> None:
    """Nothing is encoded again."""
    data = text_in(kind)
    assert pixels(strip_metadata(data, read_picture(data).suffix)) == pixels(data)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", [0.5, 0.97])
def test_cut_off_picture_is_refused_in_one_line(kind: str, part: float) -> None:
    """A page would show half of it, and nobody would be told."""
    data = save(photo(300, 200), kind)
    with pytest.raises(FileRefused, match=r"^a\.x: [^\n]+$"):
        prepare_picture(data[: int(len(data) * part)], "a.x")


def test_damaged_pixels_are_refused() -> None:
    """Also where all the parts of the file are in their places."""
    data = bytearray(save(photo(), "PNG"))
    start = data.index(b"IDAT") + 40
    data[start : start + 20] = bytes(20)
    (length,) = struct.unpack_from(">I", data, data.index(b"IDAT") - 4)
    end = data.index(b"IDAT") + 4 + length
    data[end : end + 4] = struct.pack(">I", zlib.crc32(data[data.index(b"IDAT") : end]))
    with pytest.raises(FileRefused, match="damaged"):
        prepare_picture(bytes(data), "a.png")


def test_bomb_is_refused_before_it_is_decoded() -> None:
    """A few bytes that say they are a picture of 900 megapixels."""
    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    data = save(photo(4, 4), "PNG")
    bomb = data[:16] + head + struct.pack(">I", zlib.crc32(b"IHDR" + head)) + data[33:]
    with pytest.raises(FileRefused, match="larger than 20 MiB or 40 megapixels"):
        prepare_picture(bomb, "bomb.png")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_picture_taken_on_its_side_stands_upright(kind: str) -> None:
    """Orientation 6: the camera was turned to the left."""
    lying = Image.new("RGB", (60, 40), "white")
    ImageDraw.Draw(lying).rectangle((0, 0, 29, 39), fill="black")
    picture = prepare_picture(save(lying, kind, exif=with_place(6)), "a")
    upright = Image.open(BytesIO(picture.data)).convert("L")
    assert (picture.width, picture.height) == upright.size == (40, 60)
    assert upright.getpixel((20, 5)) < 60 and upright.getpixel((20, 55)) > 200


def test_large_photograph_comes_in_several_sizes(jpeg: bytes) -> None:
    """Each narrower than the next, lighter, and of the same shape; the picture itself stays in its format."""
    picture = prepare_picture(jpeg, "a.jpg")
    assert picture.suffix == ".jpg" and read_picture(picture.data).width == 1600
    assert [small.width for small in picture.variants] == [*WIDTHS[:3], 1600]
    sizes = [len(small.data) for small in picture.variants]
    assert sizes == sorted(sizes) and sizes[-1] < len(picture.data)
    for small in picture.variants:
        shown = Image.open(BytesIO(small.data))
        assert (shown.format, shown.size) == ("WEBP", (small.width, small.height))
        assert abs(small.width / small.height - 1.6) < 0.01


def test_colour_profile_stays(jpeg: bytes) -> None:
    """In the picture itself and in each smaller form."""
    picture = prepare_picture(jpeg, "a.jpg")
    for data in (picture.data, *(small.data for small in picture.variants)):
        assert Image.open(BytesIO(data)).info["icc_profile"] == PROFILE


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_animation_stays_one(kind: str) -> None:
    """All frames, and how often it runs; there are no smaller forms of it."""
    frames = [photo().rotate(angle) for angle in (0, 90, 180)]
    data = save(frames[0], kind, save_all=True, append_images=frames[1:], duration=100, loop=3)
    picture = prepare_picture(data, "a")
    moving = Image.open(BytesIO(picture.data))
    assert (moving.n_frames, moving.info["loop"], picture.variants) == (3, 3, ())


def test_small_chart_is_published_as_it_is() -> None:
    """Most pictures of notebooks are: neither decoded nor written anew."""
    data = save(Image.new("P", (640, 480)), "PNG")
    assert prepare_picture(data, "a.png") == Picture(".png", 640, 480, data)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_colours_can_be_published(mode: str) -> None:
    """Greys, palettes, see-through, sixteen bits, those of print."""
    image = Image.frombytes("L", (700, 500), Random(1).randbytes(350_000))
    image = image.point(lambda value: value * 200, "I").convert("I;16") if mode == "I;16" else image.convert(mode)
    data = save(image, "JPEG" if mode == "CMYK" else "PNG")
    assert len(data) > LIGHT or mode in ("1", "P")
    picture = prepare_picture(data, "a")
    assert (picture.width, picture.height) == (700, 500)


def test_same_picture_gives_the_same_bytes(jpeg: bytes) -> None:
    """Or each build would change the site."""
    assert prepare_picture(jpeg, "a.jpg") == prepare_picture(jpeg, "b.jpg")


def test_work_is_done_once(jpeg: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second time nothing is decoded, and the same comes out."""
    prepare = picture_preparer(Kept(tmp_path, "pictures"))
    first = prepare(Asset("image", ".jpg", jpeg))
    monkeypatch.setattr(Image, "open", None)
    assert prepare(Asset("image", ".jpg", jpeg)) == first
    assert len(first.smaller) == 4


def article_with(picture: bytes, source: str, prepare: Callable[[Asset], Rendition] = Rendition) -> Article:
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
        {"cell_type": "markdown", "metadata": {}, "source": f"# A title\n\nA line.\n\n{source}"}]}  # fmt: skip
    around = Surroundings(
        asset_url=lambda asset: f"../assets/{asset.name}",
        read_file=lambda target: picture,
        maths=math_renderer(),
        prepare_picture=prepare,
    )
    return render_article(read_post(json.loads(json.dumps(notebook)), name="a.ipynb"), around)


WRITTEN = ("[[image:a.jpg|Alt]]", "In a line: ![Alt](a.jpg).", '<img src="a.jpg" alt="Alt">')


@pytest.mark.parametrize("source", WRITTEN)
def test_page_offers_the_sizes_to_the_browser(source: str, jpeg: bytes, tmp_path: Path) -> None:
    """However the picture is written; each of them is a file of the page's."""
    article = article_with(jpeg, source, picture_preparer(Kept(tmp_path, "pictures")))
    names = {asset.name for asset in article.assets}
    assert len(names) == 5
    assert all(f"../assets/{name}" in article.html for name in names)
    assert ' sizes="(min-width: 43rem) 39.2rem, 100vw"' in article.html


def test_other_hosts_show_the_picture_as_it_is(jpeg: bytes) -> None:
    """A preview and a single page have one file, and no srcset."""
    article = article_with(jpeg, WRITTEN[0])
    assert [asset.data for asset in article.assets] == [jpeg]
    assert "srcset" not in article.html


def test_refused_picture_leaves_its_words_and_a_notice(jpeg: bytes) -> None:
    """The article is there all the same."""
    article = article_with(jpeg[:9000], WRITTEN[0], picture_preparer(Kept(None, "pictures")))
    assert [notice.code for notice in article.notices] == ["image-refused"]
    assert "nb-missing" in article.html and "srcset" not in article.html
