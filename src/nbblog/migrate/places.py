"""Where another blog keeps its posts and its files, and at which addresses it shows its posts."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..core.dates import read_date
from ..core.fields import Unusable, read_texts
from ..core.text import build_slug
from .heads import ImportRefused

_MARKS: Mapping[str, str] = {
    "_config.yml": "jekyll", "hugo.toml": "hugo", "hugo.yaml": "hugo", "hugo.json": "hugo", "config.toml": "hugo",
    "config.yaml": "hugo", "_quarto.yml": "quarto", "myst.yml": "myst", "pelicanconf.py": "pelican",
    "conf.py": "nikola", "settings.ini": "nbdev",
}  # fmt: skip
SUFFIXES = frozenset({".ipynb", ".markdown", ".md", ".qmd", ".rmd", ".txt"})
_NO_POSTS = frozenset({"_site", "node_modules", "output", "public", "resources", "static", "themes", "vendor"})
_FILES = ("", "static", "files", "content", "assets")
_DATED = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})-(.+)\Z")
_BUNDLES = frozenset({"index", "_index", "readme"})
_STYLES: Mapping[str, str] = {
    "date": "/:categories/:year/:month/:day/:title.html", "pretty": "/:categories/:year/:month/:day/:title/",
    "none": "/:categories/:title.html", "ordinal": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Home:
    """The blog that a file comes from, as far as one can tell."""

    root: Path
    tool: str = ""
    """``jekyll``, ``hugo``, ``quarto``, ``myst``, ``pelican``, ``nikola``, ``nbdev``; empty if none left its mark."""
    permalink: str = ""
    """Jekyll's pattern for the addresses of posts."""
    posts: frozenset[Path] = field(default_factory=frozenset)
    """The posts that are imported together: links among them are links to posts."""

    def files(self, source: Path, target: str) -> Iterator[Path]:
        """Where a file may stand that the post ``source`` names so, the likeliest first."""
        if target.startswith("/"):
            yield from (self.root / folder / target.lstrip("/") for folder in _FILES)
        else:
            yield source.parent / target
            if self.tool in ("jekyll", "pelican", "nikola"):
                yield from (self.root / folder / target for folder in _FILES)


def find_home(path: Path, given: Path | None = None) -> Home:
    """The blog around a file; without any mark of a tool it is the folder that was ``given``, or the file's own."""
    start = path if path.is_dir() else path.parent
    for folder in (start, *start.parents):
        for mark, tool in _MARKS.items():
            if (folder / mark).is_file():
                return Home(folder, tool, _permalink(folder / mark) if tool == "jekyll" else "")
        if (folder / ".git").exists():
            break
    if "_posts" in start.parts:
        root = Path(*start.parts[: start.parts.index("_posts")])
        return Home(root, "jekyll", _STYLES["date"])
    return Home(given or start)


def _permalink(config: Path) -> str:
    match = re.search(r"^permalink[ \t]*:[ \t]*[\"']?([^\"'#\n]+)", config.read_text("utf-8", "replace"), re.MULTILINE)
    written = match[1].strip() if match else "date"
    return _STYLES.get(written, written if written.startswith("/") else "")


def find_posts(folder: Path) -> Iterator[Path]:
    """The files below a folder that may be posts, in order; not those of the tool that made a site of them."""
    home = find_home(folder)
    only = {"_posts", "_notebooks", "_drafts"} if home.tool == "jekyll" and folder == home.root else set()
    for here, below, names in os.walk(folder):
        below[:] = sorted(name for name in below if _may_hold_posts(name))
        place = Path(here)
        if only and not only & set(place.relative_to(folder).parts):
            continue
        for name in sorted(names):
            path = place / name
            stem, suffix = path.stem.lower(), path.suffix.lower()
            if name[0] in "._" or path.is_symlink() or suffix not in SUFFIXES or suffix == ".txt":
                continue
            if stem in _BUNDLES and (place == folder or place == home.root):
                continue
            yield path


def _may_hold_posts(name: str) -> bool:
    return name not in _NO_POSTS and name[0] != "." and (name[0] != "_" or name in ("_posts", "_notebooks", "_drafts"))


def read_text(path: Path) -> str:
    """A text file with lines ended as in Python. Raises ``ImportRefused``."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ImportRefused("it is not text in UTF-8") from None
    except OSError as error:
        raise ImportRefused(error.strerror or str(error)) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def post_stem(path: Path) -> str:
    """The post's name: its file's without suffix, its folder's where the file is an index (Hugo's bundles)."""
    stem = path.stem.removesuffix(".en")
    return path.parent.name if stem.lower() in _BUNDLES and path.parent.name else stem


def name_post(path: Path, fields: Mapping[str, Any]) -> tuple[str, str]:
    """The date (``YYYY-MM-DD``, or empty) and the slug of a post for its notebook's name."""
    stem = post_stem(path)
    dated = _DATED.match(stem)
    slug = build_slug(str(fields.get("slug") or (dated[4] if dated else stem)))
    found = read_date(str(fields.get("date") or ""), None) if fields.get("date") else None
    if found:
        return found.date.isoformat(), slug
    return (f"{int(dated[1]):04}-{int(dated[2]):02}-{int(dated[3]):02}" if dated else ""), slug


def old_addresses(home: Home, path: Path, fields: Mapping[str, Any]) -> list[str]:
    """Where the other blog shows the post, so that links to it are not lost: from its site's root."""
    found: list[str] = []
    for key in ("aliases", "redirect_from", "permalink", "url"):
        value = fields.get(key)
        found += [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]
    found = [address for address in found if ":" not in address]
    if not {"permalink", "url"} & set(fields):
        found += filter(None, [_default_address(home, path, fields)])
    own = f"/posts/{name_post(path, fields)[1]}/"
    return [one for one in dict.fromkeys(f"/{address.lstrip('/')}" for address in found) if one != own]


def _default_address(home: Home, path: Path, fields: Mapping[str, Any]) -> str:
    parts = path.relative_to(home.root).parts if path.is_relative_to(home.root) else ()
    if home.tool == "hugo" and parts[:1] == ("content",):
        folder = parts[1:-1] if path.stem.lower() in _BUNDLES else (*parts[1:-1], str(fields.get("slug") or path.stem))
        return "/".join(folder).lower() + "/" if folder else ""
    if home.tool != "jekyll" or not home.permalink or "_drafts" in parts:
        return ""
    day, _ = name_post(path, fields)
    dated = _DATED.match(post_stem(path))
    year, month, date = day.split("-") if day else ("", "", "")
    try:
        written = fields.get("categories") or fields.get("category") or []
        topics = read_texts(written.split() if isinstance(written, str) else written)
    except Unusable:
        topics = ()
    values = {
        "categories": "/".join(build_slug(topic) for topic in topics), "year": year, "month": month, "day": date,
        "title": str(fields.get("slug") or (dated[4] if dated else post_stem(path))),
        "slug": name_post(path, fields)[1],
    }  # fmt: skip
    address = re.sub(r":(\w+)", lambda match: values.get(match[1], match[0]), home.permalink)
    return "" if ":" in address or not day else re.sub(r"/{2,}", "/", address)
