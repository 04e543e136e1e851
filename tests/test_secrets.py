"""Secrets in notebooks: what is found, where, what is not repeated, and what is none."""

from __future__ import annotations

import json
import random
import string
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbblog.core.notices import Place
from nbblog.core.secrets import find_in_text, find_secrets, mask_secrets

ALNUM = string.ascii_letters + string.digits
HEX = "0123456789abcdef"


def chance(length: int, alphabet: str = ALNUM, seed: int = 7) -> str:
    """Random text, the same each time. No token stands in this file, which scanners read too."""
    return "".join(random.Random(seed).choices(alphabet, k=length))


def base64(text: str) -> str:
    return b64encode(text.encode()).decode()


def web_token() -> str:
    parts = [urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
             for part in ({"alg": "HS256", "typ": "JWT"}, {"sub": "8812", "name": "Ada"})]  # fmt: skip
    return ".".join([*parts, chance(43)])


PLANTED: dict[str, tuple[str, str]] = {
    "github-classic": ("a GitHub token", "ghp_" + chance(36)),
    "github-fine": ("a GitHub token", "github_pat_" + chance(22) + "_" + chance(59)),
    "github-in-url": ("a GitHub token", f"git clone https://ghs_{chance(36)}@github.com/o/r.git"),
    "gitlab": ("a GitLab token", "glpat-" + chance(20)),
    "aws-id": ("an AWS access key", "AKIA" + chance(16, string.ascii_uppercase + "234567")),
    "aws-secret": ("an AWS secret key", f'aws_secret_access_key = "{chance(40, ALNUM + "/+")}"'),
    "aws-environment": ("an AWS secret key", f'os.environ["AWS_SECRET_ACCESS_KEY"] = "{chance(40)}"'),
    "google": ("a Google API key", "AIza" + chance(35)),
    "google-oauth": ("a Google OAuth secret", "GOCSPX-" + chance(28)),
    "google-access": ("a Google access token", "ya29." + chance(120)),
    "azure-storage": ("an Azure storage key", f"AccountName=blog;AccountKey={chance(86)}==;EndpointSuffix=core"),
    "azure-signature": ("an Azure shared signature", f"https://a.blob.core/x?sv=2024-01-01&sp=r&sig={chance(43)}%3D"),
    "azure-client": ("an Azure client secret", "a1B8Q~" + chance(34)),
    "slack": ("a Slack token", f"xoxb-{chance(12, string.digits)}-{chance(12, string.digits)}-{chance(24)}"),
    "slack-hook": ("a Slack webhook", f"https://hooks.slack.com/services/T0AB12C/B0XY99Z/{chance(24)}"),
    "stripe": ("a Stripe key", "sk_live_" + chance(24)),
    "openai": ("an OpenAI key", f"sk-proj-{chance(58)}T3BlbkFJ{chance(58)}"),
    "anthropic": ("an Anthropic key", f"sk-ant-api03-{chance(93)}-{chance(6)}AA"),
    "hugging-face": ("a Hugging Face token", "hf_" + chance(34)),
    "npm": ("an npm token", f"//registry/:_authToken=npm_{chance(36)}"),
    "pypi": ("a PyPI token", "pypi-AgEIcHlwaS5vcmc" + chance(150)),
    "databricks": ("a Databricks token", "dapi" + chance(32, HEX)),
    "digitalocean": ("a DigitalOcean token", "dop_v1_" + chance(64, HEX)),
    "sendgrid": ("a SendGrid key", f"SG.{chance(22)}.{chance(43)}"),
    "telegram": ("a Telegram bot token", f"{chance(10, string.digits)}:AA{chance(33)}"),
    "discord": ("a Discord webhook", f"https://discord.com/api/webhooks/{chance(18, string.digits)}/{chance(68)}"),
    "kaggle": ("a Kaggle key", json.dumps({"username": "ada", "key": chance(32, HEX)})),
    "private-key": ("a private key", f"-----BEGIN RSA PRIVATE KEY-----\n{chance(64)}\n{chance(64)}\n-----END"),
    "private-key-in-json": ("a private key", f'"-----BEGIN PRIVATE KEY-----\\n{chance(64)}\\n{chance(64)}"'),
    "jwt": ("a JSON web token", web_token()),
    "jupyter": ("a Jupyter token", f"http://localhost:8888/lab?token={chance(48, HEX)}"),
    "url": ("a password in an address", f"postgresql://ada:{chance(12)}@db.tides.org:5432/tides"),
    "basic": ("a login in a header", f"Authorization: Basic {base64('ada:' + chance(12))}"),
    "bearer": ("a token in a header", f'headers = {{"Authorization": "Bearer {chance(40)}"}}'),
    "netrc": ("a login of .netrc", f"machine api.tides.org\n  login ada\n  password {chance(10)}"),
    "key": ("what looks like a key", f'api_key = "{chance(32)}"'),
    "password": ("what looks like a password", 'password = "tr0ub4dor&3"'),
}  # fmt: skip


def source(text: str) -> dict[str, Any]:
    cell = {"cell_type": "code", "id": "c1", "metadata": {}, "outputs": [], "source": text}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}


@pytest.mark.tries("Secrets", "kinds of secret, planted in a notebook", 1)
@pytest.mark.parametrize(("kind", "text"), PLANTED.values(), ids=list(PLANTED))
def test_planted_secret_is_found(kind: str, text: str) -> None:
    """Once, with its kind, its cell and its line, and without itself."""
    [secret] = find_secrets(source(f"import os\n{text}\nprint(1)"))
    assert (secret.kind, secret.part, secret.place) == (kind, "source", Place(1, "c1", 2 + ("netrc" in kind and 2)))
    assert chance(9) not in str(secret)


@pytest.mark.parametrize("text", [text for kind, text in PLANTED.values() if "looks like" not in kind])
def test_secret_is_found_between_long_words_in_any_text(text: str) -> None:
    """At its very beginning and end too, and after a letter that is longer in lower case."""
    around = "İ" * 30 + "eyJ sk- :AA Q~ ghp_ " * 50
    [secret] = find_in_text(f"{around}\n{text}\n{around}")
    assert secret.place == Place(line=2 + ("machine" in text and 2))
    assert len(find_in_text(text)) == 1


def test_secrets_are_named_in_the_order_of_the_text() -> None:
    """Whatever their kinds."""
    tokens = [f"ghs_{chance(36)}", f"npm_{chance(36, seed=2)}", f"ghp_{chance(36, seed=3)}"]
    assert [secret.masked[:4] for secret in find_secrets(source("\n".join(tokens)))] == ["ghs_", "npm_", "ghp_"]


def stream(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": [text]}


def shown(kind: str, text: object) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {}, "data": {kind: text}}


TOKEN = "ghp_" + chance(36)
HOLDERS: dict[str, Callable[[dict[str, Any]], None]] = {
    "stream": lambda cell: cell.update(outputs=[stream(f"using {TOKEN}\n")]),
    "html": lambda cell: cell.update(outputs=[shown("text/html", [f"<b>{TOKEN}</b>"])]),
    "json": lambda cell: cell.update(outputs=[shown("application/json", {"a": [{"b": TOKEN}]})]),
    "drawing": lambda cell: cell.update(outputs=[shown("image/svg+xml", f"<svg><text>{TOKEN}</text></svg>")]),
    "traceback": lambda cell: cell.update(outputs=[{"output_type": "error", "traceback": ["x", f"\x1b[0m{TOKEN}"]}]),
    "metadata": lambda cell: cell.update(metadata={"papermill": {"parameters": {"token": TOKEN}}}),
    "attachment": lambda cell: cell.update(attachments={"a.txt": {"text/plain": base64(f"key: {TOKEN}")}}),
}


@pytest.mark.tries("Secrets", "places of a notebook that hold text", 1)
@pytest.mark.parametrize("put", HOLDERS.values(), ids=list(HOLDERS))
def test_secret_is_found_wherever_a_notebook_holds_text(put: Callable[[dict[str, Any]], None]) -> None:
    """Not only where an author looks."""
    notebook = source("print(1)")
    put(notebook["cells"][0])
    assert [secret.kind for secret in find_secrets(notebook)] == ["a GitHub token"]


def test_secret_in_the_notebooks_own_metadata_has_no_cell() -> None:
    """Parameters and widgets stand there."""
    notebook = source("")
    notebook["metadata"] = {"widgets": {"state": {"value": TOKEN}}}
    assert [(secret.part, secret.place) for secret in find_secrets(notebook)] == [("metadata", Place())]


def test_notebook_of_an_old_format_is_searched() -> None:
    """Its cells stand in worksheets."""
    cell = {"cell_type": "code", "input": [f"t = '{TOKEN}'"], "outputs": []}
    assert len(find_secrets({"nbformat": 3, "worksheets": [{"cells": [cell]}]})) == 1


NONE = [
    'api_key = "YOUR_API_KEY_GOES_HERE_PLEASE"',
    'token = os.environ["GITHUB_TOKEN"]',
    "postgresql://user:password@localhost:5432/db",
    "https://user:<password>@db.example.com/",
    "redis://redis:redis@cache.internal.net",
    "AKIA" + "IOSFODNN7EXAMPLE",
    "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "Authorization: Basic <base64>",
    "-----BEGIN PRIVATE KEY-----\n…\n-----END PRIVATE KEY-----",
    "http://localhost:8888/?token=...",
    'tokenizer = AutoTokenizer.from_pretrained("bert-base-uncased")',
    'pad_token = "[PAD]"; sep_token = "<|endoftext|>"',
    'password = getpass("Password: ")',
    'secret_key = "django.contrib.auth.backends2"',
    "def token(self): return self.tokens[-1]",
    "commit 3f96361bc78db6b5eb1840fa80409bad491e8ece",
    "machine learning login form password reset",
]


@pytest.mark.tries("Secrets", "texts that only look like a secret, and raised no alarm", 1)
@pytest.mark.parametrize("text", NONE)
def test_what_only_looks_like_a_secret_is_none(text: str) -> None:
    """An author who is warned for nothing soon reads no warning."""
    assert find_secrets(source(text)) == []


def test_picture_in_base64_is_not_searched() -> None:
    """Any letters may stand in it."""
    notebook = source("")
    notebook["cells"][0]["outputs"] = [shown("image/png", f"iVBOR/{TOKEN}/")]
    assert find_secrets(notebook) == []


def test_masked_text_holds_no_secret() -> None:
    """What a program prints of git's own words, say."""
    text = f"pushing to https://ghs_{chance(36)}@github.com/o/r and postgresql://ada:{chance(12)}@db.tides.org/x"
    masked = mask_secrets(text)
    assert chance(9) not in masked
    assert masked.startswith("pushing to https://ghs_… (40 characters)@github.com/o/r and postgresql://ada:… (")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["cells", "source", "outputs", "metadata", "attachments", "data", "worksheets", "id"]), inner),
    max_leaves=20,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(["cells", "metadata", "worksheets"]), JSON))
def test_any_json_can_be_searched(notebook: dict[str, Any]) -> None:
    """Malformed notebooks are published too."""
    assert find_secrets(notebook) == []
