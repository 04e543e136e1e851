"""A piece of an article, and what it leaves behind: the files it needs and the notices it gave.

A ``Collector`` is handed down while one cell is rendered; ``Fragment`` is the frozen result, which a host may keep
by the hash of the cell. Neither knows where files end up: ``asset_url`` and ``read_file`` are the host's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from hashlib import sha256

from .html import Safe
from .notices import Notice, NoticeCode, Place
from .post import OUTPUT_BYTES


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that goes beside the page."""

    stem: str
    """A readable start of the name (letters, digits, dashes), for people; it never comes from a path."""
    suffix: str
    """The extension with its dot, from the sniffed type."""
    data: bytes
    """The file's bytes."""
    name: str = field(init=False)
    """``stem.HASH.suffix``: the same bytes always have the same name, other bytes never do."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", f"{self.stem}.{sha256(self.data).hexdigest()[:12]}{self.suffix}")


@dataclass(frozen=True, slots=True)
class Rendition:
    """A picture as a host publishes it; a host that changes nothing makes one of the asset alone."""

    asset: Asset
    """The picture at full size."""
    smaller: tuple[tuple[Asset, int], ...] = ()
    """The same in fewer bytes, each with its width in pixels, narrow ones first, for browsers to choose from."""


PreparePicture = Callable[[Asset], Rendition]
"""Makes a picture fit for publishing. Raises ``FileRefused`` for one that must not be, or that is damaged."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """The rendered form of one cell, or of several joined."""

    html: Safe
    assets: tuple[Asset, ...] = ()
    libraries: frozenset[str] = frozenset()
    """The vendored renderers that the fragment needs in the page: ``katex``, ``plotly``, ``vega``, ``mermaid``."""
    notices: tuple[Notice, ...] = ()


class Collector:
    """Gathers what the rendering of one cell needs besides its HTML."""

    def __init__(
        self,
        *,
        asset_url: Callable[[Asset], str],
        read_file: Callable[[str], bytes],
        place: Place = Place(),
        output_bytes: int = OUTPUT_BYTES,
        prepare_picture: PreparePicture = Rendition,
    ) -> None:
        """``read_file(target)`` gives the bytes of a file beside the notebook or raises ``FileRefused``."""
        self._asset_url = asset_url
        self.read_file = read_file
        self.output_bytes = output_bytes
        self.prepare_picture = prepare_picture
        self._place = place
        self._assets: dict[str, Asset] = {}
        self._libraries: set[str] = set()
        self._notices: list[Notice] = []

    def add_asset(self, asset: Asset) -> str:
        """Keep the file for the page and return the URL by which the page will find it."""
        self._assets[asset.name] = asset
        return self._asset_url(asset)

    def require(self, library: str) -> None:
        """Say that the page needs a vendored renderer."""
        self._libraries.add(library)

    def notice(self, kind: NoticeCode, detail: str, *, line: int | None = None) -> None:
        """Report a finding at the cell being rendered; ``line`` counts from 1 within the cell."""
        self._notices.append(Notice(kind, detail, replace(self._place, line=line)))

    def finish(self, html: Safe) -> Fragment:
        """The fragment for ``html``, with all that was gathered on the way."""
        return Fragment(html, tuple(self._assets.values()), frozenset(self._libraries), tuple(self._notices))
