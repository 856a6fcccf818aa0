"""Statuses and actions of what goes to the card bureau and comes back; values never change."""

from django.db import models


class ReportKind(models.TextChoices):
    MADE = "MADE", "制卡成功"
    FAILED = "FAILED", "制卡失败"
    SENT = "SENT", "已发出"


class BatchStatus(models.TextChoices):
    WAITING = "WAITING", "待送出"
    SUBMITTED = "SUBMITTED", "已送出"
    EMPTY = "EMPTY", "全部搁置"


class BatchAction(models.TextChoices):
    ASSEMBLE = "ASSEMBLE", "建立批次"
    RETRY = "RETRY", "重新送出批次"
    SUBMIT = "SUBMIT", "送出批次"
    CLOSE = "CLOSE", "没有可送的制卡单"


class OrderStatus(models.TextChoices):
    OPEN = "OPEN", "制卡中"
    MADE = "MADE", "制卡成功"
    SENT = "SENT", "已发出"
    FAILED = "FAILED", "制卡失败"
    HELD = "HELD", "已搁置"
    RELEASED = "RELEASED", "已改排下一批"


# The bureau doesn't know an order in one of these, because it was put on hold.
NOT_SENT = (OrderStatus.HELD, OrderStatus.RELEASED)


class OrderAction(models.TextChoices):
    PLACE = "PLACE", "生成制卡单"
    MAKE = "MAKE", "制卡成功"
    SEND = "SEND", "已发出"
    FAIL = "FAIL", "制卡失败"
    HOLD = "HOLD", "搁置制卡单"
    RELEASE = "RELEASE", "重新送制"


class AddressAction(models.TextChoices):
    """What became of an address that was changed after its order had left for the bureau."""

    CHANGE = "CHANGE", "送制后收件信息改过"
    SEND = "SEND", "已发更正文件给制卡中心"
    PHONE = "PHONE", "已电话告知制卡中心"


class ReportStatus(models.TextChoices):
    """Whether a report is applied."""

    NEW = "NEW", "待登记"
    WAITING = "WAITING", "等前一步"
    REFUSED = "REFUSED", "没能登记"
    APPLIED = "APPLIED", "已登记"
    DISMISSED = "DISMISSED", "不再登记"


class ReportAction(models.TextChoices):
    RECEIVE = "RECEIVE", "收到回盘"
    RETRY = "RETRY", "再次登记制卡回盘"
    DEFER = "DEFER", "等前一步"
    REFUSE = "REFUSE", "没能登记"
    APPLY = "APPLY", "登记回盘"
    DISMISS = "DISMISS", "不再登记回盘"


class LineStatus(models.TextChoices):
    """What became of a line that could not be read."""

    OPEN = "OPEN", "待处理"
    CORRECTED = "CORRECTED", "已改正"
    DISMISSED = "DISMISSED", "不再处理"

    @property
    def tone(self):
        """The colour of its tag."""
        return "warn" if self == LineStatus.OPEN else ""


class LineAction(models.TextChoices):
    SET_ASIDE = "SET_ASIDE", "隔离回盘行"
    CORRECT = "CORRECT", "改正隔离行"
    DISMISS = "DISMISS", "不再处理隔离行"
