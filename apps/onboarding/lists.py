"""Whose progress is looked at: the new people of one roster, a department, or the whole unit."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef
from django.urls import reverse

from apps.common.templatetags import formats
from apps.desk import roles
from apps.invitations.funnel import new_people
from apps.people.models import Holder
from apps.roster.models import RosterRow, RosterUpload
from apps.staff_photos.models import OfferedPortrait

ALL = "all"
# The rosters to choose from: the last ones that brought new people.
LATEST = 20
_OFFERED = OfferedPortrait.objects.filter(holder=OuterRef("pk"))


@dataclass(frozen=True)
class PeopleChoice:
    """`value` stands in the address: roster:<reference>, department:<name>, or `ALL`."""

    value: str
    words: str
    upload: RosterUpload | None = None
    department: str = ""

    def visible_to(self, user):
        """Its people, for a user who may read all cases; nobody for others.

        Who has left stays among the new people of a roster, and is named as such; of a department
        and the whole unit only those count who are employed.
        """
        if not user.has_perm(roles.READ):
            return Holder.objects.none()
        if self.upload is not None:
            return new_people(self.upload)
        employed = Holder.objects.employed()
        return employed.filter(department=self.department) if self.department else employed


def choices():
    """Every `PeopleChoice`, the newest roster first, then the unit and its departments."""
    whole = PeopleChoice(ALL, "全校在职人员")
    departments = (
        PeopleChoice(f"department:{name}", name, department=name)
        for name in Holder.objects.departments()
    )
    return [*_rosters(), whole, *departments]


def chosen(value, among):
    """The choice with this `value`; else the newest roster, else the whole unit."""
    return next((choice for choice in among if choice.value == value), among[0])


def with_picture(people):
    """Those of `people` whom the unit offers a portrait."""
    return people.filter(Exists(_OFFERED))


def marked(people):
    """`people` with `has_picture`: whether the unit offers a portrait."""
    return people.annotate(has_picture=Exists(_OFFERED))


def address_of(value, *, step="", is_with_picture=False):
    """The address of the page of `value` with the list of `step`, perhaps `with_picture` only."""
    query = {"people": value} | ({"step": step} if step else {})
    query |= {"picture": "1"} if is_with_picture else {}
    return f"{reverse('admin:onboarding_reminderrun_progress')}?{urlencode(query)}"


def _rosters():
    entered = RosterRow.objects.entered().values("upload")
    uploads = RosterUpload.objects.applied().filter(pk__in=entered)
    return [
        PeopleChoice(
            f"roster:{upload.reference}", f"{formats.day(upload.at)}名册的新进人员", upload=upload
        )
        for upload in uploads.defer("content").order_by("-pk")[:LATEST]
    ]
