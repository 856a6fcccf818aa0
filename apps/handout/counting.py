"""The bureau's list against the box: what is there, what is missing, what nobody expected."""

from dataclasses import dataclass

from django.db import transaction

from apps.bureau.models import ProductionOrder
from apps.cards.models import Card
from apps.common.refusals import Refused
from apps.encryption.fields import blind_indexes
from apps.events.enums import Channel, Role
from apps.handout import policies
from apps.handout.arranging import told_of
from apps.handout.enums import BoxAction, BoxCardAction, BoxCardStatus, BoxStatus
from apps.handout.models import LIVE, Box, BoxCard
from apps.lifecycle import engine
from apps.lifecycle.sweep import move_all
from apps.typed_text.plain_text import compact

NUMBER_LENGTH = 9


@dataclass(frozen=True)
class Counted:
    """What one scan was: the `BoxCard`, and in words for the page what it means."""

    row: BoxCard
    words: str
    tone: str


@transaction.atomic
def receive(*, box, by, at):
    """The box has arrived."""
    engine.move(box, BoxAction.RECEIVE, **_desk(by, at))


@transaction.atomic
def count(*, box, text, by, at):
    """Take in the card with the number (社保卡号 or 制卡单号) `text`. Returns a `Counted`.

    The same card twice changes nothing, also when two people scan it at the same moment. A card
    that is not on the list is put down as surplus. Raises `Refused` for what is no number, and
    unless the box is open.
    """
    box = Box.objects.select_for_update().get(pk=box.pk)
    if box.status != BoxStatus.OPEN:
        raise Refused("请先登记收到箱子，再点卡。", code="not_open")
    number = compact(text).upper()
    if not (number.isascii() and number.isalnum() and NUMBER_LENGTH <= len(number) <= 16):
        raise Refused("社保卡号是 9 位字母或数字，制卡单号是 16 位。请再扫一次。", code="number")
    card = _card(number)
    row = _listed(box, card)
    if row is None:
        return _extra(box, card, number, by=by, at=at)
    if row.status == BoxCardStatus.IN_BOX:
        return Counted(row, "这张已经点过了。", "info")
    if row.box_id != box.pk:
        return Counted(row, f"这张卡属于箱子 {row.box.number}，请放回那一箱再点。", "warn")
    engine.move(
        row,
        BoxCardAction.COUNT,
        kept_until=policies.end_of_keeping(at),
        next_reminder_at=policies.first_reminder(at),
        **_desk(by, at),
    )
    return Counted(row, "点到了。", "ok")


@transaction.atomic
def uncount(*, box, row, by, at):
    """The `BoxCard` `row` was put down by mistake: the number was mistyped. Returns what it is now.

    A listed card is expected again, and whoever was asked to come for it hears that this is off; a
    surplus one never was. Raises `Refused` unless the box is open, `NotAllowed` for a card that was
    handed out meanwhile.
    """
    box = Box.objects.select_for_update().get(pk=box.pk)
    if box.status != BoxStatus.OPEN:
        raise Refused("这一箱已点清。请先点「接着点」，再改。", code="not_open")
    if not row.is_listed:
        engine.move(row, BoxCardAction.DROP_EXTRA, **_desk(by, at))
        return row
    if row.day is not None:
        engine.move(row, BoxCardAction.CALL_OFF, **_desk(by, at), facts=told_of(row.day))
    engine.move(row, BoxCardAction.UNCOUNT, **_desk(by, at))
    return row


@transaction.atomic
def check(*, box, by, at):
    """The box is counted: what was expected and not found is missing. Returns how many."""
    engine.move(box, BoxAction.CHECK, **_desk(by, at))
    expected = box.cards.filter(status=BoxCardStatus.EXPECTED)
    return move_all(expected, BoxCardAction.MISS, **_desk(by, at)).done


@transaction.atomic
def reopen(*, box, by, at):
    """Count on in a box that was counted."""
    engine.move(box, BoxAction.REOPEN, **_desk(by, at))


@transaction.atomic
def give_back(*, rows, seen, by, at):
    """The cards `rows`, a queryset, go back to the bureau. Returns how many.

    `seen` is how many they were on the page that was confirmed. Raises `Refused` if they are more
    or fewer by now: a colleague may have found another one, or handed one out.
    """
    keys = list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
    if len(keys) != seen:
        raise Refused(
            f"现在是 {len(keys)} 张，和您看到的不一样，还没有登记。请看过现在的再登记。",
            code="not_as_shown",
        )
    return move_all(rows, BoxCardAction.GIVE_BACK, **_desk(by, at)).done


def _desk(by, at):
    return {"by": by, "role": Role.STAFF, "at": at, "channel": Channel.ADMIN}


def _card(number):
    """The card with this number, or of the production order with this number; None for neither."""
    card = Card.objects.filter(card_number_index__in=blind_indexes(number)).first()
    if card is not None:
        return card
    order = ProductionOrder.objects.filter(reference=number).select_related("card_request__card")
    found = order.first()
    return found.card_request.card if found else None


def _listed(box, card):
    if card is None:
        return None
    rows = BoxCard.objects.filter(card=card).select_related("box", "holder", "department", "card")
    return rows.filter(status__in=LIVE).first()


def _extra(box, card, number, *, by, at):
    known = BoxCard.objects.filter(box=box, status=BoxCardStatus.SURPLUS)
    if card is not None:
        row = known.filter(card=card).first()
    else:
        row = next((one for one in known.filter(card=None) if one.unknown_number == number), None)
    if row is not None:
        return Counted(row, "单上没有这张，已经记下了。", "warn")
    row = BoxCard(
        box=box,
        card=card,
        holder=card.holder if card else None,
        unknown_number="" if card else number,
    )
    engine.begin(row, BoxCardAction.FIND_EXTRA, **_desk(by, at))
    return Counted(row, "单上没有这张，已记为多出来的卡，请单独放。", "warn")
