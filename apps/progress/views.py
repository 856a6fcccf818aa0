import zlib
from dataclasses import replace

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.application.offers import DISCARD, RELATED, SHIP, WITHDRAW, changes_of
from apps.cards.enums import RequestAction
from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.common.pages import page_or_fragment, wants_fragment
from apps.common.refusals import Refused
from apps.common.typed_again import posted_from
from apps.delivery.models import shipment_of
from apps.inquiries.models import Inquiry
from apps.inquiries.policies import labels
from apps.lateness.promises import latest
from apps.payments import money_back
from apps.payments.models import Payment
from apps.people import first
from apps.people.models import Holder
from apps.progress import polling
from apps.progress.offers import afterwards, next_of_each, offers
from apps.requests import promises, registry, services, standing, timeline
from apps.requests.event_kinds import LATE
from apps.requests.models import Amendment

PER_PAGE = 10


@login_required
@require_safe
def index(request):
    """社会保障卡制卡进度查询: all requests of the user and the children, the newest first.

    `?person=<reference>` shows those of one person only.
    """
    at = timezone.now()
    visible = CardRequest.objects.visible_to(request.user, at=at)
    persons = _persons(request.user, at=at)
    who = _chosen(persons, request.GET.get("person"))
    requests = (
        (visible.filter(holder=who) if who else visible)
        .with_submitted_at()
        .select_related(
            "city__province", "bank", "card__city", "card__holder", "card__card_request", *RELATED
        )
        .order_by("-pk")
    )
    page = Paginator(requests, PER_PAGE).get_page(request.GET.get("page"))
    shipments = {row.pk: shipment_of(row) for row in page}
    standings = standing.standings(page, shipments=shipments, at=at)
    money = money_back.of_requests(page)
    following = next_of_each(page, by=request.user, at=at)
    context = {
        "page": page,
        "rows": [
            {
                "card_request": row,
                "standing": standings[row.pk],
                "next": following.get(row.pk),
                "money_lines": money.get(row.pk, []),
            }
            for row in page
        ],
        "persons": persons,
        "who": who,
    }
    return render(request, "progress/list.html", context)


def _persons(user, *, at):
    """The people whose requests the user may see: the user, then the children, the eldest first."""
    holders = Holder.objects.visible_to(user, at=at).order_by("birth_date", "pk")
    return sorted(holders, key=lambda holder: holder.user_id != user.pk)


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
    card_request = _find(request, reference, at=at)
    context = _context(request, card_request, at=at)
    if wants_fragment(request) and request.GET.get("seen") == context["version"]:
        return HttpResponse(status=204)
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
    if not card_request.is_collected:
        try:
            services.collect(card_request=card_request, by=request.user, at=at)
        except Refused as refusal:
            card_request.refresh_from_db()
            if not card_request.is_collected:
                messages.error(request, first.whole(refusal, reader=request.user))
        else:
            messages.success(request, "已确认领卡。启用社保卡后，才能用于就医结算。")
    return redirect("progress:detail", reference=reference)


def _find(request, reference, *, at):
    visible = CardRequest.objects.visible_to(request.user, at=at)
    related = visible.select_related(
        "holder",
        "city__province",
        "bank",
        "rule",
        "card__city",
        "card__holder",
        "card__card_request",
        "old_card__holder",
        "shipment__city__province",
        "shipment__county",
    )
    return get_object_or_404(related, reference=reference)


def _context(request, card_request, *, at):
    events = list(card_request.events)
    amendment = Amendment.objects.filter(card_request=card_request, answered_at=None).first()
    times = promises.stage_times([card_request])[card_request.pk]
    shipment, payment = shipment_of(card_request), _payment(card_request)
    now = standing.standing(
        card_request, shipment=shipment, at=at, amendment=amendment, times=times
    )
    money_lines = money_back.of_requests([card_request]).get(card_request.pk, [])
    is_waiting = payment is not None and payment.is_running
    interval = polling.interval(
        card_request, at=at, has_money=is_waiting or money_back.is_under_way(money_lines)
    )
    offered = offers(card_request, by=request.user, at=at)
    change = _change(request.user, card_request, at=at)
    inquiries = list(Inquiry.objects.of(card_request))
    nodes = timeline.nodes(card_request, events, at=at, times=times)
    return {
        "card_request": card_request,
        "is_handed_over": card_request.is_handed_over(at),
        "nodes": _with_links(nodes, card_request, shipment=shipment, payment=payment),
        "steps": timeline.STEPS,
        "steps_done": timeline.steps_done(card_request),
        "standing": now,
        "operator": settings.PORTAL_OPERATOR,
        "late": latest(LATE, card_request) if now.is_overdue else None,
        "asked": _asked(amendment),
        "payment": payment,
        "money_lines": money_lines,
        "shipment": shipment,
        "offered": offered,
        "ship": offered.of(SHIP),
        "withdraw": offered.of(WITHDRAW),
        "discard": offered.of(DISCARD),
        "change": change,
        "inquiries": [(inquiry, labels(inquiry.fields)) for inquiry in inquiries],
        "following": afterwards(card_request, by=request.user, at=at),
        "interval": interval,
        "version": _version(
            day_of(at),
            len(events),
            interval,
            now,
            shipment and shipment.saved_at,
            payment,
            [(line.title, line.text) for line in money_lines],
            change and change.action,
            [(inquiry.pk, inquiry.status) for inquiry in inquiries],
        ),
    }


def _change(user, card_request, *, at):
    """The open offer to change what is found wrong after the payment; None without one."""
    return next(iter(changes_of([card_request], by=user, at=at)[card_request.pk].open), None)


def _with_links(nodes, card_request, *, shipment, payment):
    """The past nodes, with links to more details and the tracking number."""
    links = {
        RequestAction.SUBMIT: (
            f"{card_request.matter}信息查看",
            reverse("application:detail", args=[card_request.reference]),
        )
    }
    if payment:
        links[RequestAction.PAY] = ("查看支付订单", payment.get_absolute_url())
    if shipment:
        links[RequestAction.ACCEPT] = ("收件信息", "#shipment")
    tracking = {RequestAction.DISPATCH: card_request.tracking_number}
    return [
        replace(node, link=links.get(node.action), tracking=tracking.get(node.action, ""))
        if node.at
        else node
        for node in nodes
    ]


def _version(*facts):
    """A digest of what the page shows: the same facts give the same digest in every process."""
    return f"{zlib.crc32(repr(facts).encode()):08x}"


def _payment(card_request):
    """The order behind 查看支付订单: the paid one, else the last that was tried."""
    payments = list(Payment.objects.filter(card_request=card_request).order_by("-pk"))
    return next((payment for payment in payments if payment.is_paid), next(iter(payments), None))


def _asked(amendment):
    if amendment is None:
        return []
    return [
        {"label": registry.get(item["field"]).label, "reason": item["reason"]}
        for item in amendment.items
    ]
