"""Whom the university means, and the end of a session when it says so.

An account is never made here: accounts come from the roster. Who is meant, the employee number
says, whatever the name with which somebody signs in at the university.
"""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django_cas_ng.models import SessionTicket

from apps.people.event_kinds import AccountAction
from apps.people.models import User
from apps.sign_in.recording import record, record_visitor
from apps.single_sign_on.recent import METHOD
from apps.single_sign_on.refusals import SignInRefused


def find_account(*, numbers):
    """The one account that has one of the employee `numbers`. Raises `SignInRefused`.

    (no_number, unknown, ambiguous, left)
    """
    wanted = {User.normalize_username(number) for number in numbers}
    if not wanted:
        raise SignInRefused(
            "统一身份认证没有给出您的工号，所以不知道您是哪一位。请联系信息化部门。",
            code="no_number",
        )
    found = list(User.objects.filter(employee_number__in=wanted).select_related("holder")[:2])
    if not found:
        record_visitor(AccountAction.SIGN_IN_FAILED, min(wanted))
        raise SignInRefused(
            "统一身份认证已经认出您，但社保卡的名册里没有您的工号。账户由人事处按名册开立，"
            "请联系人事处。",
            code="unknown",
        )
    if len(found) > 1:
        for account in found:
            record(AccountAction.SIGN_IN_FAILED, account, by=None)
        raise SignInRefused(
            "统一身份认证给出了不止一个工号，各有一个账户，不能确定是哪一个。请联系人事处核对。",
            code="ambiguous",
        )
    account = found[0]
    holder = getattr(account, "holder", None)
    if not account.is_active or (holder is not None and holder.left_date):
        record(AccountAction.SIGN_IN_FAILED, account, by=None)
        raise SignInRefused(
            "您的账户已停用（例如已经离职），不能登录。有疑问请联系人事处。", code="left"
        )
    return account


def note_failure():
    """Record that the university's server did not vouch for somebody who came from it."""
    record(AccountAction.SIGN_IN_FAILED, None, by=None, facts={"through": METHOD})


def note_ticket(*, ticket, session_key):
    """Remember that the session `session_key` began with `ticket`."""
    SessionTicket.objects.create(session_key=session_key, ticket=ticket)


def end_sessions(*, ticket):
    """End the sessions that began with `ticket`, because the university says so. Idempotent.

    A ticket of CAS is a secret of one session. One of OpenID Connect stands for a session or a
    person there, and a signed token names it.
    """
    with transaction.atomic():
        named = SessionTicket.objects.filter(ticket=ticket)
        alive = Session.objects.filter(session_key__in=[row.session_key for row in named])
        keys = [session.session_key for session in alive]
        listed = UserSession.objects.filter(session_key__in=keys).select_related("user")
        for session in listed:
            record(AccountAction.SINGLE_SIGN_OUT, session.user, by=None)
        SessionTicket.objects.filter(session_key__in=keys).delete()
        for rows in (listed, alive, named):
            rows.delete()


def forget_tickets(*, limit):
    """Delete up to `limit` tickets whose session is over. Returns how many."""
    alive = Session.objects.values("session_key")
    over = SessionTicket.objects.exclude(session_key__in=alive).values("pk")[:limit]
    return SessionTicket.objects.filter(pk__in=list(over.values_list("pk", flat=True))).delete()[0]
