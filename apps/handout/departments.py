"""Departments as rows: they follow the roster, and each has a contact person."""

from django.db import transaction

from apps.common.refusals import Refused
from apps.events import services as events
from apps.events.enums import Channel, Role
from apps.events.models import Event
from apps.handout.enums import DepartmentAction
from apps.handout.event_kinds import DEPARTMENT
from apps.handout.models import Department
from apps.people.models import Holder, User


def follow_roster():
    """Add the departments that the roster names for the first time. Returns how many."""
    known = set(Department.objects.values_list("name", flat=True))
    new = [Department(name=name) for name in Holder.objects.departments() if name not in known]
    Department.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def department_of(holder, applicant):
    """The `Department` of `holder`; for a child, that of the account that applied. None without."""
    name = holder.department or getattr(getattr(applicant, "holder", None), "department", "")
    return Department.objects.get_or_create(name=name)[0] if name else None


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
