"""What a change would touch, for the two who decide on it."""

from dataclasses import dataclass

from apps.cards.enums import CARD_NOT_RETIRED, REQUEST_IN_FLIGHT, REQUEST_WITH_CARD
from apps.cards.models import Card, CardRequest
from apps.common.refusals import Refused
from apps.common.visibility import shown
from apps.people.models import Guardianship
from apps.person_changes.enums import PersonChangeKind
from apps.person_changes.policies import check_change, check_may_decide


@dataclass(frozen=True)
class RecordSummary:
    """One record as the desk sees it, masked, with how much hangs on it."""

    reference: str
    name: str
    id_number: str
    department: str
    employee_number: str
    cards: int
    requests: int
    children: int
    is_merged: bool

    @property
    def lines(self):
        """(label, text) of what follows."""
        return [
            ("姓名", self.name),
            ("社会保障号码", self.id_number),
            ("部门", self.department or "未填"),
            ("工号", self.employee_number or "没有账户"),
            ("没注销的社保卡", f"{self.cards} 张"),
            ("在办的申请", f"{self.requests} 件"),
            ("登记的子女", f"{self.children} 个"),
        ]


def summary_of(holder):
    """The `RecordSummary` of `holder`. Select `user` along; three queries."""
    return RecordSummary(
        reference=holder.reference,
        name=shown(holder.name, "list.name"),
        id_number=shown(holder.id_number, "list.id_number"),
        department=holder.department,
        employee_number=holder.user.employee_number if holder.user else "",
        cards=Card.objects.filter(holder=holder, status__in=CARD_NOT_RETIRED).count(),
        requests=CardRequest.objects.filter(holder=holder, status__in=REQUEST_IN_FLIGHT).count(),
        children=Guardianship.objects.not_refused().filter(guardian=holder).count(),
        is_merged=holder.merged_into_id is not None,
    )


def obstacle(change, *, at):
    """The sentence why `change` could not be made at the moment `at`; "" when it can."""
    try:
        check_change(
            change.kind,
            holder=change.holder,
            other=change.other,
            new_number=change.new_number or "",
            at=at,
        )
    except Refused as refusal:
        return refusal.message
    return ""


def why_not_decided(change, *, by):
    """The sentence why `by` is not the one to decide on `change`; "" when nothing is against it."""
    try:
        check_may_decide(change, by=by)
    except Refused as refusal:
        return refusal.message
    return ""


def consequences(change):
    """What people should know before they confirm, as sentences."""
    if change.kind == PersonChangeKind.EMPLOYEE_NUMBER:
        return ["本人以后用新的工号登录，会收到消息。申请、社保卡和记录不变。"]
    if change.kind == PersonChangeKind.MERGE:
        return [
            "并入的记录的申请、社保卡、缴费、监护关系、消息都转到保留的一条。",
            "两条记录都有账户的，并入的账户停用，登录的设备都退出。",
            "办理记录和同意书不改动，查看时两条一起显示。",
        ]
    found = ["出生日期和性别随号码更正；还没有制卡的申请一起更正。本人会收到消息。"]
    made = CardRequest.objects.filter(holder=change.holder, status__in=REQUEST_WITH_CARD)
    if made.exists():
        found.append("已经制成的社保卡上印的是原来的号码，更正以后请本人补换。")
    return found
