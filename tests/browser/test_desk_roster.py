"""Rosters in Chromium: from the file to the first sign-in of a new person."""

import re
from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook
from playwright.sync_api import expect

from apps.desk import roles
from apps.invitations import services as invitations
from apps.notices.models import OutboxMessage
from apps.people.models import Holder
from apps.roster import services as rosters
from apps.roster import template as roster_template
from apps.roster.rows import ONLINE_COLUMNS
from tests.chromium import DESKTOP, PHONE
from tests.factories.people import make_colleague, make_holder, make_id_number

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NEW = make_id_number(birth_date=date(1979, 3, 3), sequence=41)
WRONG = make_id_number(birth_date=date(1979, 3, 4), sequence=42)


def filled_in(*rows):
    """The template with `rows` (heading → value) in the place of its example."""
    book = load_workbook(BytesIO(roster_template.as_xlsx()))
    sheet = book["名册"]
    sheet.delete_rows(2)
    for row in rows:
        sheet.append([row.get(heading, "") for heading in ONLINE_COLUMNS])
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def row_of(holder):
    number = holder.user.employee_number
    return {"工号": number, "姓名": holder.name, "社会保障号码": holder.id_number}


@pytest.fixture
def supervisor(town):
    return make_holder(name="李主管", user=make_colleague(roles.SUPERVISOR))


def upload(page, content):
    page.goto(reverse("admin:roster_rosterupload_changelist"))
    page.get_by_role("link", name="上传名册").click()
    page.get_by_label("名册文件").set_input_files(
        {"name": "名册.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    )
    page.get_by_role("button", name="上传并预览").click()


@pytest.mark.slow
def test_from_the_file_to_the_first_sign_in(
    signed_in, open_page, supervisor, one_address, assert_accessible
):
    changed = make_holder(department="信息学院")
    goes = make_holder()
    known = [
        {"工号": person.user.employee_number, "姓名": person.name} for person in (changed, goes)
    ]
    known[0] |= {"社会保障号码": changed.id_number, "部门": "图书馆"}
    known[1] |= {"社会保障号码": goes.id_number, "在职状态": "离职"}
    new = {"工号": "N1", "姓名": "赵新", "社会保障号码": NEW, "手机号": "13900001234"}
    wrong = {"工号": "N2", "社会保障号码": WRONG}
    page = signed_in(supervisor, viewport=DESKTOP)
    page.goto(reverse("admin:roster_rosterupload_upload"))
    assert_accessible(page)
    upload(page, filled_in(new, *known, wrong))
    expect(page.get_by_text("请填写姓名。")).to_be_visible()
    assert_accessible(page)
    for tab, shown in (("新增", "139****1234"), ("变更", "图书馆"), ("离职", "文件里写明")):
        page.get_by_role("navigation", name="名册的内容").get_by_role("link", name=tab).click()
        expect(page.get_by_text(shown)).to_be_visible()
        assert_accessible(page)
    page.get_by_label("为了防止误操作，请输入离职人数").fill("1")
    page.get_by_role("button", name="确认生效").click()
    expect(page.get_by_text("名册已确认")).to_be_visible()
    assert not Holder.objects.get(pk=goes.pk).user.is_active
    page.get_by_role("link", name="看他们办到哪一步").click()
    expect(page.get_by_role("heading", name="停在「未邀请」的人（1）")).to_be_visible()
    assert_accessible(page)

    invitations.send_due(at=timezone.now(), limit=10)
    link = re.search(r"https?://[^ ]+", OutboxMessage.objects.get().text)[0]
    phone = open_page(viewport=PHONE, has_touch=True, is_mobile=True)
    phone.goto(link)
    assert_accessible(phone)
    phone.get_by_label("社会保障号码（身份证号）后四位").fill("0000")
    phone.get_by_label("设置密码", exact=True).fill("a-first-good-password")
    phone.get_by_label("再输入一次密码").fill("a-first-good-password")
    phone.get_by_role("button", name="设置密码并登录").click()
    expect(phone.get_by_role("alert")).to_contain_text("还可以再试 4 次")
    assert_accessible(phone)
    phone.get_by_label("社会保障号码（身份证号）后四位").fill(NEW[-4:])
    phone.get_by_label("设置密码", exact=True).fill("a-first-good-password")
    phone.get_by_label("再输入一次密码").fill("a-first-good-password")
    phone.get_by_role("button", name="设置密码并登录").click()
    expect(phone.get_by_text("密码已设置，您已登录")).to_be_visible()
    expect(phone.get_by_role("link", name="去申领")).to_be_visible()

    page.reload()
    expect(page.get_by_role("heading", name="停在「已登录」的人（1）")).to_be_visible()


@pytest.mark.slow
def test_a_roster_that_takes_longer_shows_itself_when_it_is_ready(
    signed_in, supervisor, monkeypatch, assert_accessible
):
    monkeypatch.setattr(rosters, "AT_ONCE_BYTES", 0)
    page = signed_in(supervisor, viewport=PHONE)
    upload(page, filled_in({"工号": "N1", "姓名": "赵新", "社会保障号码": NEW}))
    expect(page.get_by_text("正在读取文件并逐行核对")).to_be_visible()
    assert_accessible(page)
    rosters.prepare_due(at=timezone.now())
    expect(page.get_by_role("button", name="确认生效")).to_be_visible()
    assert_accessible(page)


def in_other_words():
    """A file in HR's own form: a title, other headings, a merged department, a padded number."""
    book = Workbook()
    sheet = book.active
    for row in (
        ("某某大学教职工名册（2026 年 11 月）",),
        ("* 职工号", "姓 名", "身份证号\n码", "联系电话", "单位", "备注"),
        (1234, "赵新", NEW, "139-0000-1234", "信息学院", "新进"),
        (1235, "", WRONG, "13900001235", None, ""),
    ):
        sheet.append(list(row))
    sheet.merge_cells("A1:F1")
    sheet.merge_cells("E3:E4")
    sheet["A3"].number_format = sheet["A4"].number_format = "00000000"
    content = BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_columns_are_matched_and_wrong_rows_taken_away(
    signed_in, supervisor, viewport, assert_accessible
):
    page = signed_in(supervisor, viewport=viewport)
    upload(page, in_other_words())
    expect(page.get_by_label("联系电话")).to_have_value("手机号")
    expect(page.get_by_label("备注")).to_have_value("")
    assert_accessible(page)
    page.get_by_role("button", name="就这样读取").click()
    expect(page.get_by_text("请填写姓名。")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="读取时有改动").click()
    expect(page.get_by_text("已照那一行填入“信息学院”")).to_be_visible()
    assert_accessible(page)
    for _ in range(2):
        with page.expect_download() as download:
            page.get_by_role("button", name="下载这些行（Excel）").click()
    sheet = load_workbook(BytesIO(download.value.path().read_bytes())).active
    assert [cell.value for cell in sheet[2]][:3] == ["00001235", None, WRONG]
