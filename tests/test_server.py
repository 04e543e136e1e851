"""The extension of Jupyter Server, in a real one: who may ask, what is refused, and that the answer is the article."""

from __future__ import annotations

import http.client
import json
import shutil
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil
import pytest
from notebook_server import TOKEN, NotebookServer

from nbblog import __version__
from nbblog.exporter import NbBlogExporter

EXAMPLES = Path(__file__).resolve().parent.parent / "example_notebooks"
ROUTES = [
    ("GET", "hello"),
    ("POST", "preview?path=markup.ipynb&session=a"),
    ("GET", "library/inter-5.3.0.woff2"),
    ("POST", "blog/new?path="),
]
PNG = next((EXAMPLES / "images").glob("*.png"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NotebookServer]:
    """A server on the examples, with some things beside them that no post may have."""
    base = tmp_path_factory.mktemp("server")
    root = base / "posts"
    shutil.copytree(EXAMPLES, root)
    shutil.copyfile(PNG, base / "outside.png")
    (root / "deep" / "er").mkdir(parents=True)
    (base / "posts-too").mkdir()
    for folder in (base, base / "posts-too", root / "deep"):
        shutil.copyfile(root / "markup.ipynb", folder / "copy.ipynb")
    for hidden in (root / ".hidden.png", root / "deep" / "er" / "in.png"):
        shutil.copyfile(PNG, hidden)
    (root / ".hidden").mkdir()
    shutil.copyfile(root / "markup.ipynb", root / ".hidden" / "copy.ipynb")
    (root / "link.png").symlink_to(base / "outside.png")
    (root / "linked").symlink_to(base)
    running = NotebookServer(
        root, base / "home", NbblogServer={"time_limit": 4.0}, NbBlogExporter={"site_title": "A blog of tests"}
    )
    yield running
    running.close()


class Answer:
    """What came back."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.headers, self.body = response.status, response.headers, response.read()

    @property
    def json(self) -> dict[str, Any]:
        """The answer; after lines of progress, if there were any."""
        answer: dict[str, Any] = json.loads(self.body.splitlines()[-1])
        return answer


def ask(
    server: NotebookServer, method: str, address: str, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> Answer:
    """A request with the token, unless other headers are given."""
    given = {"Authorization": f"token {TOKEN}"} if headers is None else headers
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        kind = {"Content-Type": "application/json"} if body else {}
        connection.request(method, f"/nbblog/api/{address}", body or None, {**kind, **given})
        return Answer(connection.getresponse())
    finally:
        connection.close()


def write_request(cells: list[dict[str, Any]], have: int = 0, **metadata: Any) -> bytes:
    keyed = [{"key": str(number), "cell": cell} for number, cell in enumerate(cells)]
    return json.dumps({"have": have, "notebook": {"cells": keyed, "metadata": metadata}}).encode()


def preview(server: NotebookServer, body: bytes, path: str = "markup.ipynb", session: str = "a") -> Answer:
    return ask(server, "POST", f"preview?{urlencode({'path': path, 'session': session})}", body)


def text(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": "a", "metadata": {}, "source": source}


def log_in(server: NotebookServer) -> tuple[str, str]:
    """The cookies of a browser that is logged in, and the token against requests from other sites."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("GET", f"/tree?token={TOKEN}")
    response = connection.getresponse()
    response.read()
    pairs = [cookie.partition(";")[0] for cookie in response.headers.get_all("Set-Cookie") or []]
    connection.request("GET", "/login", headers={"Cookie": "; ".join(pairs)})
    response = connection.getresponse()
    response.read()
    pairs += [cookie.partition(";")[0] for cookie in response.headers.get_all("Set-Cookie") or []]
    xsrf = next(pair.partition("=")[2] for pair in pairs if pair.startswith("_xsrf="))
    return "; ".join(pairs), xsrf


# --- Who may ask ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "address"), ROUTES)
def test_nothing_answers_without_the_login(server: NotebookServer, method: str, address: str) -> None:
    """Neither without a token nor with a wrong one."""
    body = write_request([]) if method == "POST" else b""
    assert ask(server, method, address, body, {}).status == 403
    assert ask(server, method, address, body, {"Authorization": "token wrong"}).status == 403


def test_these_are_all_routes() -> None:
    """A handler that is added is added to the list above."""
    package = Path(__file__).parent.parent / "src" / "nbblog"
    source = "".join((package / f"{name}.py").read_text("utf-8") for name in ("server", "bloghandlers"))
    assert source.count("(APIHandler)") == source.count("@web.authenticated") == len(ROUTES)


def test_server_takes_every_handler_as_protected(server: NotebookServer) -> None:
    """It was started so that a handler that says nothing of logins would stop it, or be named in its log."""
    assert "nbblog | extension was successfully loaded" in server.log.read_text("utf-8")
    assert "Core endpoints without" not in server.log.read_text("utf-8")


def test_browser_without_the_page_s_token_is_refused(server: NotebookServer) -> None:
    """A page of another site has the cookies, but cannot read that token."""
    cookies, xsrf = log_in(server)
    address, body = "preview?path=markup.ipynb&session=x", write_request([])
    assert ask(server, "POST", address, body, {"Cookie": cookies}).status == 403
    assert ask(server, "POST", address, body, {"Cookie": cookies, "X-XSRFToken": xsrf}).status == 200


@pytest.mark.parametrize("origin", ["https://evil.test", "http://127.0.0.1.evil.test", "null"])
def test_other_origins_are_refused(server: NotebookServer, origin: str) -> None:
    """The preview's own frame is one of them: its origin is ``null``."""
    cookies, xsrf = log_in(server)
    headers = {"Cookie": cookies, "X-XSRFToken": xsrf, "Origin": origin}
    answer = ask(server, "POST", "preview?path=markup.ipynb&session=x", write_request([]), headers)
    assert answer.status in (403, 404)


def test_another_host_name_is_refused(server: NotebookServer) -> None:
    """A name that somebody made lead here is not the server's."""
    assert ask(server, "GET", "hello", b"", {"Host": "evil.test", "Authorization": f"token {TOKEN}"}).status == 403


def test_request_of_a_form_is_refused(server: NotebookServer) -> None:
    """Only JSON, which no form of another site can send."""
    headers = {"Authorization": f"token {TOKEN}", "Content-Type": "text/plain"}
    assert ask(server, "POST", "preview?path=markup.ipynb&session=x", b"{}", headers).status == 415


@pytest.mark.parametrize("path", ["..", "deep/../..", "linked", ".hidden", "nowhere", "markup.ipynb", "%2e%2e"])
def test_errands_are_for_folders_that_are_shown(server: NotebookServer, path: str) -> None:
    """Nothing is made elsewhere."""
    before = sorted(server.folder.parent.rglob("*.ipynb"))
    assert ask(server, "POST", f"blog/new?path={path}", b'{"title": "A title"}').status in (400, 403, 404)
    assert sorted(server.folder.parent.rglob("*.ipynb")) == before


def test_new_post_of_a_folder_without_a_blog(server: NotebookServer) -> None:
    """It is made there; where it is can only be said by the address, not by the question."""
    wishes = {"title": "In a folder", "folder": "/", "allowed": "/"}
    path = ask(server, "POST", "blog/new?path=deep", json.dumps(wishes).encode()).json["answer"]["path"]
    assert path.startswith("deep/")
    (server.folder / path).unlink()


def test_heads_of_the_posts_of_a_folder(server: NotebookServer) -> None:
    """Without a blog of the folder alone, newest first; one that cannot be read is left out."""
    damaged = server.folder / "broken.ipynb"
    damaged.write_text("{")
    answer = ask(server, "POST", "blog/posts?path=", b"{}").json["answer"]
    damaged.unlink()
    assert answer["root"] is None
    dates = [post["date"] or "" for post in answer["posts"]]
    assert dates == sorted(dates, reverse=True)
    seed = next(post for post in answer["posts"] if post["path"] == "system-design.ipynb")
    assert (seed["slug"], seed["date"], seed["authors"]) == ("system-design", "2026-01-21", ["Admin"])
    assert not any("/" in post["path"] for post in answer["posts"])


def test_publishing_is_for_the_site_that_was_looked_at(server: NotebookServer) -> None:
    """One that was built anew since then, or never, is refused."""
    (server.folder / "deep" / "nbblog.toml").write_text("")
    error = ask(server, "POST", "blog/publish?path=deep", b'{"site": "another"}').json["error"]
    (server.folder / "deep" / "nbblog.toml").unlink()
    assert "built anew meanwhile" in error


def test_blog_that_lies_outside_is_refused(server: NotebookServer) -> None:
    """Its settings are above the folder that the server shows."""
    above = server.folder.parent / "nbblog.toml"
    above.write_text("")
    answers = [ask(server, "POST", f"blog/{task}?path=", b'{"title": "A"}').json for task in ("new", "check", "plan")]
    above.unlink()
    assert all("outside of the folder" in answer["error"] for answer in answers)


def test_unknown_errand(server: NotebookServer) -> None:
    """There is none."""
    assert ask(server, "POST", "blog/other?path=", b"{}").status == 404


# --- What is answered -----------------------------------------------------------------------------------------------


def test_hello_says_the_version(server: NotebookServer) -> None:
    """So that a panel of another version can say so."""
    assert ask(server, "GET", "hello").json["version"] == __version__


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.ipynb")), ids=lambda path: path.stem)
def test_article_is_the_exporter_s(server: NotebookServer, path: Path) -> None:
    """Through the server as on the command line."""
    notebook = json.loads(path.read_text("utf-8"))
    answer = preview(server, write_request(notebook["cells"], **notebook["metadata"]), path.name, path.stem).json
    page, _ = NbBlogExporter(site_title="A blog of tests").from_filename(str(server.folder / path.name))
    article = "\n".join(html for id in answer["order"] if (html := answer["cells"][id]))
    assert article in page
    assert page[page.index("<body") :] == f"{answer['top']}{article}{answer['bottom']}"


def test_preview_is_of_what_the_editor_has(server: NotebookServer) -> None:
    """Not of the file; and that stays as it is."""
    before = {path: path.stat().st_mtime_ns for path in server.folder.rglob("*")}
    assert "Not saved" in preview(server, write_request([text("# T"), text("Not saved")])).body.decode()
    assert {path: path.stat().st_mtime_ns for path in server.folder.rglob("*")} == before


def test_nothing_is_executed(server: NotebookServer) -> None:
    """A preview starts no kernel."""
    code = {"cell_type": "code", "id": "c", "metadata": {}, "source": "open('made', 'w')", "outputs": []}
    assert preview(server, write_request([text("# T"), code])).status == 200
    assert not (server.folder / "made").exists()
    assert not any("ipykernel" in " ".join(child.cmdline()) for child in psutil.Process(server.pid).children())


def test_unknown_cells_are_asked_for(server: NotebookServer) -> None:
    """A server that was started anew has none."""
    body = json.dumps({"have": 9, "notebook": {"cells": ["1"]}}).encode()
    assert preview(server, body, session="unknown").status == 409


def test_library_file_is_kept_by_browsers(server: NotebookServer) -> None:
    """Its name changes with its content."""
    answer = ask(server, "GET", ROUTES[2][1])
    assert (answer.status, answer.headers["Content-Type"]) == (200, "font/woff2")
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.body[:4] == b"wOF2"


# --- What is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["", "/", "none.ipynb", "../copy.ipynb", "deep/../../copy.ipynb", "../posts-too/copy.ipynb", "/../copy.ipynb",
     "%2e%2e/copy.ipynb", "..%2fcopy.ipynb", "..\\copy.ipynb", "deep\\..\\..\\copy.ipynb", ".hidden/copy.ipynb",
     "deep/.hidden/../../.hidden/copy.ipynb", "images", "README", "copy.ipynb\0", "file:///etc/passwd", "//etc/passwd",
     "~/copy.ipynb", "MARKUP.ipynb/", "markup.ipynb/..", "deep/er/../../../copy.ipynb", "C:\\copy.ipynb", "*.ipynb"],
)  # fmt: skip
def test_path_that_the_server_does_not_show_is_refused(server: NotebookServer, path: str) -> None:
    """Outside the root, hidden, not there, or no notebook."""
    assert preview(server, write_request([text("# T")]), path).status in (400, 403, 404)


@pytest.mark.parametrize(
    "target",
    ["../outside.png", "deep/../../outside.png", "%2e%2e/outside.png", "..%2foutside.png", "..\\outside.png",
     "link.png", "linked/outside.png", ".hidden.png", "%2ehidden.png", "deep/../.hidden.png", "file:///etc/passwd",
     "/etc/passwd", "images", "/../outside.png"],
)  # fmt: skip
def test_picture_that_a_post_may_not_have_is_refused(server: NotebookServer, target: str) -> None:
    """None of its bytes are in the answer; a notice says why."""
    answer = preview(server, write_request([text("# T"), text(f"[[image:{target}|A]]")]), session="p").json
    assert answer["files"] == {}
    assert [notice["code"] for notice in answer["notices"]] == ["image-refused"]


def test_picture_beside_the_notebook_is_sent(server: NotebookServer) -> None:
    """The path is that of the notebook's own folder."""
    body = write_request([text("# T"), text("[[image:er/in.png|A]]")])
    assert len(preview(server, body, "deep/copy.ipynb", "deep").json["files"]) == 1
    assert preview(server, body, "markup.ipynb", "not deep").json["files"] == {}


@pytest.mark.parametrize("name", ["..%2f..%2fserver.py", "manifest.json", "plotly-0.js", "..", "inter-5.3.0.woff2%00"])
def test_library_file_of_another_name_is_not_there(server: NotebookServer, name: str) -> None:
    """Names are looked up, never joined to a path."""
    assert ask(server, "GET", f"library/{name}").status in (400, 404)


def test_request_without_end_is_cut_off(server: NotebookServer) -> None:
    """Before its body has arrived."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.putrequest("POST", "/nbblog/api/preview?path=markup.ipynb&session=a")
    for name, value in {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"}.items():
        connection.putheader(name, value)
    connection.putheader("Content-Length", str(500 << 20))
    connection.endheaders()
    response = connection.getresponse()
    assert response.status == 413
    assert "clear large outputs" in json.loads(response.read())["message"]
    connection.close()


def test_long_request_in_chunks_is_refused(server: NotebookServer) -> None:
    """One that does not say how long it is is counted."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    headers = {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"}
    address = "/nbblog/api/preview?path=markup.ipynb&session=a"
    connection.request("POST", address, (b" " * (1 << 20) for _ in range(34)), headers, encode_chunked=True)
    assert connection.getresponse().status == 413
    connection.close()


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"notebook": 1}', b"\xff"])
def test_request_of_another_form_is_refused(server: NotebookServer, body: bytes) -> None:
    """With a line that says what is wrong."""
    answer = preview(server, body)
    assert (answer.status, answer.body.count(b"\n")) == (400, 0)
    assert answer.json["message"].startswith("the request")


def test_what_an_author_can_mend_is_one_line(tmp_path: Path) -> None:
    """A wrong setting, as on the command line."""
    shutil.copyfile(EXAMPLES / "markup.ipynb", tmp_path / "markup.ipynb")
    running = NotebookServer(tmp_path, tmp_path / "home", NbBlogExporter={"locale": "nowhere!"})
    try:
        answer = preview(running, write_request([text("# T")]))
    finally:
        running.close()
    assert answer.status == 422
    assert "`locale` must be a locale" in answer.json["message"]


# --- What takes long ------------------------------------------------------------------------------------------------


def renderers(server: NotebookServer) -> list[psutil.Process]:
    """The processes that render and live."""
    living = [child for child in psutil.Process(server.pid).children() if child.status() != psutil.STATUS_ZOMBIE]
    return [child for child in living if "nbblog.worker" in child.cmdline()]


def test_rendering_that_does_not_end_is_ended(server: NotebookServer) -> None:
    """Meanwhile the server answers others, and afterwards it renders again."""
    # Each another text: what is the same is parsed once.
    texts = (text(f"{number} " + "*a **b " * 4_000 + "[" * 4_000) for number in range(400))
    slow = write_request([text("# T"), *texts])
    answers: list[Answer] = []
    thread = threading.Thread(target=lambda: answers.append(preview(server, slow, session="slow")))
    thread.start()
    statuses = []
    while thread.is_alive():
        statuses.append(ask(server, "GET", "hello").status)
    assert len(statuses) > 3
    assert set(statuses) == {200}
    assert answers[0].status == 422
    assert "could not be rendered in 4 s" in answers[0].json["message"]
    assert preview(server, write_request([text("# T")]), session="quick").status == 200
    assert len(renderers(server)) == 1


def test_renderer_that_dies_is_started_again(server: NotebookServer) -> None:
    """The next request has another."""
    assert preview(server, write_request([text("# T")])).status == 200
    before = renderers(server)
    before[0].kill()
    assert preview(server, write_request([text("# T")])).status == 200
    assert renderers(server) != before


def test_renderer_imports_nothing_from_the_notebook_s_folder(server: NotebookServer) -> None:
    """A file there with the name of a module is not run."""
    for name in ("yaml", "nbblog", "markdown_it", "json"):
        (server.folder / f"{name}.py").write_text("open('ran', 'w')")
    renderers(server)[0].kill()
    body = write_request([text("---\ntitle: T\n---"), text("x")])
    assert preview(server, body).status == 200
    assert not (server.folder / "ran").exists()


def test_log_has_no_token(server: NotebookServer) -> None:
    """Not even with every request in it."""
    preview(server, b"{")
    lines = [line for line in server.log.read_text("utf-8").splitlines() if "nbblog/api" in line]
    assert lines
    assert not [line for line in lines if TOKEN in line]


def test_renderer_ends_with_the_server(tmp_path: Path) -> None:
    """However that ends."""
    shutil.copyfile(EXAMPLES / "markup.ipynb", tmp_path / "markup.ipynb")
    running = NotebookServer(tmp_path, tmp_path / "home")
    assert preview(running, write_request([text("# T")])).status == 200
    children = renderers(running)
    psutil.Process(running.pid).kill()
    assert psutil.wait_procs(children, timeout=20)[1] == []
    running.close()
