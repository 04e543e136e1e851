"""Posts of other blogs become notebooks: nothing of them is lost, nothing that was there is touched."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from nbblog.build import build_blog
from nbblog.cli import cli
from nbblog.core.post import Post
from nbblog.core.reading import read_post
from nbblog.migrate.cells import split_body
from nbblog.migrate.heads import set_fields, split_head
from nbblog.migrate.importing import import_posts
from nbblog.migrate.plain import read_plain
from nbblog.migrate.shortcodes import rewrite
from nbblog.settings import load_settings

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT / "tests" / "seed" / "system-design.txt"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f6"
    "45400000000049454e44ae426082"
)


def put_named(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


@pytest.fixture
def to(tmp_path: Path) -> Path:
    """The folder of posts of a new blog."""
    put_named(tmp_path / "new", {"nbblog.toml": 'site_title = "New"\nsite_url = "https://a.example/"\n'})
    (tmp_path / "new" / "posts").mkdir()
    return tmp_path / "new" / "posts"


def load(path: Path) -> dict[str, Any]:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    loaded: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return loaded


def texts(path: Path) -> list[str]:
    return ["".join(cell["source"]) for cell in load(path)["cells"]]


def post(path: Path) -> Post:
    return read_post(load(path), name=path.name)


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, ["import", *words])


def test_jekyll(tmp_path: Path, to: Path) -> None:
    """Its head, its tags, its files, its links, its addresses; code stays as it is."""
    old = put_named(tmp_path / "old", {
        "_config.yml": "title: Old\npermalink: pretty\n",
        "assets/a b.png": PNG,
        "images/b.png": PNG,
        "README.md": "# No post",
        "_posts/2020-01-28-high-tide.md": """---
layout: post
title:  "High: tide"  # as said
# a remark
categories: sea shore
tags: [Sea, moon]
mystery: 3
---
* TOC
{:toc}

A ![pic](</assets/a b.png> "t"), a ![b]({{ site.baseurl }}/images/b.png), ![gone](/no.png), `{{ code }}`.
{: .lead}

{% highlight python linenos %}
x = "{{ kept }}"
{% endhighlight %}

[Ebb]({% post_url 2020-02-01-ebb %}#why) and [again](2020-02-01-ebb.md), {% raw %}{{ raw }}{% endraw %}, {% gist 12 %}.

{% include figure.html src="/images/b.png" alt="B | b" caption="A *cap*" %}

> Note: mind the gap

{% include youtube.html id="abc" %}
""",
        "_posts/2020-02-01-ebb.md": "---\ntitle: Ebb\nredirect_from: [/old/ebb/]\n---\nLow.\n",
        "_drafts/flood.md": "---\ntitle: Flood\n---\nSoon.\n",
    })  # fmt: skip
    done = {one.source.name: one for one in import_posts([old], to)}
    assert {name: one.state for name, one in done.items()} == dict.fromkeys(
        ["2020-01-28-high-tide.md", "2020-02-01-ebb.md", "flood.md"], "made"
    )
    head, text = texts(to / "2020-01-28-high-tide.ipynb")
    assert head.split("\n")[1:5] == ["layout: post", 'title:  "High: tide"  # as said', "# a remark", "mystery: 3"]
    front = post(to / "2020-01-28-high-tide.ipynb").front
    assert (front.title, front.date, front.categories) == ("High: tide", date(2020, 1, 28), ("sea", "shore", "moon"))
    assert front.aliases == ("/sea/shore/2020/01/28/high-tide/",)
    assert text == """[[toc]]

A ![pic](<assets/a b.png> "t"), a ![b](images/b.png), ![gone](/no.png), `{{ code }}`.

```python
x = "{{ kept }}"
```

[[post:ebb#why|Ebb]] and [[post:ebb|again]], {{ raw }}, {% gist 12 %}.

[[image:images/b.png|B \\| b|caption=A *cap*]]

> [!NOTE]
> mind the gap

[[embed:https://www.youtube.com/watch?v=abc]]"""
    assert (to / "assets" / "a b.png").read_bytes() == PNG
    remarks = {(one.line, one.text) for one in done["2020-01-28-high-tide.md"].remarks}
    assert remarks == {(19, "`{% gist 12 %}` is left as it is"), (12, "`/no.png` was not found")}
    assert post(to / "2020-02-01-ebb.ipynb").front.aliases == ("/old/ebb/", "/2020/02/01/ebb/")
    assert post(to / "flood.ipynb").front.draft
    site = build_blog(load_settings(to), today=date(2026, 1, 1))
    assert (site.errors, site.posts) == ({}, 2)
    assert "../../../../posts/ebb/" in (site.output / "2020/02/01/ebb/index.html").read_text("utf-8")


def test_hugo(tmp_path: Path, to: Path) -> None:
    """Heads in three languages, bundles with their own files, shortcodes and boxes."""
    old = put_named(tmp_path / "old", {
        "hugo.toml": "title = 'Old'\n",
        "static/images/d.png": PNG,
        "content/posts/bundle/c.png": PNG,
        "content/posts/_index.md": "---\ntitle: Posts\n---\n",
        "content/posts/bundle/index.md": """+++
title = "A bundle"
date = 2021-03-04T05:06:07Z
tags = ["a", "b"]
[cover]
image = "c.png"
+++
{{< figure src="c.png" alt="See" >}}

![d](/images/d.png) and {{< unknown a >}}

{{% notice warning "Look" %}}
Body text
{{% /notice %}}

{{< highlight go "linenos=true" >}}
x := "{{< kept >}}"
{{< /highlight >}}

[Json]({{< ref "json.md" >}})
""",
        "content/posts/json.md": '{"title": "Json", "date": "2021-01-01", "draft": true}\n\nText.\n',
        "content/notes/deep.md": "---\ntitle: Deep\nurl: /somewhere/\n---\nText.\n",
    })  # fmt: skip
    done = list(import_posts([old], to))
    assert [one.target.name for one in done if one.target] == [
        "deep.ipynb", "2021-01-01-json.ipynb", "2021-03-04-bundle.ipynb"
    ]  # fmt: skip
    front = post(to / "2021-03-04-bundle.ipynb").front
    assert (front.title, front.date, front.categories, front.image) == (
        "A bundle", date(2021, 3, 4), ("a", "b"), "bundle/c.png"
    )  # fmt: skip
    assert texts(to / "2021-03-04-bundle.ipynb")[1] == """[[image:bundle/c.png|See]]

![d](images/d.png) and {{< unknown a >}}

> [!WARNING] Look
> Body text

```go
x := "{{< kept >}}"
```

[[post:json|Json]]"""
    assert post(to / "2021-01-01-json.ipynb").front.draft
    assert post(to / "deep.ipynb").front.aliases == ("/somewhere/",)
    assert [one.text for one in done[2].remarks] == ["`{{< unknown a >}}` is left as it is"]


def test_quarto_and_myst(tmp_path: Path, to: Path) -> None:
    """Blocks that run become code cells with all that is said about them; others stay text."""
    put_named(tmp_path / "old", {
        "_quarto.yml": "project:\n  type: website\n",
        "q.qmd": """---
title: Q
format:
  html:
    code-fold: true
---

Intro.

```{python}
#| label: fig-a
#| fig-cap: "A cap"
1 + 1
```

## More

```python
shown = 1
```

```{r}
x <- 1
```

::: {.callout-note}
## A title

```{python}
inside
```
:::
""",
        "m.md": """---
title: M
kernelspec: {name: other, display_name: Other}
---
# M

```{code-cell} ipython3
:tags: [hide-input]

print(1)
```

```{figure} pic.png
:alt: An alt
A caption
```
""",
        "pic.png": PNG,
        "plain.md": "No head.\n",
    })  # fmt: skip
    done = {one.source.name: one.state for one in import_posts([tmp_path / "old"], to)}
    assert done == {"m.md": "made", "plain.md": "passed over", "q.qmd": "made"}
    cells = load(to / "q.ipynb")["cells"]
    assert [cell["cell_type"] for cell in cells] == ["raw", "markdown", "code", "markdown", "markdown", "markdown"]
    assert cells[2]["source"] == '#| label: fig-a\n#| fig-cap: "A cap"\n1 + 1'
    assert cells[3]["source"] == "## More\n\n```python\nshown = 1\n```"
    assert cells[4]["source"] == "```r\nx <- 1\n```"
    assert "```{python}\ninside\n```\n:::" in cells[5]["source"]
    assert post(to / "q.ipynb").front.code_fold
    assert load(to / "m.ipynb")["metadata"]["kernelspec"]["name"] == "other"
    code = load(to / "m.ipynb")["cells"][2]
    assert (code["source"].strip(), code["metadata"]) == ("print(1)", {"tags": ["hide-input"]})
    assert texts(to / "m.ipynb")[3] == "[[image:pic.png|An alt|caption=A caption]]"


def test_pelican_and_nikola(tmp_path: Path, to: Path) -> None:
    """Heads in lines, comments, files beside, the notebook's metadata and its first cell."""
    text = ["Text {static}.\n", "![p]({static}/images/p.png)"]
    cell = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": text}
    first = {**cell, "id": "b", "source": ["- title: First cell\n", "- date: 2019-05-06"]}

    def notebook(*cells: dict[str, Any], **metadata: Any) -> str:
        return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})

    put_named(tmp_path / "pelican", {
        "pelicanconf.py": "",
        "content/images/p.png": PNG,
        "content/a.md": "Title: A: b\nDate: 2010-12-03 10:20\nCategory: Python\nTags: x, Y\nStatus: draft\n\n"
        "See [B]({filename}b.ipynb).\n",
        "content/b.ipynb": notebook(cell),
        "content/b.nbdata": "Title: B\nDate: 2011-01-02\nSlug: bee\n",
        "content/c.ipynb": notebook(first, cell),
    })  # fmt: skip
    put_named(tmp_path / "nikola", {
        "conf.py": "",
        "posts/d.md": "<!--\n.. title: D\n.. slug: dee\n.. date: 2012-09-15 19:52:05 UTC\n.. tags: a, b\n.. link: \n"
        ".. type: text\n-->\n\nTo [E](link://slug/e).\n",
        "posts/e.ipynb": notebook(
            cell, nikola={"title": "E", "slug": "e", "date": "2013-01-01 00:00:00 UTC", "tags": "t"}
        ),
    })  # fmt: skip
    done = list(import_posts([tmp_path / "pelican", tmp_path / "nikola"], to))
    assert {one.target.name if one.target else one.reason for one in done} == {
        "2010-12-03-a.ipynb", "2011-01-02-bee.ipynb", "2019-05-06-c.ipynb", "2012-09-15-dee.ipynb", "2013-01-01-e.ipynb"
    }  # fmt: skip
    a, bee = post(to / "2010-12-03-a.ipynb"), post(to / "2011-01-02-bee.ipynb")
    assert (a.front.title, a.front.categories, a.front.draft) == ("A: b", ("Python", "x", "Y"), True)
    assert texts(to / "2010-12-03-a.ipynb")[1] == "See [[post:b|B]]."
    assert (bee.front.title, bee.front.slug, bee.front.date) == ("B", "bee", date(2011, 1, 2))
    assert texts(to / "2011-01-02-bee.ipynb")[1] == "Text {static}.\n![p](images/p.png)"
    assert (to / "images" / "p.png").read_bytes() == PNG
    assert (post(to / "2019-05-06-c.ipynb").front.title, len(texts(to / "2019-05-06-c.ipynb"))) == ("First cell", 2)
    assert post(to / "2012-09-15-dee.ipynb").front.title == "D"
    assert post(to / "2013-01-01-e.ipynb").front.categories == ("t",)
    assert texts(to / "2012-09-15-dee.ipynb")[1] == "To [[post:e|E]]."


def test_fastpages_notebook_that_needs_no_change_stays_as_it_is(tmp_path: Path, to: Path) -> None:
    """To the byte; where it has Liquid or a former address only that is changed."""
    source = '# "A title"\n> What it says\n\n- toc: true\n- categories: [sea]'
    code = {"cell_type": "code", "execution_count": 3, "metadata": {"x": 1}, "outputs": [], "source": ["#hide\n", "1"]}
    cells = [{"cell_type": "markdown", "metadata": {}, "source": [source]}, code]
    raw = json.dumps({"nbformat": 4, "nbformat_minor": 2, "metadata": {"k": [1]}, "cells": cells})
    put_named(tmp_path / "alone", {"2020-03-04-one.ipynb": raw})
    next(iter(import_posts([tmp_path / "alone" / "2020-03-04-one.ipynb"], to)))
    assert (to / "2020-03-04-one.ipynb").read_text("utf-8") == raw
    old = put_named(tmp_path / "old", {"_config.yml": "x: y\n", "_notebooks/2020-03-05-two.ipynb": raw})
    (done,) = import_posts([old], to)
    assert done.target
    front = post(done.target).front
    assert (front.title, front.description, front.aliases) == (
        "A title", "What it says", ("/sea/2020/03/05/two.html",)
    )  # fmt: skip
    assert load(done.target)["cells"][1:] == cells


def test_seed_as_plain_text(to: Path) -> None:
    """Headings, lists and the table are marked; every word stays, and the page is like the one written by hand."""
    (done,) = import_posts([SEED], to)
    assert done.target == to / "2026-01-21-system-design.ipynb"
    front = post(done.target).front
    assert (front.title, front.authors, front.date) == ("Testing Enivroment", ("Admin",), date(2026, 1, 21))
    text = "\n\n".join(texts(done.target)[1:])
    written = json.loads((ROOT / "example_notebooks" / "system-design.ipynb").read_text("utf-8"))
    by_hand = "\n".join("".join(cell["source"]) for cell in written["cells"] if cell["cell_type"] == "markdown")
    by_hand = re.sub(r"\[([^\]]+)\]\(http[^)]*\)", r"\1", by_hand)
    items = [line for line in text.split("\n") if line.startswith("- ")]
    assert len(items) > 40 and [line for line in items if line not in by_hand.split("\n")] == []
    headings = re.findall(r"^#+ (.*)", text, re.MULTILINE)
    assert len(headings) > 15
    assert [one for one in headings if not re.search(rf"(?m)^#+ {re.escape(one)}$", by_hand)] == []
    assert "| Relational data | PostgreSQL |" in text and text.count("[[image:") == 4


@given(st.lists(st.text("abAB .:#-|\n?1", max_size=40), max_size=12).map("\n".join))
def test_plain_text_loses_no_word(text: str) -> None:
    """Only marks are added."""
    written = read_plain(text)
    found = re.findall(r"\w+", " ".join(map(str, written.fields.values())) + " " + written.body)
    assert sorted(re.findall(r"\w+", text)) == sorted(found) or "By" in text


@given(st.lists(st.sampled_from(
    ["# A", "## B", "### C", "text", "", "```", "```{python}", "```py", ":::", "::: {.callout-note}", "    ```", "~~~",
     "> q", "- i"]
), max_size=20).map("\n".join))  # fmt: skip
def test_cells_joined_are_the_text(body: str) -> None:
    """But for how many empty lines stood between them."""
    fences = {"code": ("```{python}\n", "\n```")}
    joined = "\n\n".join(
        fences["code"][0] + piece.source + fences["code"][1] if piece.kind == "code" else piece.source
        for piece in split_body(body)
    )
    assert [line for line in joined.split("\n") if line.strip()] == [line for line in body.split("\n") if line.strip()]


@given(st.text("`~{}%<>![]() \nabx.", max_size=60))
def test_text_without_shortcodes_stays(text: str) -> None:
    """What is not another tool's is not changed."""
    if not re.search(r"\{[%{:]|[{|]static", text):
        assert rewrite(text) == (text, [])


@pytest.mark.parametrize("text", ["[" * 30_000, "{{<" * 20_000, "{% raw %}" * 1_000, "`" * 999 + "x" + "``" * 999,
                                  "![" * 20_000, "---\n" * 20_000, "{: " * 20_000, "```\n" * 9_999, "> Note: " * 9_999,
                                  "{{ " * 20_000, "{{" + " " * 20_000])  # fmt: skip
def test_odd_text_is_read(text: str, tmp_path: Path) -> None:
    """However often its brackets open, and without waiting for long."""
    source = put_named(tmp_path / "old", {"odd.md": f"---\ntitle: Odd\n---\n{text}"}) / "odd.md"
    (done,) = import_posts([source], tmp_path / "new")
    assert done.state == "made"


def test_nothing_is_written_over(tmp_path: Path, to: Path) -> None:
    """A second run makes what is missing; a post with another content stays, and so does what a link leads to."""
    written = {"a.md": "---\ntitle: A\n---\n![](p.png)", "b.md": "---\ntitle: B\n---\nb"}
    old = put_named(tmp_path / "old", {**written, "p.png": PNG})
    assert [one.state for one in import_posts([old], to)] == ["made", "made"]
    (to / "a.ipynb").write_text("mine")
    (to / "b.ipynb").unlink()
    again = list(import_posts([old], to))
    assert [one.state for one in again] == ["failed", "made"]
    assert again[0].reason == f"{to / 'a.ipynb'} is there already, with other content"
    assert (to / "a.ipynb").read_text() == "mine"
    assert [one.state for one in import_posts([old / "b.md"], to)] == ["unchanged"]
    (to / "b.ipynb").unlink()
    (to / "b.ipynb").symlink_to(tmp_path / "elsewhere")
    assert [one.state for one in import_posts([old / "b.md"], to)] == ["failed"]
    assert not (tmp_path / "elsewhere").exists()


def test_files_from_elsewhere_are_not_copied(tmp_path: Path, to: Path) -> None:
    """Neither by a path nor by a link."""
    text = "---\ntitle: A\nimage: ../../secret.png\n---\n![](../../secret.png) ![](/link.png) ![](../../../etc/passwd)"
    put_named(tmp_path, {"secret.png": PNG, "old/_config.yml": "", "old/_posts/2020-01-01-a.md": text})
    (tmp_path / "old" / "link.png").symlink_to(tmp_path / "secret.png")
    (done,) = import_posts([tmp_path / "old"], to)
    assert done.files == 0 and len(done.remarks) == 4
    assert [path.name for path in to.rglob("*")] == ["2020-01-01-a.ipynb"]


def test_heads_that_cannot_be_read(tmp_path: Path, to: Path) -> None:
    """Each is told in one line; the others are made."""
    old = put_named(tmp_path / "old", {
        "bad.md": "---\ntitle: [\n---\n", "bad.toml.md": "+++\ntitle = \n+++\n",
        "good.md": "---\ntitle: &x Good\nsubtitle: *x\n---\n",
        "latin.md": b"---\ntitle: \xe9\n---\n", "list.md": "---\n- a\n---\n",
    })  # fmt: skip
    done = run(str(old), "--to", str(to))
    assert done.exit_code == 1
    lines = done.output.splitlines()
    assert len([line for line in lines if line.startswith("error: ")]) == 4 and "made" in done.output
    assert "latin.md: it is not text in UTF-8" in done.output and "md: /" not in done.output
    assert post(to / "good.ipynb").front.subtitle == "Good"
    assert "Traceback" not in done.output


def test_command(tmp_path: Path, to: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what it does, and writes nothing when it is only asked."""
    old = put_named(tmp_path / "old", {"a.md": "---\ntitle: A\n---\n{% odd %}", "b.txt": "B\nBy Ada\nText."})
    monkeypatch.chdir(to)
    dry = run(str(old / "a.md"), str(old / "b.txt"), "--dry-run")
    assert dry.exit_code == 0 and "2 posts would be made" in dry.output and list(to.iterdir()) == []
    made = run(str(old / "a.md"), str(old / "b.txt"))
    assert f"warning: {(old / 'a.md').resolve()}:4: `{{% odd %}}` is left as it is" in made.output
    assert sorted(path.name for path in to.iterdir()) == ["a.ipynb", "b.ipynb"]
    monkeypatch.chdir(tmp_path)
    assert "no nbblog.toml here or above" in str(run(str(old)).exception)
    assert "there is no such file or folder" in str(run(str(tmp_path / "no"), "--to", ".").exception)


def test_head_keeps_its_lines() -> None:
    """But those of the keys that change."""
    head = "title: A # x\ntags:\n- a\n- b\n# of the date\ndate: 2020-01-01\n"
    assert set_fields(head, {"tags": None, "categories": ["a", "b"]}) == (
        "title: A # x\n# of the date\ndate: 2020-01-01\ncategories: [a, b]\n"
    )
    assert split_head("Just text: with a colon\n\nMore.").head == ""
