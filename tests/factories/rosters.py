"""Rosters that HR uploaded, with rows and without a file behind them."""

from datetime import UTC, date, datetime, timedelta

from apps.events.enums import Channel, Role
from apps.lifecycle import engine
from apps.roster import applying
from apps.roster import services as rosters
from apps.roster.enums import RosterAction, RowKind, RowOutcome
from apps.roster.models import RosterRow, RosterUpload
from tests.factories.people import make_id_number

AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
LATER = AT + timedelta(minutes=5)
NUMBER = make_id_number(birth_date=date(1979, 3, 3), sex="1", sequence=11)
OTHER = make_id_number(birth_date=date(1979, 3, 4), sex="2", sequence=12)


def make_upload(*, by, at, is_applied=False):
    """An upload that still has to be read, or one that is applied to the end."""
    upload = RosterUpload(by=by, at=at, file_kind="csv", digest="x")
    at_the_desk = {"by": by, "role": Role.STAFF, "at": at, "channel": Channel.ADMIN}
    as_worker = {"by": None, "role": Role.WORKER, "at": at, "channel": Channel.WORKER}
    engine.begin(upload, RosterAction.UPLOAD, **at_the_desk)
    if is_applied:
        engine.move(upload, RosterAction.READ, **as_worker)
        engine.move(upload, RosterAction.APPLY, **at_the_desk)
        engine.move(upload, RosterAction.FINISH, **as_worker)
    return upload


def text(*rows, headings="工号,姓名,社会保障号码,手机号,部门,在职状态"):
    """A roster as CSV: `rows` under `headings`."""
    return "\n".join([headings, *rows, ""])


def upload(hr, *rows, is_complete=False, at=AT, **options):
    """Upload a roster of `rows`, or of one person, and read it. Returns the upload."""
    rows = rows or (f"A1,张三,{NUMBER}",)
    found, _ = rosters.take_in(
        content=text(*rows, **options).encode(), is_complete=is_complete, by=hr, at=at
    )
    rosters.prepare_at_once(upload=found, at=at)
    found.refresh_from_db()
    return found


def line(holder, *, phone=None, department=None, status=""):
    """The row of `holder` in a roster, changed in what is given."""
    return ",".join(
        [
            holder.user.employee_number,
            holder.name,
            holder.id_number,
            holder.phone if phone is None else phone,
            holder.department if department is None else department,
            status,
        ]
    )


def apply(found, hr, *, at=LATER, typed_count=None, limit=500):
    """Confirm the preview `found` and apply up to `limit` of its rows."""
    applying.apply(upload=found, typed_count=typed_count, by=hr, at=at)
    applying.work(upload=found, at=at, limit=limit)
    found.refresh_from_db()
    return found


def add_new(upload, holder):
    """`holder` as somebody whom `upload` has entered."""
    RosterRow.objects.create(
        upload=upload,
        line=2,
        kind=RowKind.CREATED,
        holder=holder,
        done_at=upload.at,
        outcome=RowOutcome.APPLIED,
    )
    return holder
