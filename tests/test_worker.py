"""The process that renders previews: whatever happens to it, the question is answered."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import psutil

from nbblog.worker import Worker


def ask(worker: Worker, source: str) -> tuple[int, bytes]:
    """A notebook of one markdown cell."""
    cell = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": source}
    header: dict[str, Any] = {
        "name": "post.ipynb", "folder": None, "root": None, "hidden": False, "config": {}, "trust": False,
        "template": "", "session": "s",
    }  # fmt: skip
    body = {"have": 0, "notebook": {"cells": [{"key": "0", "cell": cell}], "metadata": {}}}
    return worker.ask(header, json.dumps(body).encode())


def test_question_that_the_process_dies_of_half_way_is_asked_of_another() -> None:
    """Even when a part of it is still on its way, which cannot be sent any more."""
    worker = Worker(30)
    try:
        assert ask(worker, "# T")[0] == 200
        answers: list[tuple[int, bytes]] = []
        for size in (10, 60_000, 70_000, 1_000_000):
            process = worker._process
            assert process
            os.kill(process.pid, signal.SIGSTOP)
            thread = threading.Thread(target=lambda size=size: answers.append(ask(worker, "x" * size)))
            thread.start()
            time.sleep(0.2)
            os.kill(process.pid, signal.SIGKILL)
            thread.join()
        assert [status for status, _ in answers] == [200] * 4
    finally:
        worker.close()


def test_what_can_no_longer_be_sent_is_no_fault() -> None:
    """A question that was written but not yet sent when the process ended."""
    worker = Worker(30)
    try:
        assert ask(worker, "# T")[0] == 200
        process = worker._process
        assert process
        assert process.stdin
        process.stdin.write(b"half a question")
        process.kill()
        process.wait()
        assert ask(worker, "# T")[0] == 200
    finally:
        worker.close()
    assert ask(worker, "# T")[0] == 200
    process = worker._process
    assert process
    assert process.stdin
    process.stdin.write(b"half a question")
    process.kill()
    process.wait()
    worker.close()


def test_process_runs_in_a_folder_of_its_own() -> None:
    """That of the package, where nobody else's files are."""
    worker = Worker(30)
    try:
        assert ask(worker, "# T")[0] == 200
        assert worker._process
        process = psutil.Process(worker._process.pid)
        assert Path(process.cwd(), "nbblog", "worker.py").is_file()
    finally:
        worker.close()
