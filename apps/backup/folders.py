"""The folder of one backup, its name, and how long it is kept."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

DATABASE, FILES, MANIFEST = "database.sealed", "files.sealed", "manifest.json"
# Until it is whole, a backup stands under a name of its own.
PARTIAL = ".partial"
_FORM = "%Y%m%dT%H%M%SZ"


def name_of(at: datetime) -> str:
    """The name of a backup whose data is of the moment `at`, in UTC."""
    return at.astimezone(UTC).strftime(_FORM)


def moment_of(name: str) -> datetime | None:
    """The moment that a folder is named after; None for other folders."""
    if not re.fullmatch(r"\d{8}T\d{6}Z", name):
        return None
    return datetime.strptime(name, _FORM).replace(tzinfo=UTC)


def outdated(folder: Path, *, at: datetime, keep: timedelta, keep_weekly: timedelta) -> list[Path]:
    """The backups below `folder` that are not kept any more, oldest first.

    Kept is every backup that is younger than `keep`, and the first of each week that is younger
    than `keep_weekly`. The newest is kept however old it is.
    """
    found = {path: moment_of(path.name) for path in sorted(folder.iterdir()) if path.is_dir()}
    backups = [(path, moment) for path, moment in found.items() if moment]
    weeks: set[tuple[int, int]] = set()
    gone = []
    for path, moment in backups:
        week = moment.isocalendar()[:2]
        is_weekly = week not in weeks
        weeks.add(week)
        age = at - moment
        if age >= keep and not (is_weekly and age < keep_weekly):
            gone.append(path)
    return [path for path in gone if path != backups[-1][0]]
