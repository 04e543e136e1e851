"""Kinds and sizes of pictures, from their first bytes."""

from __future__ import annotations

import io
import struct

import pytest

from nbblog.core.pictures import Picture, read_picture

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 640, 480) + b"\x08\x02\0\0\0"
GIF = b"GIF89a" + struct.pack("<HH", 320, 200) + b"\0\0\0"
FRAME = b"\xff\xc0" + struct.pack(">HBHH", 11, 8, 30, 40) + b"\x01\x01\x11\0"


def exif(orientation: int, order: str = "<") -> bytes:
    mark = b"II*\0" if order == "<" else b"MM\0*"
    tiff = mark + struct.pack(order + "IHHHII", 8, 1, 274, 3, 1, 0)[:-4]
    tiff += struct.pack(order + "HH", orientation, 0)
    body = b"Exif\0\0" + tiff + b"\0\0\0\0"
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (PNG, Picture(".png", 640, 480)),
        (GIF, Picture(".gif", 320, 200)),
        (b"\xff\xd8" + FRAME, Picture(".jpg", 40, 30)),
        (b"\xff\xd8" + exif(1) + FRAME, Picture(".jpg", 40, 30)),
        (b"\xff\xd8" + exif(6) + FRAME, Picture(".jpg", 30, 40)),
        (b"\xff\xd8" + exif(8, ">") + FRAME, Picture(".jpg", 30, 40)),
        (b"RIFF\0\0\0\0WEBPVP8X\n\0\0\0\0\0\0\0" + b"\x7f\x02\0" + b"\xdf\x01\0", Picture(".webp", 640, 480)),
        (
            b"\0\0\0\x1cftypavif\0\0\0\0avifmif1" + b"ispe\0\0\0\0" + struct.pack(">II", 64, 32),
            Picture(".avif", 64, 32),
        ),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- c --><svg>", Picture(".svg")),
        (b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x">\n<svg ', Picture(".svg")),
    ],
)
def test_kinds_and_sizes(data: bytes, found: Picture) -> None:
    """A picture that lies on its side is as wide as it is shown."""
    assert read_picture(data) == found


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "AVIF"])
def test_what_pillow_writes(kind: str) -> None:
    """Real files of each kind have the size that they were made with."""
    image = pytest.importorskip("PIL.Image").new("RGB", (33, 21), "red")
    buffer = io.BytesIO()
    image.save(buffer, kind)
    found = read_picture(buffer.getvalue())
    assert found is not None
    assert (found.width, found.height) == (33, 21)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"root:x:0:0",
        b"%PDF-1.7",
        PNG[:20],
        b"\xff\xd8\xff\xe0",
        b"\xff\xd8\xff\xda\0\0",
        b"RIFF\0\0\0\0WEBPXXXX",
        b"<html><svg>",
        b"BM" + bytes(60),
    ],
)
def test_anything_else_is_no_picture(data: bytes) -> None:
    """Nor is a picture that breaks off before its size."""
    assert read_picture(data) is None


def test_a_bomb_is_recognised_by_its_head() -> None:
    """A kilobyte may claim ten thousand megapixels; nobody decodes it."""
    bomb = read_picture(PNG[:16] + struct.pack(">II", 100_000, 100_000))
    assert bomb is not None
    assert bomb.is_large
