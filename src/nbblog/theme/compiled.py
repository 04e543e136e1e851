"""Templates as Python's bytecode, from one process to the next."""

from __future__ import annotations

import marshal
from importlib.util import MAGIC_NUMBER
from typing import TYPE_CHECKING

from jinja2 import BytecodeCache

from nbblog.installed import read_version

if TYPE_CHECKING:
    from jinja2.bccache import Bucket

    from nbblog.core.maths import KeptBytes


class CompiledTemplates(BytecodeCache):
    """Jinja's interface to ``KeptBytes``. A template is compiled anew when its text, its place, Jinja, Python or how
    the environment is set is another."""

    def __init__(self, kept: KeptBytes) -> None:
        self._kept = kept

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the bucket its code, if there is any."""
        content = self._kept.get(_key(bucket))
        if content is not None:
            bucket.code = marshal.loads(content)  # noqa: S302 - as safe as the .pyc files of the same user

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the bucket's code."""
        self._kept.put(_key(bucket), marshal.dumps(bucket.code))


def _key(bucket: Bucket) -> str:
    environment = bucket.environment
    options = (environment.autoescape, environment.trim_blocks, environment.lstrip_blocks, environment.undefined)
    return repr((read_version("jinja2"), MAGIC_NUMBER, options, bucket.key, bucket.checksum))
