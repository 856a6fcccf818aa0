"""A file that was chosen and is gone when the form is sent: its page stays, and says what to do."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from apps.desk import roles
from apps.people.models import Guardianship
from apps.roster.models import RosterUpload
from tests.application.pictures import portrait_picture
from tests.factories.people import make_colleague, make_holder

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GONE = "现在读不到了"


@pytest.fixture
def chosen(tmp_path):
    """A picture on the disk of whoever sends the form."""
    path = tmp_path / "户口簿.jpg"
    portrait_picture().save(path)
    return path


def test_a_guardian_keeps_what_was_typed_and_chooses_the_picture_again(signed_in, chosen):
    page = signed_in(make_holder())
    page.goto(reverse("children:register"))
    page.get_by_label("孩子的姓名").fill("王小乐")
    page.locator("input[type=file]").set_input_files(chosen)
    chosen.rename(chosen.with_name("moved.jpg"))
    page.get_by_role("button", name="同意并提交登记").click()
    expect(page.get_by_role("alert").filter(has_text=GONE)).to_contain_text("户口簿.jpg")
    expect(page.get_by_label("孩子的姓名")).to_have_value("王小乐")
    page.locator("input[type=file]").set_input_files(chosen.with_name("moved.jpg"))
    page.get_by_role("button", name="同意并提交登记").click()
    expect(page.get_by_text("不勾选同意，就不能在网上登记").first).to_be_visible()
    expect(page.get_by_text(GONE)).to_have_count(0)
    assert not Guardianship.objects.exists()


def test_a_supervisor_is_told_which_file_is_gone(signed_in, tmp_path):
    page = signed_in(make_holder(user=make_colleague(roles.SUPERVISOR)))
    page.goto(reverse("admin:roster_rosterupload_upload"))
    roster = tmp_path / "名册.csv"
    roster.write_text("工号,姓名,社会保障号码\n")
    page.locator("input[type=file]").set_input_files(roster)
    roster.unlink()
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_role("alert").filter(has_text=GONE)).to_contain_text("名册.csv")
    assert not RosterUpload.objects.exists()
