"""Reads the lists of the hand-out desk."""

from dataclasses import dataclass

from django.db.models import Count, Q

from apps.cards.models import CardRequest
from apps.common.moments import day_of, start_of
from apps.handout import arranging
from apps.handout.enums import AT_THE_UNIT, BoxCardStatus, BoxStatus
from apps.handout.models import Box, BoxCard, HandOutDay
from apps.handout.standing import hours
from apps.people.models import Holder, User
from apps.typed_text import names

SHOWN = 200
_RELATED = (
    "card",
    "card_request__particulars",
    "card_request__applicant",
    "holder__user",
    "department",
    "day",
    "proxy__holder",
)


def boxes():
    """The latest boxes, each with how many of its cards are where."""

    def of(*statuses):
        return Count("cards", filter=Q(cards__status__in=statuses))

    return Box.objects.annotate(
        listed=Count("cards", filter=Q(cards__card_request__isnull=False)),
        missing=of(BoxCardStatus.MISSING),
        surplus=of(BoxCardStatus.SURPLUS),
        waiting=of(*AT_THE_UNIT),
        handed_out=of(BoxCardStatus.HANDED_OUT),
    ).order_by("-sent_date", "-pk")[:SHOWN]


def boxes_to_count():
    """The boxes that are on their way or half counted, those that were sent first."""
    waiting = (BoxStatus.ON_THE_WAY, BoxStatus.OPEN)
    return Box.objects.filter(status__in=waiting).order_by("sent_date", "pk")


@dataclass(frozen=True)
class DayOfCards:
    """A hand-out day: `left` cards wait for its people, `done` were handed to them today."""

    day: HandOutDay
    is_today: bool
    left: int
    done: int

    @property
    def hours(self):
        return hours(self.day)

    @property
    def percent(self):
        """How much of today's work is done."""
        return round(100 * self.done / (self.done + self.left)) if self.done + self.left else 0


def days_ahead(at):
    """A `DayOfCards` for each hand-out day that is not over at `at`, the earliest first."""
    today = day_of(at)
    handed = BoxCard.objects.filter(
        status=BoxCardStatus.HANDED_OUT, status_since__gte=start_of(today)
    )
    left, done = _by_department(BoxCard.objects.at_the_unit()), _by_department(handed)
    return [
        DayOfCards(
            day,
            is_today=day_of(day.starts_at) <= today,
            left=_of(left, day.department_id),
            done=_of(done, day.department_id),
        )
        for day in arranging.ahead(at)
    ]


def _by_department(rows):
    """{department key or None: how many of the `rows`}. One query."""
    counted = rows.order_by().values_list("department").annotate(count=Count("pk"))
    return dict(counted)


def _of(counts, department):
    """The count of a department; of all of them for None."""
    return sum(counts.values()) if department is None else counts.get(department, 0)


@dataclass(frozen=True)
class DepartmentCards:
    """A department whose people have cards to get. `day` is the one ahead, or None."""

    name: str
    reference: str
    waiting: int
    day: HandOutDay | None

    @property
    def hours(self):
        return hours(self.day) if self.day else ""


def departments_waiting(at):
    """A `DepartmentCards` for each department with cards that wait, the most cards first."""
    days = list(arranging.ahead(at))
    columns = ("department", "department__name", "department__reference")
    rows = BoxCard.objects.at_the_unit().order_by().values_list(*columns)
    return [
        DepartmentCards(
            name or "没有部门",
            reference or "",
            count,
            next((day for day in days if day.department_id in (None, key)), None),
        )
        for key, name, reference, count in rows.annotate(count=Count("pk")).order_by(
            "-count", "department__name"
        )
    ]


def waiting(department=None):
    """The cards that can be had, by department and name; of `department` where it is given."""
    rows = BoxCard.objects.at_the_unit().select_related(*_RELATED)
    if department is not None:
        rows = rows.filter(department=department)
    return rows.order_by("department__name", "holder__name", "pk")


def handed_out(department=None):
    """The cards that were handed out, the latest first."""
    rows = BoxCard.objects.filter(status=BoxCardStatus.HANDED_OUT).select_related(*_RELATED)
    if department is not None:
        rows = rows.filter(department=department)
    return rows.order_by("-status_since", "-pk")


def found_by(text):
    """The cards that can be had of the person with the employee number or the name `text`."""
    return list(_of_person(text, BoxCard.objects.at_the_unit())[:20])


def elsewhere(text):
    """The cards of that person that cannot be had: not counted yet, handed out, given back."""
    listed = BoxCard.objects.exclude(card_request=None).exclude(status__in=AT_THE_UNIT)
    return list(_of_person(text, listed).order_by("-status_since", "-pk")[:20])


def gone(row):
    """[`row`] as it is now, if it cannot be had any more: somebody handed it out before."""
    rows = BoxCard.objects.filter(pk=row.pk).exclude(status__in=AT_THE_UNIT)
    return list(rows.select_related(*_RELATED))


def _of_person(text, rows):
    """Those of `rows` of the people whom `text` means.

    The people are found first, each way by its own index: a table of all cards is long.
    """
    number = User.normalize_username(text)
    applied = CardRequest.objects.filter(applicant__employee_number=number, holder__user=None)
    people = {
        *Holder.objects.filter(user__employee_number=number).values_list("pk", flat=True),
        *Holder.objects.filter(name_key__in=names.spellings(text)).values_list("pk", flat=True),
        *applied.values_list("holder", flat=True),
    }
    return rows.filter(holder__in=people).select_related(*_RELATED).order_by("pk")


def with_photos(rows):
    """`rows` as a list, each with `has_photo`: whether there is one to show."""
    rows = list(rows)
    for row in rows:
        row.has_photo = photo_of(row) is not None
    return rows


def photo_of(row):
    """The portrait that the card bears, else the roster's; None when no file is there."""
    particulars = getattr(row.card_request, "particulars", None)
    files = (particulars and particulars.portrait, row.holder.reference_photo)
    return next((file for file in files if file and file.storage.exists(file.name)), None)
