"""A session gets a new key when its owner has proven once more who they are."""

import functools

from allauth.account.authentication import get_authentication_records


def renewing_session(view):
    """`view`, with a new key of the session where it has noted a proof (OWASP ASVS 5.0 V7.2.4).

    What the proof opens is then closed to whoever had got hold of the key before.
    """

    @functools.wraps(view)
    def answer(request, *args, **kwargs):
        before = _proofs(request)
        response = view(request, *args, **kwargs)
        if request.user.is_authenticated and _proofs(request) > before:
            request.session.cycle_key()
        return response

    return answer


def _proofs(request):
    """How often the owner has proven it in this session, beside signing in."""
    if not request.user.is_authenticated:
        return 0
    records = get_authentication_records(request, request.user)
    return sum(bool(record.get("reauthenticated")) for record in records)
