import zlib

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.cards.enums import RequestAction
from apps.common.moments import day_of
from apps.common.pages import page_or_fragment, wants_fragment
from apps.common.refusals import Refused
from apps.delivery.models import shipment_at
from apps.inquiries.policies import is_beyond_payment
from apps.people import first
from apps.people.family import family_of
from apps.progress import overview, polling
from apps.progress.receipts import of_collection
from apps.requests import services
from apps.requests.policies import under_review
from apps.seals import services as seals
from apps.unsent.typed_again import posted_from

PER_PAGE = 10


@login_required
@require_safe
def index(request):
    """社会保障卡制卡进度查询: all requests of the user and the children, the newest first.

    `?person=<reference>` shows those of one person only. If there is only one, it is shown itself.
    """
    at = timezone.now()
    persons = family_of(request.user, at=at).persons
    who = _chosen(persons, request.GET.get("person"))
    requests = overview.many().filter(holder__in=[who] if who else persons).order_by("-pk")
    page = Paginator(requests, PER_PAGE).get_page(request.GET.get("page"))
    if page.paginator.count == 1 and who is None:
        return redirect(page[0])
    context = {
        "page": page,
        "rows": overview.of_rows(page, by=request.user, at=at),
        "persons": persons,
        "who": who,
    }
    return render(request, "progress/list.html", context)


def _chosen(persons, reference):
    """The person of `?person=`, or None without one. 404 for somebody else's child."""
    if not reference:
        return None
    for person in persons:
        if person.reference == reference:
            return person
    raise Http404


@login_required
@require_safe
def detail(request, reference):
    """The page and, asked by htmx, its live part; 204 tells a poll that nothing has changed."""
    at = timezone.now()
    if wants_fragment(request) and "seen" in request.GET:
        polled = _find(request, reference, at=at, is_poll=True)
        if request.GET["seen"] == _version(polled, read=_read(polled, at=at), at=at):
            return HttpResponse(status=204)
    card_request = _find(request, reference, at=at)
    read = _read(card_request, at=at)
    # Counted before the rest is read: what happens meanwhile is news to the next poll.
    version = _version(card_request, read=read, at=at)
    context = overview.of_request(card_request, by=request.user, read=read, at=at)
    context |= {"version": version, "operator": settings.PORTAL_OPERATOR}
    return page_or_fragment(
        request,
        page="progress/detail.html",
        fragment="progress/_live.html",
        context=context,
    )


@login_required
@posted_from("progress:detail")
def collect(request, reference):
    """确认领卡. Idempotent."""
    at = timezone.now()
    card_request = _find(request, reference, at=at)
    if card_request.is_collected:
        first.tell(request, card_request)
    else:
        try:
            services.collect(card_request=card_request, by=request.user, at=at)
        except Refused as refusal:
            card_request.refresh_from_db()
            if not card_request.is_collected:
                messages.error(request, first.whole(refusal, reader=request.user))
        else:
            messages.success(request, "已确认领卡。启用以后，才能看病结算。")
    return redirect("progress:detail", reference=reference)


@login_required
@require_safe
def receipt(request, reference):
    """领卡回执, to print."""
    at = timezone.now()
    card_request = _find(request, reference, at=at)
    event = card_request.events.filter(action=RequestAction.COLLECT).last()
    if event is None:
        return redirect(card_request)
    proof = seals.proof_address(event=event, at=at)
    made = of_collection(event, card_request=card_request, proof=proof, at=at)
    context = {"card_request": card_request, "receipt": made}
    return render(request, "progress/receipt.html", context)


def _find(request, reference, *, at, is_poll=False):
    """The card request that the signed-in user may see, as a poll reads it or whole; else a 404."""
    if not hasattr(request.user, "holder"):
        raise Http404
    if is_poll:
        card_request = overview.polled(reference, at=at)
    else:
        card_request = overview.one(reference, by=request.user, at=at)
    if card_request is None or not card_request.holder.is_visible_to(request.user, at=at):
        raise Http404
    return card_request


def _read(card_request, *, at):
    """Why the applicant cannot take it back: a reviewer reads it now. None while nobody does."""
    if not card_request.may_be_read or not is_beyond_payment(card_request):
        return None
    return under_review([card_request], at=at).get(card_request.pk)


def _version(card_request, *, read, at):
    """A digest that stays the same, in every process, as long as the page does.

    Whatever happens to the request, its card, its payments and its questions is an event of the
    person, and events are only added; those of the account, such as signing in, change nothing
    here. Beside them the page depends on the day, on the pause between two polls, on the address,
    and on whether a reviewer has begun to read.
    """
    shipment = shipment_at(card_request, at)
    facts = (
        card_request.events_of_person,
        day_of(at),
        polling.pace(card_request, at=at),
        shipment and shipment.saved_at,
        read is not None,
    )
    return f"{zlib.crc32(repr(facts).encode()):08x}"
