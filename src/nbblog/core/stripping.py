"""Pictures without what they say of their author: where and with what they were taken, comments, hidden previews.

The parts of the file that hold such things are left out; pixels, colour profiles and animations stay as they are, bit
for bit, and nothing is decoded. What comes after the end of a picture (a film, a second picture) is left out too.

Sources: PNG specification, third edition, sections 5.3 and 11.3; ITU-T T.81 annex B, and annex B.4 of ICC.1:2022 for
profiles in JPEG; GIF89a sections 15 to 27; RFC 9649, section 2 (WebP).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from struct import error as StructError
from struct import unpack_from
from zlib import crc32

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_DROPPED = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"})
_JPEG_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_GIF_KEPT = frozenset({b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012"})
"""Application extensions that say how often an animation runs, or what its colours are."""
_WEBP_DROPPED = frozenset({b"EXIF", b"XMP "})
_WEBP_FLAGS = 0x0C
"""The bits of ``VP8X`` that announce EXIF and XMP."""


class Damaged(ValueError):
    """The file ends too early, or is not built as its format says."""


def strip_metadata(data: bytes, suffix: str) -> bytes:
    """The picture without its metadata; ``data`` itself where there are none, or where the format is none of PNG, JPEG,
    GIF and WebP. ``suffix`` is that of ``read_picture``. Raises ``Damaged``."""
    walk = _WALKS.get(suffix)
    if walk is None:
        return data
    try:
        kept = b"".join(walk(data))
    except (StructError, IndexError) as error:
        raise Damaged("the file is cut off") from error
    if suffix == ".webp":
        kept = b"RIFF" + len(kept).to_bytes(4, "little") + kept
    return data if kept == data else kept


def _walk_png(data: bytes) -> Iterator[bytes]:
    position = len(_PNG_SIGNATURE)
    yield data[:position]
    kind = b""
    while kind != b"IEND":
        (length,) = unpack_from(">I", data, position)
        end = position + 12 + length
        kind = data[position + 4 : position + 8]
        (written,) = unpack_from(">I", data, end - 4)
        if crc32(data[position + 4 : end - 4]) != written:
            raise Damaged("a part of the file is damaged")
        if kind not in _PNG_DROPPED:
            yield data[position:end]
        position = end


def _walk_jpeg(data: bytes) -> Iterator[bytes]:
    yield data[:2]
    position = 2
    while True:
        marker, length = unpack_from(">HH", data, position)
        if marker == 0xFFFF:  # fill bytes
            position += 1
            continue
        end = position + 2 + length
        if not 0xFFC0 <= marker <= 0xFFFE or length < 2 or end > len(data):
            raise Damaged("the file is cut off")
        if _is_kept(marker, data[position + 4 : position + 16]):
            yield data[position:end]
        position = end
        if marker != 0xFFDA:
            continue
        found = _JPEG_MARKER.search(data, position)
        if found is None:
            raise Damaged("the file is cut off")
        yield data[position : found.start()]
        position = found.start()
        if found[0] == b"\xff\xd9":
            yield found[0]
            return


def _is_kept(marker: int, begins: bytes) -> bool:
    if marker == 0xFFE2:
        return begins.startswith(b"ICC_PROFILE\0")
    # JFIF and Adobe's say how colours are stored.
    return marker in (0xFFE0, 0xFFEE) if 0xFFE0 <= marker <= 0xFFEF else marker != 0xFFFE


def _walk_gif(data: bytes) -> Iterator[bytes]:
    position = 13 + _colour_table(data[10])
    yield data[:position]
    while True:
        start, kind = position, data[position]
        if kind == 0x3B:
            yield b"\x3b"
            return
        if kind == 0x21:
            position = _skip_blocks(data, position + 2)
            application = data[start + 3 : start + 14]
            if data[start + 1] in (0xF9, 0x01) or (data[start + 1] == 0xFF and application in _GIF_KEPT):
                yield data[start:position]
        elif kind == 0x2C:
            position = _skip_blocks(data, position + 11 + _colour_table(data[position + 9]))
            yield data[start:position]
        else:
            raise Damaged("a part of the file is damaged")


def _colour_table(flags: int) -> int:
    """Its length in bytes."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _skip_blocks(data: bytes, position: int) -> int:
    while length := data[position]:
        position += length + 1
    return position + 1


def _walk_webp(data: bytes) -> Iterator[bytes]:
    yield b"WEBP"
    (length,) = unpack_from("<I", data, 4)
    if length + 8 > len(data):
        raise Damaged("the file is cut off")
    position = 12
    while position < length + 8:
        kind, (size,) = data[position : position + 4], unpack_from("<I", data, position + 4)
        end = position + 8 + size + (size & 1)
        if position + 8 + size > length + 8:
            raise Damaged("the file is cut off")
        if kind == b"VP8X":
            yield data[position : position + 8] + bytes([data[position + 8] & ~_WEBP_FLAGS]) + data[position + 9 : end]
        elif kind not in _WEBP_DROPPED:
            yield data[position:end]
        position = end


_WALKS = {".png": _walk_png, ".jpg": _walk_jpeg, ".gif": _walk_gif, ".webp": _walk_webp}
