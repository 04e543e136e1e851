"""Sound, films, embedded players and downloads: the media of an article that are no pictures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from .errors import FileRefused
from .fragment import Asset
from .html import Safe, escape, join, safe_url, tag
from .media import MediaContext, find_image, read_length, read_target
from .notices import NoticeCode

_REMOTE = re.compile(r"https?://", re.IGNORECASE)
_YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{6,20}")
_VIMEO_ID = re.compile(r"[0-9]{5,12}")
_IS_PLAYER = re.compile(r"https?://(?:www\.youtube(?:-nocookie)?\.com/embed/|player\.vimeo\.com/)", re.IGNORECASE)
_SECONDS = re.compile(r"(?:(\d{1,3})h)?(?:(\d{1,4})m)?(?:(\d{1,6})s?)?")
# Extensions under which a copied file may lie on the site: a browser that opens one runs nothing of it.
_INERT_NAMES = """
7z avi avif bib bz2 c cpp csv docx feather flac fits geojson gif gz h h5 hdf5 ics ipynb java jl jpeg jpg json jsonl
log m4a m4v md mov mp3 mp4 nc npy npz odp ods odt ogg onnx parquet pdf pkl png pptx py r rb rds rs rtf sql sqlite
tar tex tgz tif tiff toml ts tsv txt wav webm webp whl xls xlsx xz yaml yml zip zst
"""
_INERT = frozenset(_INERT_NAMES.split())


@dataclass(frozen=True, slots=True)
class Medium:
    """A film, a sound or a file as its author asked for it."""

    target: str
    text: str = ""
    """The label: what a link says, what a player is called."""
    caption: Safe | None = None
    poster: str = ""
    width: str = ""
    line: int | None = None


def render_video(medium: Medium, context: MediaContext) -> Safe:
    """A player of the browser's own; an address that a player of ours knows becomes its card."""
    if find_player(medium.target):
        return render_embed(medium, context)
    url = _find_source(medium, context, (".mp4", ".webm", ".ogg"))
    if url is None:
        return _placeholder(medium)
    poster = find_image(medium.poster, context, medium.line) if medium.poster else None
    width = read_length(medium.width)
    player = tag(
        "video",
        tag("a", escape(medium.text or "Video"), href=url),
        class_="nb-video",
        src=url,
        controls=True,
        preload="none",
        playsinline=True,
        poster=poster.url if poster else None,
        width=poster.width if poster else None,
        height=poster.height if poster else None,
        style=f"width:{width}" if width else None,
        aria_label=medium.text or None,
    )
    return _captioned(player, medium)


def render_audio(medium: Medium, context: MediaContext) -> Safe:
    """A player of the browser's own."""
    url = _find_source(medium, context, (".mp3", ".wav", ".ogg", ".flac", ".m4a", ".aac", ".mp4", ".webm"))
    if url is None:
        return _placeholder(medium)
    link = tag("a", escape(medium.text or "Sound"), href=url)
    player = tag(
        "audio", link, class_="nb-audio", src=url, controls=True, preload="none", aria_label=medium.text or None
    )
    return _captioned(player, medium)


def render_embed(medium: Medium, context: MediaContext) -> Safe:
    """A card that asks nothing of the third party before a click: a link, and the player's address for the script."""
    url = safe_url(medium.target) if _REMOTE.match(medium.target) else None
    if url is None:
        context.collector.notice(NoticeCode.LINK_REFUSED, medium.target[:200], line=medium.line)
        return _placeholder(medium)
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    player = find_player(url)
    words = medium.text or (f"Watch on {host}" if player else url.split("//", 1)[1].rstrip("/"))
    page = find_film_page(player) if player and _IS_PLAYER.match(url) else url
    link = tag("a", escape(words), href=page, rel="noopener noreferrer")
    return _captioned(tag("div", link, class_="nb-embed", data_src=player), medium)


def find_player(url: str) -> str | None:
    """The address of the player for a film on YouTube (without cookies) or Vimeo (without tracking)."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return None
    path = [step for step in parts.path.split("/") if step]
    query = parse_qs(parts.query[:500])
    if host in ("youtube.com", "youtube-nocookie.com", "youtu.be", "music.youtube.com") and parts.scheme in (
        "http",
        "https",
    ):
        video = _youtube_id(host, path, query)
        start = _read_start(query.get("t", query.get("start", [""]))[0])
        return f"https://www.youtube-nocookie.com/embed/{video}{f'?start={start}' if start else ''}" if video else None
    if host in ("vimeo.com", "player.vimeo.com") and path and _VIMEO_ID.fullmatch(path[-1]):
        return f"https://player.vimeo.com/video/{path[-1]}?dnt=1"
    return None


def find_film_page(player: str) -> str:
    """The film's own page, for the address of its player: opened by itself, that has no title and no way back."""
    film = urlsplit(player).path.rsplit("/", 1)[-1]
    return f"https://www.youtube.com/watch?v={film}" if "youtube" in player else f"https://vimeo.com/{film}"


def _youtube_id(host: str, path: list[str], query: dict[str, list[str]]) -> str | None:
    if host == "youtu.be":
        found = path[0] if path else ""
    elif path[:1] == ["watch"]:
        found = query.get("v", [""])[0]
    else:
        found = path[1] if len(path) > 1 and path[0] in ("embed", "shorts", "live", "v") else ""
    return found if _YOUTUBE_ID.fullmatch(found) else None


def _read_start(written: str) -> int:
    match = _SECONDS.fullmatch(written)
    hours, minutes, seconds = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    return hours * 3600 + minutes * 60 + seconds


def render_file(medium: Medium, context: MediaContext) -> Safe:
    """A link to a copy of a file beside the notebook, with its size; a remote file is a plain link."""
    if _REMOTE.match(medium.target):
        url = safe_url(medium.target)
        words = medium.text or medium.target
        return tag("a", escape(words), class_="nb-file", href=url, rel="noopener noreferrer") if url else escape(words)
    try:
        data = read_target(medium.target, context.collector)
    except FileRefused as refusal:
        context.collector.notice(NoticeCode.FILE_REFUSED, str(refusal)[:300], line=medium.line)
        return _placeholder(medium)
    name = _file_name(medium.target)
    # Under another extension the browser shows it as text; saved, it has its own name again.
    suffix = _inert_suffix(name) or ".txt"
    size = tag("span", escape(_written_size(len(data))), class_="nb-size")
    return tag(
        "a",
        join([escape(medium.text or name), escape(" "), size]),
        class_="nb-file",
        href=context.collector.add_asset(Asset("file", suffix, data)),
        download=name,
    )


def keep_linked(target: str, context: MediaContext) -> dict[str, str]:
    """The attributes of a Markdown link to a file beside the notebook, which is copied along; empty if there is none,
    or if a browser could run it: only ``[[file:…]]`` says that it is to be offered."""
    name = unquote(_file_name(target))
    suffix = _inert_suffix(name)
    if suffix is None:
        return {}
    try:
        data = read_target(target, context.collector)
    except FileRefused:
        return {}
    return {"href": context.collector.add_asset(Asset("file", suffix, data)), "download": name}


def _file_name(target: str) -> str:
    return target.replace("\\", "/").rsplit("/", 1)[-1]


def _inert_suffix(name: str) -> str | None:
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    return f".{extension}" if extension in _INERT else None


def _written_size(size: int) -> str:
    if size < 1000:
        return f"{size} B"
    for unit in ("KB", "MB"):
        size_in_unit = size / (1000 if unit == "KB" else 1_000_000)
        if size_in_unit < 999.5:
            return f"{size_in_unit:.1f} {unit}" if size_in_unit < 9.95 else f"{size_in_unit:.0f} {unit}"
    return f"{size / 1_000_000_000:.1f} GB"


def _find_source(medium: Medium, context: MediaContext, kinds: tuple[str, ...]) -> str | None:
    if _REMOTE.match(medium.target):
        return safe_url(medium.target)
    try:
        data = read_target(medium.target, context.collector)
    except FileRefused as refusal:
        context.collector.notice(NoticeCode.MEDIA_REFUSED, str(refusal)[:300], line=medium.line)
        return None
    suffix = find_media_type(data)
    if suffix not in kinds:
        detail = f"{medium.target[:200]}: not a format that browsers play"
        context.collector.notice(NoticeCode.MEDIA_REFUSED, detail, line=medium.line)
        return None
    return context.collector.add_asset(Asset("media", suffix, data))


def find_media_type(data: bytes) -> str:
    """The extension for a film or a sound by its signature; empty if it is neither."""
    if data[4:8] == b"ftyp":
        return ".m4a" if data[8:11] == b"M4A" else ".mp4"
    if data[:4] == b"RIFF":
        return ".wav" if data[8:12] == b"WAVE" else ""
    for signature, suffix in _SIGNATURES:
        if data.startswith(signature):
            return suffix
    if len(data) > 1 and data[0] == 0xFF and data[1] & 0xE0 == 0xE0:
        return ".aac" if data[1] & 0x06 == 0 else ".mp3"
    return ""


_SIGNATURES = ((b"\x1aE\xdf\xa3", ".webm"), (b"OggS", ".ogg"), (b"ID3", ".mp3"), (b"fLaC", ".flac"))


def _captioned(player: Safe, medium: Medium) -> Safe:
    if not medium.caption:
        return player
    return tag("figure", join([player, tag("figcaption", medium.caption)]), class_="nb-figure")


def _placeholder(medium: Medium) -> Safe:
    return tag("span", escape(medium.text or f"Not available: {medium.target[:100]}"), class_="nb-missing")
