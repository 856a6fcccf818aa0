"""Whom a change of the rules would concern, before it is saved: figures and a few masked names.

A change never affects requests that are judged already; the sentences say what stays and who has to
choose again. All figures come from a fixed number of queries.
"""

from dataclasses import dataclass, field
from functools import partial

from django.db.models import Count, Q

from apps.cards.enums import CARD_IN_HAND, CardStatus, RequestKind, RequestStatus
from apps.cards.lifecycle import CARD
from apps.cards.models import Card, CardRequest
from apps.common.addresses import row_url
from apps.common.visibility import shown
from apps.regions.enums import Service
from apps.regions.models import CityRule

LISTED = 5
PROMISED = (
    RequestStatus.PAID,
    RequestStatus.ACCEPTED,
    RequestStatus.NEEDS_AMENDMENT,
    RequestStatus.APPROVED,
    RequestStatus.PRODUCED,
    RequestStatus.DISPATCHED,
)
DRAFT = Q(status=RequestStatus.DRAFT)
UNPAID = Q(status=RequestStatus.SUBMITTED)
UNDER_WAY = Q(status__in=PROMISED)


@dataclass(frozen=True)
class Person:
    """One of those concerned; `url` leads to the case where the desk has one."""

    name: str
    where: str
    state: str
    url: str = ""


@dataclass(frozen=True)
class Group:
    """People for whom the change means the same; `must_act` if they have to choose again."""

    title: str
    effect: str
    count: int
    unit: str
    must_act: bool = False
    people: list[Person] = field(default_factory=list)


def of_rule(cities, changes, *, at):
    """The `Group`s that new terms for `cities` concern, those with nobody left out."""
    groups = []
    if changes.keys() - {"loss_report_days", "is_collected_by_unit"}:
        groups += _requests(
            CardRequest.objects.filter(city__in=cities),
            (
                (DRAFT, "正在填写的草稿", "生效以后提交的，按新的资费和时限。", False),
                (UNPAID, "已提交、未缴费", "仍按提交时的资费和时限，不受影响。", False),
                (UNDER_WAY, "已缴费、正在办理", "金额和承诺的日期都不变。", False),
            ),
        )
    if "is_collected_by_unit" in changes:
        groups += _of_collecting(cities, is_on=changes["is_collected_by_unit"])
    if "loss_report_days" in changes:
        groups += _cards(
            Card.objects.filter(city__in=cities),
            (
                (_cards_in(CardStatus.SUSPENDED, at=at), "正在临时挂失", "到期时间不变。", False),
                (
                    _cards_in(CardStatus.ACTIVE, at=at),
                    "正常使用的社保卡",
                    "生效以后挂失的，按新的天数。",
                    False,
                ),
            ),
            at=at,
        )
    return groups


def _of_collecting(cities, *, is_on):
    """As `of_rule`, for cities whose cards the unit collects from a day on, or no longer does."""
    requests = CardRequest.objects.filter(city__in=cities)
    collected = Q(is_collected_by_unit=True)
    if is_on:
        return _requests(
            requests,
            (
                (DRAFT, "正在填写的草稿", "生效以后提交的，可以选单位统一领取。", False),
                (UNPAID, "已提交、未缴费", "提交时还没有单位统一领取，仍选邮寄或自取。", False),
                (UNDER_WAY, "已缴费、正在办理", "领卡方式不变。", False),
            ),
        )
    return _requests(
        requests,
        (
            (DRAFT, "正在填写的草稿", "生效以后提交的，不能选单位统一领取。", False),
            (UNPAID, "已提交、未缴费", "仍可以选单位统一领取，不受影响。", False),
            (
                UNDER_WAY & collected,
                "选了单位统一领取、正在办理",
                "卡仍然发到单位，由单位发给本人。",
                False,
            ),
        ),
    )


def of_closed_service(city, service, *, at):
    """As `of_rule`, for a service that ends in `city`."""
    requests = CardRequest.objects.filter(city=city)
    cards = Card.objects.filter(city=city)
    go_on = (UNPAID | UNDER_WAY, "已提交的申请", "照常缴费、审核、制卡，不受影响。", False)
    match service:
        case Service.APPLY:
            effect = "停办以后不能在这个地区提交，页面会请他们换一个地区。"
            return _requests(
                requests.filter(kind=RequestKind.FIRST),
                ((DRAFT, "正在填写的申领草稿", effect, True), go_on),
            )
        case Service.REPLACE:
            effect = "停办以后不能提交，页面会请他们到线下网点办理。"
            lost = "停办以后不能在网上申请补换，要到线下网点办理。"
            return _requests(
                requests.filter(kind=RequestKind.REPLACEMENT),
                ((DRAFT, "正在填写的补换草稿", effect, True), go_on),
            ) + _cards(
                cards,
                ((_cards_in(CardStatus.LOST, at=at), "已正式挂失的社保卡", lost, True),),
                at=at,
            )
        case Service.ACTIVATE:
            sealed = "停办以后不能在网上启用，要带身份证和卡到发卡银行网点启用。"
            coming = "卡制好以后，要到发卡银行网点启用。"
            return _cards(
                cards,
                ((_cards_in(CardStatus.SEALED, at=at), "待启用的社保卡", sealed, True),),
                at=at,
            ) + _requests(requests, ((UNPAID | UNDER_WAY, "在办的申请", coming, False),))
        case Service.LOSS_REPORT:
            active = "停办以后不能在网上挂失，页面会请他们拨打 12333。"
            running = "到期时间不变，仍可在网上解除挂失。"
            return _cards(
                cards,
                (
                    (_cards_in(CardStatus.ACTIVE, at=at), "正常使用的社保卡", active, False),
                    (_cards_in(CardStatus.SUSPENDED, at=at), "正在临时挂失", running, False),
                ),
                at=at,
            )
        case Service.PROGRESS:
            progress = "在本系统提交的申请，本人仍能查看进度。"
            return _requests(requests, ((UNPAID | UNDER_WAY, "在办的申请", progress, False),))
    effect = f"停办以后不能在网上办理「{service.label}」，要到线下网点办理。"
    return _cards(cards, ((_cards_in(*CARD_IN_HAND, at=at), "手里的社保卡", effect, False),), at=at)


def of_closed_bank(city, bank, *, at):
    """As `of_rule`, for a bank that no longer issues the card in `city`."""
    lost = "停办以后申请补换，补换原因要选「服务银行变化」，换一家银行。"
    return _requests(
        CardRequest.objects.filter(city=city, bank=bank),
        (
            (
                DRAFT,
                "选了这家银行的草稿",
                "停办以后不能提交，页面会请他们换一家银行。",
                True,
            ),
            (UNPAID | UNDER_WAY, "已提交的申请", "照常缴费、审核、制卡，不受影响。", False),
        ),
    ) + _cards(
        Card.objects.filter(city=city, bank=bank),
        ((_cards_in(CardStatus.LOST, at=at), "这家银行的、已正式挂失的社保卡", lost, True),),
        at=at,
    )


def of_opened_service(city, service, *, at):
    """As `of_rule`, for a service that opens in `city`."""
    match service:
        case Service.APPLY | Service.REPLACE:
            is_first = service == Service.APPLY
            kind = RequestKind.FIRST if is_first else RequestKind.REPLACEMENT
            drafts = CardRequest.objects.filter(city=city, kind=kind)
            effect = "开通以后可以提交。"
            return _requests(drafts, ((DRAFT, "正在填写的草稿", effect, False),))
        case Service.ACTIVATE:
            sealed = _cards_in(CardStatus.SEALED, at=at)
            return _cards(
                Card.objects.filter(city=city),
                ((sealed, "待启用的社保卡", "开通以后可以在网上启用。", False),),
                at=at,
            )
        case Service.LOSS_REPORT:
            active = _cards_in(CardStatus.ACTIVE, at=at)
            return _cards(
                Card.objects.filter(city=city),
                ((active, "正常使用的社保卡", "开通以后可以在网上挂失。", False),),
                at=at,
            )
    return []


def of_opened_bank(city, bank, *, at):
    """As `of_rule`, for a bank that begins to issue the card in `city`."""
    return _requests(
        CardRequest.objects.filter(city=city, bank=bank),
        ((DRAFT, "选了这家银行的草稿", "开通以后可以提交。", False),),
    )


def _cards_in(*statuses, at):
    """The condition for cards in one of `statuses` at the moment `at`, the clock considered."""
    return CARD.in_status(*statuses, at=at)


def _requests(requests, kinds):
    related = requests.select_related("holder", "city").only(
        "reference", "status", "holder__name", "city__name"
    )
    return _groups(related, kinds, _of_request, unit="件")


def _cards(cards, kinds, *, at):
    related = cards.select_related("holder", "city").only(
        "status", "suspended_until", "holder__name", "city__name"
    )
    return _groups(related, kinds, partial(_of_card, at=at), unit="张")


def _groups(rows, kinds, person, *, unit):
    """`kinds` are (condition, title, effect, must_act). One query counts, one each lists a few."""
    counts = rows.aggregate(
        **{f"n{number}": Count("pk", filter=kind[0]) for number, kind in enumerate(kinds)}
    )
    return [
        Group(
            title=title,
            effect=effect,
            count=counts[f"n{number}"],
            unit=unit,
            must_act=must_act,
            people=[person(row) for row in rows.filter(condition).order_by("-pk")[:LISTED]],
        )
        for number, (condition, title, effect, must_act) in enumerate(kinds)
        if counts[f"n{number}"]
    ]


def _of_request(card_request):
    url = ""
    if not card_request.is_draft:
        url = row_url("admin:cards_cardrequest_change", card_request.reference)
    return Person(
        shown(card_request.holder.name, "list.name"),
        card_request.city.name,
        card_request.get_status_display(),
        url,
    )


def _of_card(card, *, at):
    return Person(shown(card.holder.name, "list.name"), card.city.name, card.status_at(at).label)


def later_versions(cities, valid_from):
    """Versions of `cities` that begin after `valid_from`: they stay, and end the new one."""
    return list(
        CityRule.objects.filter(city__in=cities, valid_from__gt=valid_from)
        .select_related("city")
        .order_by("city", "valid_from")
    )
