"""Double brackets, and pictures however they are written."""

from __future__ import annotations

import re

import pytest
from markdown_article import render, write_png

from nbblog.core.markdown import PostLink
from nbblog.core.markdown.brackets import Bracket, find_bracket


def read(source: str) -> Bracket:
    found = find_bracket(source, 0, len(source))
    assert found is not None
    assert found[1] == len(source)
    return found[0]


def test_white_space_around_the_marks_is_free() -> None:
    """Blanks around bars, colons and equals signs mean nothing."""
    assert read("[[ image : a.png | Alt text | width = 60% ]]") == read("[[image:a.png|Alt text|width=60%]]")


def test_a_bar_and_a_bracket_can_be_escaped() -> None:
    """A backslash takes the meaning from a bar and from a bracket, and stays before anything else."""
    assert read(r"[[image:a.png|either \| or \] and \n]]").text == r"either | or ] and \n"


@pytest.mark.parametrize("target", ["https://x.org/a?b=c&d=%20#e", "a[1].png", "a[b[c]].png", "C:/x=y.png"])
def test_a_target_may_hold_marks(target: str) -> None:
    """Marks of addresses and balanced brackets belong to the target."""
    assert read(f"[[image:{target}|Alt]]").target == target


def test_an_image_alone_is_a_figure() -> None:
    """A picture that fills its paragraph becomes a figure with its caption's markup, size and a link to the file."""
    html = render("[[image:a.png|A *cat*|caption=See *this* `x`|width=60%|align=wide]]").html
    assert '<figure class="nb-figure nb-wide" style="--nb-width:60%"><a href="files/image.' in html
    assert re.search(r'alt="A \*cat\*" width="4" height="3"', html)
    assert "<figcaption>See <em>this</em> <code>x</code></figcaption>" in html


def test_an_image_in_a_sentence_stays_there() -> None:
    """Within words a picture is no figure."""
    assert re.fullmatch(
        r'<p>Press <img src="files/image\.\w+\.png" alt="the key"[^>]*> now\.</p>\n',
        render("Press [[image:a.png|the key]] now.").html,
    )


def test_image_lines_in_a_row_are_one_gallery() -> None:
    """Pictures on neighbouring lines stand together, whichever way each is written."""
    html = render("[[image:a.png|A]]\n![B](b.png)\n[[image:a.png|C]]").html
    assert html.count("nb-gallery") == 1
    assert html.count("<figure") == 3


def test_images_with_a_blank_line_between_are_two_figures() -> None:
    """A blank line ends the row."""
    html = render("[[image:a.png|A]]\n\n[[image:b.png|B]]").html
    assert "nb-gallery" not in html
    assert html.count("<figure") == 2


def test_an_image_line_ends_a_list() -> None:
    """A bracket on a line of its own below a list is no part of its last entry."""
    html = render("- one\n- two\n[[image:a.png|A]]").html
    assert html.index("</ul>") < html.index("<figure")


def test_both_ways_to_write_an_image_are_one() -> None:
    """``![…](…){…}`` and ``[[image:…]]`` come out alike."""
    markdown = render('![A](a.png "Caption"){width=60% .wide}').html
    assert markdown == render("[[image:a.png|A|caption=Caption|width=60%|align=wide]]").html


def test_an_attachment_is_shown() -> None:
    """A picture pasted into the cell becomes a file."""
    done = render("![A](attachment:my%20name.png)", attachments={"my name.png": write_png()})
    assert [asset.suffix for asset in done.assets] == [".png"]
    assert not done.notices


def test_a_percent_encoded_target_is_found() -> None:
    """Markdown's targets are encoded, file names are not."""
    assert not render("![A](my%20picture.png)").notices


def test_without_alt_text_there_is_a_notice() -> None:
    """The picture is shown with ``alt=""``, and its author is asked for a text."""
    done = render("[[image:a.png]]")
    assert 'alt=""' in done.html
    assert done.codes == ["image-alt-missing"]


def test_a_missing_file_leaves_its_words() -> None:
    """Where a picture cannot be shown, its description stands."""
    done = render("[[image:none.png|A cat]]")
    assert '<span class="nb-missing">A cat</span>' in done.html
    assert done.codes == ["image-refused"]


def test_what_is_no_picture_is_refused() -> None:
    """Not the name but the content says what a file is."""
    done = render("![A](secret.png)")
    assert not done.assets
    assert done.codes == ["image-refused"]


def test_a_remote_image_is_linked_as_it_is() -> None:
    """It is loaded late, and without telling where from."""
    html = render("[[image:https://x.org/a.jpg?w=1&h=2|A]]").html
    assert 'src="https://x.org/a.jpg?w=1&amp;h=2"' in html
    assert 'loading="lazy"' in html
    assert 'referrerpolicy="no-referrer"' in html


def test_only_the_first_image_is_loaded_at_once() -> None:
    """The article's first picture is probably in the first window."""
    html = render("[[image:a.png|A]]\n\n![B](b.png)", eager=True).html
    assert html.count('fetchpriority="high"') == 1
    assert html.count('loading="lazy"') == 1


@pytest.mark.parametrize(
    "source",
    ["`[[image:a.png]]`", "    [[image:a.png]]", "```\n[[image:a.png]]\n```", "$[[image:a.png]]$", r"\[[image:a.png]]"],
)
def test_brackets_are_left_alone_elsewhere(source: str) -> None:
    """In code, in formulas and behind a backslash they are text."""
    done = render(source)
    assert "[[image:a.png]]" in re.sub(r"<[^>]*>", "", done.html)
    assert not done.assets


def test_brackets_in_a_links_target_are_left_alone() -> None:
    """A link's target is no text."""
    assert "<img" not in render("[x](https://x.org/[[image:a.png]])").html


@pytest.mark.parametrize(
    ("source", "code"),
    [("[[imgae:a.png]]", "bracket-unknown"), ("a [[image:]] b", "bracket-empty"), ("[[image| ]]", "bracket-empty")],
)
def test_odd_brackets_stay_text(source: str, code: str) -> None:
    """An unknown name or an empty target is shown as typed, with a notice that names the line."""
    done = render(f"one\n\n{source}")
    assert source in done.html
    assert [(notice.code, notice.place.line) for notice in done.notices] == [(code, 3)]


def test_a_near_name_is_offered() -> None:
    """A slip of the pen is answered with the right word."""
    assert "did you mean `image`?" in str(render("[[imgae:a.png]]").notices[0])


def test_a_link_in_double_brackets_is_a_link() -> None:
    """``[[text]](url)`` is CommonMark's."""
    done = render("[[text]](https://x.org)")
    assert '<a href="https://x.org" rel="noopener noreferrer">[text]</a>' in done.html
    assert not done.notices


def test_a_film_has_a_player() -> None:
    """A local film is copied and waits for a click."""
    html = render("[[video:film.mp4|A walk|poster=a.png]]").html
    assert re.search(r'<video class="nb-video" src="files/media\.\w+\.mp4" controls preload="none"', html)
    assert 'poster="files/image.' in html


def test_a_sound_has_a_player() -> None:
    """So is a sound."""
    assert '<audio class="nb-audio"' in render("[[audio:song.mp3|Song]]").html


def test_an_embedded_film_asks_nobody_before_a_click() -> None:
    """The card holds a link; the player's address waits in data."""
    html = render("[[embed:https://youtu.be/dQw4w9WgXcQ?t=1m5s|A song]]").html
    assert 'data-src="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?start=65"' in html
    assert '<a href="https://youtu.be/dQw4w9WgXcQ?t=1m5s" rel="noopener noreferrer">A song</a>' in html
    assert "<iframe" not in html


def test_a_file_is_offered_with_its_size() -> None:
    """The file is copied along and keeps its name when it is saved."""
    link = r'<a class="nb-file" href="files/file\.\w+\.csv" download="data\.csv">the data <span class="nb-size">1\.6 KB'
    assert re.search(link, render("See [[file:data.csv|the data]].").html)


def test_a_page_is_offered_as_text() -> None:
    """A file that a browser would run lies on the site under an extension that it only shows."""
    done = render("[[file:page.html]]")
    assert [asset.suffix for asset in done.assets] == [".txt"]
    assert 'download="page.html"' in done.html


def test_a_post_is_linked_by_its_title() -> None:
    """Another post's title is the link's text, unless the author gives one."""
    posts = {"two": PostLink("../two/", "The second")}
    html = render("[[post:two#end]] [[post:two|there]]", find_post=posts.get).html
    assert 'href="../two/#end" ' not in html
    assert '<a href="../two/#end">The second</a> <a href="../two/">there</a>' in html


def test_an_unknown_post_is_text() -> None:
    """Its words stay, its link does not."""
    done = render("[[post:none|the words]]")
    assert "<p>the words</p>" in done.html
    assert done.codes == ["post-unknown"]


def test_the_table_of_contents_is_nested() -> None:
    """``[[toc]]`` lists the article's headings, those of later cells too."""
    html = render("[[toc]]\n\n## One", "### Two\n\n## Three").html
    assert (
        '<nav class="nb-toc-inline" aria-label="Contents of this article"><ol>'
        '<li><a href="#one">One</a><ol><li><a href="#two">Two</a></li></ol></li>'
        '<li><a href="#three">Three</a></li></ol></nav>' in html
    )


def test_brackets_in_a_table_need_no_escape() -> None:
    """A bar between double brackets does not end the cell."""
    html = render("| a | b |\n|---|---|\n| [[image:a.png|Alt]] | c |").html
    assert html.count("<td>") == 2
    assert 'alt="Alt"' in html


def test_a_wrong_option_is_reported() -> None:
    """A width that is none, an unknown place and a misspelt key each give a notice."""
    assert render("[[image:a.png|A|width=big|align=middle|captoin=x]]").codes == ["bracket-option"] * 3


def test_a_picture_with_two_texts_shows_both() -> None:
    """With an alternative text of its own, what stands in the brackets is the caption, as in Quarto."""
    html = render('![Her *notes* ([source](https://x.org))](a.png){alt="A notebook"}').html
    assert 'alt="A notebook"' in html
    assert '<figcaption>Her <em>notes</em> (<a href="https://x.org" rel="noopener noreferrer">source</a>)' in html
    assert "<figcaption>Her" in render('![Her notes](none.png){fig-alt="A notebook"}').html
