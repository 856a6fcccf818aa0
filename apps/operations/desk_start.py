"""What operators begin with: what is not well and what to do about it, and what was given up."""

from django.urls import reverse

from apps.desk import roles
from apps.desk.work import StartPart, Work
from apps.operations import alarms, retrying
from apps.operations.checks import CHECKS
from apps.operations.checks.processes import alive
from apps.operations.enums import State
from apps.operations.examination import examine
from apps.operations.models import Alarm

INDEX = "admin:operations_alarm_changelist"
SHOWN_ALARMS = 6


def collect(at):
    examined = examine(CHECKS, at=at)
    unwell = [each for each in examined if each.is_to_look_at]
    return {
        "unwell": sorted(unwell, key=lambda each: each.result.state != State.BAD),
        "unconfirmed": alarms.unconfirmed(unwell),
        "starting": [each for each in examined if each.is_starting],
        "well": [each for each in examined if each.is_well],
        "kinds": [_given_up(kind) for kind in retrying.KINDS],
        "alarms": Alarm.objects.order_by("-pk")[:SHOWN_ALARMS],
        "processes": alive(at),
    }


def _given_up(kind):
    return Work(
        kind.key,
        kind.title,
        kind.rows().count(),
        unit="个",
        url=f"{reverse(INDEX)}#{kind.key}-title",
        note="原因解决以后勾选重试，不用再办的写明原因。",
    )


PARTS = (
    StartPart(
        roles.OPERATE_PORTAL,
        "运行维护",
        "门户运行得怎样，有什么没有做成。申请和个人信息不在这里。",
        "operations/start_part.html",
        collect,
    ),
)
