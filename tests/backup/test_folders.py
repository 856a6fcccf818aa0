"""How long backups are kept."""

from datetime import UTC, datetime, timedelta

from apps.backup import folders

AT = datetime(2026, 11, 29, 2, 30, tzinfo=UTC)  # a Sunday
KEEP = {"keep": timedelta(days=14), "keep_weekly": timedelta(days=56)}


def make_backups(root, *, days):
    for day in days:
        (root / folders.name_of(AT - timedelta(days=day))).mkdir()


def ages(root):
    moments = [folders.moment_of(path.name) for path in root.iterdir()]
    return sorted((AT - moment).days for moment in moments if moment)


def remove(root, at=AT):
    for path in folders.outdated(root, at=at, **KEEP):
        path.rmdir()


def test_every_backup_of_two_weeks_and_one_of_each_week_before(tmp_path):
    make_backups(tmp_path, days=range(80))
    remove(tmp_path)
    assert ages(tmp_path) == [*range(14), 20, 27, 34, 41, 48, 55]


def test_night_after_night_a_weekly_one_grows_old(tmp_path):
    """What was kept as the first of its week stays the first of its week."""
    for day in range(80, -1, -1):
        make_backups(tmp_path, days=[day])
        remove(tmp_path, at=AT - timedelta(days=day))
    assert ages(tmp_path) == [*range(14), 20, 27, 34, 41, 48, 55]


def test_the_newest_is_kept_however_old_it_is(tmp_path):
    make_backups(tmp_path, days=[300, 400])
    remove(tmp_path)
    assert ages(tmp_path) == [300]


def test_other_folders_are_left_alone(tmp_path):
    make_backups(tmp_path, days=[1])
    for name in ("notes", "20260101T000000Z.partial", "20269999T000000Z.old"):
        (tmp_path / name).mkdir()
    assert folders.outdated(tmp_path, at=AT, **KEEP) == []
