"""Departments as rows: they follow the roster, and each has a contact person."""

from django.db import transaction

from apps.common.refusals import Refused
from apps.events import services as events
from apps.events.enums import AS_WORKER, Channel, Role
from apps.events.models import Event
from apps.handout.enums import AWAITED, DayStatus, DepartmentAction
from apps.handout.event_kinds import DEPARTMENT
from apps.handout.models import BoxCard, Department, HandOutDay
from apps.people.models import Holder, User


def follow_roster(*, at):
    """Bring the departments up to date with the roster. Returns how many were added.

    Those that it names for the first time are added. A card that nobody has got yet goes to the
    department that its holder has now, and a hand-out day ahead to the new name of its department.
    """
    known = set(Department.objects.values_list("name", flat=True))
    new = [Department(name=name) for name in Holder.objects.departments() if name not in known]
    Department.objects.bulk_create(new, ignore_conflicts=True)
    _move_cards(at=at)
    _move_days(at=at)
    return len(new)


def department_of(holder, applicant):
    """The `Department` of `holder`; for a child, that of the account that applied. None without."""
    name = holder.department or getattr(getattr(applicant, "holder", None), "department", "")
    return Department.objects.get_or_create(name=name)[0] if name else None


def _move_cards(*, at):
    """Let the cards that wait follow their holders, those of children their guardians."""
    waiting = BoxCard.objects.filter(status__in=AWAITED).exclude(card_request=None)
    now_and_meant = waiting.order_by("pk").values_list(
        "pk",
        "department__name",
        "holder__department",
        "card_request__applicant__holder__department",
    )
    moved: dict[str, list[int]] = {}
    for key, now, own, of_applicant in now_and_meant:
        if (meant := own or of_applicant) and meant != now:
            moved.setdefault(meant, []).append(key)
    for department in Department.objects.filter(name__in=moved):
        _take_over(department, moved[department.name], at=at)


@transaction.atomic
def _take_over(department, keys, *, at):
    """Let the cards `keys` be those of `department`.

    An event says which department each card has left: `looks` has to know in whose list it stood.
    """
    locked = BoxCard.objects.select_for_update(of=("self",)).select_related("department")
    still = locked.filter(pk__in=keys, status__in=AWAITED).exclude(department=department)
    rows = list(still.order_by("pk"))
    BoxCard.objects.filter(pk__in=[row.pk for row in rows]).update(department=department)
    for row in rows:
        if row.department is not None:
            events.record(
                kind=DEPARTMENT,
                action=DepartmentAction.CARD_LEAVES,
                at=at,
                subject_id=row.department_id,
                reference=row.department.reference,
                holder_id=row.holder_id,
                facts={"card": row.reference},
                **AS_WORKER,
            )


def _move_days(*, at):
    """Let the hand-out days of a department in which nobody is left go with its people.

    Only where they are all of one department now, in which nobody else has a card to get: else
    people would be asked to come to a place that was not meant for them.
    """
    ahead = HandOutDay.objects.in_status(DayStatus.PLANNED, at=at).exclude(department=None)
    for day in ahead.select_related("department"):
        if Holder.objects.employed().filter(department=day.department.name).exists():
            continue
        told = BoxCard.objects.filter(day=day, status__in=AWAITED)
        now = set(told.values_list("department", flat=True))
        if len(now) != 1 or now & {None, day.department_id}:
            continue
        [successor] = now
        others = BoxCard.objects.at_the_unit().filter(department=successor).exclude(day=day)
        at_the_same_time = ahead.filter(
            department=successor, starts_at__lt=day.ends_at, ends_at__gt=day.starts_at
        )
        if not others.exists() and not at_the_same_time.exists():
            HandOutDay.objects.filter(pk=day.pk).update(department=successor)


@transaction.atomic
def name_contact(*, department, employee_number, by, at):
    """Make the account with `employee_number` the contact person; "" for nobody.

    Raises `Refused` unless it is one of the department's people who can sign in.
    """
    contact = _account(department, employee_number) if employee_number else None
    department.contact = contact
    department.save(update_fields=["contact"])
    record(
        department=department,
        action=DepartmentAction.NAME_CONTACT,
        by=by,
        at=at,
        channel=Channel.ADMIN,
    )


def contact_named_last(department):
    """(user, moment) of who named the contact person of `department` last; None if nobody did."""
    event = (
        Event.objects.about(DEPARTMENT, department)
        .filter(action=DepartmentAction.NAME_CONTACT)
        .select_related("by__holder")
        .last()
    )
    return event and (event.by, event.at)


def _account(department, employee_number):
    number = User.normalize_username(employee_number)
    accounts = User.objects.filter(is_active=True, holder__department=department.name)
    contact = accounts.filter(employee_number=number).first()
    if contact is None:
        raise Refused(
            f"{department.name}没有工号是 {number} 的在职人员，请核对工号。", code="unknown"
        )
    return contact


def record(*, department, action, by, at, channel):
    """Write down that `by` did `action`, a `DepartmentAction`, about `department`.

    None is all departments together.
    """
    is_contact = department and department.contact_id == by.pk and channel == Channel.WEB
    events.record(
        kind=DEPARTMENT,
        action=action,
        by=by,
        role=Role.HOLDER if is_contact else Role.STAFF,
        at=at,
        channel=channel,
        subject_id=department and department.pk,
        reference=department.reference if department else "",
        holder_id=None,
    )
