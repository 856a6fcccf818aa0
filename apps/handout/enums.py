"""Statuses and actions of boxes, their cards, and hand-out days. Stored values never change."""

from django.db import models


class BoxStatus(models.TextChoices):
    ON_THE_WAY = "ON_THE_WAY", "在路上"
    OPEN = "OPEN", "点卡中"
    CHECKED = "CHECKED", "已点清"


class BoxAction(models.TextChoices):
    PACK = "PACK", "制卡中心装箱"
    RECEIVE = "RECEIVE", "收到箱子"
    CHECK = "CHECK", "点清"
    REOPEN = "REOPEN", "重新点卡"


class BoxCardStatus(models.TextChoices):
    EXPECTED = "EXPECTED", "应到"
    MISSING = "MISSING", "箱里没有"
    SURPLUS = "SURPLUS", "单上没有"
    MISTYPED = "MISTYPED", "点错的卡号"
    IN_BOX = "IN_BOX", "在单位待领"
    HANDED_OUT = "HANDED_OUT", "已领"
    TO_RETURN = "TO_RETURN", "待退回"
    RETURNED = "RETURNED", "已退回制卡中心"

    @property
    def tone(self):
        """The colour of its tag."""
        return _TONES.get(self, "")


_TONES = {
    BoxCardStatus.MISSING: "bad",
    BoxCardStatus.SURPLUS: "warn",
    BoxCardStatus.IN_BOX: "info",
    BoxCardStatus.HANDED_OUT: "ok",
    BoxCardStatus.TO_RETURN: "warn",
}

# The card lies at the unit, and its holder can have it.
AT_THE_UNIT = (BoxCardStatus.IN_BOX, BoxCardStatus.TO_RETURN)
# Nobody has got the card yet, and somebody may.
AWAITED = (BoxCardStatus.EXPECTED, BoxCardStatus.MISSING, *AT_THE_UNIT)
# No other row of the same card may be in one of these.
LIVE = (*AWAITED, BoxCardStatus.HANDED_OUT)


class BoxCardAction(models.TextChoices):
    EXPECT = "EXPECT", "列入装箱单"
    FIND_EXTRA = "FIND_EXTRA", "点出单上没有的卡"
    COUNT = "COUNT", "单位已收到卡"
    UNCOUNT = "UNCOUNT", "点卡点错了，还没有收到卡"
    DROP_EXTRA = "DROP_EXTRA", "不算多出来的卡"
    ADOPT = "ADOPT", "补进装箱单"
    MISS = "MISS", "箱里没有找到"
    INVITE = "INVITE", "通知领卡"
    CALL_OFF = "CALL_OFF", "领卡时间取消"
    REMIND = "REMIND", "提醒领卡"
    AUTHORISE = "AUTHORISE", "委托同事代领"
    WITHDRAW = "WITHDRAW", "取消委托"
    HAND_OUT = "HAND_OUT", "交卡"
    TAKE_BACK = "TAKE_BACK", "收回交错的卡"
    END_KEEPING = "END_KEEPING", "保管期满"
    GIVE_BACK = "GIVE_BACK", "退回制卡中心"


class HandedWay(models.TextChoices):
    """How it was made sure that the right person got the card."""

    CODE = "CODE", "本人，扫领卡码"
    NUMBER = "NUMBER", "本人，核对照片"
    PROXY = "PROXY", "代领，扫代领码"
    LETTER = "LETTER", "代领，看委托书"
    PAPER = "PAPER", "纸质签收，事后补录"
    PAPER_PROXY = "PAPER_PROXY", "代领，纸质签收，事后补录"

    @property
    def is_by_proxy(self):
        return self in (HandedWay.PROXY, HandedWay.LETTER, HandedWay.PAPER_PROXY)

    @property
    def names_the_proxy(self):
        """Whether the desk writes down the name of who got the card."""
        return self in (HandedWay.LETTER, HandedWay.PAPER_PROXY)


class DayStatus(models.TextChoices):
    PLANNED = "PLANNED", "已安排"
    CALLED_OFF = "CALLED_OFF", "已取消"
    OVER = "OVER", "已结束"


class DayAction(models.TextChoices):
    ARRANGE = "ARRANGE", "安排领卡时间"
    CHANGE = "CHANGE", "改领卡时间地点"
    CALL_OFF = "CALL_OFF", "取消领卡时间"
    END = "END", "领卡时间已过"


class DepartmentAction(models.TextChoices):
    NAME_CONTACT = "NAME_CONTACT", "指定联系人"
    LOOK = "LOOK", "查看部门名单"
    PRINT = "PRINT", "打印签收表"
    PRINT_PROGRESS = "PRINT_PROGRESS", "打印办卡进展"
    CARD_LEAVES = "CARD_LEAVES", "待领的卡随名册换了部门"
