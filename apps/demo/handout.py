"""A box of cards that the unit is counting, and a day on which it hands them out."""

from datetime import timedelta

from apps.common.deadlines import Deadline
from apps.common.moments import day_of, start_of
from apps.demo.accounts import HANDERS
from apps.handout import arranging, counting, packing
from apps.handout.models import BoxCard
from apps.people.models import User

# Whose card is found in the box. That of a colleague is not found yet.
FOUND = "D1026"
# It lies in the box and stands on nobody's list.
SURPLUS = "Z00000001"
SECONDS = 30


def build(*, at, tell):
    """Count the box half, and invite people for the day after tomorrow. Does nothing twice."""
    packing.pack_sent(at=at, limit=100)
    listed = BoxCard.objects.select_related("box", "card", "department")
    row = listed.filter(holder__user__employee_number=FOUND).first()
    if row is None or not row.box.is_on_the_way:
        return
    box, by = row.box, User.objects.get(employee_number=HANDERS[0].employee_number)
    counting.receive(box=box, by=by, at=at)
    for number in (row.card.card_number, SURPLUS):
        counting.count(box=box, text=number, by=by, at=at)
    begin = start_of(day_of(at) + timedelta(days=2)) + timedelta(hours=9)
    arranging.arrange(
        department=row.department,
        place="化学楼 101",
        starts_at=begin,
        ends_at=begin + timedelta(hours=3),
        by=by,
        at=at,
    )
    arranging.invite_due(at=at, deadline=Deadline(SECONDS))
    tell("单位领卡：一箱卡点了一半，后天领卡")
