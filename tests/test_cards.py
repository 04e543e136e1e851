"""The picture that stands for a post: its own, or a card with its title."""

from __future__ import annotations

import json
import re
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from nbblog.build import BuildResult, build_blog
from nbblog.cards import HEIGHT, WIDTH, draw_card
from nbblog.settings import load_settings

DAY = date(2026, 3, 1)


def opened(card: bytes) -> Image.Image:
    """The card as colours."""
    image = Image.open(BytesIO(card))
    assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT))
    return image.convert("RGB")


@pytest.mark.parametrize("title", ["Tides", "How many servers? " * 9, "Antidisestablish" * 9, "Größe – café"])
def test_a_card_has_its_title_within_its_margins(title: str) -> None:
    """However long it is."""
    card = draw_card(title, "Blog " * 30, "Ada · 1/2/2026 " * 20)
    assert card is not None and len(card) < 60_000
    image = opened(card)
    paper = Image.new("RGB", image.size, image.getpixel((600, 5)))
    left, top, right, bottom = ImageChops.difference(image, paper).crop((20, 0, WIDTH, HEIGHT)).getbbox() or (0,) * 4
    assert left >= 50 and top >= 50 and right <= WIDTH - 20 - 70 and bottom <= HEIGHT - 60


def test_a_card_is_the_same_each_time_and_differs_with_its_words() -> None:
    """Builds are reproducible."""
    assert draw_card("Tides", "Blog", "Ada") == draw_card("Tides", "Blog", "Ada") != draw_card("Ebb", "Blog", "Ada")


@pytest.mark.parametrize("title", ["潮汐", "Прилив", "🌊", "", "  "])
def test_no_card_is_drawn_where_its_letters_are_missing(title: str) -> None:
    """Empty boxes would be worse than none."""
    assert draw_card(title, "Blog", "Ada") is None


def build(blog: Path, **front: object) -> tuple[BuildResult, str]:
    """A blog of one post with this head, and the post's page."""
    head = "---\n" + "".join(f"{key}: {json.dumps(value)}\n" for key, value in front.items()) + "---"
    cells = [{"cell_type": "raw", "metadata": {}, "source": head, "id": "head"},
             {"cell_type": "markdown", "metadata": {}, "source": "Text.", "id": "text"}]  # fmt: skip
    (blog / "posts").mkdir(exist_ok=True)
    (blog / "posts" / "tides.ipynb").write_text(
        json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}), "utf-8"
    )
    if not (blog / "nbblog.toml").exists():
        (blog / "nbblog.toml").write_text('site_title = "Sea"\nsite_url = "https://example.org/repo"\n', "utf-8")
    result = build_blog(load_settings(blog), today=DAY)
    assert not result.errors
    return result, (blog / "_site" / "posts" / "tides" / "index.html").read_text("utf-8")


def shared(page: str) -> list[str]:
    """The addresses of its pictures for other sites."""
    return re.findall(r'<meta property="og:image" content="([^"]+)">', page)


def test_a_post_without_a_picture_has_a_card_at_its_full_address(tmp_path: Path) -> None:
    """And in what search engines read."""
    _, page = build(tmp_path, title="Tides", date="2026-01-02", author="Ada")
    address = "https://example.org/repo/posts/tides/card.png"
    assert shared(page) == [address] and f'"image":"{address}"' in page.replace('": "', '":"')
    assert 'name="twitter:card" content="summary_large_image"' in page
    opened((tmp_path / "_site" / "posts" / "tides" / "card.png").read_bytes())


def test_a_picture_beside_the_post_stands_for_it_here_and_elsewhere(tmp_path: Path) -> None:
    """Without a card; its metadata stay behind."""
    (tmp_path / "posts").mkdir()
    exif = Image.Exif()
    exif[0x010E] = "where I live"
    Image.effect_noise((900, 600), 40).convert("RGB").save(tmp_path / "posts" / "sea.jpg", exif=exif)
    result, page = build(tmp_path, title="Tides", image="sea.jpg")
    (address,) = shared(page)
    path = tmp_path / "_site" / address.removeprefix("https://example.org/repo/")
    assert b"where I live" not in path.read_bytes()
    home = (tmp_path / "_site" / "index.html").read_text("utf-8")
    assert f'<img src="assets/{path.name}"' in home
    assert not (tmp_path / "_site" / "posts" / "tides" / "card.png").exists() and not result.notices


def test_a_drawing_is_not_shared(tmp_path: Path) -> None:
    """Other sites show none: the card stands for the post, and nothing is wrong."""
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "sea.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>')
    result, page = build(tmp_path, title="Tides", image="sea.svg")
    assert shared(page) == ["https://example.org/repo/posts/tides/card.png"] and not result.notices
    assert "<img" not in (tmp_path / "_site" / "index.html").read_text("utf-8")


@pytest.mark.parametrize("image", ["gone.png", "../../etc/passwd", "tides.ipynb"])
def test_a_picture_that_cannot_be_used_is_said_and_the_post_is_published(tmp_path: Path, image: str) -> None:
    """Nothing of the file is published."""
    result, page = build(tmp_path, title="Tides", image=image)
    assert [notice.code for notice in result.notices["tides.ipynb"]] == ["image-refused"]
    assert shared(page) == [] and '<img src="assets' not in (tmp_path / "_site" / "index.html").read_text("utf-8")


def test_cards_need_the_site_address_and_can_be_switched_off(tmp_path: Path) -> None:
    """Other sites want full addresses."""
    (tmp_path / "nbblog.toml").write_text('site_url = "https://example.org"\nsocial_cards = false\n', "utf-8")
    assert shared(build(tmp_path, title="Tides")[1]) == []
    (tmp_path / "nbblog.toml").write_text("", "utf-8")
    assert shared(build(tmp_path, title="Tides")[1]) == []


def test_an_edit_of_the_title_draws_the_card_anew(tmp_path: Path) -> None:
    """And a picture that changes is taken anew."""
    build(tmp_path, title="Tides")
    card = tmp_path / "_site" / "posts" / "tides" / "card.png"
    before = card.read_bytes()
    build(tmp_path, title="Ebb", slug="tides")
    assert card.read_bytes() != before
