"""What one person may upload within an hour: through the pages, and in the service."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from apps.desk import roles
from apps.limits import services
from apps.limits.enums import UploadKind
from apps.limits.models import CountedUpload
from apps.limits.refusals import TooManyUploads
from apps.people.models import Guardianship
from apps.requests.models import Particulars
from apps.verification import faces, pictures
from tests.application.pictures import upload
from tests.children.test_pages import REGISTER, typed
from tests.factories.cards import AT, make_draft
from tests.factories.people import make_colleague, make_holder
from tests.factories.storage import held

pytestmark = pytest.mark.django_db

GOES_ON = r"[0-2]\d:[0-5]\d 以后可以接着上传"


@pytest.fixture
def two_an_hour(settings):
    settings.UPLOADS_AN_HOUR = dict.fromkeys(UploadKind, 2)


def count(by, *, minutes=0, number=1):
    at = AT + timedelta(minutes=minutes)
    services.count_upload(kind=UploadKind.PICTURE, by=by, at=at, number=number)


def test_the_limit_is_of_one_person_and_kind_and_slides_on(two_an_hour):
    user, other = make_holder().user, make_holder().user
    count(user)
    count(user, minutes=10)
    with pytest.raises(TooManyUploads) as refusal:
        count(user, minutes=30)
    free = timezone.localtime(AT + timedelta(minutes=61))
    assert (
        f"最多上传 2 张照片，现在已经到了。{free:%H:%M} 以后可以接着上传" in refusal.value.message
    )
    assert CountedUpload.objects.count() == 2, "what was refused is not counted"
    count(other, minutes=30)
    services.count_upload(kind=UploadKind.TABLE, by=user, at=AT + timedelta(minutes=30))
    count(user, minutes=61)


def test_several_files_wait_until_all_of_them_may_go(two_an_hour):
    user = make_holder().user
    count(user)
    count(user, minutes=10)
    with pytest.raises(TooManyUploads) as refusal:
        count(user, minutes=30, number=2)
    free = timezone.localtime(AT + timedelta(minutes=71))
    assert f"{free:%H:%M} 以后" in refusal.value.message
    count(user, minutes=71, number=2)
    with pytest.raises(TooManyUploads, match="too_many_uploads"):
        count(user, minutes=300, number=3)


def test_counts_are_deleted_after_their_term(settings):
    user = make_holder().user
    count(user)
    count(user, minutes=5)
    end = AT + settings.UPLOAD_COUNT_RETENTION
    assert services.forget(at=end - timedelta(seconds=1), limit=10) == 0
    assert services.forget(at=end, limit=10) == 1
    assert CountedUpload.objects.count() == 1


@pytest.mark.slow
def test_a_portrait_over_the_limit_is_not_opened_and_stays_in_the_page(
    client, two_an_hour, monkeypatch
):
    monkeypatch.setattr(faces, "is_available", lambda: False)
    draft = make_draft(complete=False)
    client.force_login(draft.holder.user)
    url = reverse("application:portrait", args=[draft.reference])
    broken = SimpleUploadedFile("me.jpg", b"%PDF-1.7", "image/jpeg")
    for _ in range(2):  # bad ones count as well
        assert client.post(url, {"picture": broken}).status_code == 200
        broken.seek(0)
    monkeypatch.setattr(pictures, "_kind", lambda content: pytest.fail("opened"))
    page = client.post(url, {"picture": upload()}).content.decode()
    assert re.search(GOES_ON, page)
    assert 'id="id_picture_error"' in page
    monkeypatch.undo()

    CountedUpload.objects.all().delete()  # an hour later
    [token] = held(page, "picture")
    assert client.post(url, {"picture-held": token}).status_code == 302
    assert Particulars.objects.get(card_request=draft).portrait_source


def test_proofs_over_the_limit_wait_in_the_page_with_everything_typed(client, two_an_hour):
    user = make_holder().user
    client.force_login(user)
    services.count_upload(kind=UploadKind.PICTURE, by=user, at=timezone.now())
    page = client.post(REGISTER, typed()).content.decode()
    assert re.search(GOES_ON, page)
    assert 'value="张乐"' in page
    assert len(held(page, "pictures")) == 2
    assert not Guardianship.objects.exists()

    CountedUpload.objects.all().delete()  # an hour later
    again = typed(pictures=None) | {"pictures-held": held(page, "pictures")}
    assert client.post(REGISTER, again).status_code == 302
    assert Guardianship.objects.get().proofs.count() == 2


@pytest.mark.parametrize(
    ("address", "role"),
    [
        ("admin:roster_rosterupload_upload", roles.SUPERVISOR),
        ("admin:bureau_bureaufile_upload", roles.SUPERVISOR),
    ],
)
def test_table_files_of_the_desk_are_limited_too(client, two_an_hour, address, role):
    client.force_login(make_colleague(role))
    for _ in range(2):
        file = SimpleUploadedFile("a.csv", b"nothing of ours")
        page = client.post(reverse(address), {"file": file}).content.decode()
        assert "以后可以接着上传" not in page
    file = SimpleUploadedFile("a.csv", b"nothing of ours")
    data = {"file": file, "is_complete": "on"}
    page = client.post(reverse(address), data, follow=True).content.decode()
    assert re.search(GOES_ON, page)
    assert "最多上传 2 个表格文件" in page
    if "roster" in address:
        assert re.search(r'name="is_complete"[^>]*checked', page)
