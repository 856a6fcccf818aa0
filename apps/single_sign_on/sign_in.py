"""Signs in, in the session of a request, whom the university has recognised."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.mfa.stages import AuthenticateStage
from django.shortcuts import redirect

from apps.common.addresses import page_url
from apps.sign_in.adapter import AFTER_SIGN_OUT
from apps.single_sign_on import services
from apps.single_sign_on.recent import METHOD

_TICKETS = "single_sign_on_tickets"


def enter(request, *, account, way, identity, is_again, after, tickets=()):
    """Sign `account` in, in the session of `request`, and answer with the next page.

    `way` is the name of the protocol. A second factor of the account is asked for now, unless the
    university says that it has (`Identity.used_second_factor`). `is_again`: the password was
    given there just now, so that it need not be given here. By one of the `tickets` the university
    can end the session.
    """
    if request.user.is_authenticated and request.user != account:
        get_adapter(request).logout(request)
    request.session[AFTER_SIGN_OUT] = page_url(f"single_sign_on:{way}_out")
    request.session[_TICKETS] = list(tickets)
    is_strong = identity.used_second_factor
    proven = {"reauthenticated": True} if is_again else {}
    record_authentication(request, account, METHOD, way=way, is_strong=is_strong, **proven)
    if request.user.is_authenticated:
        request.session.cycle_key()  # as with every proof (account.second_factor.renewal)
        _keep_tickets(request)
        return redirect(after)
    passed = {AuthenticateStage.key: {"handled": True}} if is_strong else {}
    return perform_login(request, Login(user=account, redirect_url=after, state={"stages": passed}))


def note_sign_in(sender, request, user, **kwargs):
    """A signal's receiver: the session has its final key now, so the tickets can name it."""
    if request is not None:
        _keep_tickets(request)


def _keep_tickets(request):
    for ticket in request.session.pop(_TICKETS, []):
        services.note_ticket(ticket=ticket, session_key=request.session.session_key)
