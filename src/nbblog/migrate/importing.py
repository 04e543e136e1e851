"""Files of another blog become notebooks in the folder of posts, where nothing is written over."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..core.errors import NbblogError
from ..core.saved import join_text
from ..files import load_notebook
from .assets import Mover, lines_with
from .cells import make_notebook, split_body
from .heads import ImportRefused, Written, dump_yaml, merge_topics, read_lines, set_fields, split_head
from .notebooks import notebook_head
from .places import SUFFIXES, Home, find_home, find_posts, name_post, old_addresses, read_text
from .plain import read_plain
from .shortcodes import rewrite


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that its author should look at after an import."""

    line: int | None
    """Of the file that was read, from 1."""
    text: str


@dataclass(slots=True)
class Imported:
    """What became of one file."""

    source: Path
    target: Path | None = None
    """The notebook; ``None`` if the file is not to be a post."""
    state: str = "made"
    """``made``, ``unchanged`` (it is there already), ``passed over`` or ``failed``."""
    reason: str = ""
    remarks: list[Remark] = field(default_factory=list)
    files: int = 0
    """How many files were copied along."""


@dataclass(slots=True)
class _Post:
    notebook: bytes
    name: str
    files: dict[str, bytes]
    remarks: list[Remark]


def import_posts(sources: Iterable[Path], to: Path, *, dry_run: bool = False) -> Iterator[Imported]:
    """Import files and what folders hold, one after the other, into the folder ``to``. With ``dry_run`` nothing is
    written. What cannot become a post is said in its result; raises ``ImportRefused`` only for a source that is not
    there."""
    wanted: dict[Path, tuple[Home, bool]] = {}
    for given in sources:
        path = Path(given).resolve()
        if not path.exists():
            raise ImportRefused(f"{given}: there is no such file or folder")
        for file in find_posts(path) if path.is_dir() else [path]:
            wanted.setdefault(file, (find_home(file, path if path.is_dir() else None), path.is_dir()))
    posts = frozenset(wanted)
    for file, (home, found) in wanted.items():
        done = Imported(file)
        try:
            post = _read(replace(home, posts=posts), file, found)
            if post is None:
                done.state, done.reason = "passed over", "it has no head with a title"
            else:
                _write(post, to, done, dry_run)
        except (NbblogError, OSError) as error:
            done.state = "failed"
            reason = str(error) if isinstance(error, NbblogError) else error.strerror or str(error)
            done.reason = reason.removeprefix(f"{done.source}: ")
        yield done


def _read(home: Home, path: Path, found: bool) -> _Post | None:
    """The post in a file; ``None`` for a file that was found in a folder and has no head."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise ImportRefused(f"posts are read from files that end with {', '.join(sorted(SUFFIXES))}")
    if suffix == ".ipynb":
        return _read_notebook(home, path)
    text = read_text(path)
    written = read_plain(text) if suffix == ".txt" else split_head(text)
    if not written.head and (beside := path.with_suffix(".meta")).is_file():
        head, fields = read_lines(read_text(beside))
        written = replace(written, head=head, fields=fields)
    if found and not written.head:
        return None
    body, left = (written.body, []) if suffix == ".txt" else rewrite(written.body)
    remarks = [Remark(line + written.body_line - 1, f"`{words}` is left as it is") for line, words in left]
    day, slug = name_post(path, written.fields)
    mover = Mover(home, path, slug)
    pieces = [
        piece if piece.kind == "code" else replace(piece, source=mover.rewrite(piece.source))
        for piece in split_body(body)
    ]
    head = _head(home, path, written, mover)
    notebook = make_notebook(head, pieces, written.fields)
    remarks += _missing(mover, text)
    return _Post(_dump(notebook), _name(day, slug), mover.moved.files, remarks)


def _head(home: Home, path: Path, written: Written, mover: Mover) -> str:
    changed = _changes(home, path, written.fields, mover)
    return set_fields(written.head, changed) if changed else written.head


def _changes(home: Home, path: Path, written: Any, mover: Mover) -> dict[str, Any]:
    """The fields that have another value or another name here."""
    fields = dict(written)
    changed: dict[str, Any] = {}
    if merge_topics(fields, by_spaces=home.tool == "jekyll"):
        changed = {key: None for key in written if key not in fields}
        changed["categories"] = fields["categories"]
    addresses = old_addresses(home, path, written)
    if addresses and addresses != written.get("aliases"):
        changed |= {key: None for key in ("redirect_from", "permalink", "url") if key in written}
        changed["aliases"] = addresses
    for key in ("image", "thumbnail", "featured_image", "featuredImage", "preview-image", "cover"):
        value = written.get(key)
        target = value.get("image", value.get("path")) if isinstance(value, dict) else value
        if isinstance(target, str) and target:
            new = mover.picture(target)
            if new != target or key not in ("image", "thumbnail", "preview-image"):
                changed |= {key: None, "image": new}
            break
    if "_drafts" in path.parts and "draft" not in written:
        changed["draft"] = True
    return changed


def _read_notebook(home: Home, path: Path) -> _Post:
    raw = path.read_bytes()
    notebook = load_notebook(path)
    found = notebook_head(notebook, path)
    day, slug = name_post(path, found.fields)
    mover = Mover(home, path, slug)
    remarks: list[Remark] = []
    changed = found.changed
    for number, cell in enumerate(notebook.get("cells") or [], 1):
        if not isinstance(cell, dict) or cell.get("cell_type") != "markdown":
            continue
        source = join_text(cell.get("source")) or ""
        text, left = rewrite(source)
        text = mover.rewrite(text)
        remarks += [Remark(None, f"cell {number}: `{words}` is left as it is") for _, words in left]
        if text != source:
            cell["source"] = text.splitlines(keepends=True)
            changed = True
    fields = _changes(home, path, found.fields, mover)
    if found.read_elsewhere or fields:
        wanted = {key: value for key, value in fields.items() if value is not None}
        kept = {key: value for key, value in found.fields.items() if key not in fields} if found.read_elsewhere else {}
        if head := dump_yaml({**kept, **wanted}):
            cells = notebook.setdefault("cells", [])
            cells[: 1 if found.has_raw_head else 0] = [_raw_cell(found.raw_head, head, fields, notebook)]
            changed = True
    remarks += [Remark(None, f"`{target}` was not found") for target in mover.moved.missing]
    return _Post(_dump(notebook) if changed else raw, _name(day, slug), mover.moved.files, remarks)


def _raw_cell(before: str, head: str, fields: dict[str, Any], notebook: dict[str, Any]) -> dict[str, Any]:
    text = set_fields(before, fields) if before else head
    cell: dict[str, Any] = {"cell_type": "raw", "metadata": {}, "source": f"---\n{text.rstrip()}\n---"}
    if (notebook.get("nbformat"), notebook.get("nbformat_minor", 0)) >= (4, 5):
        cell["id"] = "head"
    return cell


def _missing(mover: Mover, text: str) -> list[Remark]:
    return [Remark(line, f"`{target}` was not found") for line, target in lines_with(text, mover.moved.missing)]


def _name(day: str, slug: str) -> str:
    return f"{day}-{slug}.ipynb" if day else f"{slug}.ipynb"


def _dump(notebook: dict[str, Any]) -> bytes:
    return (json.dumps(notebook, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "surrogatepass")


def _write(post: _Post, to: Path, done: Imported, dry_run: bool) -> None:
    """Write the post's files, then the post. Raises ``ImportRefused`` before anything is written if a name is taken."""
    done.target, done.remarks, done.files = to / post.name, post.remarks, len(post.files)
    wanted = {to / name: content for name, content in {**post.files, post.name: post.notebook}.items()}
    new = {path: content for path, content in wanted.items() if not _is_there(path, content)}
    done.state = "made" if done.target in new else "unchanged"
    if dry_run:
        return
    for path, content in new.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(content)


def _is_there(path: Path, content: bytes) -> bool:
    if not path.is_symlink() and not path.exists():
        return False
    if path.is_symlink() or not path.is_file() or path.read_bytes() != content:
        raise ImportRefused(f"{path} is there already, with other content")
    return True
