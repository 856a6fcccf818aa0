from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from apps.application.offers import to_begin
from apps.cards.permissions import role_of_visible
from apps.common import moments
from apps.common.pages import page_or_fragment
from apps.common.typed_again import posted_from
from apps.home import first_page, inbox
from apps.home import records as history
from apps.notices import services as notices
from apps.people.models import Guardianship

MESSAGES_PER_PAGE = 20
TEXT_SIZE_COOKIE = "text_size"
TEXT_SIZE_COOKIE_AGE = timedelta(days=365)


@require_safe
def home(request):
    """The five matters for everybody; for a holder also the card and what is under way.

    `?person=<reference>` chooses whose card is shown; an unknown one shows the user's own.
    """
    at = timezone.now()
    persons = first_page.persons(request.user, at=at) if request.user.is_authenticated else []
    if not persons:
        return render(request, "home/visitor.html", {"young": first_page.young(request.user)})
    who = _chosen(request, persons) or persons[0]
    cards = first_page.cards(request.user, at=at)
    card = first_page.card_of(who, cards)
    mine, others = first_page.errands(request.user, cards, at=at)
    has_request = any(errand.holder == who for errand in (*mine, *others))
    role = role_of_visible(request.user, who)
    to_apply = to_begin(who, role=role, cards=[card] if card else [], running=None, at=at)
    context = {
        "persons": persons,
        "who": who,
        "card": card,
        "card_status": card.status_at(at) if card else None,
        "suspension_end": card.suspension_end(at) if card else None,
        "ending": first_page.ending(persons, user=request.user, at=at),
        "handed_over": first_page.handed_over(request.user, at=at),
        "has_request": has_request,
        "to_apply": to_apply,
        "mine": mine,
        "others": others,
        "money": first_page.money(request.user, at=at),
    }
    return render(request, "home/first_page.html", context)


def _chosen(request, persons):
    return next((p for p in persons if p.reference == request.GET.get("person")), None)


@login_required
@require_safe
def records(request):
    """办理记录 of all, or of one `?person=<reference>`; asked by htmx, the next ones to add."""
    at = timezone.now()
    persons = first_page.persons(request.user, at=at)
    chosen = _chosen(request, persons)
    rows, following = history.page(
        [chosen] if chosen else persons, request.user, before=request.GET.get("before", "")
    )
    context = {
        "persons": persons,
        "chosen": chosen,
        "rows": rows,
        "following": following,
        "handed_over": Guardianship.objects.visible_to(request.user)
        .handed_over(at=at)
        .select_related("ward")
        .order_by("-ends_at", "pk"),
    }
    return page_or_fragment(
        request,
        page="home/records.html",
        fragment="home/_records.html",
        context=context,
    )


@login_required
@require_safe
def messages_told(request):
    """消息: what the portal told the user, the newest first."""
    at = timezone.now()
    paginator = Paginator(inbox.notices_of(request.user), MESSAGES_PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    for notice in page:
        notice.link = inbox.link_of(notice, at=at)
    newest = page.object_list[0].sent_at if page.object_list else None
    context = {"page": page, "up_to": newest and newest.isoformat()}
    return render(request, "home/messages.html", context)


@login_required
@posted_from("home:messages")
def read_messages(request):
    """全部标为已读: the messages up to the newest one on the page."""
    up_to = moments.parse(request.POST.get("up_to", ""))
    if up_to is None:
        messages.error(request, "页面已过期，请再点一次「全部标为已读」。")
    else:
        notices.mark_read(by=request.user, up_to=up_to, at=timezone.now())
    return redirect("home:messages")


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
