"""What whoever hands out cards begins with: today's hand-out days, and what is to be seen to."""

from django.db.models import Count, Min
from django.urls import reverse

from apps.common.rules import rule_text
from apps.desk import roles
from apps.desk.work import StartPart, Work
from apps.handout.enums import BoxCardStatus
from apps.handout.models import Box, BoxCard
from apps.handout_desk import lists

SHOWN_DAYS = 6
SHOWN_DEPARTMENTS = 12
BOXES = "admin:handout_box_changelist"
TABLE = "admin:handout_boxcard_changelist"


def collect(at):
    days, departments = lists.days_ahead(at), lists.departments_waiting(at)
    today = [day for day in days if day.is_today]
    later = [day for day in days if not day.is_today]
    return {
        "today": today,
        "next_day": later[0] if later else None,
        "later": later[:SHOWN_DAYS],
        "departments": departments[:SHOWN_DEPARTMENTS],
        "more_departments": max(len(departments) - SHOWN_DEPARTMENTS, 0),
        "left": sum(one.waiting for one in departments),
        "kinds": [_boxes(), *_cards()],
    }


def _boxes():
    rows = lists.boxes_to_count()
    found = rows.aggregate(count=Count("pk"), oldest_at=Min("status_since"))
    counting = sum(box.is_open for box in rows)
    coming = found["count"] - counting
    return Work(
        "boxes",
        "要点的卡箱",
        unit="个",
        url=_only(rows),
        note=f"{counting} 箱点到一半，{coming} 箱在路上。箱子到了先登记收到，再一张张点。",
        **found,
    )


def _only(boxes):
    """The page of the only one of `boxes`, else the list."""
    first = list(boxes[:2])
    if len(first) == 1:
        return reverse("admin:handout_box_change", args=[first[0].reference])
    return reverse(BOXES)


def _cards():
    """What is wrong with cards, and what nobody came for. One query for all, and one for boxes."""
    troubles = {
        BoxCardStatus.MISSING: "应到没到的卡",
        BoxCardStatus.SURPLUS: "多出来的卡",
        BoxCardStatus.TO_RETURN: "要退回制卡中心的卡",
    }
    notes = {
        BoxCardStatus.MISSING: "已告诉本人，制卡中心在找。找到了就打开那一箱接着点。",
        BoxCardStatus.SURPLUS: "装箱单上没有。请单独放好，在那一箱里登记退回。",
        BoxCardStatus.TO_RETURN: f"保管满{rule_text('UNIT_KEEPS')}没有人领，在交卡那一页登记退回。",
    }
    rows = BoxCard.objects.filter(status__in=troubles)
    grouped = rows.order_by().values("status").annotate(n=Count("pk"), since=Min("status_since"))
    found = {row["status"]: row for row in grouped}
    for status, title in troubles.items():
        row = found.get(status, {"n": 0, "since": None})
        yield Work(
            status.lower(),
            title,
            row["n"],
            unit="张",
            oldest_at=row["since"],
            url=_where(status) if row["n"] else "",
            note=notes[status],
        )


def _where(status):
    if status == BoxCardStatus.TO_RETURN:
        return reverse(TABLE)
    return _only(Box.objects.filter(cards__status=status).distinct().order_by("pk"))


PARTS = (
    StartPart(
        roles.HAND_OUT,
        "单位领卡",
        "点卡箱、安排领卡、交卡。申请内容和证件号码不在这里。",
        "handout_desk/start_part.html",
        collect,
    ),
)
