"""Feeds: read by a feed parser without complaint, complete by themselves, and the same each time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html

from nbblog.core.article import Article
from nbblog.core.config import BlogConfig
from nbblog.core.entry import Entry
from nbblog.core.feed import render_atom, render_json_feed, render_rss
from nbblog.core.feedhtml import build_feed_html
from nbblog.core.html import sanitise, trusted
from nbblog.core.post import FrontMatter
from nbblog.core.reading import read_post
from nbblog.files import folder_reader, parse_notebook
from nbblog.onepage import Place, render_article_at

SITE = "https://example.org/repo"
CONFIG = BlogConfig(site_title="Tides", site_url=SITE, author=("Ada",), description="About the sea.")
PAGE = f"{SITE}/posts/one/"
Render = Callable[..., str]
FORMATS: list[Render] = [render_atom, render_rss, render_json_feed]
XML = [render_atom, render_rss]


def make_entry(slug: str = "one", html: str = "<p>Text.</p>", **front: object) -> Entry:
    """A published post with this body."""
    values = {"title": slug.title(), "date": date(2026, 1, 2), "slug": slug, **front}
    told = trusted(build_feed_html(html, f"{SITE}/posts/{slug}/", "Open the article"))
    return Entry(FrontMatter(**values), f"posts/{slug}/", f"{slug}.ipynb", "What it is about.", 1, 2, told)  # type: ignore[arg-type]


def make_feed(render: Render, *entries: Entry, config: BlogConfig = CONFIG, path: str = "feed.xml") -> str:
    """The feed of these posts."""
    return render(entries, config, path=path, title="Tides")


def shown(html: str) -> str:
    """What a feed has of this HTML."""
    return build_feed_html(html, PAGE, "Open the article")


def render_example(path: Path) -> Article:
    """A notebook, rendered as a build does it."""
    notebook = parse_notebook(path.read_bytes(), path.name)
    place = Place("../../assets")
    post = read_post(notebook, name=path.name, config=CONFIG)
    return render_article_at(place, post, config=CONFIG, read_file=folder_reader(path.parent))


@pytest.mark.parametrize("render", XML)
def test_a_feed_parser_reads_every_field_without_complaint(render: Render) -> None:
    """Title, address, dates, authors, topics, summary and content of each post."""
    entry = make_entry(title="A & B", authors=("Ada", "Grace"), categories=("sea", "C++"), lang="de")
    parsed = feedparser.parse(make_feed(render, entry, make_entry("two")), sanitize_html=False)
    assert not parsed.bozo
    assert [item.link for item in parsed.entries] == [PAGE, f"{SITE}/posts/two/"]
    item = parsed.entries[0]
    assert (item.title, item.id, item.summary) == ("A & B", PAGE, "What it is about.")
    assert [tag.term for tag in item.tags] == ["sea", "C++"]
    assert [author.name for author in item.authors] in (["Ada", "Grace"], ["Grace"], ["Ada"])
    assert item.published_parsed[:3] == (2026, 1, 2)
    assert item.content[0].value == "<p>Text.</p>"
    assert parsed.feed.title == "Tides" and parsed.feed.link == f"{SITE}/"


def test_a_json_feed_has_what_its_version_asks_for() -> None:
    """Fields and their kinds by jsonfeed.org/version/1.1."""
    entry = make_entry(authors=("Ada",), categories=("sea",), date_modified=date(2026, 2, 3))
    feed = json.loads(make_feed(render_json_feed, entry, path="feed.json"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert (feed["home_page_url"], feed["feed_url"]) == (f"{SITE}/", f"{SITE}/feed.json")
    assert feed["items"] == [
        {
            "id": PAGE, "url": PAGE, "title": "One", "summary": "What it is about.",
            "date_published": "2026-01-02T00:00:00Z", "date_modified": "2026-02-03T00:00:00Z",
            "authors": [{"name": "Ada"}], "tags": ["sea"], "content_html": "<p>Text.</p>",
        }
    ]  # fmt: skip


@pytest.mark.parametrize("render", FORMATS)
def test_a_feed_of_no_posts_is_a_feed(render: Render) -> None:
    """A blog that has just begun."""
    feed = make_feed(render)
    assert json.loads(feed)["items"] == [] if render is render_json_feed else not feedparser.parse(feed).bozo


def test_a_topics_feed_leads_to_the_topics_page() -> None:
    """Its own address and its page's differ."""
    parsed = feedparser.parse(make_feed(render_atom, make_entry(), path="tags/der-see/feed.xml"))
    assert parsed.feed.id == f"{SITE}/tags/der-see/feed.xml"
    assert parsed.feed.link == f"{SITE}/tags/der-see/"


def test_addresses_are_escaped_as_those_of_pages_are() -> None:
    """A slug may have letters of any script."""
    assert f"{SITE}/posts/h%C3%B6hle/" in make_feed(render_atom, make_entry("höhle"))


def test_a_feed_has_as_many_posts_as_the_blog_says() -> None:
    """The first ones."""
    entries = [make_entry(f"p{number}") for number in range(5)]
    for render in FORMATS:
        feed = make_feed(render, *entries, config=BlogConfig(site_url=SITE, feed_posts=2))
        assert "posts/p1/" in feed and "posts/p2/" not in feed


def test_a_post_without_a_date_changes_with_the_newest() -> None:
    """Atom wants a time for each; RSS and JSON Feed say nothing then."""
    entries = (make_entry("new", date_modified=date(2026, 5, 6)), make_entry("undated", date=None))
    parsed = feedparser.parse(make_feed(render_atom, *entries))
    assert [item.updated for item in parsed.entries] == ["2026-05-06T00:00:00Z"] * 2
    assert parsed.feed.updated == "2026-05-06T00:00:00Z"
    assert "pubDate" not in make_feed(render_rss, entries[1])
    assert "date_published" not in make_feed(render_json_feed, entries[1])


def test_dates_of_rss_are_in_english_whatever_the_blog_speaks() -> None:
    """RFC 822 has no other names of months."""
    config = BlogConfig(site_url=SITE, locale="de_DE")
    assert "<pubDate>Fri, 02 Jan 2026 00:00:00 GMT</pubDate>" in make_feed(render_rss, make_entry(), config=config)


HOSTILE = ["]]>", "<![CDATA[", "{{7*7}}", "</title>", "\x00\x0b\x1f", "\ufffe\uffff", "\ud800", "\"'><script>", "&#0;"]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("render", XML)
def test_hostile_text_in_every_field_is_text(render: Render, text: str) -> None:
    """A strict parser reads back what was there, but for characters that XML has not."""
    entry = make_entry(title=f"a{text}b", authors=(f"a{text}b",), categories=(f"a{text}b",))
    config = BlogConfig(site_url=SITE, site_title=f"a{text}b", description=f"a{text}b", author=(f"a{text}b",))
    root = etree.fromstring(render([entry], config, path="feed.xml", title=f"a{text}b").encode())
    kept = re.sub("[\x00\x0b\x1f\ufffe\uffff\ud800]", "", f"a{text}b")
    titles = [element.text for element in root.iter("{*}title")]
    assert titles == [kept, kept]


def test_json_of_hostile_text_is_utf_8() -> None:
    """A lone surrogate would stop the build when the file is written."""
    assert "a" in json.loads(make_feed(render_json_feed, make_entry(title="a\ud800\x00")).encode())["items"][0]["title"]


@given(st.text(), st.text())
def test_any_text_gives_a_feed(title: str, html: str) -> None:
    """Whatever a title or a cell of HTML says."""
    entry = make_entry(title=title, html=sanitise(html))
    for render in XML:
        feed = make_feed(render, entry).encode()
        etree.fromstring(feed)
        assert not feedparser.parse(feed).bozo
    json.loads(make_feed(render_json_feed, entry).encode())


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="../two/">x</a>', f'<a href="{SITE}/posts/two/">x</a>'),
        ('<a href="#part">x</a>', f'<a href="{PAGE}#part">x</a>'),
        ('<a href="/top">x</a>', '<a href="https://example.org/top">x</a>'),
        ('<a href="?a=1&amp;b=2">x</a>', f'<a href="{PAGE}?a=1&amp;b=2">x</a>'),
        ('<a href="//cdn.example/x">x</a>', '<a href="https://cdn.example/x">x</a>'),
        ('<a href="mailto:a@b.c">x</a>', '<a href="mailto:a@b.c">x</a>'),
        ('<img src="../../assets/a.png" alt="">', f'<img src="{SITE}/assets/a.png" alt="">'),
        (
            '<img src="a.png" srcset="../../assets/a.w.webp 480w, b%2C.png 2x" sizes="100vw" alt="x">',
            f'<img src="{PAGE}a.png" srcset="{SITE}/assets/a.w.webp 480w, {PAGE}b%2C.png 2x" sizes="100vw" alt="x">',
        ),
        (
            '<video src="a.mp4" poster="p.png" controls></video>',
            f'<video src="{PAGE}a.mp4" poster="{PAGE}p.png" controls></video>',
        ),
        ('<video><source src="a.webm" type="video/webm"></video>',
         f'<video><source src="{PAGE}a.webm" type="video/webm"></video>'),
        ('<blockquote cite="x">q</blockquote>', f'<blockquote cite="{PAGE}x">q</blockquote>'),
    ],
)  # fmt: skip
def test_every_kind_of_address_is_a_full_one(html: str, expected: str) -> None:
    """A feed is read far from the page."""
    assert shown(html) == expected


def test_what_is_no_address_leads_nowhere() -> None:
    """It would stop the feed otherwise."""
    assert shown('<a href="http://[x">y</a>') == "<a>y</a>"


def test_a_section_with_controls_is_its_first_answer_and_a_link() -> None:
    """Its buttons and its data do nothing in a feed."""
    html = (
        '<nbblog-interact class="nb-interact"><p class="nb-interact-title">How many?</p><form class="nb-controls">'
        '<label>Users <input type="range"></label></form><div class="nb-answer"><p>Seven.</p></div>'
        '<div class="nb-actions"><button>Run</button></div><script type="application/json">{"a":1}</script>'
        "</nbblog-interact>"
    )
    assert shown(html) == f'<p>How many?</p><div><p>Seven.</p></div><p><a href="{PAGE}">Open the article</a></p>'


def test_a_formula_is_mathml_once() -> None:
    """Its other form needs KaTeX's style sheet."""
    html = (
        '<span class="katex"><span class="katex-mathml"><math xmlns="http://www.w3.org/1998/Math/MathML"><semantics>'
        '<mrow><mi>x</mi></mrow><annotation encoding="application/x-tex">x</annotation></semantics></math></span>'
        '<span class="katex-html" aria-hidden="true"><span style="top:1em">x</span></span></span>'
    )
    assert shown(html) == '<math xmlns="http://www.w3.org/1998/Math/MathML"><mrow><mi>x</mi></mrow></math>'


def test_a_drawing_is_told_in_words() -> None:
    """Readers that leave it out would show the letters of its axes in a row."""
    html = '<svg class="nb-chart" role="img" aria-label="Chart: 7 &amp; 2"><text>0</text><path d="M0"/></svg>'
    assert shown(html) == "<p>Chart: 7 &amp; 2</p>"


def test_a_task_list_keeps_its_marks() -> None:
    """Forms are not for feeds."""
    html = '<li><input type="checkbox" disabled checked> a</li><li><input type="checkbox" disabled> b</li>'
    assert shown(html) == "<li>☑ a</li><li>☐ b</li>"


def test_code_has_no_colours() -> None:
    """They need a style sheet, and would be most of the feed."""
    html = '<pre tabindex="0"><code class="language-python"><span class="k">def</span> f</code></pre>'
    assert shown(html) == "<pre><code>def f</code></pre>"


@pytest.mark.parametrize("name", ["markup", "outputs", "interact", "system-design"])
def test_the_feed_of_a_real_article_is_complete_and_inert(root: Path, name: str) -> None:
    """No script, control or relative address; each heading and paragraph of the page outside of sections is there."""
    article = render_example(root / "example_notebooks" / f"{name}.ipynb")
    told = trusted(build_feed_html(article.html, f"{SITE}/posts/{name}/", "Open the article"))
    entry = Entry(article.post.front, f"posts/{name}/", "x", article.summary, 1, 1, told)
    parsed = feedparser.parse(make_feed(render_atom, entry), sanitize_html=False, resolve_relative_uris=False)
    assert not parsed.bozo
    content = parsed.entries[0].content[0].value
    tree, page = lxml_html.fromstring(content), lxml_html.fromstring(f"<div>{article.html}</div>")
    assert not tree.xpath("//script|//style|//button|//form|//input|//select|//iframe|//@onclick|//@class|//@id")
    assert not [e for e in tree.iter() if isinstance(e.tag, str) and "-" in e.tag]
    for url in tree.xpath("//@href|//@src|//@poster"):
        assert url.startswith(("https://", "http://", "mailto:", "data:")), url
    heard = " ".join(tree.text_content().split())
    for element in page.xpath("//h2|//h3|//li|//p[not(ancestor::nbblog-interact)]"):
        if not element.xpath('.//math|.//input|.//sup|.//*[@class="nb-note-back"]'):
            assert " ".join(element.text_content().split()) in heard


def test_the_same_posts_give_the_same_bytes(root: Path) -> None:
    """Nothing of the clock, and no order of a set."""
    article = render_example(root / "example_notebooks" / "outputs.ipynb")
    assert shown(article.html) == shown(article.html)
    entry = Entry(article.post.front, "posts/o/", "x", article.summary, 1, 1, trusted(shown(article.html)))
    for render in FORMATS:
        assert make_feed(render, entry) == make_feed(render, entry)
