"""What a notebook's HTML may hold. Data only: ``html.sanitise`` applies it."""

from __future__ import annotations

import re

TAGS = {
    *("a", "abbr", "b", "bdi", "bdo", "big", "br", "center", "cite", "code", "data", "del", "dfn", "em", "font", "i"),
    *("ins", "kbd", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup"),
    *("time", "tt", "u", "var", "wbr"),
    *("address", "article", "aside", "blockquote", "dd", "details", "div", "dl", "dt", "figcaption", "figure"),
    *("footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "nav", "ol", "p", "pre", "section"),
    *("summary", "ul", "caption", "col", "colgroup", "table", "tbody", "td", "tfoot", "th", "thead", "tr"),
    *("audio", "img", "input", "picture", "source", "track", "video"),
}

# Text inside these is code or data, not words for a reader.
DROPPED_WITH_CONTENT = {
    *("script", "style", "template", "noembed", "noframes", "noscript", "iframe", "object", "embed", "svg", "math"),
    *("head", "title", "xmp", "plaintext", "textarea", "select"),
}

_CELL = {"colspan", "rowspan", "align", "valign", "headers", "abbr", "width", "height", "bgcolor", "scope"}
_BLOCK = {"align"}
ATTRIBUTES = {
    "*": {
        *("class", "style", "id", "title", "lang", "dir", "tabindex"),
        *("aria-label", "aria-labelledby", "aria-describedby", "aria-hidden"),
    },
    "a": {"href", "download", "hreflang"},
    "abbr": {"title"},
    "audio": {"src", "controls"},
    "bdo": {"dir"},
    "blockquote": {"cite"},
    "col": {"span", "align", "width"},
    "colgroup": {"span", "align", "width"},
    "data": {"value"},
    "del": {"cite", "datetime"},
    "details": {"open"},
    "div": {"align", "data-slot"},
    "font": {"color", "size"},
    "h1": _BLOCK,
    "h2": _BLOCK,
    "h3": _BLOCK,
    "h4": _BLOCK,
    "h5": _BLOCK,
    "h6": _BLOCK,
    "hr": {"align", "width", "size"},
    "img": {"src", "alt", "width", "height", "align", "srcset", "sizes"},
    "input": {"checked"},
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "ol": {"start", "reversed", "type"},
    "p": _BLOCK,
    "q": {"cite"},
    "source": {"src", "type"},
    "span": {"data-slot"},
    "table": {"align", "width", "border", "summary"},
    "tbody": {"align", "valign"},
    "td": _CELL,
    "tfoot": {"align", "valign"},
    "th": _CELL,
    "thead": {"align", "valign"},
    "time": {"datetime"},
    "tr": {"align", "valign", "bgcolor"},
    "track": {"src", "kind", "srclang", "label"},
    "ul": {"type"},
    "video": {"src", "controls", "poster", "width", "height"},
}

_ROLES = {
    *("note", "region", "group", "img", "presentation", "none", "doc-noteref", "doc-endnotes", "doc-backlink"),
    *("list", "listitem", "table", "row", "cell", "columnheader", "rowheader", "figure", "math"),
}
ATTRIBUTE_VALUES = {element: {"role": _ROLES} for element in TAGS}

# One for each element: several would come in another order in every process, and a page is to be the same each time.
FORCED_ATTRIBUTES = {
    "img": {"referrerpolicy": "no-referrer"},
    "video": {"preload": "none"},
    "audio": {"preload": "none"},
    # A form control of a notebook is only ever a task list's box.
    "input": {"type": "checkbox"},
}
ADDED_ATTRIBUTES = {"img": ' loading="lazy" decoding="async"', "input": ' disabled=""'}
"""Added after the gate."""

URL_ATTRIBUTES = frozenset({"href", "src", "cite", "poster", "longdesc"})
URL_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
# C0 and C1 controls, white space, and invisible format characters: browsers drop some of them inside a scheme.
INVISIBLE = (
    "[\x00-\x20\x7f-\xa0\xad\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]"
)
LINK_REL = "noopener noreferrer"

# Those that take all that follows with them where their end tag is missing. <embed> has none, and a second <head> is
# ignored by browsers.
SWALLOWING = sorted(DROPPED_WITH_CONTENT - {"embed", "head"})

# pandas, Pygments and language classes, MathJax and Bootstrap names that notebooks use for tables, and those content
# classes of ours that an author may write by hand; never one of the page's own furniture.
CLASS = re.compile(
    r"dataframe|table(-[a-z]+)?|text-(left|right|center)|highlight|task-list(-item)?|contains-task-list"
    r"|language-[\w+#.-]{1,40}|[a-z][a-z0-9]{0,2}|(col|row)_heading|index_name|blank|data|level\d+|row\d+|col\d+"
    r"|nb-(alert(-[a-z]+)?|alert-title|figure|gallery|wide|full|left|right|table|num|anchor|fold|note-ref|note-back|file"
    r"|size|toc-inline|math|math-block|code|code-head|lang|embed|video|audio|output|html|markdown|text|latex)"
)

RENAMED_CLASSES = {
    "alert": "nb-alert",
    "alert-info": "nb-alert-note",
    "alert-success": "nb-alert-tip",
    "alert-warning": "nb-alert-warning",
    "alert-danger": "nb-alert-caution",
}
"""Bootstrap's boxes, which the notebooks of Jupyter's own pages have, are this blog's."""

STYLE_PROPERTIES = frozenset(
    {
        *("color", "background", "background-color", "opacity", "caption-side", "direction", "unicode-bidi"),
        *("font", "font-family", "font-size", "font-style", "font-variant", "font-weight", "letter-spacing"),
        *("line-height", "text-align", "text-decoration", "text-indent", "text-transform", "vertical-align"),
        *("white-space", "word-break", "overflow-wrap", "list-style", "list-style-type"),
        *("border", "border-top", "border-right", "border-bottom", "border-left", "border-collapse", "border-color"),
        *("border-radius", "border-spacing", "border-style", "border-width"),
        *("padding", "padding-top", "padding-right", "padding-bottom", "padding-left"),
        *("margin", "margin-top", "margin-right", "margin-bottom", "margin-left"),
        *("width", "max-width", "min-width", "height", "max-height", "float", "clear", "display", "overflow-x"),
    }
)

# One word, number, colour, string or separator of a value. A minus sign stands inside words only ("inline-block"),
# and no function but these: no url(), no negative length, no var(), no escape.
STYLE_TOKEN = re.compile(
    r"(?:rgba?|hsla?|linear-gradient|calc|min|max|clamp)\(|[a-zA-Z]+(?:-[a-zA-Z]+)*(?![\w(\\-])|#[0-9a-fA-F]{3,8}\b"
    r"|(?:\d+\.?\d*|\.\d+)(?:[eE]-?\d+)?(?:[a-zA-Z]+|%)?|\s+|[,/)]|'[\w \-]{1,60}'|\"[\w \-]{1,60}\""
)
