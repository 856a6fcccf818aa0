"""The desk's pages of a roster: upload, preview, apply, discard, and who may."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.desk import roles
from apps.events.enums import Role
from apps.people.models import Holder, User
from apps.roster import applying
from apps.roster import services as rosters
from apps.roster.enums import RosterStatus
from apps.roster.models import Invitation, RosterUpload
from tests.factories.cards import make_request
from tests.factories.people import make_colleague, make_holder, make_id_number, make_reviewer

pytestmark = pytest.mark.django_db
LIST = reverse("admin:roster_rosterupload_changelist")
UPLOAD = reverse("admin:roster_rosterupload_upload")
HEADINGS = "工号,姓名,社会保障号码,手机号,部门,在职状态"


def number(sequence):
    return make_id_number(birth_date=date(1979, 3, 3), sequence=sequence)


@pytest.fixture
def supervisor(client):
    supervisor = make_colleague(roles.SUPERVISOR)
    client.force_login(supervisor)
    return supervisor


def post(client, *rows, is_complete=False, name="roster.csv"):
    content = "\n".join([HEADINGS, *rows, ""]).encode()
    data = {"file": SimpleUploadedFile(name, content)}
    if is_complete:
        data["is_complete"] = "on"
    return client.post(UPLOAD, data, follow=True)


def line(holder, *, department=None, status=""):
    return (
        f"{holder.user.employee_number},{holder.name},{holder.id_number},{holder.phone},"
        f"{holder.department if department is None else department},{status}"
    )


def page(response):
    assert response.status_code == 200
    return response.content.decode()


def url(name, *args):
    return reverse(f"admin:roster_rosterupload_{name}", args=[the_upload().reference, *args])


def the_upload():
    return RosterUpload.objects.latest("pk")


def test_the_preview_says_who_of_the_new_people_is_invited(client, supervisor, settings):
    rows = [f"N1,欧阳超,{number(1)},13900001234,信息学院,", f"N2,𠮷田㛃,{number(2)},,信息学院,"]
    html = page(post(client, *rows))
    assert "给其中 <b>1</b> 位有手机号的发出邀请短信；没有手机号的收不到邀请" in html
    settings.LOCAL_SIGN_IN = False
    html = page(client.get(url("change")))
    assert "邀请" not in html.partition("roster-effects")[2].partition("</ul>")[0]


def test_a_double_row_does_not_say_that_a_wrong_one_is_taken(client, supervisor):
    html = page(post(client, f"N1,李四,{number(1)[:-1]}0x,,,", f"N1,李四,{number(1)},,,"))
    assert "与第 2 行的工号相同，请核对哪一行对。" in html
    assert "只收" not in html


def test_what_was_uploaded_is_shown_masked_before_anything_happens(client, supervisor):
    html = page(post(client, f"N1,欧阳超,{number(1)},13900001234,信息学院,"))
    assert "确认生效" in html
    assert "**超" in html
    assert "139****1234" in html
    for secret in ("欧阳", number(1), "13900001234"):
        assert secret not in html
    assert not Holder.objects.exists()


def test_a_change_is_shown_before_and_after(client, supervisor):
    html = page(post(client, line(make_holder(department="信息学院"), department="图书馆")))
    assert "<del>信息学院</del> → <ins>图书馆</ins>" in html


def test_errors_are_shown_first_and_can_be_taken_away(client, supervisor):
    html = page(post(client, f"N1,张超,{number(1)},,,", f"@N2,,{number(2)},123,,"))
    assert "请填写姓名" in html
    lines = client.get(url("problems")).content.decode("utf-8-sig").splitlines()
    assert lines[0] == "行,工号,列,怎么改"
    assert lines[1].startswith("3,'@N2,姓名,")
    assert len(lines) == 3


def test_a_file_that_cannot_be_read_is_refused_on_the_spot(client, supervisor):
    response = client.post(
        UPLOAD, {"file": SimpleUploadedFile("a.csv", b"a,b\n1,2\n"), "is_complete": "on"}
    )
    html = page(response)
    assert "缺少这些列" in html
    assert "checked" in html
    assert not RosterUpload.objects.exists()


def test_a_roster_without_anybody_is_refused_on_the_spot(client, supervisor):
    html = page(post(client, ",合计,", is_complete=True))
    assert "下面一个人也没有" in html
    assert "没有当作人员" in html
    assert not RosterUpload.objects.exists()


def test_a_roster_that_cannot_be_stored_is_told_beside_its_field(client, supervisor, monkeypatch):
    def full(*args, **options):
        raise OperationalError("database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(rosters.engine, "begin", full)
        html = page(post(client, f"N1,张超,{number(1)},,,", is_complete=True))
    assert "请过几分钟再试" in html
    assert "checked" in html
    post(client, f"N1,张超,{number(1)},,,")
    assert the_upload().counts["created"] == 1


def test_a_small_roster_that_cannot_be_read_at_once_is_left_to_the_worker(
    client, supervisor, monkeypatch
):
    def full(*args, **options):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(rosters, "prepare", full)
    post(client, f"N1,张超,{number(1)},,,")
    assert the_upload().is_unread


def test_a_file_that_is_too_big_is_not_read(client, supervisor, settings):
    settings.ROSTER_MAX_BYTES = 10
    response = client.post(UPLOAD, {"file": SimpleUploadedFile("a.csv", b"x" * 11)})
    assert "请分成几份上传" in page(response)
    assert not RosterUpload.objects.exists()


@pytest.mark.parametrize("data", [{}, {"file": "text"}, {"file": SimpleUploadedFile("a.csv", b"")}])
def test_without_a_file_the_form_says_so(client, supervisor, data):
    assert "errorlist" in page(client.post(UPLOAD, data))


def test_confirmed_it_is_applied_and_logged_without_personal_data(client, supervisor):
    goes = make_holder()
    post(client, f"N1,张超,{number(1)},13900001234,信息学院,", line(goes, status="离职"))
    html = page(client.post(url("apply"), {"count": "1"}, follow=True))
    assert "已生效" in html
    assert User.objects.get(employee_number="N1").invitations.count() == 1
    assert not User.objects.get(pk=goes.user_id).is_active
    events = list(the_upload().events.filter(role=Role.STAFF))
    assert [event.action for event in events] == ["UPLOAD", "APPLY"]
    assert (events[1].by, events[1].reference) == (supervisor, the_upload().reference)
    assert (events[1].facts["created"], events[1].facts["left"]) == (1, 1)
    assert "张超" not in str([event.facts for event in events])


def test_the_preview_says_who_may_still_sign_in_to_finish_something(client, supervisor):
    make_holder()
    busy = make_request(RequestStatus.DISPATCHED).holder
    desk = make_request(RequestStatus.ACCEPTED, holder=make_holder(user=make_reviewer())).holder
    post(client, line(make_holder()), is_complete=True)
    html = page(client.get(url("change"), {"kind": "LEFT"}))
    assert html.count("有在办的申请或没启用的卡</b>，可以登录办完") == 1
    assert "其中 <b>1</b> 人有在办的申请" in html
    assert {busy, desk} <= {row.holder for row in RosterUpload.objects.get().rows.all()}


def test_many_leaving_need_the_number_and_what_was_typed_stays(client, supervisor):
    stays, _ = make_holder(), make_holder()
    html = page(post(client, line(stays), is_complete=True))
    assert "请输入离职人数" in html
    assert 'value="7"' in page(client.post(url("apply"), {"count": "7"}))
    assert "请填写数字" in page(client.post(url("apply"), {"count": "seven"}))
    assert the_upload().status == RosterStatus.READ
    client.post(url("apply"), {"count": "1"})
    assert the_upload().status == RosterStatus.APPLIED


def test_discarded_nothing_is_left_but_the_log(client, supervisor):
    post(client, f"N1,张超,{number(1)},,,")
    html = page(client.post(url("discard"), follow=True))
    assert "没有改动任何人" in html
    assert the_upload().events.last().action == "DISCARD"
    assert "已放弃" in page(client.get(url("change")))
    assert "已经生效或放弃" in page(client.post(url("discard"), follow=True))
    assert client.post(url("apply"), {}).status_code == 302
    assert not Holder.objects.exists()


def test_the_same_file_leads_to_its_preview(client, supervisor):
    post(client, f"N1,张超,{number(1)},,,")
    html = page(post(client, f"N1,张超,{number(1)},,,"))
    assert "已经上传过" in html
    assert RosterUpload.objects.count() == 1


def test_a_file_that_was_applied_before_is_recognised(client, supervisor):
    post(client, f"N1,张超,{number(1)},,,")
    client.post(url("apply"), {})
    assert "生效过" in page(post(client, f"N1,张超,{number(1)},,,"))


def test_a_big_roster_shows_its_progress_until_the_worker_is_done(client, supervisor, settings):
    settings.ROSTER_ROWS_AT_ONCE = 1
    post(client, *(f"N{n},张超,{number(n)},,," for n in range(3)))
    assert "正在生效：0 / 3 行" in page(client.post(url("apply"), {}, follow=True))
    fragment = client.get(url("change"), headers={"HX-Request": "true"})
    assert "HX-Refresh" not in fragment
    assert "data-poll" in page(fragment)
    applying.work_due(at=timezone.now(), limit=500)
    fragment = client.get(url("change"), headers={"HX-Request": "true"})
    assert fragment["HX-Refresh"] == "true"
    assert "data-poll" not in page(fragment)


def test_a_big_file_is_read_by_the_worker(client, supervisor, monkeypatch):
    monkeypatch.setattr(rosters, "AT_ONCE_BYTES", 0)
    assert "正在读取" in page(post(client, f"N1,张超,{number(1)},,,"))
    rosters.prepare_due(at=timezone.now())
    assert "确认生效" in page(client.get(url("change")))


@pytest.mark.parametrize(
    "query", [{"kind": "x"}, {"page": "x"}, {"page": "99"}, {"kind": "FAILED"}]
)
def test_odd_addresses_fall_back(client, supervisor, query):
    post(client, f"N1,张超,{number(1)},,,")
    assert client.get(url("change"), query).status_code == 200


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_template_is_handed_out(client, supervisor, kind):
    response = client.get(reverse("admin:roster_rosterupload_template", args=[kind]))
    assert f"roster-template.{kind}" in response["Content-Disposition"]
    assert client.get(LIST + "template.exe/").status_code == 404


def test_an_auditor_reads_and_does_nothing(client, supervisor):
    post(client, f"N1,张超,{number(1)},,,")
    client.force_login(make_colleague(roles.AUDITOR))
    html = page(client.get(url("change")))
    assert "确认生效" not in html
    assert url("change") in page(client.get(LIST))
    assert UPLOAD not in page(client.get(LIST))
    assert client.get(UPLOAD).status_code == 403
    for name in ("apply", "discard"):
        assert client.post(url(name)).status_code == 403
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("role", [roles.REVIEWER, roles.ADMINISTRATOR])
def test_others_do_not_get_in(client, supervisor, role):
    post(client, f"N1,张超,{number(1)},,,")
    client.force_login(make_colleague(role))
    for address in (LIST, UPLOAD, url("change"), url("problems")):
        assert client.get(address).status_code == 403


@pytest.mark.parametrize("people", [2, 6])
def test_6_rows_cost_as_many_queries_as_2(
    client, supervisor, people, django_assert_max_num_queries
):
    post(client, *(f"N{n},张超,{number(n)},,," for n in range(people)))
    client.get(url("change"))
    with django_assert_max_num_queries(14):
        client.get(url("change"), {"kind": "CREATED"})
