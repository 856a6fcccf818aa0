"""Reads the lists: where the people of a department stand, and what is left in the boxes."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, Subquery

from apps.cards.enums import RequestKind, RequestStatus
from apps.cards.models import CardRequest
from apps.handout.enums import AT_THE_UNIT, BoxCardStatus
from apps.handout.models import BoxCard, Department
from apps.invitations.funnel import FunnelStep, with_step
from apps.people.models import Holder


@dataclass(frozen=True)
class DepartmentPeople:
    """The people of one department, at the moment when they were read.

    Each `Holder` of `everybody` has `step` (a `FunnelStep`), `state` in words, `own_action` ("" for
    nothing the person can do now), and `is_waiting`: a card lies at the unit. Nothing else of a
    request is read: a contact person sees states, and no documents.
    """

    everybody: list

    @property
    def under_way(self):
        """Those who are not done."""
        return [person for person in self.everybody if not person.is_done]

    @property
    def steps(self):
        """[(step, number of people)] of those who are not done, in the order of the way."""
        found = Counter(person.step for person in self.under_way)
        return [(step, found[step]) for step in FunnelStep if found[step]]

    @property
    def done(self):
        return len(self.everybody) - len(self.under_way)


def people_of(department, *, at):
    """The `DepartmentPeople` of `department`. One query."""
    replacing = CardRequest.objects.in_flight().filter(
        holder=OuterRef("pk"), kind=RequestKind.REPLACEMENT
    )
    in_box = BoxCard.objects.filter(holder=OuterRef("pk")).order_by("-pk")
    in_box = in_box.exclude(card_request=None).with_status_at(at)
    people = (
        with_step(Holder.objects.employed().filter(department=department.name))
        .annotate(
            replacing=Subquery(replacing.values("status")[:1]),
            box_status=Subquery(in_box.values("current_status")[:1]),
        )
        .select_related("user")
        .order_by("name", "pk")
    )
    return DepartmentPeople([_in_words(person) for person in people])


# A card that comes to the unit: the holder confirms nothing, and waits for the invitation.
_ON_THE_WAY = {
    BoxCardStatus.EXPECTED: "已发往单位，到了通知领卡",
    BoxCardStatus.MISSING: "箱里没有，单位在查",
}


def _in_words(person):
    person.step = FunnelStep(person.step)
    person.is_waiting = person.box_status in AT_THE_UNIT
    person.state, person.own_action = person.step.label, person.step.own_action
    if person.replacing:
        person.state, person.own_action = f"补换：{RequestStatus(person.replacing).label}", ""
    if person.step == FunnelStep.SENT and person.box_status in _ON_THE_WAY:
        person.state, person.own_action = _ON_THE_WAY[person.box_status], ""
    if person.is_waiting:
        person.state, person.own_action = BoxCardStatus(person.box_status).label, "领卡"
    person.is_done = not (person.is_waiting or person.replacing) and person.step.is_done
    return person


def remainders():
    """The departments, each with `waiting` and `handed_out`; those with people's cards first."""
    return Department.objects.annotate(
        waiting=Count("cards", filter=Q(cards__status__in=AT_THE_UNIT)),
        handed_out=Count("cards", filter=Q(cards__status=BoxCardStatus.HANDED_OUT)),
    ).order_by("-waiting", "name")
