"""A build by the workers of a real Dask cluster, of several processes, which die and go on."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import dask
import pytest
from blog_folder import read_pages
from click.testing import CliRunner
from distributed import LocalCluster

from nbblog.build import build_blog
from nbblog.cli import cli
from nbblog.cluster import Cluster
from nbblog.core.errors import BuildError
from nbblog.settings import Blog, load_settings

DAY = date(2026, 3, 1)
POSTS = 24


def write_post(blog: Path, name: str, *cells: str) -> Path:
    """A notebook of a title, a formula, a link, and these code cells."""
    text = {"cell_type": "markdown", "metadata": {}, "source": f"# {name}\n\n$x^2$ [[post:post-0]] [[image:dot.png]]"}
    code = [{"cell_type": "code", "metadata": {}, "source": source, "execution_count": None, "outputs": []}
            for source in cells]  # fmt: skip
    path = blog / "posts" / f"{name}.ipynb"
    described = {"kernelspec": {"name": "python3", "display_name": "Python", "language": "python"}}
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": described, "cells": [text, *code]}))
    return path


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """A scheduler and three workers, each a process of its own that is begun anew when it dies."""
    calm = {"distributed.scheduler.allowed-failures": 1, "distributed.admin.log-length": 0}
    with (
        dask.config.set(calm),
        LocalCluster(n_workers=3, threads_per_worker=1, processes=True, dashboard_address=":0") as cluster,
    ):
        yield cluster


@pytest.fixture
def blog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A blog of many posts with a picture, in whose folder the commands are run."""
    root = tmp_path / "blog"
    (root / "posts").mkdir(parents=True)
    (root / "nbblog.toml").write_text('site_title = "Tides"\nsite_url = "https://example.org"\n', "utf-8")
    (root / "posts" / "dot.png").write_bytes(
        bytes.fromhex(
            "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154"
            "789c63f8ffff3f0005fe02fea7359d810000000049454e44ae426082"
        )
    )
    for number in range(POSTS):
        write_post(root, f"post-{number}")
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def impatient() -> Iterator[None]:
    """Nobody waits long for a scheduler or a worker, by Dask's own setting."""
    with dask.config.set({"distributed.comm.timeouts.connect": "1s"}):
        yield


def test_a_cluster_whose_worker_dies_gives_the_same_site(blog: Path, cluster: LocalCluster) -> None:
    """The worker is killed when a third of the posts are done; another does what it had."""
    build_blog(load_settings(blog), today=DAY)
    before = read_pages(blog)
    (blog / "_site").rename(blog / "_before")
    killed = []

    def kill_one(done: int, of: int) -> None:
        if done == of // 3:
            with Cluster(cluster.scheduler_address, load_settings(blog)) as other:
                killed.append(next(iter(other._client.run(os.getpid).values())))
            os.kill(killed[0], 9)

    with Cluster(cluster.scheduler_address, load_settings(blog)) as crew:
        result = build_blog(load_settings(blog), today=DAY, crew=crew, say=kill_one)
    assert len(killed) == 1
    assert (result.errors, result.rendered) == ({}, POSTS)
    assert read_pages(blog) == before


def test_posts_are_run_on_the_workers(blog: Path, cluster: LocalCluster) -> None:
    """Each kernel is a child of one of them; what fails there is named as it is here."""
    for post in (blog / "posts").glob("*.ipynb"):
        post.unlink()
    write_post(blog, "runs", "import os\nprint('by', os.getppid())", "print(sum(range(10)))")
    with Cluster(cluster.scheduler_address, load_settings(blog)) as crew:
        crew._client.wait_for_workers(3)
        workers = crew._client.run(os.getpid).values()
    arguments = ["build", "--execute", "--dask", cluster.scheduler_address]
    run = CliRunner().invoke(cli, arguments)
    assert run.exit_code == 0, run.output
    page = (blog / "_site" / "posts" / "runs" / "index.html").read_text("utf-8")
    assert "45" in page
    assert any(f"by {worker}" in page for worker in workers)
    write_post(blog, "fails", "1 / 0")
    (blog / "posts" / "broken.ipynb").write_text("{", "utf-8")
    run = CliRunner().invoke(cli, arguments)
    assert run.exit_code == 1
    assert "error: fails.ipynb, cell 2: ZeroDivisionError: division by zero" in run.output
    assert "error: broken.ipynb: " in run.output
    assert "Traceback" not in run.output


def test_what_kills_each_worker_is_one_line(blog: Path, cluster: LocalCluster) -> None:
    """And the others begin anew."""
    with Cluster(cluster.scheduler_address, load_settings(blog)) as crew:
        with pytest.raises(BuildError, match="each of the cluster's workers that tried it died"):
            crew.call(os._exit, 1)
        crew._client.wait_for_workers(3, timeout=60)
        assert crew.call(len, "abc") == 3
        assert crew.size == 3


def test_a_scheduler_that_goes_leaves_the_old_site(blog: Path, impatient: None) -> None:
    """In one line, and nothing of the new one is left."""
    build_blog(load_settings(blog), today=DAY)
    before = read_pages(blog)
    for number in range(POSTS):
        write_post(blog, f"post-{number}", "1")
    short = LocalCluster(n_workers=1, threads_per_worker=1, processes=True, dashboard_address=":0")
    with (
        short as cluster,
        Cluster(cluster.scheduler_address, load_settings(blog)) as crew,
        pytest.raises(BuildError, match="the Dask scheduler has gone"),
    ):
        build_blog(
            load_settings(blog), today=DAY, crew=crew, say=lambda done, of: cluster.close() if done == 3 else None
        )
    assert read_pages(blog) == before
    assert [path.name for path in blog.glob("._site*")] == []


def test_a_cluster_that_cannot_build_this_blog_is_refused(
    blog: Path, impatient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is done, in one line."""
    with pytest.raises(BuildError, match=r"^nowhere://x: no Dask scheduler answers: .+$"):
        Cluster("nowhere://x", load_settings(blog))
    with pytest.raises(BuildError, match=r"^tcp://127\.0\.0\.1:1: no Dask scheduler answers: .+$"):
        Cluster("tcp://127.0.0.1:1", load_settings(blog))
    assert "not with --dask" in CliRunner().invoke(cli, ["build", "--dask", "tcp://a:1", "--jobs", "2"]).output
    # The worker is in another folder, and so sees no blog by this name.
    with LocalCluster(n_workers=1, threads_per_worker=1, processes=True, dashboard_address=":0") as cluster:
        monkeypatch.chdir(blog.parent)
        elsewhere = Blog(Path("blog"), load_settings(blog).config)
        with pytest.raises(BuildError, match=r"the worker tcp://.+ does not see blog$"):
            Cluster(cluster.scheduler_address, elsewhere)
    assert not (blog / "_site").exists()


def test_a_cluster_without_workers_is_refused(blog: Path, impatient: None) -> None:
    """After the time that workers may take to come."""
    empty = LocalCluster(n_workers=0, processes=True, dashboard_address=":0")
    with empty as cluster, pytest.raises(BuildError, match="has no workers"):
        Cluster(cluster.scheduler_address, load_settings(blog))
