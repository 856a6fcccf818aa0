"""Who is told what happens to a card at the unit."""

from django.utils.dateparse import parse_datetime

from apps.common.visibility import shown
from apps.events.enums import Role
from apps.events.messages import PORTAL_ONLY, Condition, Message, Placeholder
from apps.handout.enums import AT_THE_UNIT, BoxCardAction, BoxCardStatus, HandedWay
from apps.handout.lifecycle import BOX_CARD
from apps.handout.models import BoxCard
from apps.handout.policies import undo_window


def _rows():
    return BoxCard.objects.select_related("holder", "day", "proxy__holder", "card_request")


def _facts(events):
    return {event.pk: _of(event) for event in events}


def _of(event):
    """Place and hours as they were told, and how the card was handed out."""
    facts = event.facts
    told = {"place": facts.get("place", "")}
    for name in ("starts_at", "ends_at"):
        told[name] = parse_datetime(facts[name]) if name in facts else None
    way = facts.get("way")
    return told | {
        "is_over": event.subject is not None and _is_over(event, told),
        "by_proxy": bool(way) and HandedWay(way).is_by_proxy,
        "proxy": _proxy(event.subject),
        "person": shown(event.subject.holder.name, "message.name") if event.subject else "",
    }


# What asks people to come is told as long as the card is so.
_OPEN_WHILE = {
    BoxCardAction.INVITE: AT_THE_UNIT,
    BoxCardAction.REMIND: AT_THE_UNIT,
    BoxCardAction.AUTHORISE: AT_THE_UNIT,
    BoxCardAction.END_KEEPING: (BoxCardStatus.TO_RETURN,),
}


def _is_over(event, told):
    """Whether what `event` asks for is done, or another time is told in its place."""
    row = event.subject
    if row.status not in _OPEN_WHILE.get(event.action, (row.status,)):
        return True
    if event.action != BoxCardAction.INVITE or told["starts_at"] is None:
        return False
    day = row.day
    return day is None or told != {
        "place": day.place,
        "starts_at": day.starts_at,
        "ends_at": day.ends_at,
    }


def _proxy(row):
    """Who got the card in the person's place, masked."""
    name = row.proxy_name if row else ""
    if not name and row and row.proxy:
        name = row.proxy.holder.name
    return shown(name, "message.name") or "您委托的人"


def to_proxy(event):
    """The colleague who was asked to fetch the card."""
    row = event.subject
    return [row.proxy_id] if row and row.proxy_id else []


def _message(action, name, **options):
    return Message(
        BOX_CARD.name,
        action,
        f"handout/messages/{name}.txt",
        rows=_rows,
        facts=_facts,
        **options,
    )


PLACEHOLDERS = (
    Placeholder("starts_at|day", "日期", "12月8日（周二）", is_needed=True),
    Placeholder("starts_at|time_of_day", "开始时间", "09:00", is_needed=True),
    Placeholder("ends_at|time_of_day", "结束时间", "11:30", is_needed=True),
    Placeholder("place", "地点", "办公楼一层大厅", is_needed=True),
    Placeholder("subject.day.starts_at|day", "日期", "12月8日（周二）", is_needed=True),
    Placeholder("subject.day.starts_at|time_of_day", "开始时间", "09:00", is_needed=True),
    Placeholder("subject.day.ends_at|time_of_day", "结束时间", "11:30", is_needed=True),
    Placeholder("subject.day.place", "地点", "办公楼一层大厅", is_needed=True),
    Placeholder("subject.kept_until|moment", "保管到", "12月31日（周四）24:00", is_needed=True),
    Placeholder("proxy", "代领人", "*敏", is_needed=True),
    Placeholder("person", "谁委托的", "*超", is_needed=True),
    Condition("starts_at", "定了时间", is_needed=True),
    Condition("subject.day and subject.day.ends_at > event.at", "领卡时间还没过", is_needed=True),
    Condition("by_proxy", "由别人代领", is_needed=True),
)

MESSAGES = (
    _message(BoxCardAction.COUNT, "arrived", channels=PORTAL_ONLY),
    _message(BoxCardAction.ADOPT, "arrived", channels=PORTAL_ONLY),
    _message(
        BoxCardAction.UNCOUNT,
        "not_arrived",
        channels=PORTAL_ONLY,
        undone_by=(BoxCardAction.COUNT,),
    ),
    _message(BoxCardAction.MISS, "missing", channels=PORTAL_ONLY),
    _message(BoxCardAction.INVITE, "invite"),
    _message(BoxCardAction.CALL_OFF, "called_off"),
    _message(BoxCardAction.REMIND, "remind"),
    _message(
        BoxCardAction.AUTHORISE,
        "authorised",
        only_to=to_proxy,
        audience="被委托的同事",
        undone_by=(BoxCardAction.WITHDRAW,),
    ),
    _message(
        BoxCardAction.HAND_OUT,
        "handed_out",
        told_by=(Role.STAFF,),
        wait=undo_window,
        undone_by=(BoxCardAction.TAKE_BACK,),
    ),
    _message(BoxCardAction.END_KEEPING, "to_return"),
)
