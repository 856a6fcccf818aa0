from django.db import models


class FormalLossStatus(models.TextChoices):
    WAITING = "WAITING", "待确认"
    CONFIRMED = "CONFIRMED", "已确认"
    REFUSED = "REFUSED", "未通过"
    WITHDRAWN = "WITHDRAWN", "已撤销"

    @property
    def tone(self):
        """The colour of its tag."""
        return _TONES[self]


_TONES = {
    FormalLossStatus.WAITING: "info",
    FormalLossStatus.CONFIRMED: "ok",
    FormalLossStatus.REFUSED: "bad",
    FormalLossStatus.WITHDRAWN: "bad",
}

# A card has at most one formal loss in one of these.
FORMAL_LOSS_OPEN = (FormalLossStatus.WAITING, FormalLossStatus.CONFIRMED)


class FormalLossAction(models.TextChoices):
    DECLARE = "DECLARE", "登记"
    CONFIRM = "CONFIRM", "确认"
    REFUSE = "REFUSE", "不确认"
    TAKE_BACK = "TAKE_BACK", "撤回登记"
    WITHDRAW = "WITHDRAW", "撤销"
