"""New people of this autumn: a roster that the supervisor uploaded and applied.

Three are invited, one cannot be invited because there is no phone, and one row has a wrong number.
"""

from django.conf import settings

from apps.demo.accounts import SUPERVISORS
from apps.people.models import User
from apps.roster import applying, invitations
from apps.roster import services as rosters
from apps.roster.models import RosterUpload

ROSTER = settings.BASE_DIR / "fixtures" / "demo" / "intake.csv"
LIMIT = 100


def build(*, at, tell):
    """Build it once, as of the moment `at`; `tell` is called with a line about it."""
    if RosterUpload.objects.exists():
        return
    tell("新进人员名册")
    by = User.objects.get(employee_number=SUPERVISORS[0].employee_number)
    upload, _ = rosters.take_in(content=ROSTER.read_bytes(), is_complete=False, by=by, at=at)
    rosters.prepare(upload=upload, at=at)
    upload.refresh_from_db()
    applying.apply(upload=upload, typed_count=None, by=by, at=at)
    applying.work(upload=upload, at=at, limit=LIMIT)
    invitations.send_due(at=at, limit=LIMIT)
