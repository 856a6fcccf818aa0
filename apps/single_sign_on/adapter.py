from allauth.core import context
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter

from apps.single_sign_on.waiting import session_of


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """All that allauth asks of the server goes through one session with limits."""

    def get_requests_session(self):
        return session_of(context.request)
