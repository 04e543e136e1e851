"""Pictures made fit for publishing: upright, without metadata, and large ones in several sizes.

What is published of a picture is the same bytes each time. Only a picture that a browser has to wait for is decoded;
of all others the metadata are cut out of the file, so that most posts do without Pillow.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any

from .core.errors import FileRefused
from .core.fragment import Asset, Rendition
from .core.pictures import LARGEST_AREA, LARGEST_FILE, read_picture
from .core.stripping import Damaged, strip_metadata
from .kept import Kept

if TYPE_CHECKING:
    from PIL.Image import Image

WIDTHS = (480, 800, 1280, 1920)
"""Of the smaller forms, in pixels: phones, the column of text, that column and the wide one on sharp screens."""
LIGHT = 48 << 10
"""Bytes. A picture that has no more is published as it is: what smaller forms would save is less than their place."""
SAVED = 0.9
"""A smaller form has at most this part of the bytes of the next larger one, or it is not worth its place."""
RECIPE = "1"
"""Changes whenever the same picture would come out differently, so that nothing kept from before is used."""
_FORMATS = {".png": "PNG", ".jpg": "JPEG", ".gif": "GIF", ".webp": "WEBP", ".avif": "AVIF"}
_PHOTO_QUALITY, _SCREEN_QUALITY, _TURNED_QUALITY = 80, 88, 92
_FEW_COLOURS = 256
_UPRIGHT = 1
_ORIENTATION = 274


@dataclass(frozen=True, slots=True)
class Variant:
    """A picture in another size."""

    suffix: str
    width: int
    height: int
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is published."""

    suffix: str
    width: int | None
    height: int | None
    """As shown, in pixels; ``None`` for a drawing."""
    data: bytes
    """At full size, in its own format, without metadata."""
    variants: tuple[Variant, ...] = ()
    """Narrow ones first; none for small, animated or drawn pictures."""


def prepare_picture(data: bytes, name: str) -> Picture:
    """The picture upright and without metadata, with its smaller forms. ``name`` is for messages.

    Raises ``FileRefused`` for what is no picture, is larger than a browser should be given, or is damaged."""
    found = read_picture(data)
    if found is None:
        raise FileRefused(name, "not a picture that browsers show")
    if found.suffix == ".svg":  # the gate has read it
        return Picture(".svg", found.width, found.height, data)
    if len(data) > LARGEST_FILE or found.is_large:
        size = f"{found.width}×{found.height} pixels, {len(data) / (1 << 20):.0f} MiB"
        raise FileRefused(name, f"{size}: larger than {LARGEST_FILE >> 20} MiB or {LARGEST_AREA // 10**6} megapixels")
    try:
        stripped = strip_metadata(data, found.suffix)
    except Damaged as error:
        raise FileRefused(name, f"{error}; save the picture again") from error
    if stripped is data and len(data) <= LIGHT and found.suffix != ".avif":
        return Picture(found.suffix, found.width, found.height, data)
    return _prepare_decoded(data, stripped, found.suffix, name)


def picture_preparer(kept: Kept) -> Callable[[Asset], Rendition]:
    """What ``Surroundings.prepare_picture`` is for a site. Each picture is worked on once: its result is kept."""

    def prepare(asset: Asset) -> Rendition:
        key = f"{RECIPE} {asset.suffix} {sha256(asset.data).hexdigest()}"
        picture = _unpack(kept.get(key))
        if picture is None:
            picture = prepare_picture(asset.data, asset.name)
            if len(asset.data) > LIGHT or picture.data is not asset.data:
                kept.put(key, _pack(picture))
        whole = asset if picture.data == asset.data else Asset(asset.stem, picture.suffix, picture.data)
        return Rendition(
            whole, tuple((Asset(asset.stem, small.suffix, small.data), small.width) for small in picture.variants)
        )

    return prepare


# --- With Pillow ------------------------------------------------------------------------------------------------------


def _prepare_decoded(data: bytes, stripped: bytes, suffix: str, name: str) -> Picture:
    from PIL import Image, ImageOps

    try:
        with Image.open(BytesIO(data), formats=[_FORMATS[suffix]]) as image:
            if image.width * image.height > LARGEST_AREA:
                raise FileRefused(name, f"{image.width}×{image.height} pixels: more than we decode")
            turned = image.getexif().get(_ORIENTATION, _UPRIGHT) != _UPRIGHT
            if getattr(image, "is_animated", False):
                return Picture(suffix, image.width, image.height, stripped)
            if not turned and len(stripped) <= LIGHT and suffix != ".avif":
                return Picture(suffix, image.width, image.height, stripped)
            upright = ImageOps.exif_transpose(image)
            again = turned or (suffix == ".avif" and bool(image.info.keys() & {"exif", "xmp"}))
            whole = _encode_again(upright, suffix) if again else stripped
            return Picture(suffix, upright.width, upright.height, whole, tuple(_scale(upright, suffix, len(whole))))
    except FileRefused:
        raise
    except Exception as error:
        # Whatever a decoder stumbles over (OSError, SyntaxError, struct.error…) says the same of the file.
        raise FileRefused(name, "the picture is damaged or cut off; save it again") from error


def _encode_again(image: Image, suffix: str) -> bytes:
    """The picture in its own format, with its colour profile and no other metadata."""
    options: dict[str, Any] = {"icc_profile": image.info.get("icc_profile"), "exif": b"", "xmp": b""}
    if suffix in (".jpg", ".webp", ".avif"):
        options["quality"] = _TURNED_QUALITY
    if suffix == ".jpg":
        options |= {"optimize": True, "subsampling": 0}
    return _save(image, _FORMATS[suffix], options)


def _scale(image: Image, suffix: str, whole: int) -> Iterator[Variant]:
    """The smaller forms, narrow ones first. ``whole`` is the number of bytes that the picture itself has."""
    if whole <= LIGHT or image.mode not in ("1", "L", "LA", "P", "PA", "RGB", "RGBA"):
        return
    few = image.mode in ("1", "P") or (suffix == ".png" and image.getcolors(_FEW_COLOURS) is not None)
    see_through = image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info
    full = image.convert("RGBA" if see_through else "RGB")
    # A profile of greys would be wrong in a picture of colours, as WebP always is.
    profile = image.info.get("icc_profile") if image.mode[0] in "RP" else None
    options: dict[str, Any] = {"method": 4, "icc_profile": profile, "exif": b"", "xmp": b""}
    if few:
        options["lossless"] = True
    else:
        options["quality"] = _PHOTO_QUALITY if suffix == ".jpg" else _SCREEN_QUALITY
    made: list[Variant] = []
    limit = whole * SAVED
    for width in sorted({*(width for width in WIDTHS if width < image.width), min(image.width, WIDTHS[-1])})[::-1]:
        variant = _shrink(full, width, options)
        if len(variant.data) <= limit:
            made.append(variant)
            limit = len(variant.data) * SAVED
    yield from reversed(made)


def _shrink(image: Image, width: int, options: dict[str, Any]) -> Variant:
    from PIL.Image import Resampling

    height = max(1, round(image.height * width / image.width))
    small = image if width == image.width else image.resize((width, height), Resampling.LANCZOS, reducing_gap=2.0)
    return Variant(".webp", width, height, "image/webp", _save(small, "WEBP", options))


def _save(image: Image, kind: str, options: dict[str, Any]) -> bytes:
    written = BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


# --- Kept -------------------------------------------------------------------------------------------------------------


def _pack(picture: Picture) -> bytes:
    """All of it in one piece: the length of a head in JSON, the head, then the files one after another."""
    files = [(picture.suffix, picture.width, picture.height, len(picture.data))]
    files += [(small.suffix, small.width, small.height, len(small.data)) for small in picture.variants]
    head = json.dumps(files).encode()
    return b"".join([struct.pack(">I", len(head)), head, picture.data, *(small.data for small in picture.variants)])


def _unpack(packed: bytes | None) -> Picture | None:
    if packed is None:
        return None
    (length,) = struct.unpack_from(">I", packed)
    position = 4 + length
    parts = []
    for suffix, width, height, size in json.loads(packed[4:position]):
        parts.append((suffix, width, height, packed[position : position + size]))
        position += size
    whole, *smaller = parts
    return Picture(*whole, tuple(Variant(*small[:3], "image/webp", small[3]) for small in smaller))
