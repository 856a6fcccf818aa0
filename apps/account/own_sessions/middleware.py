"""A session in which nobody does anything for `settings.PORTAL_IDLE` ends with the next request.

The view then finds nobody signed in, so what was typed is kept as at any other end of a session.
"""

from django.conf import settings
from django.contrib.auth import logout
from django.utils import timezone

from apps.account.own_sessions import idle


class IdleMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        at = timezone.now()
        # Without the cookie there is nobody to ask the database about.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and (
            idle.is_over(request, idle.PORTAL, at=at) and request.user.is_authenticated
        ):
            logout(request)
        response = self.get_response(request)
        # A view that never looked at the session was used by nobody.
        if request.session.accessed and request.user.is_authenticated:
            idle.note_use(request, response, idle.PORTAL, at=at)
        return response
