"""A Jupyter notebook becomes a finished blog article.

    from nbblog import read_post, render_article, render_page

Each name is loaded when it is first used: importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbblog.core.article import render_article
    from nbblog.core.page import render_page
    from nbblog.core.reading import read_post

    __version__: str

__all__ = ["__version__", "read_post", "render_article", "render_page"]

_HOMES = {
    "read_post": "nbblog.core.reading",
    "render_article": "nbblog.core.article",
    "render_page": "nbblog.core.page",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        # Imported here: it costs as much as a third of the core.
        from importlib.metadata import version

        value: Any = version("nbblog")
    elif name in _HOMES:
        from importlib import import_module

        value = getattr(import_module(_HOMES[name]), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
