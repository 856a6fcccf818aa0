"""What the sessions of an account say of a second factor is forgotten when it is removed.

Without this a session in which it was just used could still add another one.
"""

from importlib import import_module

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.core import context
from allauth.usersessions.models import UserSession
from django.conf import settings

from apps.account.second_factor import gate


def forget(authenticator):
    """Take the uses of `authenticator` out of every session of its owner."""
    request = context.request
    present = request and request.session.session_key
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for listed in UserSession.objects.filter(user=authenticator.user):
        if listed.session_key == present:
            _forget(request.session, authenticator)  # it is written at the end of the request
            continue
        session = store(listed.session_key)
        if _forget(session, authenticator):
            session.save(must_create=False)


def _forget(session, authenticator):
    """Whether `session` said anything of it."""
    records = session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    others = [record for record in records if record.get("id") != authenticator.pk]
    if len(others) == len(records):
        return False
    session[AUTHENTICATION_METHODS_SESSION_KEY] = others
    gate.judge_anew(session)
    return True
