"""The way of a card through the unit, as lines of the request's timeline."""

from dataclasses import replace

from apps.events.enums import Role
from apps.events.models import Event
from apps.handout.enums import BoxCardAction
from apps.handout.lifecycle import BOX_CARD
from apps.waiting.timeline import Node, NodeState

_SHOWN = {
    BoxCardAction.COUNT: NodeState.DONE,
    BoxCardAction.ADOPT: NodeState.DONE,
    BoxCardAction.UNCOUNT: NodeState.WARN,
    BoxCardAction.MISS: NodeState.WARN,
    BoxCardAction.INVITE: NodeState.DONE,
    BoxCardAction.CALL_OFF: NodeState.WARN,
    BoxCardAction.AUTHORISE: NodeState.DONE,
    BoxCardAction.WITHDRAW: NodeState.DONE,
    BoxCardAction.END_KEEPING: NodeState.WARN,
    BoxCardAction.GIVE_BACK: NodeState.WARN,
}
_WHO = {Role.HOLDER: "本人", Role.GUARDIAN: "监护人"}


def with_nodes_of_unit(nodes, card_request):
    """The timeline `nodes` of `card_request` with those of its card at the unit, by their time."""
    if not card_request.is_collected_by_unit:
        return nodes
    keys = card_request.in_boxes.values("pk")
    events = Event.objects.of_kind(BOX_CARD).filter(
        subject_id__in=keys, action__in=[str(action) for action in _SHOWN]
    )
    found = [_node(event) for event in events.order_by("pk")]
    past = sorted([one for one in nodes if one.at] + found, key=lambda node: node.at)
    ahead = [one for one in nodes if not one.at]
    # The days of the delivery count only up to the unit.
    return past + [replace(one, expected_date=None) if found else one for one in ahead]


def _node(event):
    action = BoxCardAction(event.action)
    who = _WHO.get(Role(event.role), "人事处")
    return Node(action, _SHOWN[action], who, at=event.at, note=event.facts.get("place", ""))
