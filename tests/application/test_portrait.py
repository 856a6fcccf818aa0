"""The portrait assistant as pages: upload, adjust, use; without JavaScript all along."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from apps.cards.enums import RequestStatus
from apps.requests.models import Particulars
from apps.verification import faces, pictures
from tests.application.checks import verify
from tests.application.pictures import portrait_picture, upload
from tests.factories.cards import ask, make_draft, make_request
from tests.factories.people import make_holder
from tests.factories.storage import fill_the_disk, held
from tests.sampling import some
from tests.shown import send, shown_by

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_faces(monkeypatch):
    """Drawn heads are no faces: the rules that need a detector are another test's matter."""
    monkeypatch.setattr(faces, "is_available", lambda: False)


@pytest.fixture
def draft(client):
    draft = make_draft(complete=False)
    client.force_login(draft.holder.user)
    return draft


def url(name, card_request, *more):
    return reverse(f"application:{name}", args=[card_request.reference, *more])


def saved(draft):
    return Particulars.objects.get(card_request=draft)


def use(client, draft, **changes):
    data = saved(draft).portrait_crop | changes
    return send(client, url("portrait_crop", draft), data, page=url("portrait", draft))


HTMX = {"HX-Request": "true"}


def test_a_chosen_picture_is_answered_with_the_crop_in_the_page_of_the_form(client, draft):
    assert "data-portrait-form" in client.get(url("form", draft)).content.decode()
    data = {"picture": upload()}
    fragment = client.post(url("portrait", draft), data, headers=HTMX).content.decode()
    assert "<html" not in fragment
    assert "使用这张照片" in fragment
    assert "还差" in fragment
    crop = saved(draft).portrait_crop | shown_by(client, url("portrait", draft))
    fragment = client.post(url("portrait_crop", draft), crop, headers=HTMX).content.decode()
    assert "已选用的证件照片" in fragment
    assert "使用这张照片" not in fragment
    assert saved(draft).portrait


def test_a_picture_that_is_none_is_refused_in_its_place(client, draft):
    broken = SimpleUploadedFile("me.jpg", b"%PDF-1.7", "image/jpeg")
    fragment = client.post(url("portrait", draft), {"picture": broken}, headers=HTMX)
    page = fragment.content.decode()
    assert "<html" not in page
    assert 'id="id_picture_error"' in page
    assert not saved(draft).portrait_source


def test_an_upload_is_re_encoded_under_our_own_name_with_a_proposal(client, draft):
    response = client.post(url("portrait", draft), {"picture": upload(name="../张超.jpg")})
    assert response.url == url("portrait", draft)
    particulars = saved(draft)
    assert "张超" not in particulars.portrait_source.name
    assert set(particulars.portrait_crop) == {"x", "y", "width"}
    page = client.get(response.url).content.decode()
    assert f'value="{particulars.portrait_crop["width"]}"' in page
    assert "使用这张照片" in page


def test_the_proposal_as_it_is_becomes_the_portrait(client, draft):
    client.post(url("portrait", draft), {"picture": upload()})
    response = use(client, draft)
    assert response.url == url("form", draft) + "#portrait"
    particulars = saved(draft)
    with particulars.portrait.open() as file:
        portrait = Image.open(file)
        assert portrait.size == (358, 441)
        assert portrait.info["dpi"] == (350, 350)
    assert particulars.portrait_saved_at is not None
    assert all(finding["is_ok"] is not False for finding in particulars.portrait_findings)


def test_a_moved_crop_is_kept_and_one_beyond_the_edge_is_moved_inside(client, draft):
    client.post(url("portrait", draft), {"picture": upload()})
    use(client, draft, x="-500", y="9999")
    crop = saved(draft).portrait_crop
    assert crop["x"] == 0
    assert crop["y"] + round(crop["width"] * 441 / 358) <= 882


def test_a_rule_that_is_broken_is_named_and_the_portrait_is_not_taken(client, draft):
    client.post(url("portrait", draft), {"picture": upload(background=(90, 140, 200))})
    page = use(client, draft).content.decode()
    assert "背景不够白" in page
    assert "请换白墙重拍" in page
    assert not saved(draft).portrait


def test_a_rule_that_could_not_be_judged_is_neither_met_nor_failed(client, draft):
    client.post(url("portrait", draft), {"picture": upload()})
    use(client, draft)
    verify(draft)
    page = client.get(url("form", draft)).content.decode()
    assert page.count("未检查：") == 1
    assert "不合格：" not in page
    assert "人脸数量和位置未检查" in page


def test_a_failed_attempt_leaves_the_portrait_in_use_alone(client, draft):
    client.post(url("portrait", draft), {"picture": upload()})
    use(client, draft)
    before = saved(draft)
    client.post(url("portrait", draft), {"picture": upload(background=(60, 60, 60))})
    use(client, draft)
    after = saved(draft)
    assert after.portrait.name == before.portrait.name
    assert after.portrait_findings == before.portrait_findings


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("me.jpg", b"", "文件是空的"),
        ("me.jpg", b"%PDF-1.7 not a picture", "请上传真正的 JPG 或 PNG 照片"),
        ("me.gif", b"GIF89a", "不接受 GIF"),
        ("me.jpg", b"\xff\xd8\xff\xe0 damaged", "已损坏"),
    ],
)
def test_a_bad_file_gets_a_clear_sentence_beside_the_field(client, draft, name, content, words):
    picture = SimpleUploadedFile(name, content, content_type="image/jpeg")
    response = client.post(url("portrait", draft), {"picture": picture})
    assert words in response.content.decode()
    assert not saved(draft).portrait_source


@pytest.mark.slow
@pytest.mark.skipif(not pictures.takes_heic(), reason="needs the wheel in requirements/heic.txt")
@pytest.mark.parametrize("name", some(["IMG_0001.HEIC", "IMG_0001.JPG"], "IMG_0001.HEIC"))
def test_a_picture_of_an_iphone_becomes_the_proposal(client, draft, name):
    pictures.open_upload(upload())  # makes the format known
    content = io.BytesIO()
    portrait_picture().save(content, "HEIF")
    picture = SimpleUploadedFile(name, content.getvalue(), content_type="image/heic")
    client.post(url("portrait", draft), {"picture": picture})
    assert saved(draft).portrait_source.name.endswith(".jpg")
    assert saved(draft).portrait_crop


def test_a_picture_that_cannot_be_stored_is_told_and_stays_for_the_next_try(
    client, draft, monkeypatch
):
    with monkeypatch.context() as broken:
        fill_the_disk(broken)
        page = client.post(url("portrait", draft), {"picture": upload()}).content.decode()
    assert 'id="id_picture_error"' in page
    assert "请过几分钟再试" in page
    assert not saved(draft).portrait_source
    client.post(url("portrait", draft), {"picture-held": held(page, "picture")})
    assert saved(draft).portrait_source


def test_a_portrait_that_cannot_be_stored_leaves_everything_as_it_was(client, draft, monkeypatch):
    client.post(url("portrait", draft), {"picture": upload()})
    before = saved(draft)
    with monkeypatch.context() as broken:
        fill_the_disk(broken)
        assert "请过几分钟再试" in use(client, draft).content.decode()
    assert saved(draft).portrait_source == before.portrait_source
    use(client, draft)
    assert saved(draft).portrait


def test_a_picture_that_is_gone_from_the_disk_can_be_chosen_anew(client, draft):
    client.post(url("portrait", draft), {"picture": upload()})
    gone = saved(draft).portrait_source
    gone.storage.delete(gone.name)
    page = client.get(url("portrait", draft)).content.decode()
    assert "打不开了" in page
    assert "使用这张照片" not in page
    assert "打不开了" in use(client, draft).content.decode()
    assert client.get(url("portrait_image", draft, "preview")).status_code == 404
    client.post(url("portrait", draft), {"picture": upload()})
    assert "使用这张照片" in client.get(url("portrait", draft)).content.decode()


def test_an_upload_whose_bytes_are_gone_is_chosen_again(client, draft, monkeypatch):
    def gone(self, *args):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(InMemoryUploadedFile, "seek", gone, raising=False)
    page = client.post(url("portrait", draft), {"picture": upload()}).content.decode()
    assert "没有传完整，请再选一次" in page


def test_nothing_chosen_is_said(client, draft):
    assert "请先选择一张照片。" in client.post(url("portrait", draft)).content.decode()


def test_a_replaced_picture_is_deleted_once_the_new_one_is_stored(
    client, draft, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            client.post(url("portrait", draft), {"picture": upload()})
            use(client, draft)
    particulars = saved(draft)
    kept = {Path(particulars.portrait.name).name, Path(particulars.portrait_source.name).name}
    assert {path.name for path in tmp_path.rglob("*.jpg")} == kept


def test_leaving_and_coming_back_loses_no_upload(client, draft):
    client.post(url("portrait", draft), {"picture": upload()})
    client.logout()
    client.force_login(draft.holder.user)
    assert "使用这张照片" in client.get(url("portrait", draft)).content.decode()


@pytest.mark.parametrize("which", ["source", "preview", "final"])
def test_pictures_are_served_to_their_owner_only_and_never_cached(client, draft, which):
    client.post(url("portrait", draft), {"picture": upload()})
    use(client, draft)
    address = url("portrait_image", draft, which)
    response = client.get(address)
    assert response["Content-Type"] == "image/jpeg"
    assert "no-store" in response["Cache-Control"]
    client.force_login(make_holder().user)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("which", ["source", "preview", "final", "other"])
def test_a_picture_that_is_not_there_is_not_found(client, draft, which):
    assert client.get(url("portrait_image", draft, which)).status_code == 404


def test_the_portrait_of_a_submitted_request_is_closed(client):
    card_request = make_request(RequestStatus.ACCEPTED)
    client.force_login(card_request.holder.user)
    response = client.post(url("portrait", card_request), {"picture": upload()})
    assert response.url == card_request.get_absolute_url()


@pytest.mark.parametrize(("field", "is_open"), [("portrait", True), ("phone", False)])
def test_an_amendment_opens_the_portrait_only_when_it_was_named(client, field, is_open):
    start = timezone.now() - timedelta(hours=1)
    card_request = make_request(RequestStatus.ACCEPTED, at=start)
    ask(card_request, at=start + timedelta(minutes=30), items=[{"field": field, "reason": "…"}])
    client.force_login(card_request.holder.user)
    response = client.post(url("portrait", card_request), {"picture": upload(portrait_picture())})
    assert response.url == url("portrait" if is_open else "amend", card_request)
    assert bool(saved(card_request).portrait_source) is is_open
