"""Who is told what happens to a request."""

from apps.cards.enums import RequestAction
from apps.cards.lifecycle import RECALLS, REQUEST
from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.common.typed_words import harmless
from apps.common.working_days import add_working_days
from apps.events.enums import Role
from apps.events.messages import (
    PORTAL_AND_SMS,
    PORTAL_ONLY,
    Condition,
    Message,
    Placeholder,
    to_other_guardians,
)
from apps.events.models import Event
from apps.lateness.promises import words_of
from apps.requests import registry
from apps.requests.event_kinds import LATE, LateStage
from apps.requests.models import Amendment
from apps.requests.policies import settled_after


def _rows():
    return CardRequest.objects.select_related("holder", "city", "rule")


def _facts(events):
    """What the templates need besides the event: the amendment, the payment, the promised day."""
    keys = {event.subject_id for event in events}
    paid = set(
        Event.objects.of_kind(REQUEST)
        .filter(subject_id__in=keys, action=RequestAction.PAY)
        .values_list("subject_id", flat=True)
    )
    asked = list(Amendment.objects.filter(card_request__in=keys).order_by("pk"))
    found = {}
    for event in events:
        amendment = _asked_by(event, asked)
        found[event.pk] = {
            "is_paid": event.subject_id in paid,
            "to_change": in_words(amendment.items) if amendment else "",
            "due_date": amendment.due_date if amendment else None,
            "made_date": add_working_days(day_of(event.at), event.subject.rule.produce_days)
            if event.subject
            else None,
        }
    return found


def _asked_by(event, amendments):
    """The one of `amendments` that `event` has asked for, or brought back; else None."""
    found = [
        amendment
        for amendment in amendments
        if amendment.card_request_id == event.subject_id
        and (
            amendment.asked_at == event.at
            or (event.action == RequestAction.RECALL_TO_AMENDMENT and amendment.asked_at < event.at)
        )
    ]
    return found[-1] if found else None


def in_words(items):
    """The items of an amendment as a message says them: 照片（太暗）、邮寄地址（没有门牌号）."""
    return "、".join(
        f"{registry.get(item['field']).label}（{harmless(item['reason'])}）" for item in items
    )


def _message(action, name, channels=PORTAL_AND_SMS, **details):
    return Message(
        REQUEST.name,
        action,
        f"requests/messages/{name}.txt",
        channels,
        rows=_rows,
        facts=_facts,
        **details,
    )


def _late_facts(events):
    return {event.pk: words_of(event) for event in events}


def _late(stage):
    return Message(
        LATE.name,
        stage,
        f"requests/messages/late_{stage.lower()}.txt",
        rows=_rows,
        facts=_late_facts,
    )


# What one guardian does, and how the other one reads it: 另一位监护人……您子女*乐的申领申请……
_BY_GUARDIAN = {
    RequestAction.SUBMIT: ("提交了", ""),
    RequestAction.WITHDRAW: ("撤销了", ""),
    RequestAction.WAIVE: ("确认了", "，不用付邮寄费"),
    RequestAction.REOPEN: ("取回了", "，正在修改"),
    RequestAction.AMEND: ("修改了", "，已重新受理"),
    RequestAction.RESUME: ("交回了", "，继续审核"),
    RequestAction.COLLECT: ("为", "确认了领卡"),
}


def _to_others(action):
    verb, then = _BY_GUARDIAN[action]
    return to_other_guardians(
        REQUEST.name,
        action,
        verb=verb,
        what=lambda card_request: f"{card_request.matter}申请",
        then=then,
        rows=_rows,
    )


PLACEHOLDERS = (
    Placeholder("subject.matter", "业务", "申领"),
    Placeholder(
        "to_change", "要修改的项", "照片（背景不是白色）、邮寄地址（没有门牌号）", is_needed=True
    ),
    Placeholder("due_date|end_of_day", "修改期限", "12月6日（周日）24:00", is_needed=True),
    Placeholder("made_date|promise", "制成日期", "12月18日（周五）24:00 前", is_needed=True),
    Placeholder("subject.carrier", "承运方", "中国邮政"),
    Placeholder("subject.tracking_number", "运单号", "1234567890123", is_needed=True),
    Condition("is_paid", "已缴费"),
    Condition("subject.is_replacement", "办的是补换", is_needed=True),
    Condition("subject.is_collected_by_unit", "由单位统一领取", is_needed=True),
    Condition("subject.tracking_number", "有运单号", is_needed=True),
)

# People are not told what they have just done themselves.
MESSAGES = (
    _message(RequestAction.ACCEPT, "accept"),
    _message(
        RequestAction.REQUEST_AMENDMENT,
        "amendment",
        wait=settled_after,
        undone_by=(RequestAction.RECALL, RequestAction.AMEND, RequestAction.REJECT),
    ),
    # An amendment is to be made again. Whoever was told of it before its rejection knows.
    _message(
        RequestAction.RECALL_TO_AMENDMENT,
        "amendment",
        undone_by=(RequestAction.AMEND, RequestAction.REJECT),
        unless_told=(RequestAction.REQUEST_AMENDMENT,),
    ),
    _message(RequestAction.RESUME, "resume", told_by=(Role.WORKER,)),
    _message(
        RequestAction.APPROVE,
        "approve",
        PORTAL_ONLY,
        wait=settled_after,
        undone_by=RECALLS,
    ),
    _message(RequestAction.REJECT, "reject", wait=settled_after, undone_by=RECALLS),
    _message(RequestAction.LAPSE, "lapse"),
    _message(RequestAction.FAIL, "fail", PORTAL_ONLY),
    _message(RequestAction.PRODUCE, "produce"),
    _message(RequestAction.DISPATCH, "dispatch"),
    *(_late(stage) for stage in LateStage),
    *(_to_others(action) for action in _BY_GUARDIAN),
)
