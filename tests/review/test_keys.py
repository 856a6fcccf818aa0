"""The single keys on the pages of cases, of formal losses and of guardianships."""

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.desk.claims import services as claims
from tests.factories.cards import make_request
from tests.factories.formal_losses import make_formal_loss
from tests.factories.people import make_holder, make_registration, make_reviewer
from tests.journeys.tree import parse

pytestmark = pytest.mark.django_db

MAKE = [
    lambda: make_request(RequestStatus.ACCEPTED),
    make_formal_loss,
    lambda: make_registration(make_holder()),
]


@pytest.mark.parametrize("make", MAKE, ids=["case", "loss", "guardianship"])
@pytest.mark.parametrize("is_claimed", [True, False])
def test_every_key_of_the_page_is_explained_and_every_explained_key_is_there(
    client, make, is_claimed
):
    reviewer, subject, _next = make_reviewer(), make(), make()
    if is_claimed:
        claims.claim(subject=subject, by=reviewer, at=timezone.now())
    client.force_login(reviewer)
    meta = subject._meta
    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[subject.reference])
    html = client.get(url, {"_changelist_filters": "state=WAITING&stage=review"}).content.decode()
    assert "review_keys.js" in html
    page = parse(html, is_scripted=True)
    keys = [node.get("data-key") for node in page.nodes() if node.get("data-key")]
    dialog = next(page.nodes("dialog"))
    explained = {node.text.lower() for node in dialog.nodes("kbd")} - {"?"}
    assert len(keys) == len(set(keys)), "one place for each key"
    assert set(keys) == explained
    assert {"n", "l", "d", "h"} <= explained
    assert ({"a", "r"} <= explained) == is_claimed
    [following] = [node for node in page.nodes("a") if node.get("data-key") == "n"]
    assert "_changelist_filters=state%3DWAITING" in following.get("href"), "the list it came from"
