"""Whom a change would reach, by what holds at this moment and not by what was written down."""

from datetime import timedelta

import pytest

from apps.cards.enums import CardStatus
from apps.regions.enums import Service
from apps.rulebook import impact
from tests.factories.cards import make_card

pytestmark = pytest.mark.django_db


def told(groups):
    return {group.title: [person.state for person in group.people] for group in groups}


def test_a_card_whose_suspension_is_over_counts_as_usable_although_no_worker_has_run():
    card = make_card(CardStatus.SUSPENDED)
    during, after = card.suspended_until - timedelta(days=2), card.suspended_until + timedelta(2)
    asked = (
        lambda at: impact.of_rule([card.city], {"loss_report_days": 5}, at=at),
        lambda at: impact.of_closed_service(card.city, Service.LOSS_REPORT, at=at),
    )
    for of in asked:
        assert told(of(during)) == {"正在临时挂失": ["临时挂失"]}
        assert told(of(after)) == {"正常使用的社保卡": ["正常"]}
    opened = impact.of_opened_service(card.city, Service.LOSS_REPORT, at=after)
    assert told(opened) == {"正常使用的社保卡": ["正常"]}
