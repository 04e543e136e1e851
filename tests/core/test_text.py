"""Text made fit for a page, and slugs made fit for a path."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbblog.core.text import build_slug, clean_terminal_text, clean_text, one_line, plain_text

CLEANED = [
    ("plain\ttext\n", "plain\ttext\n"),
    ("a\r\nb\rc", "a\nb\nc"),
    ("a\x00b", "a\ufffdb"),
    ("a\x1b[31mb", "a\ufffd[31mb"),
    ("a\x0bb\x7fc", "a\ufffdb\ufffdc"),
    ("é\x00\x9b\x85", "é\ufffd\ufffd\ufffd"),
    ("\ud800 and \udfff", "\ufffd and \ufffd"),
    ("\ufffe\uffff\ufdd0\U0001fffe", "\ufffd\ufffd\ufffd\ufffd"),
    ("one\fpage", "one page"),
    ("zero\u200dwidth \ufeff \u2028", "zero\u200dwidth \ufeff \u2028"),
]


@pytest.mark.parametrize(("text", "clean"), CLEANED)
def test_clean_text(text: str, clean: str) -> None:
    """Line ends are line feeds, and what a page cannot hold is U+FFFD."""
    assert clean_text(text) == clean


TERMINAL = [
    ("\x1b[31mred\x1b[0m", "\x1b[31mred\x1b[0m"),
    ("10%\r20%\r\n", "10%\r20%\n"),
    ("a\x08b\x07", "a\x08b\x07"),
    ("a\x00\x0cb", "a\ufffd\ufffdb"),
    ("é\x00\x1b\ud800", "é\ufffd\x1b\ufffd"),
]


@pytest.mark.parametrize(("text", "clean"), TERMINAL)
def test_clean_terminal_text(text: str, clean: str) -> None:
    """What moves the cursor or colours stays, for the terminal's renderer."""
    assert clean_terminal_text(text) == clean


@settings(deadline=None)
@given(st.text())
def test_clean_text_can_stand_in_any_document(text: str) -> None:
    """It encodes, and cleaning it again changes nothing."""
    clean = clean_text(text)
    clean.encode()
    assert clean_text(clean) == clean
    assert not any(unicodedata.category(character) == "Cc" for character in clean.replace("\t", "").replace("\n", ""))


def test_one_line_takes_out_colours_and_overrides() -> None:
    """Neither a terminal's colours nor a bidirectional override survive in a head."""
    assert one_line(" a\n\tb \x1b[1mc\x1b[0m \u202eevil\u202c ") == "a b c evil"


PLAIN = [
    ("System design", "System design"),
    ("**Bold** and *it* and _under_ and ~~old~~", "Bold and it and under and old"),
    ("***both***", "both"),
    ("snake_case_name and 2*3*4", "snake_case_name and 234"),
    ("The `dict` type and ``a`b``", "The dict type and a`b"),
    ("`**not bold**`", "**not bold**"),
    (r"C\# and \*stars\*", "C# and *stars*"),
    ("[a link](https://example.org/x_(y)) and ![alt](x.png)", "a link and alt"),
    ("[![badge](b.svg)](https://example.org) Title", "badge Title"),
    ("[text][ref]", "text"),
    ("See <https://example.org/a_b_c>", "See https://example.org/a_b_c"),
    ("One<br/>Two <em>three</em> <!-- four -->", "One Two three"),
    ("AT&amp;T &lt;b&gt;", "AT&T <b>"),
    ("Why $a_1*b_1*c$ matters", "Why $a_1*b_1*c$ matters"),
    ("Heading {#id .class}", "Heading"),
    ("[open", "[open"),
    ("5 < 6 and 7 > 6", "5 < 6 and 7 > 6"),
    ("", ""),
]


@pytest.mark.parametrize(("markdown", "plain"), PLAIN)
def test_plain_text(markdown: str, plain: str) -> None:
    """Inline Markdown becomes the text that a reader sees."""
    assert plain_text(markdown) == plain


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("*_~`[]()<>!$\\&;ab {}#\x00"), max_size=80))
def test_plain_text_never_fails(markdown: str) -> None:
    """Whatever is typed becomes one line."""
    assert "\n" not in plain_text(markdown)


SLUGS = [
    ("My first post", "my-first-post"),
    ("  What's new?  ", "whats-new"),
    ("1. What is System Design?", "1-what-is-system-design"),
    ("../../x", "x"),
    ("/etc/passwd", "etc-passwd"),
    ("..\\..\\x", "x"),
    ("C:", "c"),
    ("C:\\Windows", "c-windows"),
    ("CON", "post-con"),
    ("com1", "post-com1"),
    ("COM¹", "post-com1"),
    ("nul.txt", "nul-txt"),
    ("%2e%2e%2f", "2e-2e-2f"),
    ("a\x00b", "a-b"),
    ("Ünïcödé Straße", "ünïcödé-straße"),
    ("e\u0301", "é"),
    ("ＦＵＬＬ　ｗｉｄｔｈ", "full-width"),
    ("日本語 の 題", "日本語-の-題"),
    ("हिन्दी", "हिन्दी"),
    ("zero\u200bwidth\u202e", "zerowidth"),
    ("\u3164a\ufe0f", "a"),
    ("\u0301a", "a"),
    ("a--b__c", "a-b-c"),
    ("<script>", "script"),
    ("İstanbul", "i̇stanbul"),
]


@pytest.mark.parametrize(("text", "slug"), SLUGS)
def test_slug(text: str, slug: str) -> None:
    """Letters, digits and dashes; nothing that a file system or a URL reads as more."""
    assert build_slug(text) == unicodedata.normalize("NFKC", slug)


@pytest.mark.parametrize("text", ["", " ", ".", "..", "/", "🎉", "\u200b", "---", "%", "\ud800", "\u0301"])
def test_slug_is_never_empty(text: str) -> None:
    """Where nothing is left, the slug is made of the text's hash, so that two such posts differ."""
    assert build_slug(text).startswith("post-")
    assert build_slug("🎉") != build_slug("🎈")


def test_long_slug_is_cut_at_a_word() -> None:
    """A hundred bytes at most, counted in UTF-8."""
    assert build_slug("word " * 60) == "-".join(["word"] * 20)
    assert len(build_slug("é" * 300).encode()) == 100
    assert len(build_slug("日" * 300).encode()) == 99


@settings(deadline=None)
@given(st.text())
def test_slug_promises(text: str) -> None:
    """Safe in any path, short, lower case, and the same when made again."""
    slug = build_slug(text)
    assert 1 <= len(slug.encode()) <= 100
    assert all(character == "-" or unicodedata.category(character)[0] in "LNM" for character in slug)
    assert slug[0] != "-"
    assert slug[-1] != "-"
    assert build_slug(slug) == slug
