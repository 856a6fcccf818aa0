"""Two tables at the same moment: a card is handed out once, and its request is collected once."""

from functools import partial

import pytest

from apps.cards.enums import CardStatus, RequestAction, RequestStatus
from apps.desk import roles
from apps.handout import counting, handing
from apps.handout.enums import BoxCardAction, BoxCardStatus, HandedWay
from apps.handout.models import BoxCard
from tests.contests import at_once
from tests.factories.boxes import ARRIVED, make_box, make_sent_to_unit, make_waiting
from tests.factories.cards import make_card
from tests.factories.people import make_colleague, make_holder

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def handing_out(row, **options):
    by = make_colleague(roles.HANDER)
    return lambda: handing.hand_out(
        box_card=BoxCard.objects.select_related(*handing.RELATED).get(pk=row.pk),
        by=by,
        at=ARRIVED,
        **options,
    )


def test_two_tables_hand_one_card_out_once():
    for _ in range(5):
        row = make_waiting(make_colleague(roles.HANDER))
        refusals = at_once(
            handing_out(row, way=HandedWay.NUMBER),
            handing_out(row, way=HandedWay.LETTER, proxy_name="李大军"),
        )
        assert len(refusals) == 1
        assert refusals[0].message
        row.refresh_from_db()
        assert row.status == BoxCardStatus.HANDED_OUT
        assert (row.handed_way == HandedWay.LETTER) == bool(row.proxy_name)
        assert row.events.filter(action=BoxCardAction.HAND_OUT).count() == 1
        request = row.card_request
        assert request.status == RequestStatus.COLLECTED
        assert request.events.filter(action=RequestAction.COLLECT).count() == 1


def test_a_card_is_not_handed_to_a_proxy_whose_authorisation_ends_at_that_moment():
    for _ in range(5):
        row, colleague = make_waiting(make_colleague(roles.HANDER)), make_holder()
        handing.authorise(
            box_card=row,
            employee_number=colleague.user.employee_number,
            by=row.holder.user,
            at=ARRIVED,
        )
        owner = row.holder.user
        refusals = at_once(
            handing_out(row, way=HandedWay.PROXY, proxy=colleague),
            lambda row=row, colleague=colleague, owner=owner: handing.withdraw(
                box_card=BoxCard.objects.select_related(*handing.RELATED).get(pk=row.pk),
                proxy=colleague,
                by=owner,
                at=ARRIVED,
            ),
        )
        assert len(refusals) == 1
        row.refresh_from_db()
        assert (row.status == BoxCardStatus.HANDED_OUT) == (row.proxy_id is not None)


@pytest.mark.parametrize("is_known", [True, False])
def test_two_who_scan_a_card_that_nobody_expected_put_it_down_once(is_known):
    by = make_colleague(roles.HANDER)
    box = make_box(by, make_sent_to_unit())
    for number in range(5):
        surplus = f"SURPLUS{number:02d}"
        if is_known:
            surplus = make_card(CardStatus.SEALED).card_number
        scan = partial(counting.count, box=box, text=surplus, by=by, at=ARRIVED)
        assert at_once(scan, scan) == []
        assert box.cards.filter(status=BoxCardStatus.SURPLUS).count() == number + 1
