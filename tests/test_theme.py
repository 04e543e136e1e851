"""The theme as an author changes it: templates, styles, and what is text and stays text."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from babel.dates import format_skeleton
from hypothesis import given
from hypothesis import strategies as st
from look_page import FRONT, TEXT, write_page

from nbblog.core.article import Article
from nbblog.core.config import BlogConfig
from nbblog.core.errors import ConfigError
from nbblog.core.html import trusted
from nbblog.core.page import format_date, render_page
from nbblog.core.post import FrontMatter, Post
from nbblog.files import folder_reader
from nbblog.onepage import render_one_page
from nbblog.theme import ENGLISH, load_theme
from nbblog.theme.fonts import render_font_faces


def test_a_block_is_replaced_without_copying_the_rest(tmp_path: Path) -> None:
    """An author's template extends the theme's."""
    theme = tmp_path / "theme"
    theme.mkdir()
    (theme / "index.html.j2").write_text(
        '{% extends "nbblog/index.html.j2" %}{% block site_footer %}<footer>Mine</footer>{% endblock %}', "utf-8"
    )
    write_page(tmp_path, "page.html", TEXT, theme=load_theme(theme))
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "<footer>Mine</footer>" in page
    assert 'class="nb-foot"' not in page
    assert "<h1>System Design" in page


def test_an_authors_styles_come_last_and_outside_the_layers(tmp_path: Path) -> None:
    """So that a plain rule wins over any of the theme's."""
    (tmp_path / "custom.css").write_text(":root { --nb-accent: #7a0019 }", "utf-8")
    styles = load_theme(tmp_path).styles_for(TEXT, {})
    assert styles.endswith(":root { --nb-accent: #7a0019 }")
    assert all(text.startswith("@layer nb") for text in load_theme().styles.values())


def test_styles_cannot_leave_their_element(tmp_path: Path) -> None:
    """Not even an author's comment."""
    (tmp_path / "custom.css").write_text("/* </style><script>alert(1)</script> */", "utf-8")
    assert "</" not in load_theme(tmp_path).styles_for(TEXT, {"inter": 'x"</style>.woff2'})


def test_a_theme_folder_that_is_not_there_is_said_in_one_line(tmp_path: Path) -> None:
    """As an error of the user's."""
    with pytest.raises(ConfigError, match="the theme's folder is not there"):
        load_theme(tmp_path / "none")


def test_a_fault_in_an_authors_template_is_said_in_one_line(tmp_path: Path) -> None:
    """An unknown name is an error, not an empty place."""
    (tmp_path / "index.html.j2").write_text("{{ page.titel }}", "utf-8")
    with pytest.raises(ConfigError, match="titel"):
        write_page(tmp_path, "page.html", TEXT, theme=load_theme(tmp_path))


def test_what_a_post_says_of_itself_is_text(tmp_path: Path) -> None:
    """Neither HTML nor a template, in any field."""
    evil = "{{ 7*7 }}{% include 'x' %}<script>alert(1)</script>\"'>"
    front = replace(
        FRONT,
        title=evil,
        subtitle=evil,
        description=evil,
        authors=(evil,),
        categories=(evil,),
        series=evil,
        license=evil,
        image=f"https://example.com/{evil}",
        image_alt=evil,
    )
    write_page(tmp_path, "page.html", TEXT, front=front)
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "alert(1)</script>" not in page
    assert "49" not in re.sub(r"<style>.*?</style>|<svg.*?</svg>", "", page, flags=re.DOTALL)
    assert page.count("{{ 7*7 }}") >= 10


def test_no_template_is_made_from_a_string(root: Path) -> None:
    """Jinja reads templates from the theme's files only."""
    sources = (root / "src").rglob("*.py")
    assert [path.name for path in sources if re.search(r"from_string\(|\bTemplate\(", path.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    ("locale", "written"),
    [("en_US", "1/2/2026"), ("en_GB", "02/01/2026"), ("de", "2.1.2026"), ("no such", "2026-01-02")],
)
def test_a_date_is_written_as_in_its_locale(locale: str, written: str) -> None:
    """In numbers; where nobody knows the locale, as ISO 8601 has it."""
    assert format_date(date(2026, 1, 2), locale) == written


@given(st.dates())
def test_american_dates_are_those_of_babel(day: date) -> None:
    """They are written without it, as it is slow to load."""
    assert format_date(day, "en_US") == format_skeleton("yMd", day, locale="en_US")


def test_every_word_of_the_page_can_be_translated(tmp_path: Path) -> None:
    """With other words, none of the English ones is left."""
    words = {key: f"‹{key}›" if "{}" not in word else "‹minutes› {}" for key, word in ENGLISH.items()}
    write_page(tmp_path, "page.html", TEXT, theme=replace(load_theme(), words=words))
    page = (tmp_path / "page.html").read_text("utf-8")
    shown = re.sub(r"<(style|script)[^>]*>.*?</\1>|<head>.*?</head>", "", page, flags=re.DOTALL)
    assert [word for word in ENGLISH.values() if len(word) > 4 and word in shown] == []
    assert "‹skip›" in page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_fixed_scheme_has_no_button_and_keeps_no_choice(tmp_path: Path, scheme: str) -> None:
    """The author has chosen."""
    write_page(tmp_path, "page.html", TEXT, scheme=scheme)
    page = (tmp_path / "page.html").read_text("utf-8")
    assert f'data-scheme="{scheme}"' in page
    assert 'class="nb-scheme"' not in page
    assert "localStorage" not in page.split("</head>")[0]


def test_a_page_brings_only_the_styles_it_uses() -> None:
    """Each part comes with the elements that need it."""
    theme = load_theme()
    plain = theme.styles_for("<p>Text</p>", {})
    for part, html in {
        "alerts": '<div class="nb-alert">',
        "tables": "<table>",
        "figures": "<figure>",
        "pygments": '<div class="nb-code">',
        "notes": '<sup class="nb-note-ref">',
    }.items():
        assert theme.styles[part] not in plain, part
        assert theme.styles[part] in theme.styles_for(html, {}), part


def test_minifying_changes_no_declaration() -> None:
    """Every selector and value of the sources is still there, but for white space and comments."""
    folder = Path(load_theme.__code__.co_filename).parent / "css"
    for name, text in load_theme().styles.items():
        source = re.sub(r"/\*.*?\*/", "", (folder / f"{name}.css").read_text("utf-8"), flags=re.DOTALL)
        assert re.sub(r"[\s;]", "", source) == re.sub(r"[\s;]", "", text), name


def test_fonts_swap_and_their_stand_ins_are_of_the_same_size() -> None:
    """A font without a URL is left out; the stand-ins are always there."""
    faces = render_font_faces({"inter": "a b.woff2"})
    assert faces.count("font-display:swap") == 1
    assert 'url("a b.woff2")' in faces
    assert faces.count("size-adjust") == 15


def test_the_fonts_of_the_first_lines_are_asked_for_early(tmp_path: Path) -> None:
    """Where they are files; the italic one is of no hurry."""
    write_page(tmp_path, "page.html", TEXT)
    (urls,) = re.findall(r'<script data-urls="([^"]*)">', (tmp_path / "page.html").read_text("utf-8"))
    assert [re.sub(r"-\d.*", "", url) for url in urls.split(" ")] == ["source-serif", "inter"]


def test_a_page_that_is_one_file_asks_for_no_fonts(root: Path) -> None:
    """They are in it."""
    notebook = json.loads((root / "example_notebooks" / "system-design.ipynb").read_text("utf-8"))
    page = render_one_page(
        notebook, name="x.ipynb", config=BlogConfig(), read_file=folder_reader(root), files_dir=None
    )
    assert "data-urls" not in page.html


def test_the_reference_names_every_property_and_block(root: Path) -> None:
    """What an author may change is written down."""
    reference = (root / "docs/reference/theme.md").read_text("utf-8")
    theme = load_theme()
    properties = set(re.findall(r"(--nb-[\w-]+):", theme.styles["base"].split("[data-scheme")[0])) - {"--nb-tracks"}
    template = (root / "src/nbblog/theme/templates/nbblog/index.html.j2").read_text("utf-8").split("-#}", 1)[1]
    blocks = set(re.findall(r"{% block (\w+) %}", template))
    assert {name for name in properties | blocks if f"`{name}`" not in reference} == set()
    assert len(properties) >= 18
    assert len(blocks) >= 11


def test_an_article_made_by_hand_has_the_styles_of_its_html() -> None:
    """Nobody needs to say what is in it; and what is put into it later counts too."""
    theme = load_theme()
    article = Article(Post("", FrontMatter("Title"), ()), trusted('<table class="nb-table"></table>'))
    assert theme.styles["tables"] in render_page(article, theme=theme, config=BlogConfig())
    changed = replace(article, html=trusted('<p class="nb-math"></p>'))
    page = render_page(changed, theme=theme, config=BlogConfig())
    assert theme.styles["maths"] in page
    assert theme.styles["tables"] not in page
