"""Who is told what becomes of a guardianship, and that a phone or a password was changed.

Of a guardianship only the guardian who registered it hears: never the other one.
"""

from django.conf import settings

from apps.events.messages import FORMER_PHONE, PORTAL_AND_SMS, Message
from apps.lateness.promises import words_of
from apps.people.enums import GuardianshipAction
from apps.people.event_kinds import (
    ACCOUNT,
    HOLDER,
    LATE,
    AccountAction,
    HolderAction,
    LateRegistration,
)
from apps.people.lifecycle import GUARDIANSHIP
from apps.people.models import Guardianship


def _rows():
    return Guardianship.objects.select_related("guardian")


def _guardian(event):
    user = event.subject and event.subject.guardian.user_id
    return [user] if user else []


def _of_guardianship(action, name):
    template = f"people/messages/guardianship_{name}.txt"
    return Message(GUARDIANSHIP.name, action, template, rows=_rows, only_to=_guardian)


def _operator(events):
    return {event.pk: {"operator": settings.PORTAL_OPERATOR["name"]} for event in events}


def _of_account(kind, action, name, channels=PORTAL_AND_SMS):
    return Message(kind.name, action, f"people/messages/{name}.txt", channels, facts=_operator)


def _late_facts(events):
    return {event.pk: words_of(event) for event in events}


MESSAGES = (
    Message(
        LATE.name,
        LateRegistration.DECISION,
        "people/messages/guardianship_late.txt",
        rows=_rows,
        facts=_late_facts,
        only_to=_guardian,
    ),
    _of_guardianship(GuardianshipAction.CONFIRM, "confirmed"),
    _of_guardianship(GuardianshipAction.REFUSE, "refused"),
    _of_guardianship(GuardianshipAction.END, "ended"),
    _of_account(
        HOLDER, HolderAction.CHANGE_PHONE, "phone_changed", (*PORTAL_AND_SMS, FORMER_PHONE)
    ),
    _of_account(ACCOUNT, AccountAction.CHANGE_PASSWORD, "password_changed"),
    _of_account(ACCOUNT, AccountAction.CHANGE_NUMBER, "number_changed"),
)
