"""Who is told that a phone, a password or a second factor was changed."""

from django.conf import settings

from apps.events.messages import FORMER_PHONE, PORTAL_AND_SMS, Message, Placeholder
from apps.people.event_kinds import ACCOUNT, HOLDER, AccountAction, HolderAction


def _operator(events):
    return {event.pk: {"operator": settings.PORTAL_OPERATOR["name"]} for event in events}


def _of_account(kind, action, name, channels=PORTAL_AND_SMS):
    return Message(
        kind.name, action, f"people/messages/{name}.txt", channels, facts=_operator, is_urgent=True
    )


PLACEHOLDERS = (Placeholder("event.facts.factor", "哪一种验证", "通行密钥", is_needed=True),)

MESSAGES = (
    _of_account(
        HOLDER, HolderAction.CHANGE_PHONE, "phone_changed", (*PORTAL_AND_SMS, FORMER_PHONE)
    ),
    _of_account(ACCOUNT, AccountAction.CHANGE_PASSWORD, "password_changed"),
    _of_account(ACCOUNT, AccountAction.RESET_PASSWORD, "password_changed"),
    _of_account(ACCOUNT, AccountAction.CHANGE_NUMBER, "number_changed"),
    _of_account(ACCOUNT, AccountAction.ADD_FACTOR, "factor_added"),
    _of_account(ACCOUNT, AccountAction.REMOVE_FACTOR, "factor_removed"),
    _of_account(ACCOUNT, AccountAction.END_ALL_SESSIONS, "sessions_ended"),
)
