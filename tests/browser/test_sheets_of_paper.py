"""The other papers: a receipt has its QR code, and of the list to sign only the list is printed.

test_prints.py has the papers of one person's card and request.
"""

import re

import pytest
from django.conf import settings as django_settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from apps.cards.enums import RequestStatus
from apps.desk import roles
from apps.handout import departments
from apps.handout.models import Department
from tests.chromium import DESKTOP, PHONE
from tests.factories.boxes import make_waiting
from tests.factories.cards import make_request
from tests.factories.moments import ago
from tests.factories.people import make_colleague, make_holder
from tests.factories.regions import let_the_unit_collect

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SHEET = re.compile(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]")
A4 = (595, 842)


def assert_one_sheet(page):
    """The page prints as one sheet of A4."""
    pdf = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    width, height = (float(one) for one in SHEET.search(pdf).groups())
    assert (round(width), round(height)) == A4


@pytest.mark.parametrize(
    ("status", "name", "result"),
    [
        (RequestStatus.ACCEPTED, "application:submitted", "已受理"),
        (RequestStatus.COLLECTED, "progress:receipt", "已领"),
    ],
)
def test_a_receipt_is_one_sheet_with_the_code_of_its_proof(signed_in, status, name, result):
    card_request = make_request(status, at=ago(days=1))
    holder = card_request.holder
    page = signed_in(holder, viewport=PHONE, color_scheme="dark", is_own=True)
    page.goto(reverse(name, args=[card_request.reference]))
    expect(page.get_by_role("button", name=re.compile("^打印"))).to_be_visible()
    assert_one_sheet(page)
    page.emulate_media(media="print")
    main = page.locator("main")
    expect(main).to_contain_text(result)
    expect(main).to_contain_text(django_settings.PORTAL_OPERATOR["name"])
    expect(main).to_contain_text(f"{holder.id_number[:3]}***********{holder.id_number[-4:]}")
    expect(page.get_by_role("img", name="核对这份回执的二维码")).to_be_visible()
    assert holder.name not in main.inner_text()


@pytest.fixture
def waiting(db):
    """Three cards that lie at the unit for people of one department."""
    let_the_unit_collect()
    handler, at = make_colleague(roles.HANDER), timezone.now()
    people = [make_holder(name=name, department="化学学院") for name in ("韩丑", "李寅", "王卯")]
    for holder in people:
        make_waiting(handler, at=at, holder=holder)
    departments.follow_roster(at=timezone.now())
    return handler, people


def assert_a_list_to_sign(page, people):
    expect(page.get_by_role("button", name="打印")).to_be_visible()
    assert_one_sheet(page)
    page.emulate_media(media="print")
    for hidden in (page.get_by_role("navigation"), page.get_by_role("button")):
        for each in hidden.all():
            expect(each).to_be_hidden()
    paper = page.locator("body").inner_text()
    for said in (django_settings.PORTAL_OPERATOR["name"], "化学学院社保卡签收表", "共 3 张"):
        assert said in paper
    for holder in people:
        assert holder.name in paper
        assert holder.id_number not in paper
    assert "审核后台" not in paper
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 255, 255)"


def test_the_desk_s_list_to_sign_is_one_sheet_without_the_desk(signed_in, waiting):
    handler, people = waiting
    page = signed_in(
        make_holder(name="发卡", user=handler), viewport=DESKTOP, color_scheme="dark", is_own=True
    )
    department = Department.objects.get(name="化学学院").reference
    page.goto(reverse("admin:handout_boxcard_sign_list", query={"department": department}))
    assert_a_list_to_sign(page, people)


def test_a_contact_person_s_list_to_sign_is_one_sheet(signed_in, waiting):
    handler, people = waiting
    contact = make_holder(department="化学学院")
    department = Department.objects.get(name="化学学院")
    departments.name_contact(
        department=department,
        employee_number=contact.user.employee_number,
        by=handler,
        at=timezone.now(),
    )
    page = signed_in(contact, viewport=PHONE, color_scheme="dark", is_own=True)
    page.goto(reverse("handout:department_list", args=[department.reference]))
    assert_a_list_to_sign(page, people)
