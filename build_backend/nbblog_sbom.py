"""What the wheel holds that is not ours, as a bill of materials: CycloneDX 1.6, put into the wheel by PEP 770's rule.

The same wheel has the same bill, so it has no time and no number drawn by chance.
"""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

ROOT = Path(__file__).resolve().parent.parent
SBOM = ROOT / "build" / "nbblog.cdx.json"
"""Where the build finds it, by the settings in pyproject.toml."""


def ensure_sbom() -> None:
    """Write it anew from the manifest of the browser libraries."""
    manifest = json.loads((ROOT / "src" / "nbblog" / "vendor" / "manifest.json").read_text("utf-8"))
    package = json.loads((ROOT / "labextension" / "package.json").read_text("utf-8"))
    SBOM.parent.mkdir(exist_ok=True)
    text = json.dumps(describe(manifest, package["version"]), indent=1, sort_keys=True)
    SBOM.write_text(text + "\n", encoding="utf-8", newline="\n")


def describe(manifest: dict[str, Any], version: str) -> dict[str, Any]:
    """The bill: each package of each library once, with its licence and the hash of its tarball."""
    packages = {
        (package["name"], package["version"]): package
        for library in manifest["libraries"].values()
        for package in library["packages"]
    }
    own = f"pkg:pypi/nbblog@{version}"
    components = [_component(package) for _, package in sorted(packages.items())]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, own + manifest['made_from'])}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": "nbblog",
                "version": version,
                "purl": own,
                "licenses": [{"license": {"id": "BSD-3-Clause"}}],
            }
        },
        "components": components,
        "dependencies": [{"ref": own, "dependsOn": [component["bom-ref"] for component in components]}],
    }


def _component(package: dict[str, str]) -> dict[str, Any]:
    name, version = package["name"], package["version"]
    purl = f"pkg:npm/{quote(name, safe='/')}@{version}"
    algorithm, _, digest = package["integrity"].partition("-")
    licence = package["licence"]
    is_id = re.fullmatch(r"[A-Za-z0-9.-]+", licence)
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
        "licenses": [{"license": {"id": licence}} if is_id else {"expression": licence}],
        "hashes": [{"alg": f"SHA-{algorithm.removeprefix('sha')}", "content": base64.b64decode(digest).hex()}],
    }
