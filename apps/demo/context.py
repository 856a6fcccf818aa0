"""Template context of a demonstration."""

from django.conf import settings

from apps.demo.accounts import EVERYBODY, PASSWORD


def demo(request):
    """`is_demo` on every page of a demonstration, and the accounts to try where one signs in."""
    if not settings.DEMO:
        return {}
    match = request.resolver_match
    if match is None or match.view_name != "account_login":
        return {"is_demo": True}
    return {
        "is_demo": True,
        "below_sign_in": "demo/accounts.html",
        "demo_accounts": EVERYBODY,
        "demo_password": PASSWORD,
    }
