"""One message in words of a supervisor, so that its page shows a version beside the program's."""

from datetime import timedelta

from apps.demo.accounts import SUPERVISORS
from apps.notices import table
from apps.notices.models import MessageWording
from apps.notices_desk import services
from apps.notices_desk.book import Words
from apps.people.models import User

SINCE = timedelta(days=20)
MESSAGE = "request.PRODUCE"
WORDS = "{谁的}社保卡制好了，正等制卡中心发出。发出后会再通知您，现在不用做什么。"


def build(*, at, tell):
    """Since `SINCE` before `at` it is told in `WORDS`. Does nothing the second time."""
    if MessageWording.objects.of_keys([MESSAGE]).exists():
        return
    tell("改过的消息")
    services.add_version(
        message=table.by_key(MESSAGE),
        words=Words(WORDS),
        base=0,
        reason="常有人问什么时候能拿到，说明还会通知",
        applies_from=at - SINCE + services.BEGINS_AFTER,
        by=User.objects.get(employee_number=SUPERVISORS[0].employee_number),
        at=at - SINCE,
    )
