"""What happens to the sign-in of an account, as events."""

import time

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from django.utils import timezone

from apps.encryption.fields import blind_index
from apps.events import services as events
from apps.events.enums import Channel, Role
from apps.people.event_kinds import ACCOUNT, AccountAction
from apps.people.models import User
from apps.sign_in import devices, networks
from apps.sign_in.backend import find_user
from apps.sign_in.session_store import BEGAN_AT


def client_ip(request):
    """The address of the browser, behind settings.ALLAUTH_TRUSTED_PROXY_COUNT proxies."""
    return get_adapter().get_client_ip(request)


def note_sign_in(sender, request, user, **kwargs):
    """A signal's receiver: `user` has signed in."""
    request.session[BEGAN_AT] = time.time()
    ways = [entry["method"] for entry in get_authentication_records(request, user)]
    record(AccountAction.SIGN_IN, user, by=user, facts={"through": ways[0]} if ways else {})


def note_sign_out(sender, request, user, **kwargs):
    """A signal's receiver: `user` has signed out; None when nobody was signed in."""
    if user is not None:
        record(AccountAction.SIGN_OUT, user, by=user)


def note_failure(sender, credentials, **kwargs):
    """A signal's receiver: the password, or the name of the account, was wrong."""
    record_visitor(AccountAction.SIGN_IN_FAILED, credentials.get("username") or "")


def note_lock_out(*, login):
    """Record that sign-in with `login` (a number or a phone) is locked for a while."""
    record_visitor(AccountAction.LOCK_OUT, login)


def record_visitor(action, login):
    """Record `action` of a visitor. If no account has the `login` that was typed, keep a digest."""
    account = find_user(User.normalize_username(login))
    facts = {} if account else {"login_digest": blind_index(login)}
    record(action, account, by=None, facts=facts)


def record(action, account, *, by, facts=None):
    """Record what happened to the sign-in of `account`, or to that of nobody (None)."""
    role = Role.VISITOR
    if by is not None:
        role = Role.STAFF if by.is_staff else Role.HOLDER
    holder = getattr(account, "holder", None)
    # The owner reads where it was done, of what they did themselves and of what a stranger tried.
    is_from_there = by in (None, account) and action != AccountAction.SINGLE_SIGN_OUT
    where = _circumstances() if is_from_there else {}
    events.record(
        kind=ACCOUNT,
        action=action,
        by=by,
        role=role,
        at=timezone.now(),
        channel=Channel.WEB,
        subject_id=account and account.pk,
        reference=account.employee_number if account else "",
        holder_id=holder and holder.pk,
        facts=(facts or {}) | where,
    )


def _circumstances():
    """On what device and in what network the present request was made, as facts of an event."""
    request = context.request
    if request is None:
        return {}
    return {
        "device": devices.in_words(request.headers.get("User-Agent", "")),
        "network": networks.name_of(client_ip(request)),
    }
