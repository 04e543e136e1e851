"""What JupyterLab asks for a blog as a whole, each errand in a process of its own: ``python -m nbblog.errands``.

The process reads one question, a JSON object with ``task``, ``folder``, ``allowed`` and what the task needs, from its
standard input. It writes lines of JSON: ``{"done": 3, "of": 7}`` while it is at work, and at last ``{"answer": …}``, or
``{"error": "…"}`` with one line for a person.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from .build import build_blog, find_notebooks
from .check import check_blog
from .core.config import DEFAULTS
from .core.errors import NbblogError, NoBlogError
from .neighbours import list_notebooks, read_front
from .publish import publish_site
from .scaffold import create_post
from .served import find_site_url
from .settings import Blog, load_settings
from .staging import MARKER

MOST_LISTED = 50
"""Pages of each kind that a summary names; the others are counted."""


class Refused(NbblogError):
    """The errand is not for this blog as it is; the message says why."""


@dataclass(frozen=True, slots=True)
class Errand:
    """What is asked, and where."""

    folder: Path
    """Any folder of the blog."""
    allowed: Path
    """The folder that the server shows; nothing outside of it is read for an errand, or written."""
    wishes: Mapping[str, Any]
    say: Callable[[int, int], None]
    today: date

    def blog(self) -> Blog:
        """The blog that the folder is in. Raises ``ConfigError`` and ``Refused``."""
        blog = load_settings(self.folder)
        if not all(path.resolve().is_relative_to(self.allowed) for path in (blog.root, blog.content, blog.output)):
            raise Refused(f"{blog.root}: the blog lies outside of the folder that Jupyter was started in")
        return blog

    def shown(self, path: Path) -> str:
        """The path as the server's contents name it."""
        return path.resolve().relative_to(self.allowed).as_posix()


def add_post(errand: Errand) -> dict[str, Any]:
    """The notebook of a new post, among the blog's; where there is no blog, in the folder itself."""
    try:
        content = errand.blog().content
    except NoBlogError:
        content = errand.folder
    return {"path": errand.shown(create_post(content, str(errand.wishes["title"]), today=errand.today))}


def list_posts(errand: Errand) -> dict[str, Any]:
    """The blog's folder and the heads of all posts, newest first; where there is no blog, no folder and the heads of
    the notebooks that are here."""
    try:
        blog = errand.blog()
        paths = [blog.content / source for source in find_notebooks(blog)]
        config, root = blog.config, errand.shown(blog.root)
    except NoBlogError:
        paths, config, root = list_notebooks(errand.folder), DEFAULTS, None
    posts = []
    for done, path in enumerate(paths, start=1):
        if front := read_front(path, config):
            posts.append({
                "path": errand.shown(path), "slug": front.slug, "title": front.title, "draft": front.draft,
                "date": front.date.isoformat() if front.date else None, "categories": front.categories,
                "authors": front.authors, "series": front.series,
            })  # fmt: skip
        errand.say(done, len(paths))
    posts.sort(key=lambda post: (post["date"] or "", post["title"]), reverse=True)
    return {"root": root, "posts": posts}


def check(errand: Errand) -> dict[str, Any]:
    """What is to be mended, each with its notebook as the server's contents name it."""
    blog = errand.blog()
    found = check_blog(blog, today=errand.today, say=errand.say)
    return {"findings": [{**asdict(one), "path": errand.shown(blog.root / one.source)} for one in found]}


def plan(errand: Errand) -> dict[str, Any]:
    """Build the site, and say what publishing it would change."""
    blog = errand.blog()
    result = build_blog(blog, today=errand.today, say=errand.say)
    if result.errors:
        raise Refused("; ".join(error for _, error in sorted(result.errors.items())))
    done = publish_site(blog.output, blog.root, branch=blog.config.branch, dry_run=True)
    serious = sum(one.kind.severity != "info" for notices in result.notices.values() for one in notices)
    changes = {"added": done.added, "changed": done.changed, "removed": done.removed}
    return {
        **{name: _list_pages(paths) for name, paths in changes.items()},
        "target": done.target, "branch": blog.config.branch, "posts": result.posts, "notices": serious,
        "site": _name_site(blog), "url": find_site_url(blog.config.site_url, done.domain, done.target),
    }  # fmt: skip


def _list_pages(paths: Sequence[str]) -> dict[str, Any]:
    pages = [path for path in paths if path.endswith(".html")]
    return {"pages": pages[:MOST_LISTED], "more": len(pages[MOST_LISTED:]), "others": len(paths) - len(pages)}


def _name_site(blog: Blog) -> str:
    """The hash of the list of the site's files, which has their hashes; empty where no site was built."""
    listed = blog.output / MARKER
    return sha256(listed.read_bytes()).hexdigest() if listed.is_file() else ""


def publish(errand: Errand) -> dict[str, Any]:
    """Publish the site that a plan was about."""
    blog = errand.blog()
    if _name_site(blog) != errand.wishes["site"]:
        raise Refused("the site was built anew meanwhile: publish again to see what would change")
    done = publish_site(blog.output, blog.root, branch=blog.config.branch)
    return {"commit": done.commit, "url": find_site_url(blog.config.site_url, done.domain, done.target)}


TASKS: Mapping[str, Callable[[Errand], dict[str, Any]]] = {
    "new": add_post, "posts": list_posts, "check": check, "plan": plan, "publish": publish,
}  # fmt: skip


def run(question: Mapping[str, Any], tell: Callable[[Mapping[str, Any]], None]) -> None:
    """Do it, and tell how it goes and what came of it."""
    errand = Errand(
        Path(question["folder"]), Path(question["allowed"]).resolve(), question,
        lambda done, of: tell({"done": done, "of": of}), date.today(),
    )  # fmt: skip
    try:
        tell({"answer": TASKS[question["task"]](errand)})
    except NbblogError as error:
        tell({"error": str(error)})
    except Exception:
        traceback.print_exc()
        tell({"error": "nbblog met with a fault of its own; the server's log has it"})


def main() -> None:
    """One question, and its answer."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="replace")
    # Whatever a library prints must not stand between the answers.
    os.dup2(2, 1)

    def tell(line: Mapping[str, Any]) -> None:
        print(json.dumps(line), file=answers, flush=True)

    run(json.load(sys.stdin), tell)


if __name__ == "__main__":
    main()
