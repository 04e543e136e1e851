"""Blogs of any size for the benchmarks: the same posts as notebooks and as Markdown, the same each time."""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

WORDS = tuple(
    re.findall(
        r"\w+",
        """the a of to and in is that for it as with on by be this are from or which at an one we can has when more its
        but not system server request latency cache queue replica shard index table query load rate memory disk network
        user time cost limit measure value result model design answer question reader writer failure retry timeout
        message stream batch window sample average median percentile throughput capacity balance partition leader""",
    )
)
TOPICS = ("databases", "caching", "queues", "networks", "statistics", "python", "testing", "operations")
CODE = '''import math
from dataclasses import dataclass


@dataclass
class Service:
    """A server with its arrivals and its speed, both a second."""

    arrivals: float
    speed: float = {speed}

    def utilisation(self) -> float:
        return self.arrivals / self.speed  # below one


for arrivals in range(1, {count}):
    service = Service(arrivals, speed={speed})
    print(f"{{arrivals:>3}} {{service.utilisation():.3f}} {{math.exp(-arrivals / 7):.4f}}")
'''


@dataclass(frozen=True)
class BlogPost:
    """A post: its head, and sections of (heading, paragraphs and lists as Markdown, code, what it printed)."""

    number: int
    title: str
    day: date
    topics: tuple[str, ...]
    sections: tuple[tuple[str, str, str, str], ...]


def make_post(number: int) -> BlogPost:
    """About 900 words, five cells of code with what they print, a table, two lists; the same for the same number."""
    chance = random.Random(number)

    def sentence() -> str:
        words = chance.choices(WORDS, k=chance.randint(8, 18))
        at = chance.randrange(len(words))
        form = chance.choice(["*{}*", "**{}**", "`{}`", "[{}](https://example.org/)", "{}", "{}"])
        words[at] = form.format(words[at])
        return " ".join(words).capitalize() + "."

    def paragraph() -> str:
        return " ".join(sentence() for _ in range(chance.randint(3, 6)))

    sections = []
    for at in range(5):
        text = [paragraph() for _ in range(3)]
        if at % 2:
            text.append("\n".join(f"- {sentence()}" for _ in range(4)))
        if at == 2:
            rows = "\n".join(f"| {chance.choice(WORDS)} | {chance.random():.3f} | {sentence()} |" for _ in range(5))
            text.append(f"| what | how much | why |\n|---|---:|---|\n{rows}")
        speed, count = chance.randint(10, 99), chance.randint(8, 20)
        code = CODE.format(speed=speed, count=count)
        printed = "".join(f"{n:>3} {n / speed:.3f} {chance.random():.4f}\n" for n in range(1, count))
        sections.append((sentence()[:40].strip("*`[].()"), "\n\n".join(text), code, printed))
    title = f"{chance.choice(WORDS).capitalize()} and {chance.choice(WORDS)}, part {number}"
    day = date(2026, 1, 1) - timedelta(days=number)
    return BlogPost(number, title, day, tuple(chance.sample(TOPICS, 2)), tuple(sections))


def write_notebook(post: BlogPost, path: Path, *, front: str = "yaml") -> None:
    """As a notebook with its outputs. ``front`` is ``yaml`` for a raw cell first, or ``none``."""
    cells: list[dict[str, object]] = []

    def add(kind: str, source: str, **more: object) -> None:
        cells.append({"cell_type": kind, "id": f"c{len(cells)}", "metadata": {}, "source": source, **more})

    if front == "yaml":
        add("raw", f"---\n{head(post)}---")
    else:
        add("markdown", f"# {post.title}")
    for at, (heading, text, code, printed) in enumerate(post.sections, start=1):
        add("markdown", f"## {heading}\n\n{text}")
        out = {"output_type": "stream", "name": "stdout", "text": printed}
        add("code", code.rstrip("\n"), execution_count=at, outputs=[out])
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
                "language_info": {"name": "python"}}  # fmt: skip
    book = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(book), "utf-8")


def head(post: BlogPost) -> str:
    """The front matter in YAML, without its lines of hyphens."""
    topics = "".join(f"  - {topic}\n" for topic in post.topics)
    return f'title: "{post.title}"\ndate: {post.day.isoformat()}\nauthor: Ada\ncategories:\n{topics}'


def write_markdown(post: BlogPost, path: Path) -> None:
    """The same as Markdown: code and what it printed as fenced blocks."""
    parts = [f"---\n{head(post)}---\n"]
    for heading, text, code, printed in post.sections:
        parts.append(f"## {heading}\n\n{text}\n\n```python\n{code}```\n\n```text\n{printed}```\n")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(parts), "utf-8")
