"""A blog of many posts, cold, after one edit, and with nothing to do: nbblog beside those who do such work otherwise.

    python benchmarks/site.py [--only NAME] [POSTS…]

Each peer is installed by its name into an environment of its own, below ``~/.cache/nbblog-benchmarks``. Hugo reads the
posts as Markdown, all others as notebooks; nobody runs code. CPU is that of all processes of the command, memory that
of the largest one. Ratios are to Hugo's CPU in the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from blog_posts import BlogPost, make_post, write_markdown, write_notebook

ENVIRONMENTS = Path.home() / ".cache" / "nbblog-benchmarks"
EDIT = "An edit of this post.\n\n"
PAGE = """<!doctype html><html lang=en><head><meta charset=utf-8><title>{{ .Title }}</title>
<link rel=stylesheet href={{ "syntax.css" | relURL }}></head><body><main>%s</main></body></html>
"""


@dataclass(frozen=True)
class Taken:
    """What a command took."""

    cpu: float
    """Seconds, of all its processes."""
    wall: float
    """Seconds."""
    mebibytes: float
    """Of the largest process, at most."""


class Maker(ABC):
    """Who makes a site of posts: where they lie, how they are written, and the command."""

    name: str
    packages: Sequence[str] = ()

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @abstractmethod
    def prepare(self, posts: Sequence[BlogPost]) -> None:
        """Write settings and posts."""

    @abstractmethod
    def command(self) -> list[str]:
        """What makes the site, in the folder."""

    @abstractmethod
    def first_post(self) -> Path:
        """The file that is edited."""

    @abstractmethod
    def count_pages(self) -> int:
        """How many posts have a page."""

    def bin(self, name: str) -> str:
        """A command of its environment, which is made when there is none."""
        home = ENVIRONMENTS / self.name.split()[0].lower()
        python = home / "bin" / "python"
        if not python.exists():
            print(f"installing {' '.join(self.packages)}", file=sys.stderr)
            subprocess.run([sys.executable, "-m", "venv", home], check=True)
            subprocess.run([python, "-m", "pip", "install", "--quiet", *self.packages], check=True)
        return str(home / "bin" / name)

    def edit(self) -> None:
        """Add a sentence to one post."""
        path = self.first_post()
        if path.suffix == ".md":
            path.write_text(f"{path.read_text('utf-8')}\n{EDIT}", "utf-8")
            return
        notebook = json.loads(path.read_text("utf-8"))
        cell = [one for one in notebook["cells"] if one["cell_type"] == "markdown"][-1]
        cell["source"] += f"\n\n{EDIT}"
        path.write_text(json.dumps(notebook), "utf-8")

    def run(self) -> Taken:
        """Run the command once."""
        log = self.folder.parent / f"{self.folder.name}.log"
        start = time.perf_counter()
        with log.open("wb") as said:
            child = subprocess.Popen(self.command(), cwd=self.folder, stdout=said, stderr=subprocess.STDOUT)
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - start
        if child.returncode:
            raise SystemExit(f"{self.name} failed:\n{log.read_text('utf-8', 'replace')[-2000:]}")
        return Taken(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


class Nbblog(Maker):
    name = "nbblog"
    search = False
    """Hugo makes no index to search in."""

    def prepare(self, posts: Sequence[BlogPost]) -> None:
        settings = f'site_title = "A blog"\nsite_url = "https://blog.example/"\nsearch = {str(self.search).lower()}\n'
        (self.folder / "nbblog.toml").write_text(settings)
        for post in posts:
            write_notebook(post, self.folder / "posts" / f"post-{post.number}.ipynb")

    def command(self) -> list[str]:
        return [str(Path(sys.executable).parent / "nbblog"), "build"]

    def first_post(self) -> Path:
        return self.folder / "posts" / "post-7.ipynb"

    def count_pages(self) -> int:
        return len(list((self.folder / "_site" / "posts").glob("*/index.html")))


class NbblogSearch(Nbblog):
    name, search = "nbblog with search", True


class Hugo(Maker):
    name, packages = "Hugo", ("hugo",)

    def prepare(self, posts: Sequence[BlogPost]) -> None:
        (self.folder / "hugo.toml").write_text(
            'baseURL = "https://blog.example/"\ntitle = "A blog"\n[taxonomies]\ncategory = "categories"\n'
            "[markup.highlight]\nnoClasses = false\n"
        )
        layouts = self.folder / "layouts" / "_default"
        layouts.mkdir(parents=True)
        (layouts / "single.html").write_text(PAGE % "<h1>{{ .Title }}</h1>{{ .TableOfContents }}{{ .Content }}")
        post = "<h2><a href={{ .RelPermalink }}>{{ .Title }}</a></h2>{{ .Summary }}"
        listed = f"{{{{ range .Paginator.Pages }}}}{post}{{{{ end }}}}"
        (layouts / "list.html").write_text(PAGE % listed)
        for post in posts:
            write_markdown(post, self.folder / "content" / "posts" / f"post-{post.number}.md")

    def command(self) -> list[str]:
        return [self.bin("hugo"), "build"]

    def first_post(self) -> Path:
        return self.folder / "content" / "posts" / "post-7.md"

    def count_pages(self) -> int:
        return len(list((self.folder / "public" / "posts").glob("post-*/index.html")))


class Sphinx(Maker):
    name, packages = "Sphinx + MyST-NB + ABlog", ("sphinx", "myst-nb", "ablog")

    def prepare(self, posts: Sequence[BlogPost]) -> None:
        (self.folder / "conf.py").write_text(
            'project = "A blog"\nextensions = ["myst_nb", "ablog"]\nnb_execution_mode = "off"\n'
            'blog_baseurl = "https://blog.example/"\nblog_post_pattern = "posts/*"\n'
            # Else each page lists all others, in the square of the time.
            'html_sidebars = {"**": []}\n'
        )
        (self.folder / "index.md").write_text("# A blog\n\n```{toctree}\n:glob:\n\nposts/*\n```\n")
        for post in posts:
            write_notebook(post, self.folder / "posts" / f"post-{post.number}.ipynb", front="none")

    def command(self) -> list[str]:
        return [self.bin("sphinx-build"), "-q", "-b", "html", ".", "_build"]

    def first_post(self) -> Path:
        return self.folder / "posts" / "post-7.ipynb"

    def count_pages(self) -> int:
        return len(list((self.folder / "_build" / "posts").glob("post-*.html")))


class MkDocs(Maker):
    name, packages = "mkdocs-material + mkdocs-jupyter", ("mkdocs-material", "mkdocs-jupyter")

    def prepare(self, posts: Sequence[BlogPost]) -> None:
        (self.folder / "mkdocs.yml").write_text(
            "site_name: A blog\nsite_url: https://blog.example/\ntheme: {name: material, font: false}\n"
            "plugins: [search, {mkdocs-jupyter: {execute: false}}]\n"
        )
        for post in posts:
            write_notebook(post, self.folder / "docs" / "posts" / f"post-{post.number}.ipynb", front="none")
        (self.folder / "docs" / "index.md").write_text("# A blog\n")

    def command(self) -> list[str]:
        return [self.bin("mkdocs"), "build", "--quiet"]

    def first_post(self) -> Path:
        return self.folder / "docs" / "posts" / "post-7.ipynb"

    def count_pages(self) -> int:
        return len(list((self.folder / "site" / "posts").glob("post-*/index.html")))


class Nikola(Maker):
    name, packages = "Nikola", ("nikola", "nbconvert", "ipykernel", "notebook", "aiohttp")

    def prepare(self, posts: Sequence[BlogPost]) -> None:
        self.folder.rmdir()
        subprocess.run(
            [self.bin("nikola"), "init", "--quiet", self.folder.name], cwd=self.folder.parent, check=True,
            stdin=subprocess.DEVNULL, capture_output=True,
        )  # fmt: skip
        settings = self.folder / "conf.py"
        own = 'POSTS = (("posts/*.ipynb", "posts", "post.tmpl"),)\nPAGES = ()\n'
        settings.write_text(f"{settings.read_text('utf-8')}\n{own}")
        for post in posts:
            path = self.folder / "posts" / f"post-{post.number}.ipynb"
            write_notebook(post, path, front="none")
            notebook = json.loads(path.read_text("utf-8"))
            day = datetime.combine(post.day, datetime.min.time()).isoformat(" ")
            about = {"title": post.title, "slug": path.stem, "date": day, "tags": ",".join(post.topics)}
            notebook["metadata"]["nikola"] = about
            path.write_text(json.dumps(notebook), "utf-8")

    def command(self) -> list[str]:
        return [self.bin("nikola"), "build", "-v", "0"]

    def first_post(self) -> Path:
        return self.folder / "posts" / "post-7.ipynb"

    def count_pages(self) -> int:
        return len(list((self.folder / "output" / "posts").glob("post-*/index.html")))


class Nbconvert(Maker):
    """No site: pages alone, and all of them each time."""

    name = "nbconvert --to html"

    def prepare(self, posts: Sequence[BlogPost]) -> None:
        for post in posts:
            write_notebook(post, self.folder / f"post-{post.number}.ipynb", front="none")

    def command(self) -> list[str]:
        notebooks = sorted(path.name for path in self.folder.glob("*.ipynb"))
        command = str(Path(sys.executable).parent / "jupyter-nbconvert")
        return [command, "--to", "html", "--log-level", "ERROR", *notebooks]

    def first_post(self) -> Path:
        return self.folder / "post-7.ipynb"

    def count_pages(self) -> int:
        return len(list(self.folder.glob("post-*.html")))


MAKERS: Sequence[type[Maker]] = (Hugo, Nbblog, NbblogSearch, Sphinx, MkDocs, Nikola, Nbconvert)


def measure(kind: type[Maker], posts: Sequence[BlogPost], base: Path) -> Iterator[tuple[str, Taken]]:
    """Cold, then after one edit, then with nothing to do."""
    folder = base / kind.__name__.lower()
    folder.mkdir()
    maker = kind(folder)
    maker.prepare(posts)
    maker.command()
    yield "cold", maker.run()
    if (pages := maker.count_pages()) != len(posts):
        raise SystemExit(f"{maker.name} made {pages} pages of {len(posts)} posts")
    # Some compare times of whole seconds.
    time.sleep(1.1)
    maker.edit()
    yield "one edit", maker.run()
    yield "no edit", maker.run()
    shutil.rmtree(folder)


def main() -> None:
    """A table for each number of posts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("posts", type=int, nargs="*", default=[100, 1000], help="how many; by default 100 and 1000")
    names = [kind.__name__ for kind in MAKERS]
    parser.add_argument("--only", action="append", choices=names, help="these and no others")
    given = parser.parse_args()
    # Python's own cache belongs to what users have.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    for count in given.posts:
        posts = [make_post(number) for number in range(1, count + 1)]
        print(f"\n{count} posts\n\n| | | CPU | × Hugo cold | of its own cold | wall | memory |")
        print("|---|---|---:|---:|---:|---:|---:|")
        hugo = 0.0
        for kind in MAKERS:
            if given.only and kind.__name__ not in given.only:
                continue
            cold = 0.0
            with TemporaryDirectory() as base:
                for work, taken in measure(kind, posts, Path(base)):
                    cold = cold or taken.cpu
                    hugo = hugo or (taken.cpu if kind is Hugo else 0.0)
                    ratio = f"{taken.cpu / hugo:.2f}" if hugo else "–"
                    figures = f"{taken.cpu:.2f} s | {ratio} | {taken.cpu / cold:.1%} | {taken.wall:.2f} s"
                    print(f"| {kind.name} | {work} | {figures} | {taken.mebibytes:.0f} MiB |", flush=True)


if __name__ == "__main__":
    main()
