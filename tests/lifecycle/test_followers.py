"""Rows that follow another row are moved in its transaction, whoever moves it and however."""

import dataclasses
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.cards.enums import CardAction, CardStatus
from apps.cards.lifecycle import CARD
from apps.cards.models import Card
from apps.events.enums import AS_WORKER, Role
from apps.lifecycle import engine, followers
from apps.lifecycle.followers import followers_of, model_of
from apps.lifecycle.sweep import move_all
from apps.lifecycle.tables import LIFECYCLES, Follows
from apps.loss_report.enums import LossReportAction, LossReportStatus
from apps.loss_report.lifecycle import LOSS_REPORT
from apps.loss_report.models import LossReport
from tests.factories.cards import AT
from tests.factories.loss_reports import make_loss_report

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(days=2)


def statuses():
    return set(LossReport.objects.values_list("status", flat=True))


def test_a_set_takes_its_followers_along_with_an_event_each():
    reports = [make_loss_report(at=AT + timedelta(days=1)) for _ in range(3)]
    cards = Card.objects.filter(status=CardStatus.SUSPENDED)
    assert move_all(cards, CardAction.RETIRE, at=LATER, **AS_WORKER).done == 3
    assert statuses() == {LossReportStatus.RETIRED}
    for report in reports:
        event = report.events.last()
        assert (event.action, event.at, event.role) == ("RETIRE", LATER, Role.WORKER)
        assert (event.from_status, event.to_status) == ("OPEN", "RETIRED")
        assert event.holder_id == report.card.holder_id


def test_what_happens_to_the_other_row_and_names_no_follower_moves_none():
    assert followers_of(CARD, CardAction.CONFIRM_LOSS) == [(LOSS_REPORT, LossReportAction.CONVERT)]
    assert followers_of(CARD, CardAction.ACTIVATE) == []


def test_when_the_follower_cannot_be_moved_nothing_is(monkeypatch):
    report = make_loss_report(at=AT + timedelta(days=1))

    def write_alike(*arguments, **details):
        raise IntegrityError

    monkeypatch.setattr(followers, "write_alike", write_alike)
    with pytest.raises(IntegrityError), transaction.atomic():
        engine.move(report.card, CardAction.RETIRE, at=LATER, **AS_WORKER)
    assert Card.objects.get().status == CardStatus.SUSPENDED
    assert not report.card.events.filter(action=CardAction.RETIRE).exists()


def test_a_follower_allows_every_role_of_the_move_that_it_follows():
    follows = Follows(CARD, "card", {CardAction.RETIRE: LossReportAction.EXPIRE})
    with pytest.raises(ValueError, match="EXPIRE does not allow"):
        dataclasses.replace(LOSS_REPORT, name="wrong", follows=follows)


@pytest.mark.parametrize("life", LIFECYCLES, ids=lambda life: life.name)
def test_a_follower_points_to_what_it_follows(life):
    if life.follows:
        field = model_of(life.name)._meta.get_field(life.follows.path)
        assert field.related_model.lifecycle is life.follows.lifecycle
        assert set(life.follows.moves) <= set(life.follows.lifecycle.moves)


def test_every_way_out_of_a_suspension_ends_the_report():
    leaving = {
        action for action, rule in CARD.moves.items() if CardStatus.SUSPENDED in rule.sources
    }
    assert set(LOSS_REPORT.follows.moves) == leaving
