"""A real Jupyter server for the tests, in a process of its own, with settings and folders of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

TOKEN = "the-token-of-the-tests"


class NotebookServer:
    """``jupyter server`` (or ``lab``, ``notebook``) on the notebooks of ``folder``, until it is closed.

    It has the extension as it is installed here; ``home`` is where it keeps what it wants to."""

    def __init__(self, folder: Path, home: Path, *, application: str = "server", **settings: object) -> None:
        self.folder, self.home = folder, home
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}/"
        self.log = home / "log.txt"
        home.mkdir(parents=True, exist_ok=True)
        (home / "jupyter_server_config.json").write_text(json.dumps(self._configure(settings)))
        own = ("JUPYTER_", "IPYTHON", "XDG_", "HOME")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(own)}
        places = {"HOME": home, "JUPYTER_CONFIG_DIR": home, "JUPYTER_DATA_DIR": home / "data"}
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "jupyter", application, "--no-browser", "--debug"],
                cwd=folder,
                env={**environment, **{name: str(path) for name, path in places.items()}},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._wait()

    def _configure(self, settings: Mapping[str, object]) -> dict[str, Any]:
        return {
            "ServerApp": {
                "root_dir": str(self.folder),
                "port": self.port,
                "port_retries": 0,
                "allow_root": True,
                "allow_unauthenticated_access": False,
            },
            "IdentityProvider": {"token": TOKEN},
            **settings,
        }

    def _wait(self) -> None:
        while True:
            assert self._process.poll() is None, self.log.read_text("utf-8")
            try:
                urllib.request.urlopen(f"{self.url}api", timeout=5)
                return
            except (urllib.error.URLError, TimeoutError):
                time.sleep(0.1)

    @property
    def pid(self) -> int:
        """The server's process."""
        return self._process.pid

    def close(self) -> None:
        """End it, and wait for that."""
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def start_lab(folder: Path, home: Path, **settings: object) -> NotebookServer:
    """JupyterLab on ``folder``, with its page's application open to the tests as ``jupyterapp``."""
    # Else JupyterLab asks whether one wants news, in a box over the panel.
    own = home / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
    own.mkdir(parents=True)
    (own / "notification.jupyterlab-settings").write_text('{"fetchNews": "false", "checkForUpdates": false}')
    return NotebookServer(folder, home, application="lab", LabApp={"expose_app_in_browser": True}, **settings)
