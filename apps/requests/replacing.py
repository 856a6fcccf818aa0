"""补换: may this card be replaced now, on these terms, and if not, what to do instead.

Asked when a replacement is begun, and once more when it is handed in.
"""

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from apps.cards.enums import (
    CardStatus,
    ReplacementReason,
    RequestKind,
    RequestStatus,
)
from apps.cards.models import Card, CardRequest
from apps.common.id_numbers import age
from apps.common.moments import day_of
from apps.common.refusals import Refused
from apps.common.rules import rule_text
from apps.lifecycle.refusals import NotAllowed
from apps.regions.enums import Service
from apps.regions.models import Bank, City
from apps.requests import registry, services
from apps.requests.models import Particulars


class NotReplaceable(Refused):
    """`code` says why; without a `next_step` the way leads to the help desk."""


def check_holder(holder, *, at):
    """Raise `NotReplaceable` unless `holder` may replace a card online at the moment `at`."""
    if age(holder.birth_date, day=day_of(at)) < settings.REPLACEMENT_FROM_AGE:
        raise NotReplaceable(
            f"未满{rule_text('REPLACEMENT_FROM_AGE')}的，不能在网上补换社保卡。请由父亲或母亲陪同，"
            "带户口簿、监护人身份证（本人有身份证的也带上）到发卡银行网点或社会保障卡服务网点办理。",
            code="minor",
        )
    if holder.deceased_date is not None:
        raise NotReplaceable(
            "人事名册登记此人已去世，不能补换社保卡。登记有误的，请联系人事处更正。",
            code="deceased",
        )


def check_card(card, *, at):
    """Raise `NotReplaceable` unless `card` and its holder can begin a replacement at `at`."""
    status = card.status_at(at)
    match status:
        case CardStatus.SEALED:
            _refuse_sealed(card)
        case CardStatus.RETIRED:
            raise NotReplaceable(
                "这张社保卡已经注销，不能再补换。补换过的，请使用新卡。",
                code="retired",
                next_step=("查看我的社保卡", reverse("replacement:guide")),
            )
    check_holder(card.holder, at=at)
    match status:
        case CardStatus.ACTIVE | CardStatus.SUSPENDED:
            raise NotReplaceable(
                "补换之前，先要办理正式挂失；卡没有丢、要换领的也一样。审核老师确认后就能申请补换。",
                code="not_lost",
                next_step=("办理正式挂失", reverse("replacement:loss", args=[card.reference])),
            )


def _refuse_sealed(card):
    request = getattr(card, "request", None)
    if request is not None and request.status == RequestStatus.PRODUCED:
        raise NotReplaceable(
            "新卡已经制好，还没有发出。收到卡后请先启用，不用补换。",
            code="not_dispatched",
            next_step=("查看制卡进度", request.get_absolute_url()),
        )
    raise NotReplaceable(
        "这张社保卡还没有启用，不能补换。收到卡后请先启用。",
        code="sealed",
        next_step=("启用社保卡", reverse("activation:start", args=[card.reference])),
    )


def check_terms(*, card, reason, city, bank, at):
    """Raise `NotReplaceable` unless `card` may be replaced for `reason` by one of `city`, `bank`.

    Only 跨省流动参保地变化 moves to another city, and only it and 服务银行变化 to another bank.
    """
    day = day_of(at)
    areas = reverse("regions:areas")
    if reason not in ReplacementReason.values:
        raise NotReplaceable("请选择补换原因。", code="no_reason")
    is_moving = reason == ReplacementReason.AREA_CHANGED
    if is_moving == (city.pk == card.city_id):
        raise NotReplaceable(
            "参保地变化的，请选择新的参保地；没有变化的，请选择别的补换原因。"
            if is_moving
            else "只有跨省流动参保地变化的，才能换到另一个地区。",
            code="city_differs" if not is_moving else "same_city",
        )
    if reason == ReplacementReason.BANK_CHANGED and bank.pk == card.bank_id:
        raise NotReplaceable(
            "服务银行变化的，请选择另一家银行；不换银行的，请选择别的补换原因。", code="same_bank"
        )
    if not is_moving and reason != ReplacementReason.BANK_CHANGED and bank.pk != card.bank_id:
        raise NotReplaceable("要换一家银行，补换原因请选「服务银行变化」。", code="bank_differs")
    if not City.objects.offering(Service.REPLACE, day=day).filter(pk=city.pk).exists():
        raise NotReplaceable(
            f"{city.name}还没有开通网上补换。请带身份证到当地发卡银行网点或社会保障卡服务网点办理。",
            code="city_not_open",
            next_step=("社保卡跨省通办开通地区", areas),
        )
    if not Bank.objects.offered_in(city, day).filter(pk=bank.pk).exists():
        raise NotReplaceable(
            f"{bank.name}在{city.name}不再提供网上办卡。请选「服务银行变化」，换一家银行。",
            code="bank_not_in_city",
            next_step=("查看可选的银行", areas),
        )


def check_again(request, *, at):
    """Judge a replacement once more, at its submission. Raises `NotReplaceable`.

    Takes the old card's row, so that its loss cannot be withdrawn in the same moment: call it in
    the transaction of the submission.
    """
    card = _locked(request.old_card_id)
    check_card(card, at=at)
    check_terms(
        card=card,
        reason=request.replacement_reason,
        city=request.city,
        bank=request.bank,
        at=at,
    )


@transaction.atomic
def open_draft(*, card, reason, city, bank, by, at):
    """The draft that replaces `card`: a new one, or the one begun before, on these terms.

    Raises `NotYours`, `NotReplaceable`, `DuplicateRequest`.
    """
    card = _locked(card.pk)
    check_card(card, at=at)
    check_terms(card=card, reason=reason, city=city, bank=bank, at=at)
    draft = CardRequest.objects.in_flight().filter(holder=card.holder_id).first()
    if draft is None:
        draft = services.open_draft(
            holder=card.holder,
            city=city,
            bank=bank,
            by=by,
            at=at,
            kind=RequestKind.REPLACEMENT,
            old_card=card,
            reason=reason,
        )
        values = _known_from(card, at=at)
        services.save_draft(request=draft, values=values, by=by, at=at)
        return draft
    if draft.status != RequestStatus.DRAFT or draft.old_card_id != card.pk:
        raise services.DuplicateRequest(
            f"您已有一件在办的{draft.matter}，现在是「{draft.get_status_display()}」。"
            "同一时间只能办一件。",
            code="duplicate",
            next_step=("查看这件申请", draft.get_absolute_url()),
        )
    services.change_destination(request=draft, city=city, bank=bank, by=by, at=at)
    changed = CardRequest.objects.filter(pk=draft.pk, status=RequestStatus.DRAFT)
    if not changed.update(replacement_reason=reason):
        raise NotAllowed("这件申请已经提交，不能再更改补换原因。", code="wrong_status")
    draft.replacement_reason = reason
    return draft


def _locked(pk):
    return (
        Card.objects.select_for_update(of=("self",))
        .select_related("holder", "city", "bank")
        .get(pk=pk)
    )


def _known_from(card, *, at):
    """What the request for the old card said and still holds, so that nobody types it again."""
    old = Particulars.objects.filter(request__card=card).first()
    if old is None:
        return {}
    today = day_of(at)
    values: dict[str, object] = {}
    for declared in registry.on_form():
        if declared.still_holds is not None and declared.still_holds(old, today):
            values |= declared.values(old)
    return values
