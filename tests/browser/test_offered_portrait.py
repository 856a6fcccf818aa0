"""HR brings a photographer's archive; a person takes the picture by one tap; the desk sees it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from apps.desk import roles
from apps.people.enums import Edition
from apps.requests.models import Particulars
from tests.chromium import DESKTOP, PHONE
from tests.factories.cards import make_draft
from tests.factories.offers import make_offer
from tests.factories.people import make_colleague, make_holder
from tests.photo_import.archives import zipped
from tests.verification.samples import PERSON, encoded, person

pytestmark = [
    pytest.mark.browser,
    pytest.mark.faces,
    pytest.mark.django_db(transaction=True),
]
TAKE = "用单位给您拍的照片"


@pytest.fixture
def draft(transactional_db):
    return make_draft(at=timezone.now() - timedelta(days=2), complete=False)


def test_an_archive_becomes_the_portrait_of_an_application(signed_in, draft, tmp_path):
    archive = tmp_path / "新进人员.zip"
    number = draft.holder.user.employee_number
    archive.write_bytes(zipped({f"{number}.jpg": encoded(person(PERSON), quality=92)}))
    desk = make_holder(name="李管", user=make_colleague(roles.SUPERVISOR))
    page = signed_in(desk, viewport=DESKTOP)
    page.goto(reverse("admin:roster_rosterupload_photos"))
    page.get_by_label("申领用证件照").check()
    page.locator("input[type=file]").set_input_files(archive)
    page.get_by_role("button", name="上传并预览").click()
    page.get_by_role("button", name="存入对上的 1 张").click()
    expect(page.get_by_role("status").get_by_text("已存入 1")).to_be_visible()

    page = signed_in(draft.holder, viewport=PHONE)
    page.goto(reverse("application:form", args=[draft.reference]))
    page.get_by_role("button", name=TAKE).click()
    expect(page.get_by_alt_text("已选用的证件照片")).to_be_visible()
    expect(page.get_by_role("button", name=TAKE)).to_have_count(0)
    assert Particulars.objects.get(card_request=draft).portrait_offered_at


@pytest.mark.slow
@pytest.mark.parametrize("edition", [Edition.STANDARD, Edition.ELDER])
def test_the_offer_is_read_by_everybody(signed_in, draft, assert_accessible, edition):
    make_offer(draft.holder, at=timezone.now() - timedelta(days=1))
    draft.holder.user.edition = edition
    draft.holder.user.save(update_fields=["edition"])
    page = signed_in(draft.holder, viewport=PHONE)
    for name in ("form", "portrait"):
        page.goto(reverse(f"application:{name}", args=[draft.reference]))
        expect(page.get_by_role("button", name=TAKE)).to_be_visible()
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
