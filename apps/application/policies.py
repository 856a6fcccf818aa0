"""What is allowed now with a request on the pages of this matter, beyond the table of moves."""

from django.conf import settings

from apps.common.addresses import page_url, row_url
from apps.common.moments import day_of
from apps.lifecycle.refusals import NotAllowed
from apps.people.enums import ConsentKind
from apps.people.refusals import ConsentRefused
from apps.regions import wording
from apps.regions.enums import Service
from apps.requests.models import Amendment


def where_to_agree(card_request, *, at):
    """(words, address) of the page where the consents for `card_request` are given again."""
    if card_request.is_replacement:
        url = row_url("replacement:start", card_request.old_card.reference)
    elif not card_request.holder.is_of_age(at):
        url = row_url("application:child_agreement", card_request.holder.reference)
    else:
        url = page_url("application:guide")
    return ("去重新勾选同意", url)


def needed_kinds(kinds):
    """Those of the consents `kinds` that a card needs. The one for faces is optional."""
    return [kind for kind in kinds if kind != ConsentKind.FACE]


def check_not_withdrawn(card_request, kinds, *, at):
    """Raise `ConsentRefused` if `kinds`, the withdrawn consents, contain one that a card needs."""
    if needed := needed_kinds(kinds):
        names = "、".join(f"《{kind.label}》" for kind in needed)
        raise ConsentRefused(
            f"您已撤回对{names}的同意，不能提交。要继续办理，请重新勾选同意，已填的内容都还在。",
            code="withdrawn",
            next_step=where_to_agree(card_request, at=at),
        )


def check_fillable(card_request):
    """Raise `NotAllowed` unless `card_request` is still filled in."""
    if not card_request.is_draft:
        raise _not_now(card_request, "已经提交，不能再填写")


def check_amendable(card_request):
    """Raise `NotAllowed` unless a reviewer asked for an amendment of `card_request`."""
    if not card_request.needs_amendment:
        raise _not_now(card_request, "没有要修改的内容")


def check_open_amendment(card_request, amendment, waiting):
    """Raise `NotAllowed` unless `amendment` is the one that is `waiting` for an answer."""
    if waiting is None or amendment is None or amendment.pk != waiting.pk:
        last = Amendment.objects.filter(card_request=card_request).order_by("-pk").first()
        if last is not None and last.is_recalled:
            raise _not_now(card_request, "审核老师撤回了修改要求，不用修改")
        raise _not_now(card_request, "要修改的内容已经修改提交，不能再改")


def _not_now(card_request, why):
    return NotAllowed(
        f"这件申请现在是「{card_request.get_status_display()}」，{why}。",
        code="wrong_status",
        next_step=("查看制卡进度", card_request.get_absolute_url()),
        row=card_request,
    )


def check_discardable(card_request):
    """Raise `NotAllowed` unless `card_request` is still being filled in."""
    if not card_request.is_draft:
        raise _not_now(card_request, "不是草稿，不能放弃")


def check_withdrawable(card_request):
    """Raise `NotAllowed` unless `card_request` waits for its payment."""
    if not card_request.awaits_payment:
        raise NotAllowed(
            f"这件申请现在是「{card_request.get_status_display()}」，不能撤销。"
            f"缴费以后要停办的，请联系{settings.PORTAL_OPERATOR['contact']}。",
            code="wrong_status",
            row=card_request,
        )


def check_portrait_open(*, card_request):
    """Raise `NotAllowed` unless the portrait of `card_request` may be changed now."""
    if card_request.is_draft:
        return
    amendment = Amendment.objects.filter(card_request=card_request, answered_at=None).first()
    if amendment is None or "portrait" not in amendment.fields:
        raise NotAllowed("这件申请现在不能更换照片。", code="portrait_closed", row=card_request)


def last_day_to_submit(card_request, *, at):
    """The last day on which city and bank still take the draft, where it is known; else None."""
    return wording.last_day_of(
        city=card_request.city,
        bank=card_request.bank,
        service=Service.REPLACE if card_request.is_replacement else Service.APPLY,
        day=day_of(at),
    )
