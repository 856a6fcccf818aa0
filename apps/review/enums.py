"""The choices of the filter of the list of requests."""

from django.db import models


class Matter(models.TextChoices):
    FIRST = "FIRST", "申领"
    LOST = "LOST", "补领"
    RENEWAL = "RENEWAL", "换领"


class QueueStage(models.TextChoices):
    """What a case waits for. Finer than the status."""

    WAITING = "waiting", "待审核"
    RESUBMITTED = "resubmitted", "修改后重新提交"
    FAILED = "failed", "制卡失败退回"
    SECOND_REVIEW = "second_review", "待复核"
    ASKED = "asked", "申请人请求修改"
    LATE = "late", "已告知申请人超期"
    ALL = "all", "全部"


WAITING_STAGES = (
    QueueStage.WAITING,
    QueueStage.RESUBMITTED,
    QueueStage.FAILED,
    QueueStage.SECOND_REVIEW,
)


class Age(models.TextChoices):
    OVERDUE = "overdue", "已超过承诺时限"
    DUE_TODAY = "due_today", "今天应办结"


# Further choices: cases that have waited for so many days.
WAITED_DAYS = [(str(days), f"满 {days} 天") for days in (3, 7, 30)]


class Whose(models.TextChoices):
    SELF = "self", "本人"
    CHILD = "child", "监护人代办"


class CheckResult(models.TextChoices):
    PASSED = "passed", "已通过"
    UNCERTAIN = "uncertain", "请审核老师判断"
    NONE = "none", "没有核验"


class AnyRisk(models.TextChoices):
    """Further choices: each risk of `apps.risks`."""

    NONE = "none", "没有"
    SOME = "some", "有"


class Held(models.TextChoices):
    MINE = "mine", "我领办的"
    FREE = "free", "没有人领办"
    OTHERS = "others", "同事领办的"
    POSTPONED = "postponed", "我稍后办的"
    REFERRED = "referred", "转给我、请我看的"


class Sort(models.TextChoices):
    """The order of the list. For what waits, the longest wait has the earliest promised day."""

    WAITED_LONGEST = "waited", "等得最久的在前"
    WAITED_SHORTEST = "-waited", "最近的在前"
    HANDED_IN_FIRST = "handed_in", "最早提交的在前"
    HANDED_IN_LAST = "-handed_in", "最近提交的在前"

    @property
    def column(self):
        """The column or `alias` of the requests; each has an index that ends with the key."""
        return "handed_in_at" if "handed_in" in self else "waits_since"

    @property
    def is_newest_first(self):
        return self.startswith("-")

    @property
    def turned(self):
        """The other way round."""
        return Sort(self.removeprefix("-") if self.is_newest_first else f"-{self}")
