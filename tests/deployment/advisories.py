"""Which pinned libraries have a published vulnerability, and which of these are overdue.

    python -m tests.deployment.advisories FOLDER_OR_ZIP

Reads advisories in the OSV format, one JSON file each: a folder of them, or the archive in which a
database of advisories hands them out. It is brought here by whoever runs this; nothing is fetched.
How soon a vulnerability is mended is said in docs/security.md, and `TIME_FRAMES` is the same in
days. `requirements/accepted.txt` names what does not concern us, until when and why.
"""

import json
import re
import sys
import zipfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from apps.common.moments import day_of
from sbk_portal.environment import BASE_DIR

REQUIREMENTS = BASE_DIR / "requirements"
# Severity, as advisories name it → days from its publication. What says nothing counts as HIGH.
TIME_FRAMES = {"CRITICAL": 7, "HIGH": 30, "MODERATE": 90, "MEDIUM": 90, "LOW": 180}
_PIN = re.compile(r"^([\w.-]+)==([^\s;\\]+)", re.MULTILINE)
_ACCEPTED = re.compile(r"^(\S+) until (\d{4}-\d\d-\d\d): \S.*$")


@dataclass(frozen=True)
class Finding:
    """A pinned version that an advisory names. `due` is the day by which it must be mended."""

    advisory: str
    library: str
    version: str
    severity: str
    due: date

    def __str__(self):
        return f"{self.library} {self.version}: {self.advisory} ({self.severity}), due {self.due}"


def pins(folder=REQUIREMENTS):
    """{(name, version)} of every library in the lists in `folder`."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]
    return {
        (canonicalize_name(name), version) for text in texts for name, version in _PIN.findall(text)
    }


def accepted(today, path=REQUIREMENTS / "accepted.txt"):
    """The advisories that do not concern us on the day `today`.

    Raises ValueError for a line that cannot be read.
    """
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    found = set()
    for line in lines:
        if line and not line.startswith("#"):
            if not (read := _ACCEPTED.match(line)):
                raise ValueError(f"{path.name}: {line!r} is not ID until YYYY-MM-DD: reason")
            if date.fromisoformat(read[2]) >= today:
                found.add(read[1])
    return found


def advisories(source):
    """Every advisory in the folder or archive `source`, as it was read."""
    if source.is_dir():
        for path in sorted(source.glob("**/*.json")):
            yield json.loads(path.read_bytes())
        return
    with zipfile.ZipFile(source) as archive:
        for name in sorted(archive.namelist()):
            if name.endswith(".json"):
                yield json.loads(archive.read(name))


def findings(pinned, source, *, without=()):
    """The `Finding`s among `pinned`, the most urgent first, without the advisories `without`."""
    found = set()
    for advisory in advisories(source):
        names = {advisory["id"], *advisory.get("aliases", ())}
        if advisory.get("withdrawn") or names & set(without):
            continue
        for affected in advisory.get("affected", ()):
            for name, version in pinned:
                if _is_affected(affected, name, version):
                    found.add(_finding(advisory, name, version))
    return sorted(found, key=lambda finding: (finding.due, finding.advisory, finding.library))


def _is_affected(affected, name, version):
    package = affected.get("package", {})
    if canonicalize_name(package.get("name", "")) != name or package.get("ecosystem") != "PyPI":
        return False
    ranges = [each for each in affected.get("ranges", ()) if each.get("type") == "ECOSYSTEM"]
    return version in affected.get("versions", ()) or any(
        _is_within(each["events"], Version(version)) for each in ranges
    )


def _is_within(events, version):
    """Whether `version` lies in a range of OSV: from each `introduced` to the next end of it."""
    is_inside = False
    for event in events:
        (kind, bound), *_ = event.items()
        try:
            place = Version("0") if bound == "0" else Version(bound)
        except InvalidVersion:
            continue
        if kind == "introduced" and version >= place:
            is_inside = True
        elif (kind == "fixed" and version >= place) or (
            kind == "last_affected" and version > place
        ):
            is_inside = False
    return is_inside


def _finding(advisory, name, version):
    said = advisory.get("database_specific", {}).get("severity", "")
    severity = said.upper() if said.upper() in TIME_FRAMES else "HIGH"
    published = date.fromisoformat(advisory["published"][:10])
    due = published + timedelta(days=TIME_FRAMES[severity])
    return Finding(advisory["id"], name, version, severity, due)


def main(source):
    today = day_of(datetime.now(UTC))
    pinned = pins()
    found = findings(pinned, Path(source), without=accepted(today))
    for finding in found:
        print(f"{'OVERDUE ' if finding.due < today else ''}{finding}")
    print(f"{len(pinned)} pinned versions, {len(found)} with an advisory.")
    return any(finding.due < today for finding in found)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
