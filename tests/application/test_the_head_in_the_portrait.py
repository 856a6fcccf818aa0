"""White hair before a white wall, from the upload to the portrait: what the page says of it."""

import pytest
from django.urls import reverse

from apps.requests.models import Particulars
from tests.application.pictures import upload
from tests.factories.cards import make_draft
from tests.shown import send
from tests.verification.looks import LOOKS

pytestmark = [pytest.mark.django_db, pytest.mark.faces]


def test_the_proposal_is_taken_and_a_crop_that_cuts_the_hair_is_not(client):
    draft = make_draft(complete=False)
    client.force_login(draft.holder.user)
    page = reverse("application:portrait", args=[draft.reference])
    use = reverse("application:portrait_crop", args=[draft.reference])
    look = LOOKS["white hair, glasses"]
    client.post(page, {"picture": upload(look.picture())})
    proposed = Particulars.objects.get(card_request=draft).portrait_crop

    lower = proposed | {"y": round(look.crown) + 20}
    answer = send(client, use, lower, page=page).content.decode()
    assert "头顶被裁掉了：请把照片往下移" in answer
    assert f'name="y" value="{lower["y"]}"' in answer
    assert not Particulars.objects.get(card_request=draft).portrait

    send(client, use, proposed, page=page)
    particulars = Particulars.objects.get(card_request=draft)
    assert particulars.portrait
    hair = [found for found in particulars.portrait_findings if found["rule"] == "hair"]
    assert hair[0]["text"] == "头顶上方的空白合适"
