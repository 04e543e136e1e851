r"""TeX as text: what a formula's delimiters hold, which commands it defines, and environments in a form KaTeX knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

MOST_DEFINITIONS = 200

_DELIMITERS = (("$$", "$$"), ("$", "$"), (r"\[", r"\]"), (r"\(", r"\)"))
_DISPLAYED = re.compile(r"\\begin\{(?:equation|align|alignat|gather|multline|eqnarray|flalign|displaymath)\*?\}")


def strip_delimiters(latex: str) -> tuple[str, bool] | None:
    r"""The formula inside ``$…$``, ``$$…$$``, ``\[…\]``, ``\(…\)`` or an environment, and whether it is displayed.

    ``None`` when ``latex`` is something else: several formulas, a document, a table. SymPy and pandas write these
    around their ``text/latex``; ``$\displaystyle …$`` counts as displayed, as its authors mean it so."""
    text = latex.strip()
    for start, end in _DELIMITERS:
        inner = text[len(start) : -len(end)]
        if text.startswith(start) and text.endswith(end) and len(text) > len(start) + len(end):
            if re.search(r"(?<!\\)\$", inner):
                return None
            displayed = start in ("$$", r"\[") or inner.lstrip().startswith(r"\displaystyle")
            return inner.strip(), displayed
    return (text, True) if _DISPLAYED.match(text) else None


_COMMAND = re.compile(r"\\(?:(?:re)?newcommand|providecommand|DeclareMathOperator)\b\*?|\\[gx]?def(?=\s*\\)")
_NAME = re.compile(r"\s*(?:\{\s*(\\[A-Za-z]+|\\.)\s*\}|(\\[A-Za-z]+|\\.))")
_PARAMETERS = re.compile(r"(?:\s*\[\s*\d\s*\]|\s*(?:#\d)+)?\s*(?=\{)")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)


def find_definitions(sources: Iterable[str]) -> tuple[str, ...]:
    r"""The commands that define commands (``\newcommand``, ``\def``, ``\DeclareMathOperator`` …), in order.

    ``sources`` are the article's Markdown texts; the result is for ``MathRenderer.with_definitions``, so that a
    command defined in one formula is known in all, as it is in Jupyter."""
    found: dict[str, None] = {}
    for source in sources:
        if "\\" in source:
            found.update((source[start:end], None) for start, end in _find_definitions(source))
    return tuple(found)[:MOST_DEFINITIONS]


def _find_definitions(source: str) -> Iterator[tuple[int, int]]:
    end = 0
    for command in _COMMAND.finditer(source):
        if command.start() < end:
            continue
        name = _NAME.match(source, command.end())
        parameters = _PARAMETERS.match(source, name.end()) if name else None
        close = _closing_brace(source, parameters.end()) if parameters else None
        if close is not None:
            end = close
            yield command.start(), close


def _closing_brace(source: str, start: int) -> int | None:
    """Where the group that opens at ``start`` has ended; ``None`` if it does not within 2,000 characters."""
    depth = 0
    for match in _BRACE.finditer(source, start, start + 2000):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return match.end()
    return None


_BEGIN_OR_END = re.compile(r"\\(begin|end)\{(eqnarray|multline|flalign|displaymath|math)(\*?)\}")
_NEW_NAMES = {"eqnarray": "align", "multline": "gather", "flalign": "align"}
_EQNARRAY = re.compile(r"(\\begin\{eqnarray\*?\})(.*?)(?=\\end\{eqnarray)", re.DOTALL)


def normalise(tex: str, *, display: bool) -> str:
    """``tex`` without environments that KaTeX does not have; empty if it only defines commands.

    Its display environments work in displayed formulas only, so others get the inner kind (``aligned``)."""
    source = tex.strip()
    if _FOREIGN.search(source):
        source = _translate(source)
    if re.search(r"(?<!\\)(?:\\\\)*\\\Z", source):
        source += " "  # it was a control space
    if r"\begin" in source:
        if "eqnarray" in source:
            source = _EQNARRAY.sub(lambda match: match[1] + _merge_columns(match[2]), source)
        source = _BEGIN_OR_END.sub(_new_name, source)
        if not display:
            source = rewrite_environments(source)
    return "" if _only_defines(source) else source


_TEXT = re.compile(r"\\(?:text(?:rm|bf|it|sf|tt|normal)?|mbox|hbox)\s*\{([^{}$\\]*)\}")
_FOREIGN = re.compile(
    r"\\(?:mbox|unicode|root|idotsint|vspace|strut|lefteqn|mit|raise|lower|buildrel|framebox)(?![A-Za-z])"
    r"|\\(?:text(?:rm|bf|it|sf|tt|normal)?|hbox)\s*\{[^{}$\\]*[_^#&%]"
)
_DIMENSION = r"\s*=?\s*[-+]?(?:\d+\.?\d*|\.\d+)\s*(?:pt|em|ex|mu|mm|cm|in|px|pc|bp|sp)"
# What MathJax knows and KaTeX does not: how the same is said there, or without it.
_TRANSLATIONS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\\mbox(?![A-Za-z])"), r"\\text"),
    (re.compile(r"\\framebox(?![A-Za-z])"), r"\\fbox"),
    (re.compile(r"\\idotsint(?![A-Za-z])"), r"\\int\\cdots\\int"),
    (re.compile(r"\\strut(?![A-Za-z])"), r"\\mathstrut"),
    (re.compile(r"\\mit(?![A-Za-z])"), r"\\mathit"),
    (re.compile(r"\\(?:lefteqn(?![A-Za-z])|vspace\*?\s*\{[^{}]*\})"), ""),
    (re.compile(rf"\\(?:raise|lower){_DIMENSION}"), ""),
    (re.compile(r"\\root\s*(\w|\{[^{}]*\})\s*\\of\s*(\w|\{)"), r"\\sqrt[\1]\2"),
    (re.compile(r"\\buildrel\s*(.{1,80}?)\s*\\over\s*(\\[A-Za-z]+|\{[^{}]*\}|\S)"), r"\\stackrel{\1}{\2}"),
)
_UNICODE = re.compile(r"\\unicode\s*(?:\[[^\]]*\])?\s*\{\s*(?:x([0-9A-Fa-f]{1,6})|(\d{1,7}))\s*\}")
_IN_TEXT = str.maketrans({"_": r"\_", "#": r"\#", "&": r"\&", "%": r"\%", "^": r"\textasciicircum{}"})


def _translate(source: str) -> str:
    source = _TEXT.sub(lambda match: match[0].translate(_IN_TEXT), source)
    source = _UNICODE.sub(_character, source)
    for pattern, replacement in _TRANSLATIONS:
        source = pattern.sub(replacement, source)
    return source


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16) if match[1] else int(match[2])
    return f"\\text{{{chr(code)}}}" if 32 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""


def _new_name(match: re.Match[str]) -> str:
    name = _NEW_NAMES.get(match[2])
    return rf"\{match[1]}{{{name}{match[3]}}}" if name else ""


_COLUMN = re.compile(r"(\\\\|\\cr\b)|\\(begin|end)\b|\\.|[{}]|(&)", re.DOTALL)


def _merge_columns(body: str) -> str:
    """``eqnarray`` has three columns, ``a &=& b``, ``align`` has two, ``a &= b``: the second ``&`` of a row goes."""
    written, end, depth, columns = [], 0, 0, 0
    for match in _COLUMN.finditer(body):
        if match[1] and depth == 0:
            columns = 0
        elif match[0] == "{" or match[2] == "begin":
            depth += 1
        elif match[0] == "}" or match[2] == "end":
            depth -= 1
        elif match[3] and depth == 0:
            columns += 1
            if columns == 2:
                written.append(body[end : match.start()])
                end = match.end()
    return "".join(written) + body[end:]


def _only_defines(source: str) -> bool:
    if not source.startswith("\\"):
        return not source
    end = 0
    for start, stop in _find_definitions(source):
        if source[end:start].strip():
            return False
        end = stop
    return not source[end:].strip()


_OUTER = re.compile(r"\\(begin|end)\{(align|alignat|gather|equation|split)\*?\}")


def rewrite_environments(source: str) -> str:
    """``align`` as ``aligned`` and so on: unnumbered, and allowed anywhere in a formula."""
    return _OUTER.sub(_inner_name, source)


def _inner_name(match: re.Match[str]) -> str:
    names = {"align": "aligned", "alignat": "alignedat", "gather": "gathered", "split": "aligned"}
    name = names.get(match[2])
    return rf"\{match[1]}{{{name}}}" if name else ""
