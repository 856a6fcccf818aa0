"""The bill of materials of the pinned libraries, in the CycloneDX format (1.5, JSON).

    python -m tests.deployment.sbom

Every list in requirements/ is one group: run.txt is what every portal has. The hashes are those of
the files that may be installed. It names no time, so that the same lists give the same bill.
"""

import json
import re
import sys

from packaging.utils import canonicalize_name

from tests.deployment.advisories import REQUIREMENTS

_ENTRY = re.compile(r"^([\w.-]+)==([^\s;\\]+)((?:[^\n]*\\\n)*[^\n]*)", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def bill(folder=REQUIREMENTS):
    """The bill as a dict."""
    found: dict[str, dict] = {}
    for path in sorted(folder.glob("*.txt")):
        for name, version, rest in _ENTRY.findall(path.read_text(encoding="utf-8")):
            purl = f"pkg:pypi/{canonicalize_name(name)}@{version}"
            entry = found.setdefault(purl, {"lists": [], "hashes": set()})
            entry["lists"].append(path.stem)
            entry["hashes"].update(_HASH.findall(rest))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "sbk-portal"}},
        "components": [_component(purl, entry) for purl, entry in sorted(found.items())],
    }


def _component(purl, entry):
    name, version = purl.removeprefix("pkg:pypi/").split("@")
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
        "scope": "required" if "run" in entry["lists"] else "optional",
        "hashes": [{"alg": "SHA-256", "content": each} for each in sorted(entry["hashes"])],
        "properties": [{"name": "list", "value": each} for each in entry["lists"]],
    }


if __name__ == "__main__":
    json.dump(bill(), sys.stdout, indent=1)
