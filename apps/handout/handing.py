"""Cards change hands: at the table, by a proxy, on paper; and back if it was a mistake."""

from django.core.exceptions import ValidationError
from django.db import transaction

from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.permissions import role_of
from apps.common.moments import day_of
from apps.common.refusals import Refused
from apps.common.templatetags.formats import day as day_in_words
from apps.events.enums import Channel, Role
from apps.handout import codes, policies
from apps.handout.enums import BoxCardAction, DayStatus, HandedWay
from apps.handout.models import BoxCard
from apps.lifecycle import engine
from apps.people.models import Holder, User
from apps.typed_text import names

RELATED = (
    "box",
    "card",
    "card_request__holder",
    "card_request__applicant",
    "holder__user",
    "department",
    "day",
    "proxy__holder",
)


def scanned(text, *, at):
    """(the `BoxCard`, the `HandedWay`, the bearer) of a code that was read at the table.

    The bearer is the holder, a guardian or the proxy whom they named. Raises `Refused` for a bad
    code, and for one of somebody who may no longer have the card.
    """
    card_reference, bearer_reference = codes.read(text, at=at)
    row = BoxCard.objects.select_related(*RELATED).filter(reference=card_reference).first()
    bearer = Holder.objects.select_related("user").filter(reference=bearer_reference).first()
    if row is None or bearer is None or bearer.user is None:
        raise codes.BadCode("这个领卡码已经没有用了。", code="forged")
    if row.holder.is_visible_to(bearer.user, at=at):
        return row, HandedWay.CODE, bearer
    if row.proxy_at(at) == bearer.user:
        return row, HandedWay.PROXY, bearer
    raise Refused("出示的人现在不能领这张卡：委托已经取消，或不再是监护人。", code="not_theirs")


@transaction.atomic
def hand_out(*, box_card, way, by, at, proxy=None, proxy_name="", handed_at=None):
    """Give the card to its holder, or to a proxy, in the way `way` (`HandedWay`).

    `proxy` is the person (`Holder`) to whom it is given as the colleague whom the holder named,
    `proxy_name` the name on a letter of authorisation, or of who signed for the holder on paper.
    `handed_at` is when it changed hands on paper; without it, now. The request counts as collected.
    Raises `NotAllowed`, `Refused`.
    """
    way = HandedWay(way)
    policies.check_not_own(box_card, by)
    if way == HandedWay.PROXY:
        policies.check_is_proxy(_locked(box_card), proxy, at=at)
        policies.check_not_to_oneself(by, proxy)
    if way.names_the_proxy:
        proxy_name = names.normalise(proxy_name)
        if not proxy_name:
            raise Refused("请填写代领人姓名。", code="no_proxy")
        try:
            names.check(proxy_name)
        except ValidationError as error:
            raise Refused(error.message, code=error.code) from error
    if handed_at is not None:
        if handed_at > at:
            raise Refused("签收时间不能晚于现在。", code="future")
        if day_of(handed_at) < box_card.box.sent_date:
            sent = day_in_words(box_card.box.sent_date)
            raise Refused(f"这张卡 {sent}才由制卡中心发出，签收时间不能更早。", code="too_early")
    engine.move(
        box_card,
        BoxCardAction.HAND_OUT,
        **_desk(by, at),
        due_at=handed_at,
        facts={"way": way},
        handed_way=way,
        proxy_name=proxy_name if way.names_the_proxy else "",
        next_reminder_at=None,
    )
    card_request = box_card.card_request
    if card_request.status == RequestStatus.DISPATCHED:
        engine.move(
            card_request,
            RequestAction.COLLECT,
            **_desk(by, at),
            due_at=handed_at,
            reason=f"单位交卡：{way.label}",
        )


@transaction.atomic
def take_back(*, box_card, by, at):
    """Undo a hand-out to the wrong person, within the window. Raises `Refused`."""
    policies.check_undo(box_card, at=at)
    kept_until = max(box_card.kept_until, policies.first_reminder(at))
    is_off = box_card.day is not None and box_card.day.status == DayStatus.CALLED_OFF
    engine.move(
        box_card,
        BoxCardAction.TAKE_BACK,
        **_desk(by, at),
        handed_way="",
        proxy_name="",
        kept_until=kept_until,
        next_reminder_at=policies.first_reminder(at),
        **({"day": None, "invited_at": None} if is_off else {}),
    )
    engine.move(
        box_card.card_request,
        RequestAction.TAKE_BACK,
        **_desk(by, at),
        reason="卡交错了，已收回",
    )


@transaction.atomic
def authorise(*, box_card, employee_number, by, at):
    """The holder, or a guardian, lets a colleague fetch the card. Returns the colleague's account.

    Raises `Refused` for an unknown employee number, for one's own, and while somebody else is
    named: another guardian, or another window, may have done that.
    """
    role = role_of(by, box_card.holder, at=at)
    number = User.normalize_username(employee_number)
    found = User.objects.filter(employee_number=number, is_active=True, holder__left_date=None)
    proxy = found.select_related("holder").first()
    if proxy is None:
        raise Refused(f"没有工号是 {number} 的在职同事，请核对。", code="unknown")
    if proxy.pk in (by.pk, box_card.holder.user_id):
        raise Refused("代领人不能是您自己，请填写同事的工号。", code="self")
    current = _locked(box_card)
    if current.proxy_at(at) not in (None, proxy):
        raise Refused(
            "已经委托了另一位同事代领。要换人，请先取消那个委托。", code="has_proxy", row=current
        )
    engine.move(
        box_card,
        BoxCardAction.AUTHORISE,
        by=by,
        role=role,
        at=at,
        channel=Channel.WEB,
        proxy=proxy,
        proxy_until=box_card.holder.own_from_at if role == Role.GUARDIAN else None,
    )
    return proxy


@transaction.atomic
def withdraw(*, box_card, proxy, by, at):
    """`proxy`, the person whom the page named, may not fetch the card any more.

    Raises `Refused` when the holder or a guardian has withdrawn it already, or named somebody else.
    """
    role = role_of(by, box_card.holder, at=at)
    policies.check_is_proxy(_locked(box_card), proxy, at=at)
    engine.move(box_card, BoxCardAction.WITHDRAW, by=by, role=role, at=at, channel=Channel.WEB)


def follow_birth_date(*, holder):
    """Let whom a guardian named for `holder` fetch the card up to the present 16th birthday."""
    named = BoxCard.objects.filter(holder=holder, proxy_until__isnull=False)
    named.update(proxy_until=holder.own_from_at)


def _locked(box_card):
    return (
        BoxCard.objects.select_for_update(of=("self",))
        .select_related("proxy__holder")
        .get(pk=box_card.pk)
    )


def _desk(by, at):
    return {"by": by, "role": Role.STAFF, "at": at, "channel": Channel.ADMIN}
