"""The blog's settings."""

from __future__ import annotations

from typing import Any

import pytest

from nbblog.core.config import BlogConfig, Limits, read_config
from nbblog.core.errors import ConfigError

READ = [
    ({}, {}),
    ({"site_title": "  Notes \n on systems"}, {"site_title": "Notes on systems"}),
    ({"site-title": "Notes"}, {"site_title": "Notes"}),
    ({"site_url": "https://example.org/blog/"}, {"site_url": "https://example.org/blog"}),
    ({"site_url": ""}, {"site_url": None}),
    ({"theme": "dark"}, {"theme": "dark"}),
    ({"locale": "pt-br"}, {"locale": "pt_BR"}),
    ({"locale": "zh_hant_tw"}, {"locale": "zh_Hant_TW"}),
    ({"locale": "de"}, {"locale": "de"}),
    ({"locale": "es_419"}, {"locale": "es_419"}),
    ({"date_order": "dmy"}, {"date_order": "dmy"}),
    ({"date_order": None}, {"date_order": None}),
    ({"author": "Admin"}, {"author": ("Admin",)}),
    ({"author": ["A", " B "]}, {"author": ("A", "B")}),
    ({"toc": "auto"}, {"toc": None}),
    ({"toc": False}, {"toc": False}),
    ({"ignore": ["image-alt-missing"]}, {"ignore": frozenset({"image-alt-missing"})}),
    ({"limits": {"notebook_bytes": 5}}, {"limits": Limits(notebook_bytes=5)}),
    ({"echo": False, "code-fold": True}, {"echo": False, "code_fold": True}),
]


@pytest.mark.parametrize(("settings", "fields"), READ)
def test_read(settings: dict[str, Any], fields: dict[str, Any]) -> None:
    """Values are checked and put into one form; what is not said has its default."""
    assert read_config(settings) == BlogConfig(**fields)


REFUSED = [
    ({"site_titel": "x"}, "`site_titel` is not a setting; did you mean `site_title`?"),
    ({"quux": 1}, "`quux` is not a setting"),
    ({"site_title": 3}, "`site_title` must be text, not 3"),
    ({"site_url": "example.org"}, "an address such as https://example.org/blog"),
    ({"site_url": "javascript:alert(1)"}, "an address"),
    ({"site_url": "https://[::1"}, "an address"),
    ({"theme": "drak"}, 'must be "auto", "light" or "dark", not \'drak\'; did you mean `dark`?'),
    ({"theme": ["auto"]}, "`theme` must be"),
    ({"locale": "english"}, "a locale such as en_US"),
    ({"locale": 1}, "a locale"),
    ({"date_order": "ymd"}, "`date_order` must be"),
    ({"author": 3}, "text or a list of texts"),
    ({"author": ["A", 3]}, "text or a list of texts"),
    ({"echo": "no"}, "`echo` must be true or false, not 'no'"),
    ({"ignore": ["image-alt-mising"]}, "there is no notice `image-alt-mising`; did you mean `image-alt-missing`?"),
    ({"limits": 3}, "`limits` must be a table"),
    ({"limits": {"notebook_byte": 3}}, "did you mean `notebook_bytes`?"),
    ({"limits": {"notebook_bytes": 0}}, "a number of bytes"),
    ({"site_title": "a", "site-title": "b"}, "set twice"),
]


@pytest.mark.parametrize(("settings", "message"), REFUSED)
def test_refused(settings: dict[str, Any], message: str) -> None:
    """A wrong name or value is an error that says what would be right."""
    with pytest.raises(ConfigError) as caught:
        read_config(settings)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_lang() -> None:
    """The locale as HTML wants it."""
    assert read_config({"locale": "zh_Hant_TW"}).lang == "zh-Hant-TW"
