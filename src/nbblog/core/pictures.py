"""What a picture is and how large, from its first bytes. No decoding: a hostile file costs nothing.

Sources: PNG specification section 11.2.2; GIF89a section 18; ITU-T T.81 annex B and Exif 2.3 section 4.6.4 (JPEG);
RFC 9649 (WebP); ISO/IEC 23008-12 sections 6.5.3 and 6.5.10 (AVIF).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from struct import error as StructError
from struct import unpack, unpack_from

LARGEST_FILE = 20 << 20
"""Bytes."""
LARGEST_AREA = 40_000_000
"""Pixels."""

_SVG = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>\s*|<!--[\s\S]*?-->\s*|<!DOCTYPE[^>\[]*>\s*)*<(?:[a-z]+:)?svg[\s>]",
    re.IGNORECASE,
)
_EXIF = b"Exif\x00\x00"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's kind and size as shown (turned as its orientation says), in pixels; ``None`` where unknown."""

    suffix: str
    """``.png``, ``.jpg``, ``.gif``, ``.webp``, ``.avif`` or ``.svg``."""
    width: int | None = None
    height: int | None = None

    @property
    def is_large(self) -> bool:
        """Claims more pixels than we would ever decode."""
        return (self.width or 0) * (self.height or 0) > LARGEST_AREA


def read_picture(data: bytes) -> Picture | None:
    """What ``data`` is by its signature, never by a name; ``None`` for anything else than the six kinds."""
    for signature, read in _READERS:
        if data.startswith(signature):
            return _read_safely(read, data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _read_safely(_read_webp, data)
    if data[4:8] == b"ftyp" and data[8:12] in (b"avif", b"avis", b"mif1", b"msf1") and b"avif" in data[8:64]:
        return _read_safely(_read_avif, data)
    return Picture(".svg") if _SVG.match(data[:10_000]) else None


def _read_safely(read: object, data: bytes) -> Picture | None:
    try:
        found: Picture = read(data)  # type: ignore[operator]
    except (StructError, IndexError, ValueError):
        return None
    return found


def _sized(suffix: str, width: int, height: int, *, turned: bool = False) -> Picture:
    if turned:
        width, height = height, width
    return Picture(suffix, width or None, height or None)


def _read_png(data: bytes) -> Picture:
    return _sized(".png", *unpack_from(">II", data, 16))


def _read_gif(data: bytes) -> Picture:
    return _sized(".gif", *unpack_from("<HH", data, 6))


def _read_jpeg(data: bytes) -> Picture:
    position, turned = 2, False
    while True:
        marker, length = unpack_from(">HH", data, position)
        if marker == 0xFFFF:  # fill bytes
            position += 1
            continue
        if marker == 0xFFE1 and data.startswith(_EXIF, position + 4):
            turned = _read_orientation(data[position + 10 : position + 2 + length]) >= 5
        if 0xFFC0 <= marker <= 0xFFCF and marker not in (0xFFC4, 0xFFC8, 0xFFCC):
            height, width = unpack_from(">HH", data, position + 5)
            return _sized(".jpg", width, height, turned=turned)
        if not 0xFF01 <= marker <= 0xFFFE or length < 2 or marker == 0xFFDA:
            raise ValueError("no frame header")
        position += 2 + length


def _read_orientation(tiff: bytes) -> int:
    """Exif's tag 274; from 5 on, the picture lies on its side."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 1
    try:
        (start,) = unpack_from(order + "I", tiff, 4)
        (count,) = unpack_from(order + "H", tiff, start)
        for number in range(min(count, 200)):
            tag, _, _, value = unpack_from(order + "HHIH", tiff, start + 2 + 12 * number)
            if tag == 274:
                return int(value)
    except StructError:
        pass
    return 1


def _read_webp(data: bytes) -> Picture:
    kind = data[12:16]
    if kind == b"VP8X":
        width, height = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27))
        if len(data) < 30:
            raise ValueError("cut off")
    elif kind == b"VP8L":
        (bits,) = unpack_from("<I", data, 21)
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif kind == b"VP8 ":
        width, height = (size & 0x3FFF for size in unpack_from("<HH", data, 26))
    else:
        raise ValueError("unknown chunk")
    return _sized(".webp", width, height)


def _read_avif(data: bytes) -> Picture:
    head = data[:65536]
    sizes = [unpack(">II", head[at + 8 : at + 16]) for at in _find_all(head, b"ispe")]
    if not sizes:
        return Picture(".avif")
    turns = [head[at + 4] & 1 for at in _find_all(head, b"irot")]
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    return _sized(".avif", width, height, turned=bool(turns and turns[0]))


def _find_all(data: bytes, name: bytes) -> list[int]:
    return [match.start() for match in re.finditer(re.escape(name), data)][:50]


_READERS = (
    (b"\x89PNG\r\n\x1a\n", _read_png),
    (b"\xff\xd8\xff", _read_jpeg),
    (b"GIF87a", _read_gif),
    (b"GIF89a", _read_gif),
)
