"""The browser libraries that a wheel ships: which package of npm, which version, which files.

To update one: change ``version``, run ``python build_backend/nbblog_vendor.py``, and copy the integrity that it prints
after looking at what changed. Integrity is npm's own notation (``sha512-`` and base64): a tarball with other bytes
is refused, whatever a registry serves.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Package:
    """One package of npm at one version."""

    name: str
    """Its name in the registry."""
    version: str
    """Exactly this version."""
    integrity: str
    """What its tarball must hash to."""
    licence: str
    """SPDX expression."""
    files: dict[str, str]
    """Path in the package → name in the library's folder; ``{v}`` stands for the version."""
    licence_files: tuple[str, ...] = ("LICENSE",)
    """Where its licence text is in the package."""
    copyright: str = ""
    """The copyright line, for a package whose tarball forgot its licence text (BSD-3-Clause only)."""
    texts: tuple[str, ...] = ()
    """Licence texts in ``licenses/`` that the tarball lacks."""
    note: str = ""
    """What its licence wants to be said beside the text."""


KATEX_FONTS = (
    *("AMS-Regular", "Caligraphic-Bold", "Caligraphic-Regular", "Fraktur-Bold", "Fraktur-Regular"),
    *("Main-Bold", "Main-BoldItalic", "Main-Italic", "Main-Regular", "Math-BoldItalic", "Math-Italic"),
    *("SansSerif-Bold", "SansSerif-Italic", "SansSerif-Regular", "Script-Regular", "Typewriter-Regular"),
    *("Size1-Regular", "Size2-Regular", "Size3-Regular", "Size4-Regular"),
)

LIBRARIES: dict[str, tuple[Package, ...]] = {
    # The script runs while a page is made; only the style sheet and the fonts it names go beside a page.
    "katex": (
        Package(
            name="katex",
            version="0.19.1",
            integrity="sha512-jG8uKntjSEcm2EpQOh0XturpPuuC9r3Sq5HLHdsFdWZT27E672SF19QEi+of0/YeOy15lDgRhKvr5614uRrEfA==",
            licence="MIT",
            files={
                "dist/katex.min.js": "katex-{v}.min.js",
                "dist/contrib/mhchem.min.js": "katex-mhchem-{v}.min.js",
                "dist/katex.min.css": "katex-{v}.min.css",
                **{f"dist/fonts/KaTeX_{font}.woff2": f"KaTeX_{font}-{{v}}.woff2" for font in KATEX_FONTS},
            },
        ),
    ),
    "fonts": (
        Package(
            name="@fontsource-variable/source-serif-4",
            version="5.3.1",
            integrity="sha512-4Rtay22SC4lMvw11r/+9kxANB6P3M0X8s1NudBC2v0J1KU2y3DcMoNcT3lBoZ/CqLirzf+StlO6UlJilyrvaUg==",
            licence="OFL-1.1",
            files={
                "files/source-serif-4-latin-wght-normal.woff2": "source-serif-4-{v}.woff2",
                "files/source-serif-4-latin-wght-italic.woff2": "source-serif-4-italic-{v}.woff2",
            },
        ),
        Package(
            name="@fontsource-variable/inter",
            version="5.3.0",
            integrity="sha512-OupL48va4JNofb97w6NYeF9S7W/kHNKM0Er8Dem5nqi4jeOLrVJDoE8tZEpnMJmtkvNbB1EIPPwHcdkF6b1oUA==",
            licence="OFL-1.1",
            files={"files/inter-latin-wght-normal.woff2": "inter-{v}.woff2"},
        ),
    ),
    # "strict" is the build without eval, so that a page's Content-Security-Policy can forbid it.
    "plotly": (
        Package(
            name="plotly.js-strict-dist-min",
            version="4.1.1",
            integrity="sha512-/M2gRAF8LeqafKIO/bUU+DQk7RlonVbwpPb2G/jZsfqCl/DttBfvF+wQfZ6vT9y9EKy47eDI/zfIWC/uA1L6TQ==",
            licence="MIT",
            files={"plotly-strict.min.js": "plotly-{v}.min.js"},
        ),
    ),
    # Joined into one classic script, named after Vega's version, that sets the globals vega, vegaLite and
    # vegaInterpreter. The interpreter evaluates Vega's expressions without eval.
    "vega": (
        Package(
            name="vega",
            version="6.4.0",
            integrity="sha512-rHXCq2LpEWCLMjXBEj7hocY9G0/i5TGYRayGGSj06VTF4+l2IG2Z7oeZKCjWbUh/7hTE/mVhbaOPB72wCElh6g==",
            licence="BSD-3-Clause",
            files={"build/vega.min.js": "vega.min.js"},
        ),
        Package(
            name="vega-lite",
            version="6.5.0",
            integrity="sha512-fMXF6s0MrIg0UTWnLIfeFtgSLzVhyzSKobzGrh5rhS+mL6FOYFG3m7ouJ4U23gj65EK+gl9FIIT5w7wLNaAzkA==",
            licence="BSD-3-Clause",
            files={"build/vega-lite.min.js": "vega-lite.min.js"},
        ),
        Package(
            name="vega-interpreter",
            version="2.3.2",
            integrity="sha512-JDAoi3taFcCDLujZG84TNNUXdkAZ5WsSHssx8lWVYaxb9Slsjk7v7PtRIYXpSlUwLaKGRBqoJ9KDs36Z0eMEIw==",
            licence="BSD-3-Clause",
            files={"build/vega-interpreter.js": "vega-interpreter.js"},
        ),
    ),
    "mermaid": (
        Package(
            name="mermaid",
            version="12.3.0",
            integrity="sha512-4113TdXeLAsMruJ79OpFL5O8+LTFXhQqZ260rF3tgUmiNAtRm4Uume04I+65PRN6yZ69J4f8rVYWW8zRk65UYw==",
            licence="MIT",
            files={"dist/mermaid.min.js": "mermaid-{v}.min.js"},
        ),
    ),
    # embed.js finds its icon fonts beside itself by the names its bundler gave them, so those names are kept.
    "widgets": (
        Package(
            name="@jupyter-widgets/html-manager",
            version="1.0.15",
            integrity="sha512-5thBIV6ymNgmPVOHvzx+gGy8ZSKmSazhtGw4/c4xJDVzRhG9PTeQsRjF3FUTopvFi//SABeNz1yp47bCrJ3CQA==",
            licence="BSD-3-Clause",
            files={
                "dist/embed.js": "widgets-{v}.min.js",
                "dist/1551f4f60c37af51121f.woff2": "1551f4f60c37af51121f.woff2",
                "dist/7a3337626410ca2f4071.woff2": "7a3337626410ca2f4071.woff2",
                "dist/d878b0a6a1144760244f.woff2": "d878b0a6a1144760244f.woff2",
            },
            licence_files=("dist/embed.js.LICENSE.txt",),
            copyright="Copyright (c) 2015 Project Jupyter Contributors",
        ),
    ),
    "bokeh": (
        Package(
            name="@bokeh/bokehjs",
            version="3.10.0",
            integrity="sha512-Vm6XsrtOfzS9W2dZkp576SijCxlNPZHB2nOknO987EpYWvr+s3LVTMZD9bvTtZOIOehS4xfBmmxZIgAllGE/BA==",
            licence="BSD-3-Clause",
            files={
                "build/js/bokeh.min.js": "bokeh-{v}.min.js",
                "build/js/bokeh-widgets.min.js": "bokeh-widgets-{v}.min.js",
                "build/js/bokeh-tables.min.js": "bokeh-tables-{v}.min.js",
                "build/js/bokeh-gl.min.js": "bokeh-gl-{v}.min.js",
            },
        ),
    ),
    # Repacked: see nbblog_pyodide.py. Its version names the Python that it is: 314 is Python 3.14.
    "python": (
        Package(
            name="pyodide",
            version="314.0.7",
            integrity="sha512-0YvXxEhfEdpLfb/XkM2BFAeMROq0iMUX2bzzH9pOttyMcWkwq+HbE5uyuGD82LN7y2q+SNvi/6V5JEsOlD2R1A==",
            licence="MPL-2.0 AND Python-2.0",
            files={
                name: name
                for name in (
                    *("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm"),
                    *("python_stdlib.zip", "pyodide-lock.json"),
                )
            },
            licence_files=(),
            texts=("MPL-2.0", "Python-2.0"),
            note=(
                "Pyodide (MPL-2.0) with CPython and its standard library (Python-2.0). The source of this version is "
                "https://github.com/pyodide/pyodide/tree/314.0.7; how nbblog changed its files is in "
                "build_backend/nbblog_pyodide.py of nbblog's source."
            ),
        ),
    ),
}
