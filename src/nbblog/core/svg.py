"""SVG made safe to be kept as a file: opened by itself, it runs nothing and loads nothing.

The text is read by a strict XML parser and written anew from an allowlist, so nothing unknown can come through.
A page shows the result through ``<img>`` only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.parsers.expat import XMLParserType

LONGEST = 8 << 20
"""Bytes. A longer drawing is refused."""

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
_DEEPEST = 200

# SVG 2, without scripts, foreign content, animation, links and what loads other documents.
_ELEMENTS_NAMES = """
svg g defs symbol use marker path rect circle ellipse line polyline polygon text tspan textPath title desc clipPath
mask pattern linearGradient radialGradient stop filter image switch style feBlend feColorMatrix feComponentTransfer
feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB
feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting feSpotLight
feTile feTurbulence
"""
_ELEMENTS = frozenset(_ELEMENTS_NAMES.split())
# A link's drawing stays, its way out goes.
_UNWRAPPED = frozenset({"a"})
_ATTRIBUTES_NAMES = """
id class style transform d x y x1 y1 x2 y2 cx cy r rx ry dx dy fx fy fr width height viewBox points offset version
preserveAspectRatio pathLength rotate textLength lengthAdjust startOffset method spacing side role aria-label
aria-hidden gradientUnits gradientTransform spreadMethod patternUnits patternContentUnits patternTransform
clipPathUnits maskUnits maskContentUnits filterUnits primitiveUnits markerUnits markerWidth markerHeight refX refY
orient in in2 result mode type values tableValues slope intercept amplitude exponent operator k1 k2 k3 k4 order
kernelMatrix divisor bias targetX targetY edgeMode preserveAlpha surfaceScale diffuseConstant specularConstant
specularExponent kernelUnitLength scale xChannelSelector yChannelSelector azimuth elevation stdDeviation radius
pointsAtX pointsAtY pointsAtZ limitingConeAngle z baseFrequency numOctaves seed stitchTiles systemLanguage
alignment-baseline baseline-shift clip clip-path clip-rule color color-interpolation color-interpolation-filters
color-rendering cursor direction display dominant-baseline fill fill-opacity fill-rule filter flood-color
flood-opacity font-family font-size font-size-adjust font-stretch font-style font-variant font-weight
glyph-orientation-vertical image-rendering letter-spacing lighting-color marker marker-end marker-mid marker-start
mask mix-blend-mode opacity overflow paint-order pointer-events shape-rendering stop-color stop-opacity stroke
stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width
text-anchor text-decoration text-rendering text-transform unicode-bidi vector-effect visibility white-space
word-spacing writing-mode media
"""
_ATTRIBUTES = frozenset(_ATTRIBUTES_NAMES.split())
_PICTURE = re.compile(r"data:image/(?:png|jpeg|jpg|gif|webp);base64,[A-Za-z0-9+/=\s]+")
_LOCAL = re.compile(r"#[^\s\"'()<>]{1,200}")
_URL = re.compile(r"url\s*\(\s*([\"']?)([^)]*?)\1\s*\)", re.IGNORECASE)
_ACTIVE = re.compile(
    r"@import|@charset|@namespace|expression|javascript|vbscript|image-set|src\s*\(|\\|<", re.IGNORECASE
)
_LENGTH = re.compile(r"\s*(\d*\.?\d+(?:e[+-]?\d+)?)\s*(px|pt|pc|mm|cm|in|q)?\s*", re.IGNORECASE)
# CSS Values 4, section 6.2: absolute lengths in pixels.
_PIXELS = {"": 1.0, "px": 1.0, "pt": 96 / 72, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0, "q": 96 / 101.6}


class SvgError(ValueError):
    """The text is no SVG that can be shown; the message says why."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A safe SVG file and its size in CSS pixels, where it has one."""

    data: bytes
    width: int | None = None
    height: int | None = None


def sanitise_svg(source: bytes | str) -> Drawing:
    """``source`` with nothing left that acts or loads. Raises ``SvgError`` for what is not well-formed XML with an
    ``svg`` root, declares entities, or is too long or too deep."""
    from xml.parsers.expat import ExpatError

    data = source.encode("utf-8", "replace") if isinstance(source, str) else source
    if len(data) > LONGEST:
        raise SvgError(f"longer than {LONGEST >> 20} MiB")
    writer = _Writer()
    parser = _build_parser(writer, declared_text=isinstance(source, str))
    try:
        parser.Parse(data.lstrip(b" \t\r\n\xef\xbb\xbf") if data[:1] in b" \t\r\n\xef" else data, True)
    except ExpatError as error:
        raise SvgError(f"not well-formed: {error}") from None
    except (ValueError, LookupError) as error:
        raise SvgError(str(error)) from None
    if not writer.parts:
        raise SvgError("nothing in it can be shown")
    return Drawing("".join(writer.parts).encode(), *writer.size)


def _build_parser(writer: _Writer, *, declared_text: bool) -> XMLParserType:
    from xml.parsers.expat import ParserCreate

    parser = ParserCreate("utf-8" if declared_text else None, " ")
    parser.buffer_text = True
    parser.StartElementHandler = writer.start
    parser.EndElementHandler = writer.end
    parser.CharacterDataHandler = writer.text
    parser.EntityDeclHandler = _refuse_entity
    return parser


def _refuse_entity(*_: object) -> None:
    raise SvgError("it declares entities")


class _Writer:
    """Writes the allowed part of what the parser reports."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.size: tuple[int | None, int | None] = (None, None)
        self._depth = 0
        self._dropped = 0
        self._style: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise SvgError("nested too deeply")
        local = _local_name(name)
        if self._depth == 1:
            if local != "svg":
                raise SvgError("its root is not <svg>")
            self.size = _read_size(attributes)
        if self._dropped or (local not in _ELEMENTS and local not in _UNWRAPPED):
            self._dropped += 1
        elif local == "style":
            self._style = []
        elif local not in _UNWRAPPED:
            namespaces = f' xmlns="{_SVG}" xmlns:xlink="{_XLINK}"' if self._depth == 1 else ""
            written = "".join(_written(local, key, value) for key, value in attributes.items())
            self.parts.append(f"<{local}{namespaces}{written}>")

    def end(self, name: str) -> None:
        self._depth -= 1
        local = _local_name(name)
        if self._dropped:
            self._dropped -= 1
        elif self._style is not None:
            css = "".join(self._style)
            self._style = None
            if _is_harmless(css):
                self.parts.append(f"<style>{_escape(css)}</style>")
        elif local not in _UNWRAPPED:
            self.parts.append(f"</{local}>")

    def text(self, text: str) -> None:
        if self._style is not None:
            self._style.append(text)
        elif not self._dropped:
            self.parts.append(_escape(text))


def _local_name(name: str) -> str:
    """The name of an SVG element; one of another namespace has none that is allowed."""
    space, _, local = name.rpartition(" ")
    return local if space in ("", _SVG) else "-"


def _written(element: str, key: str, value: str) -> str:
    space, _, name = key.rpartition(" ")
    if name == "href" and space in ("", _XLINK):
        picture = element == "image" and _PICTURE.fullmatch(value.strip())
        return f" xlink:href={_quote(value.strip())}" if picture or _LOCAL.fullmatch(value.strip()) else ""
    if space == _XML and name in ("space", "lang"):
        return f" xml:{name}={_quote(value)}"
    if space or name not in _ATTRIBUTES or not _is_harmless(value):
        return ""
    return f" {name}={_quote(value)}"


def _is_harmless(css: str) -> bool:
    """Whether a value or style sheet refers to nothing outside the drawing."""
    if _ACTIVE.search(css):
        return False
    lowered = css.lower()
    targets = [match[2].strip() for match in _URL.finditer(css)]
    return lowered.count("url") <= len(targets) and all(_LOCAL.fullmatch(target) for target in targets)


def _read_size(attributes: dict[str, str]) -> tuple[int | None, int | None]:
    """Width and height in pixels from the root's attributes, or from its ``viewBox``."""
    width, height = _read_length(attributes.get("width", "")), _read_length(attributes.get("height", ""))
    box = re.split(r"[\s,]+", attributes.get("viewBox", "").strip())
    if len(box) == 4:
        across, down = _read_length(box[2]), _read_length(box[3])
        if across and down:
            width, height = (
                width or (height * across / down if height else across),
                height or (width * down / across if width else down),
            )
    return (round(width) or 1, round(height) or 1) if width and height else (None, None)


def _read_length(written: str) -> float | None:
    match = _LENGTH.fullmatch(written)
    length = float(match[1]) * _PIXELS[(match[2] or "").lower()] if match else 0.0
    return length if 0 < length < 100_000 else None


def _escape(text: str) -> str:
    # Not xml.sax.saxutils: importing it brings in urllib.request, and with it sockets.
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _quote(value: str) -> str:
    escaped = _escape(value).replace('"', "&quot;").replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;")
    return f'"{escaped}"'
