"""Ends the accounts of people who left, once nothing of theirs is open, and later empties how to
reach them.

Who left is what the roster says. A request that runs, money on its way back, and a question without
an answer come first: the account waits for their end. Everything is done for many at once.
"""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from apps.cards.enums import REQUEST_IN_FLIGHT, CardStatus, RequestStatus
from apps.cards.models import CardRequest
from apps.common.moments import began_before, day_of
from apps.events.enums import AS_WORKER
from apps.events.models import Event
from apps.my_data.event_kinds import MY_DATA, MyDataAction
from apps.my_data.models import Correction
from apps.payments.enums import SENT_BACK, DiscrepancyStatus
from apps.payments.models import Discrepancy, Payment
from apps.people.models import NO_CONTACT, Guardianship, Holder, UnsentForm, User
from apps.people.services import end_sessions
from apps.replacement.models import FormalLoss
from apps.requests.models import DiscardedFile
from apps.requests.retention import empty_draft
from apps.roster.models import Invitation
from apps.staff_photos.services import withdraw_offers

_RUNNING = set(REQUEST_IN_FLIGHT) - {RequestStatus.DRAFT}
_PERSON, _ACCOUNT = OuterRef("pk"), OuterRef("user")


def open_matters():
    """Condition on a `Holder` for each sort of matter that has to end before the account does."""
    running = CardRequest.objects.filter(status__in=_RUNNING)
    money = Payment.objects.filter(status__in=SENT_BACK)
    return {
        "在办的申请": Exists(running.filter(Q(holder=_PERSON) | Q(applicant=_ACCOUNT))),
        "没有到账的退款": Exists(
            money.filter(Q(card_request__holder=_PERSON) | Q(created_by=_ACCOUNT))
        ),
        "没有核对完的款项": Exists(
            Discrepancy.objects.filter(status=DiscrepancyStatus.OPEN, holder=_PERSON)
        ),
        "没有确认的正式挂失": Exists(
            FormalLoss.objects.waiting().filter(Q(card__holder=_PERSON) | Q(declared_by=_ACCOUNT))
        ),
        "没有确认的子女登记": Exists(Guardianship.objects.waiting().filter(guardian=_PERSON)),
        "没有答复的更正请求": Exists(
            Correction.objects.open().filter(Q(holder=_PERSON) | Q(asked_by=_ACCOUNT))
        ),
    }


def _to_activate(since):
    """Cards that a person has received since the moment `since` and not activated."""
    received = CardRequest.objects.filter(status=RequestStatus.COLLECTED, status_since__gte=since)
    of_person = received.filter(Q(holder=_PERSON) | Q(applicant=_ACCOUNT))
    return of_person.filter(card__status=CardStatus.SEALED)


def left_before(period, *, at):
    """People with an account who left a whole `period` ago at the moment `at`."""
    return Holder.objects.filter(user__isnull=False, left_date__lt=day_of(began_before(at, period)))


@transaction.atomic
def close_due(*, at, limit):
    """Close the accounts of people who left settings.ACCOUNT_CLOSED_AFTER ago. Returns how many.

    Password, second factors, sessions, invitations, unsent forms, offered portraits, roles and the
    choice of a look go; drafts are emptied. Whoever has an open matter waits, or has received a
    card since that time and not activated it.
    """
    due = left_before(settings.ACCOUNT_CLOSED_AFTER, at=at).filter(closed_at=None)
    for is_open in open_matters().values():
        due = due.filter(~is_open)
    due = due.filter(~Exists(_to_activate(began_before(at, settings.ACCOUNT_CLOSED_AFTER))))
    closed = list(due.select_related("user").order_by("left_date", "pk")[:limit])
    users = {holder.user_id for holder in closed}
    for draft in CardRequest.objects.filter(status=RequestStatus.DRAFT, applicant__in=users):
        empty_draft(card_request=draft, at=at)
    of_accounts: tuple[Any, ...] = (Authenticator, UserSession, Invitation)
    for rows in of_accounts:
        rows.objects.filter(user__in=users).delete()
    UnsentForm.objects.filter(account__in=users).delete()
    withdraw_offers(holders=closed, at=at)
    end_sessions(users=users, at=at)
    User.groups.through.objects.filter(user__in=users).delete()
    User.user_permissions.through.objects.filter(user__in=users).delete()
    User.objects.filter(pk__in=users).update(
        password=make_password(None), is_active=False, is_staff=False, theme="", edition=""
    )
    Holder.objects.filter(pk__in=[holder.pk for holder in closed]).update(closed_at=at)
    _record(MyDataAction.CLOSE, closed, at=at)
    return len(closed)


@transaction.atomic
def forget_left(*, at, limit):
    """Empty how to reach people who left settings.LEFT_RETENTION ago. Returns how many.

    Name, ID number and what follows from it stay: cards and records say by them whose they are.
    """
    due = left_before(settings.LEFT_RETENTION, at=at).filter(
        closed_at__isnull=False, forgotten_at=None
    )
    forgotten = list(due.select_related("user").order_by("left_date", "pk")[:limit])
    DiscardedFile.objects.bulk_create(
        DiscardedFile(name=holder.reference_photo.name, discarded_at=at, next_try_at=at)
        for holder in forgotten
        if holder.reference_photo
    )
    Holder.objects.filter(pk__in=[holder.pk for holder in forgotten]).update(
        **NO_CONTACT, forgotten_at=at
    )
    _record(MyDataAction.FORGET, forgotten, at=at)
    return len(forgotten)


def _record(action, holders, *, at):
    Event.objects.bulk_create(
        Event(
            subject_kind=MY_DATA.name,
            subject_id=holder.user_id,
            reference=holder.user.employee_number,
            holder_id=holder.pk,
            action=action,
            at=at,
            **AS_WORKER,
        )
        for holder in holders
    )
