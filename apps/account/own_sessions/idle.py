"""A session of the desk at which nobody works ends after `settings.DESK_IDLE`.

When it was last used stands in a signed cookie, so that a page costs no statement for it.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac

from apps.common import cookies

COOKIE = "desk_used"
_SALT = "account.desk_used"
_WRITTEN_EVERY = timedelta(minutes=1)


def is_over(request, *, at):
    """Whether nobody has worked at the desk in the session of `request` for too long."""
    used_at = _used_at(request)
    return used_at is not None and at - used_at >= settings.DESK_IDLE


def note_use(request, response, *, at):
    """Remember in the browser that the desk is used at `at`."""
    used_at = _used_at(request)
    if used_at is not None and timedelta(0) <= at - used_at < _WRITTEN_EVERY:
        return
    cookies.keep(response, COOKIE, signing.dumps([_name_of(request), at.isoformat()], salt=_SALT))


def _used_at(request):
    """When the desk was last used in this session; None where that is not known."""
    try:
        name, used_at = signing.loads(cookies.read(request, COOKIE), salt=_SALT)
    except signing.BadSignature:
        return None
    return datetime.fromisoformat(used_at) if name == _name_of(request) else None


def _name_of(request):
    """Stands for the session without being its key. The one before said nothing about this one."""
    return salted_hmac(_SALT, request.session.session_key or "").hexdigest()[:16]
