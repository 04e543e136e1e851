"""A Jupyter notebook becomes a finished blog article.

    from nbblog import read_post, render_article, render_page     # a page from a notebook
    from nbblog import interact, slider, plot                     # in a notebook: sections that readers can run
    from nbblog import preview                                    # in a notebook: its article below the cell

Each name is loaded when it is first used: importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbblog.authoring.charts import plot
    from nbblog.authoring.interact import fixed, interact, interact_manual, interactive
    from nbblog.authoring.sliders import slider
    from nbblog.cellpreview import preview
    from nbblog.core.article import render_article
    from nbblog.core.page import render_page
    from nbblog.core.reading import read_post

    __version__: str

__all__ = [
    "__version__",
    "fixed",
    "interact",
    "interact_manual",
    "interactive",
    "plot",
    "preview",
    "read_post",
    "render_article",
    "render_page",
    "slider",
]

_HOMES = {
    "fixed": "nbblog.authoring.interact",
    "interact": "nbblog.authoring.interact",
    "interact_manual": "nbblog.authoring.interact",
    "interactive": "nbblog.authoring.interact",
    "plot": "nbblog.authoring.charts",
    "preview": "nbblog.cellpreview",
    "read_post": "nbblog.core.reading",
    "render_article": "nbblog.core.article",
    "render_page": "nbblog.core.page",
    "slider": "nbblog.authoring.sliders",
}


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """Where Jupyter Server finds its extension. Only that calls this, so it is there to be imported."""
    from nbblog.server import NbblogServer

    return [{"module": "nbblog.server", "app": NbblogServer}]


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Where JupyterLab finds its extension, for `jupyter-builder develop`."""
    return [{"src": "labextension", "dest": "nbblog"}]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from nbblog.installed import read_version

        value: Any = read_version("nbblog")
    elif name in _HOMES:
        from importlib import import_module

        value = getattr(import_module(_HOMES[name]), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
