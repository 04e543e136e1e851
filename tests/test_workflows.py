"""The project's own workflows, and the one of a new blog: what they run is pinned, and what they may do is said."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml

from nbblog.scaffold import Origin, create_blog

OWN = sorted((Path(__file__).resolve().parent.parent / ".github" / "workflows").glob("*.yml"))
NEW = Path("blog", ".github", "workflows", "publish.yml")


@pytest.fixture(params=[*OWN, NEW], ids=lambda path: path.name)
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """One workflow: those of the project, and the one that `nbblog init` writes."""
    if request.param != NEW:
        return Path(request.param)
    create_blog(tmp_path / "blog", today=date(2026, 3, 1), origin=Origin())
    return tmp_path / NEW


def read(path: Path) -> dict[str, Any]:
    workflow: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return workflow


def test_every_action_is_pinned_by_its_commit(path: Path) -> None:
    """With the version beside it."""
    used = re.findall(r"uses: (.+)", path.read_text("utf-8"))
    assert [action for action in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action)] == []


def test_a_job_has_no_right_that_it_does_not_name(path: Path) -> None:
    """And no workflow runs a stranger's change with rights of ours."""
    workflow = read(path)
    assert workflow["permissions"] == {}
    assert all(job["permissions"] and job["timeout-minutes"] for job in workflow["jobs"].values())
    assert "pull_request_target" not in path.read_text("utf-8")


def test_no_checkout_leaves_its_token_behind(path: Path) -> None:
    """What runs later could send it away."""
    steps = [step for job in read(path)["jobs"].values() for step in job["steps"]]
    checkouts = [step for step in steps if "actions/checkout@" in step.get("uses", "")]
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_what_comes_from_outside_has_no_rights(path: Path) -> None:
    """A job that may write does not run for a pull request, and runs nothing that the repository or a package holds."""
    for job in read(path)["jobs"].values():
        if "write" in job["permissions"].values():
            assert "github.event_name != 'pull_request'" in job["if"]
            assert not any("run" in step or "checkout" in step["uses"] for step in job["steps"])


def test_form_is_that_of_a_workflow(path: Path) -> None:
    """By the JSON schema of GitHub's workflows, which needs no network."""
    words = ["-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(path)]
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_auditor_finds_nothing(path: Path) -> None:
    """zizmor without a network, also of what only pedants mind."""
    words = ["--offline", "--quiet", "--no-config", "--persona=pedantic", "--format=plain", str(path)]
    done = subprocess.run([Path(sys.executable).with_name("zizmor"), *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_workflow_installs_the_version_that_made_the_blog(tmp_path: Path) -> None:
    """The same site comes out tomorrow; and the versions of actions are those that the project itself runs."""
    create_blog(tmp_path / "blog", today=date(2026, 3, 1), origin=Origin())
    text = (tmp_path / NEW).read_text("utf-8")
    assert f"pip install \"nbblog[search]=={version('nbblog')}\"\n" in text
    own = {action for path in OWN for action in re.findall(r"uses: (.+)", path.read_text("utf-8"))}
    shared = {line.partition("@")[0] for line in own}
    assert {line for line in re.findall(r"uses: (.+)", text) if line.partition("@")[0] in shared} <= own
