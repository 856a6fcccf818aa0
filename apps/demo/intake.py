"""New people of this autumn: a roster that the supervisor uploaded and applied some weeks ago.

There is somebody at every step from the invitation to the card in use (town.NEWCOMERS has their
stories). Three have not used the invitation, one cannot be invited because there is no phone, one
row has a wrong number, one has left again, one has a card already, and one has another document
than the identity card.
"""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import update_last_login

from apps.common.masks import ID_TAIL_LENGTH
from apps.demo.accounts import PASSWORD, SUPERVISORS
from apps.handout import departments
from apps.handout.models import Department
from apps.invitations import services as invitations
from apps.people.models import Holder, User
from apps.people.services import end_employment
from apps.roster import applying
from apps.roster import services as rosters
from apps.roster.models import Invitation, RosterUpload

ROSTER = settings.BASE_DIR / "fixtures" / "demo" / "intake.csv"
LIMIT = 100
BEGAN = timedelta(days=25)
# Those who open their invitation only now.
NOT_YET = ("D1101", "D1102", "D1103", "D1104")
ONLY_SIGNED_IN = "D1106"
LEFT = "D1118"
# Who helps the new colleagues of 外国语学院.
CONTACT = "D1002"


def build(*, at, tell):
    """Build it once, as of the moment `at`; `tell` is called with a line about it."""
    if RosterUpload.objects.exists():
        return
    tell("新进人员名册")
    by, then = User.objects.get(employee_number=SUPERVISORS[0].employee_number), at - BEGAN
    upload, _ = rosters.take_in(content=ROSTER.read_bytes(), is_complete=False, by=by, at=then)
    rosters.prepare(upload=upload, at=then)
    upload.refresh_from_db()
    applying.apply(upload=upload, typed_count=None, by=by, at=then)
    applying.work(upload=upload, at=then, limit=LIMIT)
    invitations.send_due(at=then, limit=LIMIT)
    sent = Invitation.objects.live().select_related("user__holder")
    for invitation in sent.exclude(user__employee_number__in=NOT_YET):
        tail = invitation.user.holder.id_number[-ID_TAIL_LENGTH:]
        invitations.accept(invitation=invitation, last_four=tail, password=PASSWORD, at=then)
    update_last_login(User, User.objects.get(employee_number=ONLY_SIGNED_IN))
    # With a link that is good today.
    late = User.objects.filter(employee_number__in=NOT_YET, holder__phone_index__isnull=False)
    invitations.send_again(users=late.values_list("pk", flat=True), at=at)
    invitations.send_due(at=at, limit=LIMIT)


def end(*, at):
    """One has left again, with a draft; a department has a contact. Does nothing twice."""
    holder = Holder.objects.filter(user__employee_number=LEFT, left_date=None).first()
    if holder is not None:
        end_employment(holder=holder, by=None, at=at)
        departments.follow_roster(at=at)
        contact = User.objects.select_related("holder").get(employee_number=CONTACT)
        departments.name_contact(
            department=Department.objects.get(name=contact.holder.department),
            employee_number=CONTACT,
            by=User.objects.get(employee_number=SUPERVISORS[0].employee_number),
            at=at,
        )
