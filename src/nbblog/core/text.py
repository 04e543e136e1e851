"""Text from a notebook made fit for a page: no surrogates, no controls; one line; plain; a slug."""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256
from html import unescape

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# C0 but for tab and line feed, DEL and C1, lone surrogates, noncharacters: none may stand in an HTML or XML document.
_ENDS_OF_PLANES = "".join(chr(plane << 16 | end) for plane in range(1, 17) for end in (0xFFFE, 0xFFFF))
_OTHERS = f"\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff{_ENDS_OF_PLANES}"
BAD = f"[\x00-\x08\x0b-\x1f{_OTHERS}]"
_BAD = re.compile(BAD)
# In terminal text, bell, backspace, carriage return and escape mean something; ``ansi`` gives them that meaning.
_BAD_IN_TERMINAL = re.compile(f"[\x00-\x06\x0b\x0c\x0e-\x1a\x1c-\x1f{_OTHERS}]")
_ASCII = dict.fromkeys((*range(9), *range(11, 32), 127), REPLACEMENT)
_ASCII_IN_TERMINAL = {code: bad for code, bad in _ASCII.items() if code not in (7, 8, 13, 27)}
_SGR = re.compile("\x1b\\[[0-9;:]*m")
# Embedding, override and isolate controls: in a title or a name they can only reorder what stands around it.
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


def clean_text(text: str) -> str:
    """``text`` with line ends as ``\\n`` and every character that a page cannot hold as U+FFFD.

    A form feed, which editors put between the parts of a source file, becomes a space."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\f" in text:
        text = text.replace("\f", " ")
    # For ASCII, translate() is forty times as fast as a search.
    return text.translate(_ASCII) if text.isascii() else replace_bad(text, REPLACEMENT)


def replace_bad(text: str, by: str = "") -> str:
    """The text with ``by`` for what neither HTML nor XML can have."""
    # Nothing of that is printable, and to ask Python is ten times as fast as a search.
    return text if text.replace("\n", "").isprintable() else _BAD.sub(by, text)


def clean_terminal_text(text: str) -> str:
    """The same for what was printed to a terminal: bell, backspace, carriage return and escape stay."""
    if "\r\n" in text:
        text = re.sub("\r+\n", "\n", text)
    return text.translate(_ASCII_IN_TERMINAL) if text.isascii() else _BAD_IN_TERMINAL.sub(REPLACEMENT, text)


def one_line(text: str) -> str:
    """Clean text in one line, for a head: white space collapsed, colours and bidirectional overrides taken out."""
    return " ".join(BIDI.sub("", clean_text(_SGR.sub("", text))).split())


_ATOMS = re.compile(
    r"(?<!`)(?P<ticks>`+)(?!`)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)"
    r"|\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?P<maths>\$[^$\s](?:[^$]*[^$\s])?\$)"
    r"|<(?P<address>(?:https?://|mailto:)[^<>\s]+)>"
)
_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--.*?-->")
_LINK = re.compile(r"!?\[(?P<label>[^\[\]]*)\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\[\]]*\])")
_EMPHASIS = (
    re.compile(r"(\*{1,3}|~~)(?=\S)(.+?)(?<=\S)\1"),
    re.compile(r"(?<!\w)(_{1,3})(?=\S)(.+?)(?<=\S)\1(?!\w)"),
)
_ATTRIBUTES = re.compile(r"\s*\{[#.][^{}]*\}\s*\Z")


def plain_text(markdown: str) -> str:
    """A line of Markdown without its marks: ``**bold**``, links, code spans, tags and entities become their text.

    Formulas stay as typed. For headings and captions, of a few hundred characters at most."""
    atoms: list[str] = []

    def keep(match: re.Match[str]) -> str:
        atoms.append(next(text for text in match.group("code", "escaped", "maths", "address") if text is not None))
        return f"\x00{len(atoms) - 1}\x00"

    text = _ATOMS.sub(keep, _ATTRIBUTES.sub("", markdown))
    text = _TAG.sub("", _LINE_BREAK.sub(" ", text))
    for _ in range(2):  # a link around an image
        text = _LINK.sub(lambda match: match["label"], text)
    for _ in range(3):  # emphasis in emphasis
        for pattern in _EMPHASIS:
            text = pattern.sub(r"\2", text)
    text = re.sub("\x00([0-9]+)\x00", lambda match: atoms[int(match[1])].strip(), unescape(text))
    return one_line(text)


_WINDOWS_NAMES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})
# Letters and marks that show nothing (Unicode's Default_Ignorable_Code_Point), beside the format characters (Cf).
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]")
_SLUG_BYTES = 100


def build_slug(text: str) -> str:
    """A name for the post's address: letters and digits of any script in lower case, and dashes; 1 to 100 bytes.

    Compatibility forms are folded (NFKC), invisible characters dropped. It is never empty, has no dot, slash or
    percent sign, and is no device name of Windows. ``build_slug(build_slug(x)) == build_slug(x)``."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower())
    folded = _UNSEEN.sub("", re.sub("['\u2018\u2019\u02bc]", "", folded))
    kept = "".join(_slug_character(character) for character in folded)
    slug = _shortened(re.sub("-+", "-", kept))
    if not any(character.isalnum() for character in slug):
        return f"post-{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
    return f"post-{slug}" if slug in _WINDOWS_NAMES else slug


def _slug_character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    return character if category[0] in "LNM" else "-"


def _shortened(slug: str) -> str:
    """``slug`` within its bytes, cut at a dash where one is near, beginning with a letter or digit."""
    start = next((place for place, character in enumerate(slug) if character.isalnum()), len(slug))
    slug = slug[start:].strip("-")
    encoded = slug.encode("utf-8", "ignore")
    if len(encoded) > _SLUG_BYTES:
        cut = encoded[:_SLUG_BYTES].decode("utf-8", "ignore")
        dash = cut.rfind("-")
        slug = cut[:dash] if dash > len(cut) // 2 else cut
    return slug.strip("-")
