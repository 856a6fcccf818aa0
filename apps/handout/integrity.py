"""Of cards at the unit: a counted box hides none, and what was handed out is collected."""

from django.db.models import F, Q

from apps.cards.enums import RequestStatus
from apps.common.integrity import Invariant
from apps.handout.enums import AT_THE_UNIT, LIVE, BoxCardStatus, BoxStatus, DayStatus
from apps.handout.models import BoxCard


def _hidden_in_counted_box(at):
    return BoxCard.objects.filter(status=BoxCardStatus.EXPECTED, box__status=BoxStatus.CHECKED)


def _handed_out_and_not_collected(at):
    handed_out = BoxCard.objects.filter(status=BoxCardStatus.HANDED_OUT)
    return handed_out.exclude(card_request__status=RequestStatus.COLLECTED)


def _of_another_person(at):
    listed = BoxCard.objects.filter(status__in=LIVE)
    return listed.exclude(
        card__holder=F("holder"), card_request__holder=F("holder"), card_request__card=F("card")
    )


def _invited_to_no_day(at):
    waiting = BoxCard.objects.filter(status__in=AT_THE_UNIT)
    return waiting.filter(Q(day__status=DayStatus.CALLED_OFF) | Q(day=None, invited_at__lte=at))


def _proxy_beyond_the_birthday(at):
    """Whom a guardian named may fetch the card until the child acts alone."""
    named = BoxCard.objects.filter(status__in=AT_THE_UNIT, proxy_until__isnull=False)
    for row in named.select_related("holder").iterator():
        if row.proxy_until != row.holder.own_from_at:
            yield row


INVARIANTS = [
    Invariant("点清的卡箱里，没有还没点到的卡", _hidden_in_counted_box),
    Invariant("单位交出的卡，申请都已领取", _handed_out_and_not_collected),
    Invariant("箱里的卡和申请是同一个人的", _of_another_person),
    Invariant("通知过的领卡时间，都没有取消", _invited_to_no_day),
    Invariant("监护人委托的代领，都到孩子可以本人办理的那天为止", _proxy_beyond_the_birthday),
]
