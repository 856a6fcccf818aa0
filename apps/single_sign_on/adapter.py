from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings

from apps.common.http_calls import BoundedSession


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """All that allauth asks of the server goes through one session with limits."""

    def get_requests_session(self):
        return BoundedSession(settings.SINGLE_SIGN_ON_TIMEOUT)
