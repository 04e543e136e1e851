"""Running git for a publishing: with settings of its own, and without secrets in what it says.

What a repository says of itself (hooks, filters, commands for SSH, other addresses) is not used: only where its remote
is and who its author is are read from it. What the author's machine says (credentials, SSH) is.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from .core.errors import PublishError
from .core.secrets import mask_secrets
from .core.text import one_line

_KEPT = re.compile(r"GIT_(?:SSH|SSH_COMMAND|SSH_VARIANT|ASKPASS|SSL_CAINFO|SSL_CAPATH|EXEC_PATH)\Z")
_OF_THE_MACHINE = re.compile(r"(?:credential|http)\.|core\.(?:sshcommand|askpass)\Z|ssh\.variant\Z")
_OF_THE_REPOSITORY = re.compile(r"http\.(?:.+\.)?extraheader\Z")
_OURS = (("core.hooksPath", os.devnull), ("core.fsmonitor", "false"), ("gc.auto", "0"), ("maintenance.auto", "false"))
_LOGIN = re.compile(r"(?<=://)[^/@\s]+@")
_OLDEST = (2, 31)
"""The first git that takes settings from its environment, where other programs do not see them."""
REMOTE = "site"
"""What the remote is called in the folder of a publishing."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A line of git's settings, with the scope in which it stands (``system``, ``global``, ``local``…)."""

    scope: str
    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Git:
    """git in one folder."""

    program: str
    folder: Path
    environment: Mapping[str, str]

    def run(self, *words: str, given: IO[bytes] | None = None, seconds: float = 600) -> bytes:
        """What git prints; it reads ``given``. Raises ``PublishError`` with git's own reason, masked, in one line."""
        with subprocess.Popen(  # noqa: S603
            [self.program, *words],
            cwd=self.folder,
            env=self.environment,
            stdin=given or subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # no terminal: nothing can ask for a password
        ) as running:
            try:
                printed, said = running.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                _end(running)
                raise PublishError(f"git {words[0]} was stopped after {seconds:.0f} seconds") from None
            except BaseException:
                _end(running)
                raise
        if running.returncode:
            raise PublishError(f"git {words[0]}: {mask_login(said.decode('utf-8', 'replace')) or 'failed'}")
        return printed


def _end(running: subprocess.Popen[bytes]) -> None:
    """End git and what it started."""
    with suppress(ProcessLookupError):
        if os.name == "posix":
            os.killpg(running.pid, signal.SIGKILL)
        else:
            running.kill()


def mask_login(text: str) -> str:
    """The text in one line, without names and passwords in addresses, tokens and control characters."""
    return mask_secrets(_LOGIN.sub("***@", one_line(text)))


def find_git() -> str:
    """git's absolute path, never one of the current folder. Raises ``PublishError`` if there is none."""
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        path = Path(folder) / ("git.exe" if os.name == "nt" else "git")
        if path.is_absolute() and os.access(path, os.X_OK) and path.is_file():
            return str(path)
    raise PublishError("git is not installed, or not on PATH")


def author_git(folder: Path) -> Git:
    """git that only reads the author's repository, with the author's own settings. Raises ``PublishError`` for a git
    that is too old."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    named = {name: value for name, value in os.environ.items() if name.startswith("GIT_CONFIG_")}
    git = Git(find_git(), folder, {**environment, **named, "LC_ALL": "C"})
    said = git.run("version").decode("utf-8", "replace")
    number = re.search(r"(\d+)\.(\d+)", said)
    if not number or (int(number[1]), int(number[2])) < _OLDEST:
        raise PublishError(f"{one_line(said)} is too old: publishing needs git {'.'.join(map(str, _OLDEST))} or later")
    return git


def read_settings(git: Git) -> list[Setting]:
    """All settings that hold in the repository, in git's order."""
    parts = git.run("config", "--list", "-z", "--show-scope", "--includes").decode("utf-8", "surrogateescape")
    fields = parts.split("\0")
    settings = []
    for scope, line in zip(fields[::2], fields[1::2], strict=False):
        key, _, value = line.partition("\n")
        settings.append(Setting(scope, key, value))
    return settings


def publishing_git(folder: Path, settings: Iterable[Setting], address: str) -> Git:
    """git in a folder of ours, with only those of the author's settings that reach and open the remote.

    The remote is called ``REMOTE``; its address stands in the environment, for it may have a token in it."""
    remote = ((f"remote.{REMOTE}.url", address), (f"remote.{REMOTE}.promisor", "true"))
    pairs = [*_OURS, *remote, *((line.key, line.value) for line in settings if _is_used(line))]
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("GIT_") or _KEPT.match(name)
    }
    environment |= {
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_COUNT": str(len(pairs)),
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ALLOW_PROTOCOL": "file:http:https:ssh",
        "GIT_DIR": str(folder),
        "SSH_ASKPASS_REQUIRE": "never",
        "LC_ALL": "C",
    }
    for number, (key, value) in enumerate(pairs):
        environment |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return Git(find_git(), folder, environment)


def names_own_login(settings: Iterable[Setting]) -> bool:
    """Whether the repository itself says how to log in, which a publishing does not follow: it could name a program."""
    own = re.compile(r"credential\.|core\.(?:sshcommand|askpass)\Z")
    return any(line.scope in ("local", "worktree") and own.match(line.key) for line in settings)


def _is_used(line: Setting) -> bool:
    if line.scope in ("local", "worktree"):
        return bool(_OF_THE_REPOSITORY.match(line.key))
    return bool(_OF_THE_MACHINE.match(line.key))
