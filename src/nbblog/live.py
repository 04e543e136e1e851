"""Python in a reader's browser: the files beside a page whose sections may need it.

Three files, none of which is loaded before a reader asks for an answer that was not baked:

* a script for the page, which keeps the frame, lets answers through the gate, and is stopped by nothing Python does;
* a frame without origin and network, in which all of Pyodide stands and a worker runs it;
* the rest of the standard library, in a second frame, for programs that import something of it.

Measured in Chromium 156, over http and ``file:``, in pairs with Pyodide as shipped: files as text in the frame itself
are as quick as scripts of base64 that the page loads, and as binary files that it fetches. A frame is the one of the
three that works from the disk, streams, shows its progress, and keeps megabytes of strings out of the page. Hosts
compress it as they do every page; uncompressed it is a third larger than binary files would be. In a frame without an
origin no worker of modules starts from a ``blob:``, so Pyodide's scripts were joined into a classic one.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from .core import allowlist
from .core.html import ID_PREFIX, Safe, join, tag, trusted
from .core.island import script_hash
from .core.post import OUTPUT_BYTES
from .core.programs.packages import BrowserPackages
from .core.text import BAD
from .vendored import library_file, library_version

PIECE = 3 << 17
"""Bytes of a file in one element of the frame; divisible by three, so that no base64 is padded but the last."""

_HERE = Path(__file__).parent
_POLICY = (
    "default-src 'none'; script-src {hashes} 'wasm-unsafe-eval'; worker-src blob:; connect-src 'none'; "
    "base-uri 'none'; form-action 'none'"
)
_TAKE = "take(document.currentScript.previousElementSibling);"
_CORE = ("tables", "styler", "colour")
"""Modules of ``core`` that also run in the reader's browser: what makes a table there as it was made here."""


def build_python_files(script: Callable[[str], str]) -> dict[str, bytes]:
    """The files by name, the page's script first. ``script`` gives a script of ``browser/`` by its name.

    Raises ``VendorMissing`` in a checkout that was not built."""
    version = library_version("python")
    parts = {part: _vendored(prefix, suffix) for part, (prefix, suffix) in _PARTS.items()}
    rest = parts.pop("rest")
    settings = {**_settings(), "worker": script("python_worker"), "bytes": sum(map(len, parts.values()))}
    frame = _build_frame(settings, script("python_frame"), parts)
    others = _build_frame({"bytes": len(rest)}, script("python_frame"), {"rest": rest})
    files = {
        f"python-{version}-{_hash(frame)}.html": frame,
        f"python-rest-{version}-{_hash(others)}.html": others,
    }
    names = dict(zip(("frame", "rest"), files, strict=True))
    known = {**names, "snapshot": f"{names['frame']}.snapshot", "bytes": settings["bytes"]}
    known |= {"bad": BAD, "gate": gate_rules()}
    text = f"{{\nconst FILES = {_write(known)};\n{script('gate')}{script('live')}}}\n"
    page = text.encode()
    return {f"python-{version}-{_hash(page)}.js": page, **files}


_PARTS = {
    "js": ("pyodide-", ".js.gz"),
    "library": ("pyodide-core-", ".zip.gz"),
    "code": ("pyodide-", ".wasm.gz"),
    "rest": ("pyodide-rest-", ".zip.gz"),
}
"""What a frame calls a file → how its name begins and ends. In the order in which a worker needs them."""


def browser_packages() -> BrowserPackages:
    """What can be imported in the reader's browser besides the standard library, where the page can fetch it."""
    return BrowserPackages(packages=packages_lock()["imports"])


def packages_lock() -> dict[str, Any]:
    """Pyodide's list: ``modules`` (of its standard library), ``imports`` (module → package), ``packages`` (name →
    ``depends``, ``file_name``, ``sha256``, ``version``), ``rest`` (modules that a page loads when one is imported) and
    ``pyodide`` (its Python's version and what its binaries are built for)."""
    lock: dict[str, Any] = json.loads(_vendored("pyodide-packages-", ".json"))
    return lock


def gate_rules() -> dict[str, Any]:
    """The lists of ``core.allowlist`` as ``browser/gate.js`` takes them."""
    added = {name: dict(re.findall(r' ([\w-]+)="([^"]*)"', text)) for name, text in allowlist.ADDED_ATTRIBUTES.items()}
    forced = {
        name: {**allowlist.FORCED_ATTRIBUTES.get(name, {}), **added.get(name, {})}
        for name in sorted({*allowlist.FORCED_ATTRIBUTES, *added})
    }
    return {
        "tags": sorted(allowlist.TAGS),
        "dropped": sorted(allowlist.DROPPED_WITH_CONTENT),
        "swallowing": allowlist.SWALLOWING,
        "attributes": {name: sorted(names) for name, names in sorted(allowlist.ATTRIBUTES.items())},
        "roles": sorted(allowlist.ATTRIBUTE_VALUES["div"]["role"]),
        "forced": forced,
        "rel": allowlist.LINK_REL,
        "urls": sorted(allowlist.URL_ATTRIBUTES),
        "schemes": sorted(allowlist.URL_SCHEMES),
        "invisible": allowlist.INVISIBLE,
        "class": allowlist.CLASS.pattern,
        "properties": sorted(allowlist.STYLE_PROPERTIES),
        "token": allowlist.STYLE_TOKEN.pattern,
        "prefix": ID_PREFIX,
    }


def _vendored(prefix: str, suffix: str) -> bytes:
    return library_file("python", prefix, suffix)


def _settings() -> dict[str, Any]:
    """What Python is given before it starts."""
    lock = packages_lock()
    return {"lock": lock["pyodide"], "rest": lock["rest"], "shared": dict(_compiled(shared_modules()))}


def _compiled(modules: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The modules as ``.pyc`` in base64, which takes Python a fifth of the time to load; the source of one that has
    changed since the browser libraries were made."""
    known = json.loads(_vendored("pyodide-own-", ".json"))
    for path, source in modules.items():
        made = known.get(path, {})
        if made.get("source") == sha256(source.encode()).hexdigest():
            yield f"{path}c", made["code"]
        else:
            yield path, source


def shared_modules() -> dict[str, str]:
    """The sources of ours that run in the reader's Python too, by path: the packages ``nbblog_shared``, and
    ``nbblog_core`` with the few modules that make tables."""
    shared = {f"nbblog_shared/{path.name}": path for path in sorted((_HERE / "shared").glob("*.py"))}
    core = {f"nbblog_core/{name}.py": _HERE / "core" / f"{name}.py" for name in _CORE}
    texts = {name: path.read_text("utf-8") for name, path in {**shared, **core}.items()}
    return {**texts, "nbblog_core/__init__.py": "", "nbblog_core/post.py": f"OUTPUT_BYTES = {OUTPUT_BYTES}\n"}


def _build_frame(settings: Mapping[str, Any], script: str, parts: Mapping[str, bytes]) -> bytes:
    """A document that runs the script and hands it the parts, piece by piece, as they arrive."""
    first = f"const SETTINGS = {_write(settings)};\n{script}"
    policy = _POLICY.format(hashes=f"{script_hash(first)} {script_hash(_TAKE)}")
    head = join(
        [
            tag("meta", charset="utf-8"),
            tag("meta", http_equiv="Content-Security-Policy", content=policy),
            tag("title", trusted("Python")),
            tag("meta", name="robots", content="noindex"),
        ]
    )
    pieces = [piece for part, content in parts.items() for piece in _cut(part, content)]
    body = join([tag("script", trusted(first)), *pieces])
    return f'<!DOCTYPE html><html lang="en"><head>{head}</head><body>{body}</body></html>'.encode()


def _cut(part: str, content: bytes) -> Iterator[Safe]:
    """A file as elements of data, each with a script behind it that takes it."""
    for start in range(0, len(content), PIECE):
        text = b64encode(content[start : start + PIECE]).decode("ascii")
        is_last = start + PIECE >= len(content)
        yield tag("script", trusted(text), type="application/octet-stream", data_part=part, data_last=is_last)
        yield tag("script", trusted(_TAKE))


def _write(value: Any) -> str:
    """JSON as a script may hold it."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).replace("<", "\\u003c")


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()[:8]
