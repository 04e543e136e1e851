"""TeX formulas as HTML with MathML inside, by KaTeX in a QuickJS engine that has no disk, network or clock.

The engine is made when the first formula comes. Memory and time are limited, KaTeX's ``trust`` is off (no links, no
files, no HTML of the formula's own), and its output is built from its own table of symbols with the text escaped.
What JupyterLab's MathJax knows and KaTeX does not is added as macros here, or rewritten in ``texsource``.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol
from unicodedata import normalize

from .html import Safe, tag, trusted
from .texsource import normalise, rewrite_environments

if TYPE_CHECKING:
    from quickjs import Context

LONGEST_FORMULA = 20_000
"""Characters."""
_MEMORY = 128 << 20
_SECONDS = 1.0


class MathError(ValueError):
    """The formula cannot be set; the message says why, in a line."""


class RenderMath(Protocol):
    """What the rest of the core knows of this module."""

    def __call__(self, tex: str, *, display: bool) -> Safe:
        """The formula as ``span.nb-math`` or, displayed, as ``div.nb-math-block``. Raises ``MathError``."""


class KeptBytes(Protocol):
    """Bytes that are there again in the next process, or not."""

    def get(self, key: str) -> bytes | None:
        """What was put under this key, whole."""

    def put(self, key: str, content: bytes) -> None:
        """Keep it, if that can be."""


class MathRenderer:
    """One engine with KaTeX in it. May be shared by threads: they take turns."""

    def __init__(self, load: Callable[[], Iterable[str]], kept: KeptBytes | None = None) -> None:
        """``load`` gives the scripts, KaTeX's first and its extensions (mhchem) after it; called once, if at all.

        ``kept`` has what these very scripts made of formulas before; without it, every formula is set anew."""
        self._load = load
        self._kept = kept
        self._lock = threading.Lock()
        self._call: Callable[[str, bool, str], str] | None = None
        self._cached = lru_cache(maxsize=2048)(self._render)

    def __call__(self, tex: str, *, display: bool) -> Safe:
        return self.render(tex, display=display)

    def render(self, tex: str, *, display: bool, definitions: tuple[str, ...] = ()) -> Safe:
        """``definitions`` are commands such as ``\\newcommand{\\R}{\\mathbb{R}}`` that hold before the formula's own
        (``texsource.find_definitions``). A formula of nothing but definitions is empty. Raises ``MathError``."""
        rendered = self._cached(tex, display, definitions)
        if isinstance(rendered, MathError):
            raise rendered
        return rendered

    def with_definitions(self, definitions: tuple[str, ...]) -> RenderMath:
        """The same renderer for an article that defines commands of its own."""

        def render_math(tex: str, *, display: bool) -> Safe:
            return self.render(tex, display=display, definitions=definitions)

        return render_math

    def _render(self, tex: str, display: bool, definitions: tuple[str, ...]) -> Safe | MathError:
        if len(tex) > LONGEST_FORMULA:
            return MathError(f"the formula has {len(tex)} characters, more than {LONGEST_FORMULA}")
        source = normalise(tex, display=display)
        if not source:
            return Safe("")
        try:
            html = self._run(source, display, definitions)
        except MathError as error:
            plainer = rewrite_environments(source)
            if plainer == source:
                return error
            try:
                html = self._run(plainer, display, definitions)
            except MathError:
                return error
        return _wrap(trusted(_make_valid(html)), display=display)

    def _run(self, source: str, display: bool, definitions: tuple[str, ...]) -> str:
        if self._kept is None:
            return self._set(source, display, definitions)
        key = json.dumps([_GLUE, source, display, definitions])
        kept = self._kept.get(key)
        if kept is not None:
            return kept.decode("utf-8", "surrogatepass")
        html = self._set(source, display, definitions)
        self._kept.put(key, html.encode("utf-8", "surrogatepass"))
        return html

    def _set(self, source: str, display: bool, definitions: tuple[str, ...]) -> str:
        import quickjs

        with self._lock:
            if self._call is None:
                self._call = _start_engine(self._load())
            try:
                return self._call(source, display, json.dumps(definitions))
            except quickjs.JSException as error:
                message = str(error).partition("\n")[0]
                if "KaTeX parse error" not in message:
                    self._call = None  # out of memory, time or stack: what state it is in, nobody knows
                raise MathError(_short(message)) from None


def _short(message: str) -> str:
    # KaTeX underlines the place with combining characters, which few terminals show.
    message = message.rpartition("KaTeX parse error:")[2].replace("\N{COMBINING LOW LINE}", "").strip()
    return f"it needs more than {_SECONDS:g} s" if "interrupted" in message else message[:200]


# A quotation mark in a formula's text is escaped, so these are attributes of KaTeX's own.
_NEGATIVE_HEIGHT = re.compile(r'(?<=style=")height:-[\d.]+em;?')
_NESTED = re.compile(r"<(?:mi|mn|mo|mtext)(?: [^<>]*)?><m")
_TOKEN = re.compile(r"<(?P<name>mi|mn|mo|mtext)(?: [^<>]*)?>(?P<nested>(?=<m))?|</(?:mi|mn|mo|mtext)>")
_REPLACED = {
    ' mathcolor="currentColor"': "",
    '<mtd width="50%">': "<mtd>",
    "<mo>\N{COMBINING RIGHT ARROW ABOVE}</mo>": "<mo>→</mo>",
}


def _make_valid(html: str) -> str:
    """KaTeX's output without what HTML and MathML do not allow, and browsers ignore: negative heights, attributes that
    are none, an arrow without a letter to stand on; and token elements around other elements, which are rows."""
    for wrong, right in _REPLACED.items():
        html = html.replace(wrong, right)
    if "height:-" in html:
        html = _NEGATIVE_HEIGHT.sub("", html)
    html = normalize("NFC", html)
    return _mend_tokens(html) if _NESTED.search(html) else html


def _mend_tokens(html: str) -> str:
    open_elements: list[str] = []

    def mend(match: re.Match[str]) -> str:
        if match["name"] is None:
            return f"</{open_elements.pop()}>" if open_elements else match[0]
        open_elements.append(match["name"] if match["nested"] is None else "mrow")
        return match[0] if match["nested"] is None else "<mrow>"

    return _TOKEN.sub(mend, html)


def _wrap(html: Safe, *, display: bool) -> Safe:
    if not display:
        return tag("span", html, class_="nb-math")
    # A group, not a region: a page may have a hundred formulas, and regions are landmarks with names of their own.
    return tag("div", html, class_="nb-math-block", tabindex=0, role="group", aria_label="Formula")


def _start_engine(scripts: Iterable[str]) -> Callable[[str, bool, str], str]:
    from quickjs import Context

    context: Context = Context()
    context.set_memory_limit(_MEMORY)
    context.set_time_limit(10 * _SECONDS)
    for script in scripts:
        context.eval(script)
    function: Callable[[str, bool, str], str] = context.eval(_GLUE)
    context.set_time_limit(_SECONDS)
    return function


# ``join`` at the end makes one string of what may be a rope of many, which the binding cannot hand over.
_GLUE = r"""
(() => {
  const macro = katex.__defineMacro;
  const text = (token) => token.text;
  // The definitions of LaTeX, but as in MathJax an existing name may be defined again, a new one redefined.
  const define = (context) => {
    const name = context.consumeArg().tokens[0].text;
    let body = context.consumeArg().tokens, count = "";
    if (body.length === 1 && body[0].text === "[") {
      for (let token = context.expandNextToken(); token.text !== "]"; token = context.expandNextToken()) {
        if (!/^[0-9]$/.test(token.text)) throw new katex.ParseError("Invalid number of arguments: " + token.text);
        count += token.text;
      }
      body = context.consumeArg().tokens;
    }
    context.macros.set(name, {tokens: body, numArgs: Number(count)}, true);
    return "";
  };
  for (const name of ["newcommand", "renewcommand", "providecommand"]) {
    macro("\\" + name, (context) => {
      context.consumeSpaces();
      if (context.future().text === "*") context.popToken();
      return define(context);
    });
  }
  macro("\\DeclareMathOperator", "\\@ifstar{\\nb@operators}{\\nb@operator}");
  macro("\\nb@operator", "\\gdef#1{\\operatorname{#2}}");
  macro("\\nb@operators", "\\gdef#1{\\operatorname*{#2}}");
  // Labels and what refers to them: there are no numbers at this point, so the label's own name stands there.
  const argument = (context) => context.consumeArg().tokens.map(text).reverse().join("");
  const spelled = (name) => name.replace(/[\\#$%&_{}~^]/g, (sign) => "\\~^".includes(sign) ? "-" : "\\" + sign);
  const gobble = (context) => (context.consumeArg(), "");
  macro("\\label", gobble);
  macro("\\ref", (context) => "\\text{" + spelled(argument(context)) + "}");
  macro("\\eqref", (context) => "\\text{(" + spelled(argument(context)) + ")}");
  // Of MathJax's extensions: those that do nothing here, and TeX's plain forms of the matrices.
  macro("\\require", gobble);
  macro("\\bbox", (context) => {
    if (context.future().text === "[") context.consumeArg(["]"]);
    return "";
  });
  // What would act on the page is left out, what it is put around stays.
  for (const name of ["class", "cssId", "style", "href", "htmlClass", "htmlId", "htmlStyle", "htmlData"]) {
    macro("\\" + name, gobble);
  }
  for (const name of ["mathbbm", "mathds"]) macro("\\" + name, "\\mathbb{#1}");
  for (const name of ["shoveleft", "shoveright"]) macro("\\" + name, "#1");
  for (const name of ["matrix", "pmatrix", "cases"]) macro("\\" + name, `\\begin{${name}}#1\\end{${name}}`);
  for (const name of ["hfill", "hfil"]) macro("\\" + name, "\\quad");
  macro("\\eqalign", "\\begin{aligned}#1\\end{aligned}");
  macro("\\textsc", "\\text{#1}");

  const settings = {
    output: "htmlAndMathml", trust: false, strict: "ignore", maxExpand: 1000, maxSize: 50, throwOnError: true,
    globalGroup: true, errorColor: "currentColor", colorIsTextColor: true, // \color{red}{x}, as in JupyterLab's MathJax
  };
  let known = "[]", macros = {};
  const learn = (definitions) => {
    known = definitions;
    macros = {};
    for (const definition of JSON.parse(definitions)) {
      try { katex.renderToString(definition, {...settings, macros}); } catch (error) { /* its use will say so */ }
    }
  };
  return (tex, displayMode, definitions) => {
    if (definitions !== known) learn(definitions);
    return [katex.renderToString(tex, {...settings, displayMode, macros: {...macros}})].join("");
  };
})()
"""
