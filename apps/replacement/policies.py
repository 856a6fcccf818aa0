"""What is allowed now with a formal loss and a replacement, and why not."""

from django.conf import settings

from apps.cards.enums import (
    REQUEST_ENDED_WITHOUT_CARD,
    CardAction,
    CardStatus,
    ReplacementReason,
    RequestStatus,
)
from apps.cards.models import CardRequest
from apps.cards.policies import why_not_replaced_here, why_not_replaced_online
from apps.common.addresses import page_url, row_url
from apps.common.moments import day_of
from apps.common.rules import rule_text
from apps.common.templatetags.formats import moment
from apps.events.enums import Role
from apps.handout import standing as unit
from apps.lifecycle import engine
from apps.people.policies import LEFT
from apps.regions import wording
from apps.regions.enums import Service
from apps.replacement.models import FormalLoss
from apps.replacement.refusals import FormalLossRefused, NotReplaceable


def check_declarable(*, card, at):
    """Raise `FormalLossRefused` unless the formal loss of `card` can be declared at `at`."""
    check_card_declarable(card=card, at=at)
    check_undeclared(card=card, loss=FormalLoss.objects.open_of(card))


def check_card_declarable(*, card, at):
    """Raise `FormalLossRefused` unless `card` is in use at `at`."""
    match card.status_at(at):
        case CardStatus.SEALED:
            raise FormalLossRefused(
                "这张社保卡还没有启用，本来就不能用于结算，不能办理正式挂失。"
                f"卡没有收到或已丢失的，请联系{settings.PORTAL_OPERATOR['contact']}。",
                code="sealed",
            )
        case CardStatus.LOST:
            closed = why_not_replaced_online(card.holder, at=at)
            raise FormalLossRefused(
                f"这张社保卡已经正式挂失，不用再办。{closed}",
                code="lost",
                row=card,
                next_step=None
                if closed
                else ("申请补换", row_url("replacement:start", card.reference)),
            )
        case CardStatus.RETIRED:
            raise FormalLossRefused(
                "这张社保卡已经注销，不能使用，不用再办正式挂失。", code="retired", row=card
            )


def check_undeclared(*, card, loss):
    """Raise `FormalLossRefused` when there is a `loss`, the open one of `card`."""
    if loss is not None:
        raise declared_already(card, loss)


def declared_already(card, loss):
    """The refusal of a second declaration while the first one, `loss`, waits."""
    return FormalLossRefused(
        "这张社保卡的正式挂失已经登记，正在等待确认，不用再登记。",
        code="declared",
        next_step=("查看登记", row_url("replacement:loss", card.reference)),
        row=loss,
    )


def check_replaceable(*, card, loss, under_way, at):
    """Raise `NotReplaceable` unless a replacement of `card` can be begun at `at`.

    `loss` is the open formal loss of the card, `under_way` the request that replaces it already;
    None where there is none.
    """
    if under_way is not None and not card.is_over(at):
        raise NotReplaceable(
            f"{under_way.matter}申请：{unit.stage_of(under_way, at=at)}。",
            code="under_way",
            next_step=(
                "继续办理" if under_way.is_draft else "查看补换进度",
                under_way.get_absolute_url(),
            ),
        )
    check_card_replaceable(card, loss=loss, at=at)


def awaits_decision(card, loss, *, at):
    """Whether `loss`, the open formal loss of `card` or None, waits for a reviewer who can act."""
    return (
        loss is not None
        and loss.is_waiting
        and engine.is_allowed(card, CardAction.CONFIRM_LOSS, role=Role.REVIEWER, at=at)
    )


def check_withdrawable(*, card):
    """Raise `FormalLossRefused` when a replacement of `card` is submitted, under way or done.

    A draft holds nothing: it can't be submitted any more once the card is in use again.
    """
    card_request = (
        CardRequest.objects.filter(old_card=card)
        .submitted()
        .exclude(status__in=REQUEST_ENDED_WITHOUT_CARD)
        .first()
    )
    if card_request is not None:
        raise FormalLossRefused(
            f"持卡人已经申请{card_request.matter}（业务受理编号 {card_request.reference}，"
            f"「{card_request.get_status_display()}」），正式挂失不能再撤销。"
            "要撤销的，先由持卡人在缴费前撤销补换申请。",
            code="replacement_requested",
        )


def check_holder_replaces(holder, *, at):
    """Raise `NotReplaceable` unless `holder` may replace a card online at the moment `at`."""
    if closed := why_not_replaced_online(holder, at=at):
        raise NotReplaceable(closed, code="minor")
    if holder.deceased_date is not None:
        raise NotReplaceable(
            "人事名册里登记为已去世，不能补换社保卡。登记有误的，请联系人事处更正。",
            code="deceased",
        )
    if holder.left_date is not None:
        raise NotReplaceable(LEFT, code="left")


def why_only_elsewhere(card, *, at, opened=None):
    """Why the lost `card` is replaced online by another city only; "" where its own one does it.

    It is said before somebody begins. `opened`: see `openness_where_issued`.
    """
    if not is_lost(card, at=at) or why_not_replaced_online(card.holder, at=at):
        return ""
    closed = why_not_replaced_here(card, at=at, opened=opened)
    return closed and f"{closed}参保地变到已开通的地区的，可以在网上申请。"


def is_lost(card, *, at):
    """Whether the formal loss of `card` is confirmed: it is stopped for good."""
    return card.status_at(at) == CardStatus.LOST


def is_replaced_at_a_counter(card, *, at):
    """Whether `card` is stopped for good, and its holder is too young to replace it online."""
    return is_lost(card, at=at) and bool(why_not_replaced_online(card.holder, at=at))


def check_card_replaceable(card, *, loss, at):
    """Raise `NotReplaceable` unless `card` and its holder can begin a replacement at `at`.

    `loss` is the open formal loss of the card, or None.
    """
    if awaits_decision(card, loss, at=at):
        raise NotReplaceable(
            f"正式挂失已于 {moment(loss.declared_at)} 登记，"
            f"审核老师{rule_text('REVIEW_WORKING_DAYS')}内确认。",
            code="waiting",
            next_step=("查看登记", row_url("replacement:loss", card.reference)),
        )
    status = card.status_at(at)
    match status:
        case CardStatus.SEALED:
            _refuse_sealed(card)
        case CardStatus.RETIRED:
            raise NotReplaceable(
                "这张社保卡已经注销，不能再补换。补换过的，请使用新卡。",
                code="retired",
                row=card,
                next_step=("查看我的社保卡", page_url("replacement:guide")),
            )
    check_holder_replaces(card.holder, at=at)
    match status:
        case CardStatus.ACTIVE | CardStatus.SUSPENDED:
            raise NotReplaceable(
                "补换之前，先要办理正式挂失；卡没有丢、要换领的也一样。审核老师确认后就能申请补换。",
                code="not_lost",
                next_step=("办理正式挂失", row_url("replacement:loss", card.reference)),
            )


def check_begun(card, *, loss, at):
    """As `check_card_replaceable`, of a replacement that was begun while `card` was lost."""
    is_waiting = awaits_decision(card, loss, at=at)
    if not is_waiting and card.status_at(at) in (CardStatus.ACTIVE, CardStatus.SUSPENDED):
        raise NotReplaceable(
            "正式挂失已撤销，这张社保卡没有停用，不用补换。"
            "还要补换的，先重新办理正式挂失，确认以后这份草稿可以接着填。",
            code="loss_withdrawn",
            row=card,
            next_step=("办理正式挂失", row_url("replacement:loss", card.reference)),
        )
    check_card_replaceable(card, loss=loss, at=at)


def _refuse_sealed(card):
    card_request = getattr(card, "card_request", None)
    if card_request is not None and card_request.status == RequestStatus.PRODUCED:
        raise NotReplaceable(
            "新卡已经制好，还没有发出。收到卡后请先启用，不用补换。",
            code="not_dispatched",
            next_step=("查看制卡进度", card_request.get_absolute_url()),
        )
    raise NotReplaceable(
        "这张社保卡还没有启用，不能补换。收到卡后请先启用。",
        code="sealed",
        # If the city has no online service, the guide says where to go.
        next_step=("去启用社保卡", page_url("activation:guide")),
    )


def check_terms(*, card, reason, city, bank, at, elsewhere=None):
    """Raise `NotReplaceable` unless `card` may be replaced for `reason` by one of `city`, `bank`.

    Only 跨省流动参保地变化 moves to another city, and only it and 服务银行变化 to another bank.
    `elsewhere` (words, URL) is where other terms are chosen, the open areas without it.
    """
    day = day_of(at)
    areas = page_url("regions:areas")
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
    service, issuing = wording.both_openness(city=city, bank=bank, service=Service.REPLACE, day=day)
    if not service.is_open:
        raise NotReplaceable(
            f"{service.why_not(where=city.name, what='网上补换')}。"
            "请带身份证到当地发卡银行网点或社会保障卡服务网点办理。",
            code="city_not_open",
            next_step=elsewhere or ("社保卡跨省通办开通地区", areas),
        )
    if not issuing.is_open or not bank.has_nationwide_branches:
        why = f"{bank.name}在{city.name}不再提供网上办卡"
        if not issuing.is_open:
            why = issuing.why_not(
                where=f"{bank.name}在{city.name}", what="社保卡", never="没有开通"
            )
        raise NotReplaceable(
            f"{why}。请选「服务银行变化」，换一家银行。",
            code="bank_not_in_city",
            next_step=elsewhere or ("查看可选的银行", areas),
        )
