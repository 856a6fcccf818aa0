"""How long one request waits for the university's server, whatever it has to ask there."""

import time

from django.conf import settings

from apps.common.http_calls import BoundedSession

_UNTIL = "single_sign_on_until"
_LEAST = 0.05  # seconds


def session_of(request):
    """A session whose calls, with those before in `request`, have SINGLE_SIGN_ON_TIMEOUT seconds.

    OpenID Connect asks up to four times for one sign-in.
    """
    now = time.monotonic()
    until = vars(request).setdefault(_UNTIL, now + settings.SINGLE_SIGN_ON_TIMEOUT)
    return BoundedSession(max(until - now, _LEAST))
