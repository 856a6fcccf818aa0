"""Who has to act on a request, and the sentences about the day by which it should be done."""

from dataclasses import dataclass
from enum import StrEnum

from apps.common.templatetags.formats import end_of_day, promise


class Actor(StrEnum):
    """Who has to act."""

    APPLICANT = "applicant"
    REVIEWER = "reviewer"
    BUREAU = "bureau"
    UNIT = "unit"  # the card is on its way there
    KEEPER = "keeper"  # the unit has the card
    SEEKER = "seeker"  # the card was not in the box, and is looked for
    SYSTEM = "system"
    NOBODY = "nobody"


@dataclass(frozen=True)
class DueDateWords:
    """The sentences about a due date: `ahead` up to the end of that day, `passed` after it.

    `late_page` is the template that says whom to ask once it is late. An empty `ahead` means that
    no day is announced; being late is still told.
    """

    ahead: str
    passed: str
    late_page: str
    is_promise: bool = True  # counted in working days, so that holidays can move it

    def of(self, day):
        """The due date `day` as these sentences name it."""
        return promise(day) if self.is_promise else f"{end_of_day(day)} 前"


_FINISHED = "应在 {day}完成，已超期 {days} 天。"
ACT = DueDateWords(
    "请在 {day}办理",
    "应在 {day}办理，已超期 {days} 天，请尽快办理。",
    "waiting/late/applicant.html",
    is_promise=False,
)
REVIEWED = DueDateWords("预计 {day}完成", _FINISHED, "waiting/late/reviewer.html")
MADE = DueDateWords("预计 {day}完成", _FINISHED, "waiting/late/bureau.html")
USUALLY_MADE = DueDateWords("一般最迟 {day}完成", _FINISHED, "waiting/late/bureau.html")
DELIVERED = DueDateWords(
    "预计 {day}送达",
    "应在 {day}送达，已超期 {days} 天。",
    "waiting/late/delivery.html",
)
FETCHED = DueDateWords(
    "请在 {day}来领",
    "应在 {day}来领，已超期 {days} 天。",
    "waiting/late/applicant.html",
    is_promise=False,
)
BY_ITSELF = DueDateWords("", _FINISHED, "waiting/late/system.html", is_promise=False)
