from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from apps.application.offers import to_begin
from apps.common.pages import page_or_fragment
from apps.home import desk
from apps.home import records as history

TEXT_SIZE_COOKIE = "text_size"
TEXT_SIZE_COOKIE_AGE = timedelta(days=365)


@require_safe
def home(request):
    """The five matters for everybody; for a holder also the card and what is under way.

    `?person=<reference>` chooses whose card is shown; an unknown one shows the user's own.
    """
    at = timezone.now()
    persons = desk.persons(request.user, at=at) if request.user.is_authenticated else []
    if not persons:
        return render(request, "home/visitor.html")
    who = _chosen(request, persons) or persons[0]
    cards = desk.cards(request.user, at=at)
    card = desk.card_of(who, cards)
    mine, others = desk.errands(request.user, persons, cards, at=at)
    has_request = any(errand.holder == who for errand in (*mine, *others))
    role = desk.role_among(persons, who, request.user)
    to_apply = to_begin(who, role=role, cards=[card] if card else [], running=None, at=at)
    context = {
        "persons": persons,
        "who": who,
        "card": card,
        "card_status": card.status_at(at) if card else None,
        "suspension_end": card.suspension_end(at) if card else None,
        "ending": desk.ending(persons, user=request.user, at=at),
        "has_request": has_request,
        "to_apply": to_apply,
        "mine": mine,
        "others": others,
    }
    return render(request, "home/desk.html", context)


def _chosen(request, persons):
    return next((p for p in persons if p.reference == request.GET.get("person")), None)


@login_required
@require_safe
def records(request):
    """办理记录 of all, or of one `?person=<reference>`; asked by htmx, the next ones to add."""
    persons = desk.persons(request.user, at=timezone.now())
    chosen = _chosen(request, persons)
    rows, following = history.page(
        [chosen] if chosen else persons, request.user, before=request.GET.get("before", "")
    )
    context = {"persons": persons, "chosen": chosen, "rows": rows, "following": following}
    return page_or_fragment(
        request,
        page="home/records.html",
        fragment="home/_records.html",
        context=context,
    )


@require_POST
def text_size(request):
    """大字 on or off, kept in a cookie, and back to the page where it was chosen."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "home:home"
    response = redirect(target)
    if request.POST.get("text_size") == "large":
        response.set_cookie(
            TEXT_SIZE_COOKIE,
            "large",
            max_age=TEXT_SIZE_COOKIE_AGE,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    else:
        response.delete_cookie(TEXT_SIZE_COOKIE, samesite="Lax")
    return response
