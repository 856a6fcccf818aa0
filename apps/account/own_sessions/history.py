"""What happened to the sign-in of an account, as its owner reads it."""

from django.conf import settings
from django.db.models import Q

from apps.events.models import Event
from apps.people.event_kinds import ACCOUNT, HOLDER, AccountAction, HolderAction

# What the owner should look at twice: it may have been somebody else.
ALARMING = {
    AccountAction.SIGN_IN_FAILED,
    AccountAction.LOCK_OUT,
    AccountAction.RESET_REFUSED,
    AccountAction.FACTOR_FAILED,
}


def events_of(user):
    """The events of the sign-in of `user`, and the changes of the phone, the newest first."""
    about = Q(subject_kind=ACCOUNT.name, subject_id=user.pk)
    if (holder := getattr(user, "holder", None)) is not None:
        phone = Q(subject_kind=HOLDER.name, action=HolderAction.CHANGE_PHONE)
        about |= phone & Q(holder_id=holder.pk)
    return Event.objects.filter(about).order_by("-pk")


def row(event, *, user):
    """The words of one event for its owner `user`."""
    facts = event.facts
    by = "您" if event.by_id == user.pk else "工作人员" if event.by_id else "没有登录的人"
    is_sign_in = event.action in {AccountAction.SIGN_IN, AccountAction.SIGN_OUT}
    return {
        "event": event,
        "by": "" if is_sign_in or event.action == AccountAction.SINGLE_SIGN_OUT else by,
        "device": facts.get("device", ""),
        "network": facts.get("network", ""),
        "through": _ways().get(facts.get("through", ""), ""),
        "factor": facts.get("factor", ""),
        "is_alarming": event.action in ALARMING,
    }


def _ways():
    return {"password": "密码", "single_sign_on": settings.SINGLE_SIGN_ON_NAME}
