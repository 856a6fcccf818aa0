"""When people may ask for a correction or a copy, and what must be over before an account ends."""

from django.conf import settings

from apps.common.kept_data import Category
from apps.common.moments import day_of, start_of
from apps.common.refusals import Refused
from apps.common.rules import rule_text
from apps.events.models import Event
from apps.my_data.event_kinds import MY_DATA, MyDataAction
from apps.my_data.models import Correction

# What HR can put right; the other categories are records of what happened.
CORRECTABLE = (
    Category.IDENTITY,
    Category.ACCOUNT,
    Category.FAMILY,
    Category.CARD,
    Category.APPLICATION,
    Category.DELIVERY,
    Category.PAYMENT,
    Category.LOSS,
)


def check_may_ask(*, holder, by, topic):
    """Raise `Refused` when `by` waits for an answer about `topic` (a name of `CORRECTABLE`)."""
    if topic not in [category.name for category in CORRECTABLE]:
        raise Refused("请选择是哪一类信息。", code="topic")
    if Correction.objects.open().filter(holder=holder, asked_by=by, topic=topic).exists():
        raise asked_already()


def asked_already():
    """The `Refused` for somebody who waits for an answer about the same."""
    return Refused("这一类信息您已经请人事处更正，还在等答复。", code="asked_already")


def copies_left(user, *, at):
    """How many copies of everything `user` may still take on the day of `at`."""
    today = Event.objects.about(MY_DATA, user).filter(
        action=MyDataAction.COPY, at__gte=start_of(day_of(at))
    )
    return max(0, settings.COPIES_PER_DAY - today.count())


def check_may_copy(user, *, at):
    """Raise `Refused` when `user` has taken all copies of the day of `at`."""
    if not copies_left(user, at=at):
        raise Refused(
            f"今天已经下载 {rule_text('COPIES_PER_DAY', gap=' ')}，请明天再下载。",
            code="copies",
        )
