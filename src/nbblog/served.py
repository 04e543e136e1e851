"""Where a published site is served, and whether what was published is there yet."""

from __future__ import annotations

import re
import time
from hashlib import sha256
from typing import TYPE_CHECKING

from .core.errors import NbblogError
from .staging import MARKER

if TYPE_CHECKING:
    from .sitefiles import SiteFiles

_GITHUB = re.compile(
    r"(?:https://(?:[^@/]*@)?|ssh://(?:[^@/]*@)?|[^@/:]+@)(?:ssh\.)?github\.com(?::443)?[/:]([\w.-]+)/([\w.-]+?)(?:\.git)?/?\Z"
)
_MOST = 100 << 20
"""Bytes of an answer that are read; no published file has more."""


class NotSeenYet(NbblogError):
    """The site is published, and its address does not show it yet."""


def github_repository(address: str) -> str:
    """``owner/name`` of a remote's address, or nothing if it is not at GitHub."""
    found = _GITHUB.match(address)
    return f"{found[1]}/{found[2]}" if found else ""


def pages_url(repository: str) -> str:
    """Where GitHub Pages serves the repository ``owner/name``, with a slash at the end; nothing for no repository."""
    owner, _, name = repository.partition("/")
    host = f"{owner.lower()}.github.io"
    if not owner:
        return ""
    return f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"


def find_site_url(site_url: str | None, domain: str, target: str) -> str:
    """The site's address: what the settings say, its own domain, GitHub's; nothing if none is known."""
    if site_url:
        return f"{site_url.rstrip('/')}/"
    return f"https://{domain}/" if domain else pages_url(github_repository(target))


def wait_until_served(
    url: str, files: SiteFiles, changed: tuple[str, ...], *, seconds: float = 600, pause: float = 3
) -> float:
    """Ask ``url`` until it shows the site; the seconds it took. Raises ``NotSeenYet`` after ``seconds``.

    The marker is enough. A host that leaves out hidden files has none: then a page that changed is."""
    began = time.monotonic()
    pages = [path for path in changed if path.endswith(".html") and path != "404.html"]
    asked = [MARKER, *pages[:1]] if pages else [MARKER, "index.html"]
    while True:
        for path in asked:
            content = _fetch(url, path, files.files[MARKER].sha256[:12])
            if content is not None and sha256(content).hexdigest() == files.files[path].sha256:
                return time.monotonic() - began
        if time.monotonic() - began + pause > seconds:
            raise NotSeenYet(f"published, but not seen yet at {url} after {seconds:.0f} seconds")
        time.sleep(pause)


def _fetch(url: str, path: str, deploy: str) -> bytes | None:
    """What the server has now; the query and the header keep caches on the way from answering for it."""
    from http.client import HTTPException
    from urllib.error import HTTPError
    from urllib.request import Request, urlopen

    address = f"{url}{path.removesuffix('index.html')}?nbblog={deploy}"
    if not address.startswith(("https://", "http://")):
        return None
    request = Request(address, headers={"Cache-Control": "no-cache", "User-Agent": "nbblog"})  # noqa: S310
    try:
        with urlopen(request, timeout=20) as answer:  # noqa: S310
            content: bytes = answer.read(_MOST)
    except HTTPError as error:
        error.close()
        return None
    except (OSError, HTTPException, ValueError):
        return None
    return content
