from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.application.offers import to_begin
from apps.cards.models import Card
from apps.cards.policies import why_not_replaced_online
from apps.common import moments
from apps.common.pages import page_or_fragment
from apps.home import card_history, first_page, inbox
from apps.home import records as history
from apps.home.pocket import pocket
from apps.home.tiles import plain, tiles
from apps.home.under_way import errands
from apps.notices import services as notices
from apps.people.family import family_of
from apps.unsent.typed_again import posted_from
from apps.waiting import card_face
from apps.waiting.wallet import card_of

MESSAGES_PER_PAGE = 20
# How many things 长辈版 offers beside the call button.
PLAIN_LIMIT = 4


@require_safe
def home(request):
    """The five matters for everybody; for a holder also the card and what is under way.

    `?person=<reference>` chooses whose card is shown; an unknown one shows the user's own.
    """
    at, user = timezone.now(), request.user
    family = family_of(user, at=at) if user.is_authenticated else None
    if family is None or not family.persons:
        return render(request, "home/visitor.html", {"young": first_page.young(user)})
    who = _chosen(request, family.persons) or family.persons[0]
    requests, cards, not_offered, with_money = first_page.matters(family.persons, at=at)
    card = card_of(who, cards)
    living = [card for card in cards if not card.is_over(at)]
    found = errands(user, family, requests, living, at=at)
    to_apply = to_begin(
        who,
        by=user,
        cards=[card for card in living if card.holder_id == who.pk],
        running=None,
        at=at,
    )
    shown = pocket(who, card, found, to_apply, at=at)
    found_tiles = tiles(
        shown.face.look,
        can_apply=to_apply.is_open,
        running=next((one for one in requests if one.holder_id == who.pk), None),
        is_elsewhere=who.has_card_elsewhere,
        is_replaced_here=not why_not_replaced_online(who, at=at),
        not_offered=not_offered.get(card.pk, ()) if card else (),
        has_left=user.holder.left_date is not None,
    )
    rest = [errand for errand in found if errand != shown.errand and not errand.is_quiet]
    context = {
        "persons": family.persons,
        "who": who,
        "pocket": shown,
        "errand": shown.errand,
        "mine": [errand for errand in rest if errand.waits_for_user],
        "others": [errand for errand in rest if not errand.waits_for_user],
        "tiles": found_tiles,
        "plain": plain(
            found_tiles, without=shown.leads_to, limit=PLAIN_LIMIT - shown.number_of_actions
        ),
        "ending": first_page.ending(family, at=at),
        "handed_over": first_page.handed_over(family, at=at),
        "money": first_page.money(with_money, at=at),
    }
    return render(request, "home/first_page.html", context)


@login_required
@require_safe
def card(request, reference):
    """One card: what it is, what happened to it, with receipts, and the proof of a moment."""
    at = timezone.now()
    visible = Card.objects.visible_to(request.user, at=at)
    related = visible.select_related(
        "holder", "city__province", "bank", "card_request", "replaced_by", "replaces"
    )
    found = get_object_or_404(related, reference=reference)
    context = {
        "card": found,
        "face": card_face.of_card(found, at=at),
        "lines": card_history.lines(found),
        "is_over": found.is_over(at),
    }
    return render(request, "home/card.html", context)


@require_safe
def matters(request):
    """办事: the matters and the open areas, for everybody."""
    return render(request, "home/matters.html")


def _chosen(request, persons):
    return next((p for p in persons if p.reference == request.GET.get("person")), None)


@login_required
@require_safe
def records(request):
    """办理记录 of all, or of one `?person=<reference>`; asked by htmx, the next ones to add."""
    at = timezone.now()
    family = family_of(request.user, at=at)
    persons = family.persons
    chosen = _chosen(request, persons)
    rows, following = history.page(
        [chosen] if chosen else persons, request.user, before=request.GET.get("before", "")
    )
    context = {
        "persons": persons,
        "chosen": chosen,
        "rows": rows,
        "groups": history.grouped(rows),
        "following": following,
        "handed_over": family.handed_over(at=at),
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
    paginator = Paginator(inbox.notices_of(request.user, at=at), MESSAGES_PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    newest = page.object_list[0].sent_at if page.object_list else None
    context = {
        "page": page,
        "groups": inbox.grouped(page, at=at),
        "up_to": newest and newest.isoformat(),
    }
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
