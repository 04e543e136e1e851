"""The kinds of secrets that are known: what each looks like, and what only looks like it.

The forms are those that the services document or have given out; a prefix of their own is what makes most of them
certain.
"""

from __future__ import annotations

import json
import math
import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

IsReal = Callable[[re.Match[str]], bool]


@dataclass(frozen=True, slots=True)
class SecretKind:
    """One kind."""

    name: str
    """With an article: ``a GitHub token``."""
    beginnings: tuple[str, ...]
    """What matches begins with one of these: they are looked for first, and most texts have none."""
    pattern: re.Pattern[str]
    """Its group ``secret`` is the secret."""
    is_real: IsReal
    """Whether what matches is none of the examples that look alike."""
    strict: bool = True
    """Whether nothing else looks so."""
    folded: bool = False
    """Whether it begins so in capitals too."""
    before: int = 0
    """How many characters of what matches may stand before its ``beginnings``."""


# --- What only looks like a secret ----------------------------------------------------------------------------------

_PLACEHOLDER = re.compile(
    r"example|placeholder|dummy|sample|your|change.?me|insert|redacted|secret|passw|foobar|todo|xxxx|\.\.\.|…"
    r"|\*\*\*|0123456|1234567|abcdef|[<>{}\[\]$%]|(.)\1{5}",
    re.IGNORECASE,
)
_USUAL = frozenset(
    ("admin", "root", "user", "username", "guest", "test", "postgres", "mysql", "pass", "pwd", "token", "default")
)
"""What tutorials write for a name and a password."""
_LOCAL = re.compile(r"localhost|127\.|0\.0\.0\.0|\[|host\b|hostname\b|server\b|(?:[\w-]+\.)*example\.", re.IGNORECASE)


def bits_per_character(text: str) -> float:
    """Shannon's entropy of the text's characters. A random token of 32 hexadecimal digits has about 3.6."""
    counts = Counter(text).values()
    return -sum(count / len(text) * math.log2(count / len(text)) for count in counts)


def _is_written(match: re.Match[str]) -> bool:
    return not _PLACEHOLDER.search(match["secret"])


def _is_random(match: re.Match[str]) -> bool:
    return _is_written(match) and bits_per_character(match["secret"]) >= 3.0


def _is_always(match: re.Match[str]) -> bool:
    return True


def _is_web_token(match: re.Match[str]) -> bool:
    """Whether the first part is a header as in RFC 7515, and the whole not jwt.io's own example."""
    head, _, rest = match["secret"].partition(".")
    if rest.endswith("SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"):
        return False
    try:
        header = json.loads(b64decode(head + "=" * (-len(head) % 4), b"-_"))
    except (ValueError, Base64Error):
        return False
    return isinstance(header, dict) and "alg" in header


def _is_login(match: re.Match[str]) -> bool:
    """Whether base64 holds a name and a password (RFC 7617)."""
    try:
        name, colon, password = b64decode(match["secret"], validate=True).decode("utf-8").partition(":")
    except (ValueError, Base64Error):
        return False
    return bool(colon) and len(password) > 3 and not _is_usual(name, password)


def _is_usual(name: str, password: str) -> bool:
    plain = password.lower()
    return plain == name.lower() or plain in _USUAL or bool(_PLACEHOLDER.search(password))


def _is_elsewhere(match: re.Match[str]) -> bool:
    """Whether a password is for a host that others reach, and not what tutorials write."""
    host = match["host"]
    return "." in host and not _LOCAL.match(host) and not _is_usual(match["name"], match["secret"])


def _is_assigned(match: re.Match[str]) -> bool:
    """Whether a value is as random as keys are, and no path, address, name or sentence."""
    value = match["secret"]
    has_both = re.search(r"\d", value) and re.search(r"[A-Za-z]", value)
    is_words = re.search(r"[/.]\w+[/.]|://", value) or re.fullmatch(r"[A-Za-z]+(?:[-_.][A-Za-z]*\d?)*", value)
    return bool(has_both) and not is_words and _is_written(match) and bits_per_character(value) >= 3.5


def _is_password(match: re.Match[str]) -> bool:
    value = match["secret"]
    is_mixed = bool(re.search(r"[\d\W_]", value) and re.search(r"[A-Za-z]", value))
    return is_mixed and not value.isidentifier() and not _is_usual("", value)


# --- The kinds ------------------------------------------------------------------------------------------------------

_TOKENS: tuple[tuple[str, str, str], ...] = (
    ("a GitHub token", "ghp_|gho_|ghu_|ghs_|ghr_", r"gh[pousr]_[A-Za-z0-9]{36,251}"),
    ("a GitHub token", "github_pat_", r"github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}"),
    ("a GitLab token", "glpat-", r"glpat-[A-Za-z0-9_-]{20,64}"),
    ("an AWS access key", "AKIA|ASIA", r"(?<![/+])(?:AKIA|ASIA)[A-Z2-7]{16}(?![/+=])"),
    ("a Google API key", "AIza", r"AIza[A-Za-z0-9_-]{35}"),
    ("a Google OAuth secret", "GOCSPX-", r"GOCSPX-[A-Za-z0-9_-]{28}"),
    ("a Google access token", "ya29.", r"ya29\.[A-Za-z0-9_-]{60,}"),
    ("a Slack token", "xox", r"xox[abeprs](?:-[0-9]{1,14}){1,3}-[A-Za-z0-9-]{16,}"),
    ("a Stripe key", "sk_live_|sk_test_|rk_live_|rk_test_", r"[sr]k_(?:live|test)_[A-Za-z0-9]{24,247}"),
    ("an OpenAI key", "sk-", r"sk-[A-Za-z0-9_-]{16,100}T3BlbkFJ[A-Za-z0-9_-]{16,100}"),
    ("an Anthropic key", "sk-ant-", r"sk-ant-[a-z]{3,8}\d\d-[A-Za-z0-9_-]{80,120}"),
    ("a Hugging Face token", "hf_", r"hf_[A-Za-z0-9]{34}"),
    ("an npm token", "npm_", r"npm_[A-Za-z0-9]{36}"),
    ("a PyPI token", "pypi-AgE", r"pypi-AgE[A-Za-z0-9_-]{60,1000}"),
    ("a Databricks token", "dapi", r"dapi[0-9a-f]{32}(?:-\d)?"),
    ("a DigitalOcean token", "dop_v1_|doo_v1_", r"do[op]_v1_[0-9a-f]{64}"),
    ("a SendGrid key", "SG.", r"SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}"),
    ("a secret Mapbox token", "sk.eyJ", r"sk\.eyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}"),
)
"""Name, beginnings with ``|`` between, and the token itself, which no other word is like."""
_INNER = (
    ("an Azure client secret", "Q~", r"[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,34}", 4),
    ("a Telegram bot token", ":AA", r"\d{8,10}:AA[A-Za-z0-9_-]{33}", 10),
)
"""The same, known by something within; and how many characters may stand before that."""

_AUTHORIZATION = r"(?i:authorization)[\"']?\]?\s*[:=,]\s*[\"']?"
_LOGIN = r"(?P<name>[^\s/:@\"'`<>(){}]{0,100}):(?P<secret>[^\s/:@\"'`<>(){}]{4,200})@(?P<host>[\w.\[\]:-]+)"
_PLACES: tuple[tuple[str, str, str, IsReal], ...] = (
    (
        "an AWS secret key",
        "aws_secret_|secretaccesskey",
        r"(?i:aws_secret(?:_access)?_key|secretaccesskey)[\"']?\]?\s*[=:,]\s*[\"']?(?P<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
        _is_random,
    ),
    ("an Azure storage key", "AccountKey", r"AccountKey\s*=\s*(?P<secret>[A-Za-z0-9+/]{86}==)", _is_random),
    (
        "an Azure shared signature",
        "?sv=|?se=|&sv=|&se=|;sv=|;se=",
        r"[?&;](?:sv|se)=[^\s\"'<>]{0,300}?&(?:amp;)?sig=(?P<secret>[A-Za-z0-9%+/]{43,80}(?:=|%3[Dd]))",
        lambda match: bits_per_character(match["secret"]) >= 3.0,
    ),
    (
        "a Slack webhook",
        "hooks.slack.com",
        r"hooks\.slack\.com/services/(?P<secret>T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/\w{20,})",
        _is_random,
    ),
    (
        "a Discord webhook",
        "discord.com/api/|discordapp.com/api/",
        r"discord(?:app)?\.com/api/webhooks/\d{17,20}/(?P<secret>[\w-]{60,})",
        _is_random,
    ),
    (
        "a Kaggle key",
        "\"username|'username",
        r"[\"']username[\"']\s*:\s*[\"'][^\"']+[\"']\s*,\s*[\"']key[\"']\s*:\s*[\"'](?P<secret>[0-9a-f]{32})[\"']",
        _is_random,
    ),
    (
        "a private key",
        "-----BEGIN ",
        r"(?P<secret>-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:\\n|\\r|[\sA-Za-z0-9+/=]){100,})",
        _is_always,
    ),
    (
        "a JSON web token",
        "eyJ",
        r"(?<![\w.-])(?P<secret>eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,})",
        _is_web_token,
    ),
    (
        "a Jupyter token",
        "?token=|&token=|;token=",
        r"[?&;]token=(?P<secret>[0-9a-f]{48}|[0-9a-f]{64})(?![0-9a-f])",
        _is_random,
    ),
    ("a password in an address", "://", rf"(?<=[a-z0-9+.-]{{2}})://{_LOGIN}", _is_elsewhere),
    (
        "a login in a header",
        "authorization",
        rf"{_AUTHORIZATION}Basic (?P<secret>[A-Za-z0-9+/]{{8,}}={{0,2}})",
        _is_login,
    ),
    ("a token in a header", "authorization", rf"{_AUTHORIZATION}Bearer (?P<secret>[\w.~+/-]{{20,}}=*)", _is_random),
    (
        "a login of .netrc",
        "machine",
        r"machine\s+(?P<host>\S+)\s+login\s+(?P<name>\S+)\s+password\s+(?P<secret>\S{4,})",
        _is_elsewhere,
    ),
)
"""Name, beginnings, and the place in which such a secret stands."""

_GIVEN = r"[\"']?\]?\s*[=:]\s*[rbu]?[\"'](?P<secret>[^\s\"'<>{}$\\]{%d,200})[\"']"
_OWNERS = ("api", "access", "secret", "private", "auth", "account")
_KEYS = "|".join(("token", "secret", *(owner + line + "key" for owner in _OWNERS for line in ("", "_"))))
_ASSIGNED: tuple[tuple[str, str, str, IsReal], ...] = (
    ("what looks like a key", _KEYS, rf"(?i:{_KEYS})" + _GIVEN % 16, _is_assigned),
    ("what looks like a password", "password|passwd|pwd", r"(?i:password|passwd|pwd)" + _GIVEN % 6, _is_password),
)


def _kind(
    name: str, beginnings: str, pattern: str, is_real: IsReal, strict: bool = True, before: int = 0
) -> SecretKind:
    words = tuple(beginnings.split("|"))
    return SecretKind(name, words, re.compile(pattern), is_real, strict, "(?i:" in pattern, before)


# In a longer word a token is part of something else.
STRICT: tuple[SecretKind, ...] = (
    *(_kind(name, words, rf"(?<![A-Za-z0-9_])(?P<secret>{form})(?![A-Za-z0-9_])", _is_random, before=before)
      for name, words, form, before in (*((*token, 0) for token in _TOKENS), *_INNER)),
    *(_kind(*place) for place in _PLACES),
)  # fmt: skip
LOOSE: tuple[SecretKind, ...] = tuple(_kind(*form, strict=False) for form in _ASSIGNED)
