"""What a demonstration adds to every page."""

from django.conf import settings

from apps.demo.accounts import ADMINISTRATOR, PASSWORD, REVIEWERS, STAFF


def demo_accounts(request):
    """The accounts to try, on the sign-in page of a demonstration and nowhere else."""
    match = request.resolver_match
    if not settings.DEMO or match is None or match.view_name != "account_login":
        return {}
    return {
        "demo_accounts": (*STAFF, *REVIEWERS, ADMINISTRATOR),
        "demo_password": PASSWORD,
    }
