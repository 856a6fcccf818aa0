"""What supervisors begin with: years whose holidays are to be uploaded."""

from apps.common import working_days
from apps.common.addresses import page_url
from apps.common.moments import day_of
from apps.desk import roles
from apps.desk.work import Work

PARTS = ()


def missing_holidays(*, by, at):
    """A `Work` for who manages the rules; None for others, and where no year is missing."""
    if not by.has_perm(roles.MANAGE_RULES):
        return None
    missing = working_days.current().missing_years(day_of(at))
    if not missing:
        return None
    years = "、".join(map(str, missing))
    return Work(
        key="holidays",
        title="放假安排待上传",
        count=len(missing),
        unit="份",
        url=page_url("admin:regions_arrangedday_changelist"),
        note=f"{years} 年的，国务院办公厅公布以后上传。上传以前，承诺的日期偏晚。",
    )
