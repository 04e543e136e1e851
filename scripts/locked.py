"""``locked.py NAME…``: the lines of ``tests/requirements.txt`` that pin these packages, with their hashes."""

from __future__ import annotations

import re
import sys
from pathlib import Path

LOCK = Path(__file__).resolve().parent.parent / "tests" / "requirements.txt"

entries = re.split(r"\n(?=\S)", LOCK.read_text("utf-8"))
wanted = {name.lower() for name in sys.argv[1:]}
print("\n".join(entry for entry in entries if entry.partition("==")[0].lower() in wanted))
