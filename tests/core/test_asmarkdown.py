"""An article as Markdown: all that the page says, in a form that Markdown's readers understand, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from nbblog.core.article import Article
from nbblog.core.asmarkdown import build_markdown
from nbblog.core.config import BlogConfig
from nbblog.core.html import escape, sanitise, trusted
from nbblog.core.post import FrontMatter, Post
from nbblog.core.reading import read_post
from nbblog.files import folder_reader, parse_notebook
from nbblog.onepage import Place, render_article_at


def written(html: str) -> str:
    """What an article of this HTML is as Markdown, without its head and title."""
    article = Article(Post("", FrontMatter("T"), ()), trusted(html))
    return build_markdown(article).split("# T\n\n", 1)[1].rstrip("\n")


def said(html: str) -> list[str]:
    """The words of HTML."""
    return re.findall(r"\w+", lxml_html.fromstring(f"<div>{html}</div>").text_content())


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a <em>b</em> <strong>c </strong><del>d</del> <code>e`f</code></p>", "a *b* **c** ~~d~~ ``e`f``"),
        ('<p><a href="x y">b</a><br>\nnext</p>', "[b](<x y>)\\\nnext"),
        ('<h2 id="a">A<a class="nb-anchor" href="#a"></a></h2><p>B</p>', "## A\n\nB"),
        ("<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n<li>c</li></ul>", "- a\n  - b\n- c"),
        ('<ol start="3"><li><p>a</p><p>b</p></li><li><p>c</p></li></ol>', "3. a\n\n   b\n4. c"),
        ('<pre><code class="language-c">a &lt; b\n```</code></pre>', "````c\na < b\n```\n````"),
        ("<table><tr><td colspan=\"2\">a|b</td></tr></table>", "|  |  |\n| --- | --- |\n| a\\|b |  |"),
        ('<sup class="nb-note-ref"><a href="#note-1">1</a></sup>', "[^1]"),
        ('<div class="nb-alert nb-alert-tip"><p class="nb-alert-title">Tip</p><p>a</p></div>', "> [!TIP]\n> a"),
        ('<figure><a href="i"><img src="i" alt="A"></a><figcaption>B</figcaption></figure>', "![A](i)\n\nB"),
        ("<p>1. a * b_c _d_ [e] &lt;f&gt; $5</p>", "1\\. a \\* b_c \\_d\\_ \\[e\\] \\<f> \\$5"),
        ("<p>&amp;amp; \\</p>", "\\&amp; \\\\"),
        ("<p># a</p><p>- b</p>", "\\# a\n\n\\- b"),
        ("<form><button>Go</button></form><script>x</script><p>a</p>", "a"),
    ],
)  # fmt: skip
def test_what_becomes_of_elements(html: str, text: str) -> None:
    """Each has its own form in Markdown."""
    assert written(html) == text


def test_the_head_is_yaml() -> None:
    """With what readers may know."""
    article = Article(Post("", FrontMatter('A: "b"', authors=("Ada",), categories=("x",)), ()), trusted(""))
    text = build_markdown(article, "https://example.org/")
    lines = ['title: "A: \\"b\\""', 'author: ["Ada"]', 'categories: ["x"]', 'url: "https://example.org/"']
    assert text.split("---\n")[1].splitlines() == lines


@pytest.mark.parametrize("name", ["markup", "outputs", "interact", "system-design"])
def test_nothing_that_the_page_says_is_lost(root: Path, name: str) -> None:
    """Every paragraph, heading and cell of a table, read back by a Markdown parser."""
    path = root / "example_notebooks" / f"{name}.ipynb"
    notebook = parse_notebook(path.read_bytes(), path.name)
    read_file = folder_reader(path.parent)
    post = read_post(notebook, name=path.name)
    article = render_article_at(Place("assets"), post, config=BlogConfig(), read_file=read_file)
    html = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(build_markdown(article))
    heard = " ".join(said(html))
    page = lxml_html.fromstring(f"<div>{article.html}</div>")
    for element in page.xpath("//h2|//h3|//p[not(ancestor::form)]|//td|//pre"):
        is_note = element.get("class") in ("nb-alert-title",)
        if not is_note and not element.xpath('.//math|.//input|.//sup|.//*[@class="nb-note-back"]'):
            words = " ".join(re.findall(r"\w+", element.text_content()))
            assert words in heard


@given(st.text(max_size=60))
def test_any_text_is_read_back_as_text(text: str) -> None:
    """No letter of it is taken for markup."""
    html = sanitise(f"<p>{escape(text)}</p>")
    read = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(written(html))
    assert said(read) == said(html)
