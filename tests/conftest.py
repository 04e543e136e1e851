"""Fixtures that several test files share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from folder_server import FolderServer
from hypothesis import HealthCheck, settings
from tries import PARTS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# A busy machine is no fault of what is tested.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

ROOT = Path(__file__).resolve().parent.parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What a test tries stands in its report, from which ``scripts/tried`` takes it."""
    for item in items:
        for mark in item.iter_markers("tries"):
            part, what, count = mark.args
            assert part in PARTS, f"{item.nodeid}: {part}"
            item.user_properties.append(("tried", f"{part}|{what}|{count}"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What a run keeps for the next one is kept for this run of the tests alone."""
    os.environ["NBBLOG_CACHE"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run; take ``browser.new_page()`` or a context of your own, and close it."""
    from playwright.sync_api import sync_playwright

    from chromium import FLAGS, find_browser

    path = find_browser()
    assert path, "no Chromium: scripts/setup installs one, or set NBBLOG_CHROMIUM"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield running
        running.close()


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Path], str]]:
    """``serve(folder)`` is the folder's address on a server of this machine, under ``/repo/`` like project pages."""
    servers = []

    def start(folder: Path) -> str:
        server = FolderServer(folder)
        servers.append(server)
        return server.url

    yield start
    for server in servers:
        server.close()
