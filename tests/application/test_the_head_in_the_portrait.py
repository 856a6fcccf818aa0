"""Heads of all kinds, from the upload to the portrait: what the page proposes and says of them."""

import pytest
from django.urls import reverse
from PIL import Image

from apps.application import making
from apps.requests.models import Particulars
from tests.application.pictures import upload
from tests.factories.cards import make_draft
from tests.sampling import some
from tests.shown import send
from tests.verification.looks import LOOKS, WALL

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


@pytest.fixture
def uploaded(client):
    """Uploads `picture` for a new draft and uses the proposal as it is: (draft, the last page)."""

    def upload_and_use(picture):
        draft = make_draft(complete=False)
        client.force_login(draft.holder.user)
        page = reverse("application:portrait", args=[draft.reference])
        use = reverse("application:portrait_crop", args=[draft.reference])
        client.post(page, {"picture": upload(picture)})
        proposed = Particulars.objects.get(card_request=draft).portrait_crop
        answer = send(client, use, proposed, page=page).content.decode()
        return Particulars.objects.get(card_request=draft), answer

    return upload_and_use


@pytest.mark.parametrize("name", some(LOOKS, "very wide dark hair"))
def test_the_assistant_never_refuses_its_own_proposal(uploaded, name):
    particulars, _ = uploaded(LOOKS[name].picture())
    assert particulars.portrait


@pytest.mark.parametrize("degrees", some([90, 180, 270], 90))
def test_a_picture_that_lies_on_its_side_is_turned(uploaded, degrees):
    """As programs send it that drop the camera's mark."""
    look = LOOKS["white hair, glasses"]
    particulars, _ = uploaded(look.picture().rotate(degrees, expand=True))
    assert particulars.portrait
    with particulars.portrait_source.open() as file:
        assert Image.open(file).size == look.size


@pytest.mark.slow
def test_who_stands_at_the_edge_is_told_to_move_and_not_to_move_the_picture(uploaded):
    image = LOOKS["bald, dark skin"].picture()
    image = image.crop((220, 0, image.width, image.height))
    particulars, page = uploaded(image)
    assert not particulars.portrait
    assert "原照片里人太靠左边：请站到画面中间重拍" in page


@pytest.mark.slow
def test_a_face_too_small_for_the_print_is_found_and_the_advice_is_one_that_helps(uploaded):
    image = Image.new("RGB", (2400, 1800), WALL)
    small = LOOKS["white hair, glasses"].picture().resize((432, 540))
    image.paste(small, (900, 1260))
    particulars, page = uploaded(image)
    assert not particulars.portrait
    assert "原照片里人脸太小：请站近些重拍" in page


@pytest.mark.slow
def test_who_stands_far_away_keeps_every_pixel_that_the_portrait_needs(uploaded):
    image = Image.new("RGB", (3000, 4000), WALL)
    image.paste(LOOKS["white hair, glasses"].picture().resize((864, 1080)), (1000, 2920))
    particulars, _ = uploaded(image)
    assert particulars.portrait
    with particulars.portrait_source.open() as file:
        assert Image.open(file).size == (1800, 2400)


@pytest.mark.slow
def test_a_wall_without_anybody_is_not_called_blurred_or_too_bright(uploaded):
    _, page = uploaded(Image.new("RGB", (900, 1200), WALL))
    assert "没有找到正面人脸" in page
    assert "照片模糊" not in page
    assert "照片过曝" not in page


def test_a_small_picture_is_read_once_though_its_face_is_far(uploaded, monkeypatch):
    """There is no finer reading of it."""
    read, open_upload = [], making.open_upload

    def opened(upload, **how):
        read.append(how)
        return open_upload(upload, **how)

    monkeypatch.setattr(making, "open_upload", opened)
    look = LOOKS["white hair, glasses"]
    small = look.picture().resize((576, 720))
    particulars, _ = uploaded(small)
    assert particulars.portrait
    assert read == [{}]
