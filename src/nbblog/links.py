"""Whether other sites still have what posts link to."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import quote, urldefrag
from urllib.request import Request, urlopen

_SECONDS = 15
_AT_ONCE = 8
_AGENT = "Mozilla/5.0 (compatible; nbblog-check)"
_ANSWERED = {401, 403, 405, 406, 429, 503, 999}
"""Something is there, which a program may not see, or not now."""


def find_dead(urls: Iterable[str]) -> dict[str, str]:
    """Of these http and https addresses those that lead to nothing, each with the reason in a few words. Each page is
    asked for once, for its head first; 15 seconds at most."""
    pages = {url: urldefrag(url).url for url in urls}
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        wanted = sorted(set(pages.values()))
        answers = dict(zip(wanted, pool.map(_ask, wanted), strict=True))
    return {url: reason for url, page in pages.items() if (reason := answers[page])}


def _ask(url: str) -> str:
    """Why there is nothing; empty if there is something."""
    reason = _try(url, "HEAD")
    # Some servers know no HEAD, or answer it wrongly.
    return _try(url, "GET") if reason else ""


def _try(url: str, method: str) -> str:
    try:
        # Only http and https come here, and a redirect to another scheme is an error of the library's.
        request = Request(quote(url, safe=":/?#[]@!$&'()*+,;=%~"), method=method, headers={"User-Agent": _AGENT})  # noqa: S310
        with urlopen(request, timeout=_SECONDS):  # noqa: S310
            return ""
    except HTTPError as error:
        return "" if error.code in _ANSWERED else f"{error.code} {error.reason}"
    except (OSError, HTTPException, ValueError) as error:
        return str(getattr(error, "reason", "") or error)[:100] or type(error).__name__
