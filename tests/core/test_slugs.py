"""Heading anchors: unique, and never one of the page's own."""

from nbblog.core.markdown.slugs import Slugger


def test_repeated_headings_are_numbered() -> None:
    """As on GitHub, the second of a name gets ``-1``; a heading that is called so already is not hit."""
    slugger = Slugger()
    assert [slugger.assign(text) for text in ("A b", "A b", "A b 1", "A b")] == ["a-b", "a-b-1", "a-b-1-1", "a-b-2"]


def test_reserved_names_are_never_given() -> None:
    """``note-1`` is an endnote's; a heading of that name, or a second ``Note``, still ends with an id of its own."""
    slugger = Slugger()
    slugs = [slugger.assign(text) for text in ("Note", "Note", "Note", "note-1", "nb-main", "nb-main", "user-x")]
    assert len(set(slugs)) == len(slugs)
    assert not any(slug.startswith(("note-", "nb-", "user-")) for slug in slugs)
