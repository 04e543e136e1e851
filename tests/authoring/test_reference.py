"""The reference of ``interact`` is complete and true."""

from __future__ import annotations

import re
from inspect import Parameter, signature
from pathlib import Path
from typing import Any

import pytest

import nbblog
from nbblog.authoring.baking import Budget
from nbblog.authoring.interact import interact
from nbblog.authoring.stops import MOST_STOPS

TEXT = (Path(nbblog.__file__).parents[2] / "docs" / "reference" / "interact.md").read_text("utf-8")


def test_every_name_for_authors_has_its_heading() -> None:
    """What can be imported in a notebook."""
    names = {name for name, home in nbblog._HOMES.items() if home.startswith("nbblog.authoring.")}
    assert names <= set(re.findall(r"^## (.+)$", TEXT, re.MULTILINE))


@pytest.mark.parametrize("function", [nbblog.slider, nbblog.plot], ids=lambda function: function.__name__)
def test_signature_is_the_functions(function: Any) -> None:
    """With its defaults."""
    written = re.search(rf"`{function.__name__}\((.*?)\)`:", TEXT, re.DOTALL)
    assert written is not None
    parameters = [
        one.name if one.default is Parameter.empty or (function is nbblog.slider and one.name in ("min", "max"))
        else f"{one.name}={one.default!r}".replace("'", '"')
        for one in signature(function).parameters.values()
    ]
    parameters.insert(2, "*")
    assert " ".join(written[1].split()) == ", ".join(parameters)


def test_options_are_named() -> None:
    """Those of ``interact.options``."""
    section = TEXT.partition("## interact.options")[2].partition("\n## ")[0]
    assert [name for name in interact._options if f"{name}=" not in section] == []


def test_limits_are_named() -> None:
    """As they are."""
    budget = Budget()
    assert f"up to {budget.states:,} states, {budget.seconds:g} seconds, and {budget.kilobytes:g} KB" in TEXT
    assert f"more than {MOST_STOPS:,}" in " ".join(TEXT.split())
