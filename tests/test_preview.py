"""The preview's answers: the exporter's page, piece by piece, and after the first of them only what changed."""

from __future__ import annotations

import base64
import json
import random
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from test_odd_notebooks import PAGES
from tries import many

from nbblog.core.config import read_config
from nbblog.core.errors import NbblogError
from nbblog.exporter import NbBlogExporter
from nbblog.files import folder_reader, load_notebook
from nbblog.libraries import shipped_file
from nbblog.livepreview import CellsMissing, Desk, Preview, Request, RequestError, read_request
from nbblog.neighbours import folder_posts

EXAMPLES = Path(__file__).resolve().parent.parent / "example_notebooks"
NOTEBOOKS = sorted([*EXAMPLES.glob("*.ipynb"), EXAMPLES.parent / "tests" / "active.ipynb"])

Answer = dict[str, Any]


def desk(path: Path, **settings: Any) -> Desk:
    config = read_config(settings)
    return Desk(path.name, folder_reader(path.parent), folder_posts(path.parent, config), config)


def request(cells: list[dict[str, Any]], *, have: int = 0, **metadata: Any) -> Request:
    """A request with all cells, each under a key of its content."""
    return Request(tuple((json.dumps(cell), cell) for cell in cells), metadata, have=have)


def text(source: str, id: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": id, "metadata": {}, "source": source}


def open_example(path: Path) -> tuple[Preview, Answer]:
    """A preview of the notebook at ``path``, and its first answer."""
    preview, notebook = Preview(), load_notebook(path)
    return preview, preview.answer(request(notebook["cells"], **notebook["metadata"]), desk(path))


def article_of(answer: Answer) -> str:
    return "\n".join(html for id in answer["order"] if (html := answer["cells"][id]))


def page_of(answer: Answer) -> str:
    """The page as the panel puts it together."""
    head = answer["document"].replace("<style></style>", f"<style>{answer['styles']}</style>")
    return f"{head}{answer['top']}{article_of(answer)}{answer['bottom']}"


def own_page(page: str) -> str:
    """A page without its policy, the panel's script, and what asks for fonts that lie beside it."""
    page = re.sub(r'<script data-urls=.*?</script>\n', "", page, flags=re.DOTALL)
    page = re.sub(r'(?<=http-equiv="Content-Security-Policy" content=")[^"]*', "", page)
    return re.sub(r"<script>\{[^<]*const say = .*?</script></head>", "</head>", page, flags=re.DOTALL)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_preview_is_the_page_that_the_exporter_makes(path: Path) -> None:
    """To the byte, but for the policy, which lets the panel's script in, that script, and asking for fonts early."""
    page, _ = NbBlogExporter().from_filename(str(path))
    _, answer = open_example(path)
    assert article_of(answer) in page
    assert own_page(page_of(answer)) == own_page(page)


# No editor has a cell that is none.
@pytest.mark.parametrize("name", sorted(PAGES.keys() - {"cells that are none"}))
def test_preview_of_an_odd_notebook_is_its_page(name: str, tmp_path: Path) -> None:
    """As above, where cells lack ids, are of an older format, or are damaged."""
    path = tmp_path / "odd.ipynb"
    path.write_bytes(PAGES[name][0])
    page, _ = NbBlogExporter().from_filename(str(path))
    notebook = load_notebook(path)
    metadata = notebook.get("metadata")
    cells = [(str(at), cell) for at, cell in enumerate(notebook["cells"])]
    asked = Request(tuple(cells), metadata if isinstance(metadata, dict) else {}, notebook.get("nbformat_minor"))
    answer = Preview().answer(asked, desk(path))
    assert own_page(page_of(answer)) == own_page(page)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_preview_has_every_file_of_the_exporter(path: Path) -> None:
    """Each is in the answer, or is a library's and can be asked for."""
    _, resources = NbBlogExporter().from_filename(str(path))
    _, answer = open_example(path)
    files = {name.rpartition("/")[2]: data for name, data in resources["outputs"].items()}
    given = {name: base64.b64decode(data) for name, (_, data) in answer["files"].items()}
    assert given | {name: shipped_file(name) for name in answer["libraries"]} == files


def test_policy_lets_in_the_panel_and_frames_and_nothing_more() -> None:
    """What the exporter's page may do, the script of the panel, and frames that the panel makes."""
    page, _ = NbBlogExporter().from_filename(str(EXAMPLES / "markup.ipynb"))
    _, answer = open_example(EXAMPLES / "markup.ipynb")

    def directives(html: str) -> dict[str, set[str]]:
        match = re.search(r'Content-Security-Policy" content="([^"]*)', html)
        assert match
        return {name: set(rest) for name, *rest in (part.split() for part in unescape(match[1]).split("; "))}

    before, after = directives(page), directives(answer["document"])
    assert {name for name in before if before[name] != after[name]} == {"script-src", "frame-src"}
    assert after["frame-src"] - before["frame-src"] == {"blob:"}
    assert all(source.startswith("'sha256-") for source in after["script-src"] - before["script-src"])


def test_second_answer_has_nothing_when_nothing_changed() -> None:
    """The panel keeps what it has."""
    preview, first = open_example(EXAMPLES / "markup.ipynb")
    notebook = load_notebook(EXAMPLES / "markup.ipynb")
    again = preview.answer(
        request(notebook["cells"], have=first["number"], **notebook["metadata"]), desk(EXAMPLES / "markup.ipynb")
    )
    assert {key: value for key, value in again.items() if value and value != first[key]} == {"number": 2}


def test_only_the_changed_cell_is_sent(tmp_path: Path) -> None:
    """Its neighbours, the style sheet and the head stay."""
    preview, at = Preview(), desk(tmp_path / "post.ipynb")
    preview.answer(request([text("# Title", "t"), text("One", "a"), text("Two", "b")]), at)
    answer = preview.answer(request([text("# Title", "t"), text("One", "a"), text("Three", "b")], have=1), at)
    assert list(answer["cells"]) == ["b"]
    assert [answer[part] for part in ("document", "styles", "order", "libraries")] == [None] * 4


EDITS: list[tuple[str, list[dict[str, Any]]]] = [
    ("a letter", [text("# Title\n\nBy Ada\n\nOne twos", "a")]),
    ("a word", [text("# Title\n\nBy Ada\n\nOne twos three", "a")]),
    ("another title", [text("# Other\n\nBy Ada\n\nOne twos three", "a")]),
    ("an author", [text("# Other\n\nBy Ada and Bob\n\nOne twos three", "a")]),
    ("headings", [text("# Other\n\nOne", "a"), text("## A\n\n## B\n\n## C\n\n[to b](#b)", "b")]),
    ("a heading's text", [text("# Other\n\nOne", "a"), text("## A\n\n## Bee\n\n## C\n\n[to b](#b)", "b")]),
    ("a table", [text("# Other\n\nOne", "a"), text("| a | b |\n|---|---|\n| 1 | 2 |", "b")]),
    ("a player", [text("# Other\n\nOne", "a"), text("[[youtube:aqz-KE-bpKQ]]", "b")]),
    ("a formula", [text("# Other\n\nOne $x$", "a"), text("$$y\\tag{1}$$", "b")]),
    ("its definition", [text("# Other\n\nOne $x$ \\R", "a"), text("$\\newcommand{\\R}{r}$ $\\R$", "b")]),
    ("a note", [text("# Other\n\nOne[^n]", "a"), text("[^n]: Said", "b")]),
    ("a note's words", [text("# Other\n\nOne[^n]", "a"), text("[^n]: Said again", "b")]),
    ("a cell above", [text("Before", "z"), text("# Other\n\nOne[^n]", "a"), text("[^n]: Said again", "b")]),
    ("another order", [text("[^n]: Said again", "b"), text("# Other\n\nOne[^n]", "a")]),
    ("an unknown link", [text("[to](#nowhere) [[post:none]]", "b"), text("# Other\n\nOne[^n]", "a")]),
    ("a head", [text("---\ntitle: Third\necho: false\ntoc: true\n---", "h"), text("## A", "b")]),
    ("nothing", []),
]


def test_page_after_edits_is_the_page_from_nothing(tmp_path: Path) -> None:
    """What a panel has put together from the changes is what a new one is given."""
    preview, at = Preview(), desk(tmp_path / "post.ipynb")
    shown: Answer = {}
    code = {"cell_type": "code", "id": "code", "metadata": {}, "source": "1 + 1", "outputs": [], "execution_count": 1}
    for what, cells in [("the first", [text("# Title\n\nBy Ada\n\nOne two", "a")]), *EDITS]:
        wanted = request([*cells, code], have=shown.get("number", 0))
        answer = preview.answer(wanted, at)
        kept = {name: shown[name] if value is None else value for name, value in answer.items()}
        shown = {**kept, "cells": {**shown.get("cells", {}), **answer["cells"]}}
        fresh = Preview().answer(wanted, at)
        assert article_of(shown) == article_of(fresh), what
        # The head has nothing that is seen; it is sent with each new policy.
        for name in ("styles", "top", "bottom", "policy", "order", "notices", "libraries"):
            assert shown[name] == fresh[name], (what, name)


def code(source: str, id: str) -> dict[str, Any]:
    made = {"output_type": "display_data", "metadata": {}, "data": {"text/plain": source.upper()}}
    tags = ["runnable"] if "def " in source else []
    return {"cell_type": "code", "id": id, "metadata": {"tags": tags}, "source": source, "outputs": [made],
            "execution_count": None}  # fmt: skip


TEXTS = (
    "Plain words", "## Same", "# A title", "A note[^n]", "Again[^n] and [^m]", "[^n]: Said", "[^m]: Else",
    "$\\R$", "$\\newcommand{\\R}{r}$", "$$\\newcommand{\\R}{q} \\R$$", "$$y\\label{eq:y}$$", "See $\\eqref{eq:y}$",
    "[to](#same)", "[a link][u]", "Another [link][u]", "[u]: https://example.org/", "[u]: https://example.net/",
    "[[image:dot.svg|A dot]]", "![Another](dot.svg)", "Words and ![a third](dot.svg)",
    "---\ntitle: T\nlang: de\n---", "---\necho: false\n---", "",
)  # fmt: skip
DOT = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
CODES = (
    "x = 1", "x = 2", "import math", "def f(a):\n    return a + x\nf(3)", "#| echo: false\ny = 3", "%matplotlib inline",
)  # fmt: skip


WALK = many(400, 5000)


def test_page_after_any_edits_is_the_page_from_nothing(tmp_path: Path) -> None:
    """Cells come, go, change places and change, and each is sent once, as a panel does."""
    dot = tmp_path / "dot.svg"
    dot.write_text(DOT, "utf-8")
    chance, at = random.Random(5), desk(tmp_path / "post.ipynb")
    preview, cells, sent, shown = Preview(), [text("# Start", "s")], set(), {}
    for number in range(WALK):
        place, what = chance.randrange(len(cells)), chance.random()
        if what < 0.04:
            dot.write_text(DOT.replace('"9"', f'"{number}"'), "utf-8")
        elif what < 0.6:
            one = cells[place]
            is_text = one["cell_type"] == "markdown"
            cells[place] = (text if is_text else code)(chance.choice(TEXTS if is_text else CODES), one["id"])
        elif what < 0.75 and len(cells) < 14:
            new = text(chance.choice(TEXTS), f"c{number}") if what < 0.68 else code(chance.choice(CODES), f"c{number}")
            cells.insert(place, new)
        elif what < 0.88 and len(cells) > 1:
            del cells[place]
        else:
            cells.append(cells.pop(place))
        keys = [json.dumps(cell) for cell in cells]
        parts = tuple((key, None if key in sent else cell) for key, cell in zip(keys, cells, strict=True))
        answer = preview.answer(Request(parts, {}, have=shown.get("number", 0)), at)
        # The server has the cells of the last request only.
        sent = set(keys)
        kept = {name: shown[name] if value is None else value for name, value in answer.items()}
        shown = {**kept, "cells": {**shown.get("cells", {}), **answer["cells"]}}
        fresh = Preview().answer(request(cells), at)
        assert article_of(shown) == article_of(fresh), number
        for name in ("styles", "top", "bottom", "policy", "order", "notices", "libraries"):
            assert shown[name] == fresh[name], (number, name)


def test_panel_that_missed_an_answer_gets_everything(tmp_path: Path) -> None:
    """What it has is not what the next answer would change."""
    preview, at = Preview(), desk(tmp_path / "post.ipynb")
    cells = [text("# Title", "t"), text("One", "a")]
    first = preview.answer(request(cells), at)
    preview.answer(request([*cells, text("Two", "b")], have=1), at)
    assert preview.answer(request(cells, have=1), at) == {**first, "number": 3}


def test_cells_are_sent_once(tmp_path: Path) -> None:
    """A key stands for what was sent under it; of a key that is not known nothing can be made."""
    preview, at = Preview(), desk(tmp_path / "post.ipynb")
    preview.answer(Request((("1", text("# Title", "t")), ("2", text("One", "a")))), at)
    answer = preview.answer(Request((("1", None), ("3", text("Two", "a"))), have=1), at)
    assert "Two" in answer["cells"]["a"]
    with pytest.raises(CellsMissing):
        preview.answer(Request((("1", None), ("2", None))), at)


def test_new_title_changes_the_top_of_the_page(tmp_path: Path) -> None:
    """The head is the same document's: the frame is not loaded again."""
    preview, at = Preview(), desk(tmp_path / "post.ipynb")
    preview.answer(request([text("# Title", "t"), text("One", "a")]), at)
    answer = preview.answer(request([text("# Another", "t"), text("One", "a")], have=1), at)
    assert "<h1>Another</h1>" in answer["top"]
    assert answer["document"] is None
    assert answer["cells"] == {}


def test_first_chart_asks_for_another_document(tmp_path: Path) -> None:
    """A page with another policy is another document; going back is, too."""
    preview, at = Preview(), desk(tmp_path / "post.ipynb")
    plain = [text("# Title", "t"), text("One", "a")]
    preview.answer(request(plain), at)
    answer = preview.answer(request([*plain, text("```mermaid\ngraph TD\n```", "m")], have=1), at)
    assert "mermaid" in answer["document"]
    assert any(name.startswith("mermaid-") for name in answer["libraries"])
    assert preview.answer(request(plain, have=2), at)["document"]


def test_picture_is_sent_once(tmp_path: Path) -> None:
    """Its bytes come with the first answer that shows it; the cell's words may change without them."""
    (tmp_path / "a.png").write_bytes((EXAMPLES / "images").glob("*.png").__next__().read_bytes())
    preview, at = Preview(), desk(tmp_path / "post.ipynb")
    first = preview.answer(request([text("# Title", "t"), text("[[image:a.png|A]]", "a")]), at)
    second = preview.answer(request([text("# Title", "t"), text("[[image:a.png|B]]", "a")], have=1), at)
    assert len(first["files"]) == 1
    assert (list(second["cells"]), second["files"]) == (["a"], {})


def test_notices_say_where_they_lead(tmp_path: Path) -> None:
    """The cell's id, its number, and the line."""
    answer = Preview().answer(
        request([text("# Title", "t"), text("One\n\n[[image:x.png]]", "a")]), desk(tmp_path / "p.ipynb")
    )
    notice = next(notice for notice in answer["notices"] if notice["code"] == "image-refused")
    assert (notice["cell"], notice["number"], notice["line"], notice["severity"]) == ("a", 2, 3, "error")


def test_ignored_notices_are_left_out(tmp_path: Path) -> None:
    """As the exporter does."""
    at = desk(tmp_path / "p.ipynb", ignore=["image-refused", "image-alt-missing"])
    assert Preview().answer(request([text("# T", "t"), text("[[image:x.png]]", "a")]), at)["notices"] == []


def test_after_an_error_the_next_answer_is_as_if_it_had_not_been(tmp_path: Path) -> None:
    """The article that the panel shows is still the one that changes."""
    template = tmp_path / "theme"
    template.mkdir()
    preview, at = Preview(), desk(tmp_path / "post.ipynb")
    preview.answer(request([text("# Title", "t"), text("One", "a")]), at)
    (template / "index.html.j2").write_text("{{ nothing }}")
    broken = Desk(at.name, at.read_file, template_dir=template)
    with pytest.raises(NbblogError):
        preview.answer(request([text("# Title", "t"), text("Two", "a")], have=1), broken)
    answer = preview.answer(request([text("# Title", "t"), text("Three", "a")], have=1), at)
    assert list(answer["cells"]) == ["a"]


def test_template_without_the_article_cannot_be_previewed(tmp_path: Path) -> None:
    """One line says so."""
    (tmp_path / "index.html.j2").write_text("<html><head></head><body>Nothing</body></html>")
    at = Desk("post.ipynb", folder_reader(tmp_path), template_dir=tmp_path)
    with pytest.raises(NbblogError, match="does not write"):
        Preview().answer(request([text("# Title", "t")]), at)


def test_empty_notebook_has_a_page(tmp_path: Path) -> None:
    """There is something to look at before the first word."""
    answer = Preview().answer(request([]), desk(tmp_path / "post.ipynb"))
    assert answer["order"] == [""]
    assert "nb-body" in answer["top"]


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b"null", b'{"notebook": []}', b'{"notebook": {}}', b'{"notebook": {"cells": [1]}}',
     b'{"notebook": {"cells": [{"key": 1}]}}', b'{"notebook": {"cells": [{"key": "1", "cell": "x"}]}}',
     b"[" * 100_000, b"\xff"],
)  # fmt: skip
def test_request_of_another_form_is_refused(body: bytes) -> None:
    """With a line, and never otherwise."""
    with pytest.raises(RequestError):
        read_request(body)
