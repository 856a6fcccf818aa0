"""Every table of moves, over its whole product, and every clock as Python and as the database."""

from datetime import timedelta
from itertools import product

import pytest
from django.apps import apps

from apps.cards.enums import CardStatus
from apps.cards.models import Card
from apps.events.enums import Role
from apps.lifecycle import engine
from apps.lifecycle.models import Living
from apps.lifecycle.refusals import NotAllowed
from apps.lifecycle.tables import LIFECYCLES
from tests.factories.cards import AT, make_card

MODELS = [model for model in apps.get_models() if issubclass(model, Living)]
MOVES = [
    pytest.param(model, status, action, id=f"{model.lifecycle.name}-{status}-{action}")
    for model in MODELS
    for status, action in product(model.lifecycle.statuses, model.lifecycle.actions)
]


def test_every_lifecycle_has_its_model():
    assert {model.lifecycle.name for model in MODELS} == {life.name for life in LIFECYCLES}


@pytest.mark.parametrize(("model", "status", "action"), MOVES)
def test_a_move_is_allowed_exactly_as_the_table_says(model, status, action):
    row = model(status=status)
    rule = model.lifecycle.moves[action]
    for role in Role:
        allowed = status in rule.sources and role in rule.by
        assert engine.is_allowed(row, action, role=role, at=AT) == allowed
        if allowed:
            engine.check_allowed(row, action, role=role, at=AT)
        else:
            with pytest.raises(NotAllowed):
                engine.check_allowed(row, action, role=role, at=AT)


@pytest.mark.parametrize("life", LIFECYCLES, ids=lambda life: life.name)
def test_every_status_is_reached_and_every_action_leads_somewhere(life):
    targets = {rule.target for rule in life.moves.values()}
    assert targets == set(life.statuses)
    assert any(not rule.sources for rule in life.moves.values())
    assert all(rule.by for rule in life.moves.values())


@pytest.mark.django_db
@pytest.mark.parametrize("passed", [-1, 0, 1])
@pytest.mark.parametrize("status", CardStatus)
def test_the_status_by_the_clock_is_the_same_in_python_and_in_the_database(status, passed):
    card = make_card(status)
    at = (card.suspended_until or AT + timedelta(days=9)) + timedelta(seconds=passed)
    told = card.status_at(at)
    assert Card.objects.with_status_at(at).get(pk=card.pk).current_status == told
    for other in CardStatus:
        found = Card.objects.in_status(other, at=at).filter(pk=card.pk).exists()
        assert found == (other == told)
