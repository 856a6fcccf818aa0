"""What the tiles of the matters say to somebody whose card is elsewhere or being replaced."""

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.replacement.models import FormalLoss
from apps.replacement.services import withdraw
from tests.factories.cards import make_draft
from tests.factories.formal_losses import make_replacement_draft
from tests.factories.people import make_holder, make_reviewer

pytestmark = pytest.mark.django_db


def tiles_of(client, holder):
    client.force_login(holder.user)
    response = client.get(reverse("home:home"))
    return {tile.entry.url_name: tile.line for tile in response.context["tiles"]}


def test_the_matters_know_that_a_lost_card_is_being_replaced(client):
    draft = make_replacement_draft()
    lines = tiles_of(client, draft.holder)
    assert lines["replacement:guide"] == "正在办"
    assert lines["application:guide"] == "正在补换，不用办"
    assert lines["loss_report:guide"] == "旧卡已停用"
    assert lines["progress:list"] == "看办到哪一步"
    first = tiles_of(client, make_draft().holder)
    assert (first["application:guide"], first["replacement:guide"]) == ("正在办", "有卡后可办")


def test_a_draft_that_is_stopped_is_still_under_way_beside_a_card_in_use(client):
    draft = make_replacement_draft()
    loss = FormalLoss.objects.get(card=draft.old_card)
    withdraw(loss=loss, reason="卡找到了", by=make_reviewer(), at=timezone.now())
    lines = tiles_of(client, draft.holder)
    assert lines["progress:list"] == "看办到哪一步"
    assert lines["loss_report:guide"] == "先停用，可解除"


def test_who_has_a_card_of_another_place_is_not_told_to_wait_for_one(client):
    lines = tiles_of(client, make_holder(has_card_elsewhere=True))
    for page in ("activation:guide", "replacement:guide", "loss_report:guide"):
        assert lines[page] == "卡不在这里管理"
