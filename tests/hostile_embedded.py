"""Markup that tries to get through where a notebook's own HTML is taken apart and written anew: drawings, frames,
pictures, players, boxes, anchors, formulas with labels. ``{0}`` is where a way out of an attribute or element goes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from hostile_payloads import BREAKOUTS, CALL, CANARY, DISGUISES

HOLDERS = (
    "<svg width=9 height=9><title>{0}</title><rect width=9 /></svg>",
    '<svg width=9 height=9 aria-label="{0}" style="{0}" class="{0}"><rect width=9 /></svg>',
    "<svg width=9 height=9 {0}><rect {0} width=9 /></svg>",
    "<svg><style>{0}</style><text>{0}</text><desc>{0}</desc></svg>",
    "<svg xmlns:{0}='x' {0}:a='b'><x:y {0}=1 /><rect/></svg>",
    "<svg><svg><rect/></svg>{0}</svg></svg>{0}",
    "<svg/>{0}<svg><rect/></svg>",
    "<p><svg><rect/>{0}</p></svg>",
    "<svg>&{0};<text>&lt;{0}&gt; &nbsp; &bogus;</text></svg>",
    '<iframe src="https://youtu.be/{0}" title="{0}"></iframe>',
    '<iframe title="{0}" src="https://www.youtube.com/embed/abc?{0}"></iframe>',
    "<p><iframe src=https://x.test/{0}></iframe></p>",
    "<p>a <iframe src='https://x.test/' title='{0}'></iframe> b</p>",
    '<iframe src="{0}"></iframe>',
    '<iframe src="a.html#{0}" title=\'{0}\'>{0}</iframe>',
    "<iframe {0}>{0}",
    '<img src="a.png" alt="{0}" width="{0}" height=\'{0}\'>',
    '<img alt="{0}" src="missing.png">',
    "<img alt='{0}' src='missing.png' title=\"{0}\">{0}",
    '<img src="{0}" srcset="{0} 2x">',
    '<img src="data:image/svg+xml,{0}">',
    '<video src="https://x.test/{0}" poster="{0}"></video>',
    '<audio src="{0}" {0}></audio><video {0}><source src="{0}"></video>',
    '<a name="{0}"></a><a name={0}>x</a>',
    '<div class="alert alert-info {0}">{0}</div>',
    '<h2 id="{0}" style="{0}" align="{0}">{0}</h2>',
    "{0}<div>{0}</div>{0}",
    "<!-- {0} --><div>{0}<!--{0}",
    "<table id='{0}'><caption>{0}</caption><tr><td {0}>{0}<th>{0}</table>",
    "$$x \\label{{{0}}}$$ \\ref{{{0}}} \\eqref{{{0}}}",
    "$$x \\tag{{{0}}} \\label{{y}}$$ \\eqref{{y}}",
    "\\begin{{align}} {0} \\label{{{0}}} \\\\ {0} \\end{{align}}",
    "$\\unicode{{60}}\\unicode{{x3c}}\\text{{{0}}}\\mbox{{{0}}}\\root {0} \\of x$",
    "<div>$$x \\label{{{0}}}$$ ${0}$</div>",
    "[x](#{0}) <a href='#{0}'>x</a>",
)
ADDRESSED = (
    '<svg><a href="{0}"><text y=9>x</text></a><image href="{0}"/><use href="{0}"/></svg>',
    "<svg><rect fill='url({0})' style='filter:url({0})'/><set attributeName=href to='{0}'/></svg>",
    '<iframe src="{0}" title="x"></iframe>',
    '<p><iframe src="{0}"></iframe></p>',
    '<img src="{0}" alt="x">',
    '<video src="{0}" poster="{0}"></video>',
)


def write_embedded() -> Iterator[str]:
    """Every holder with every way out, and with every disguise of an address."""
    for holder, breakout in product(HOLDERS, BREAKOUTS):
        yield holder.replace("{{", "{").replace("}}", "}").replace("{0}", breakout)
    for addressed, disguise in product(ADDRESSED, (*DISGUISES, CANARY)):
        if CANARY in disguise and "src" in addressed and "iframe" not in addressed:
            continue  # a picture of another site's is shown
        yield addressed.replace("{0}", disguise.format(CALL))
