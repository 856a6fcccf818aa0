"""Cards that the unit collects, through the services."""

from datetime import timedelta

from apps.cards.enums import RequestStatus
from apps.common.moments import day_of, start_of
from apps.handout import arranging, counting, packing
from apps.handout.enums import BoxStatus
from apps.handout.models import Box, BoxCard
from tests.factories.cards import AT, make_request
from tests.factories.payments import UNIT, go_on_addressed

# When boxes arrive: some time after the requests of `tests.factories.cards`.
ARRIVED = AT + timedelta(days=20)


def make_sent_to_unit(**options):
    """A request whose card was sent to the unit. See `let_the_unit_collect`."""
    card_request = make_request(RequestStatus.SUBMITTED, **options)
    return go_on_addressed(card_request, RequestStatus.DISPATCHED, **UNIT)


def make_box(by, *requests, counted=(), at=ARRIVED):
    """The open box of `requests`, of which `counted` were found inside."""
    packing.pack_sent(at=at, limit=100)
    box = BoxCard.objects.get(card_request=requests[0]).box
    if box.status == BoxStatus.ON_THE_WAY:
        counting.receive(box=box, by=by, at=at)
    for card_request in counted:
        number = card_request.card.card_number
        counting.count(box=box, text=number, by=by, at=at)
    return Box.objects.get(pk=box.pk)


def make_waiting(by, *, at=ARRIVED, guardian=None, **options):
    """A `BoxCard` that lies at the unit; that of a child was applied for by `guardian`."""
    if guardian is not None:
        options["by"] = guardian.user
    card_request = make_sent_to_unit(**options)
    make_box(by, card_request, counted=[card_request], at=at)
    return BoxCard.objects.get(card_request=card_request)


def make_day(by, *, department=None, at=ARRIVED, **fields):
    """A hand-out day, from 9:00 to 11:00 two days after the moment `at`."""
    begins = start_of(day_of(at) + timedelta(days=2)) + timedelta(hours=9)
    values = {"place": "化学楼 301", "starts_at": begins}
    values |= {"ends_at": begins + timedelta(hours=2)} | fields
    return arranging.arrange(department=department, by=by, at=at, **values)
