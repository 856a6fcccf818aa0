"""The pages: figures lead to their lists, names are masked, a click sends nothing by itself."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.desk import roles
from apps.events.models import Event
from apps.invitations import services as invitations
from apps.onboarding import tasks
from apps.onboarding.event_kinds import REMINDER
from apps.onboarding.models import ReminderRun
from apps.people.models import Holder
from apps.roster import inviting
from apps.roster.models import Invitation
from tests.factories.cards import AT, make_draft, make_request
from tests.factories.offers import make_offer
from tests.factories.people import make_colleague, make_holder, make_reviewer, make_user
from tests.factories.rosters import add_new, make_upload

pytestmark = pytest.mark.django_db
PROGRESS = reverse("admin:onboarding_reminderrun_progress")
PREPARE = reverse("admin:onboarding_reminderrun_prepare")


@pytest.fixture
def upload():
    return make_upload(by=make_colleague(roles.SUPERVISOR), at=AT, is_applied=True)


@pytest.fixture
def reviewer(client):
    reviewer = make_reviewer()
    client.force_login(reviewer)
    return reviewer


def text(response):
    return unescape(response.content.decode())


@pytest.mark.usefixtures("reviewer")
def test_the_page_opens_on_the_newest_roster_and_names_people_masked(client, upload):
    holder = add_new(upload, make_request(RequestStatus.NEEDS_AMENDMENT).holder)
    make_draft()
    html = text(client.get(PROGRESS))
    assert "名册的新进人员（1 人）" in html
    assert "停在「待修改」的人（1）" in html
    assert holder.user.employee_number in html
    assert holder.name not in html
    assert holder.phone not in html
    assert "提醒停在这一步的人" in html
    whole = text(client.get(PROGRESS, {"people": "all", "step": "DRAFT"}))
    assert f"全校在职人员（{Holder.objects.employed().count()} 人）" in whole
    assert "停在「填写中」的人（1）" in whole
    odd = client.get(PROGRESS, {"people": "department:没有的", "step": "x", "page": "x"})
    assert odd.status_code == 200


@pytest.mark.usefixtures("reviewer")
def test_who_has_a_portrait_by_the_unit_is_named_counted_and_filtered(client, upload):
    has, lacks = (add_new(upload, make_draft().holder) for _ in range(2))
    whole = text(client.get(PROGRESS, {"step": "DRAFT"}))
    assert "已有单位照片" not in whole
    make_offer(has, at=AT)
    whole = text(client.get(PROGRESS, {"step": "DRAFT"}))
    assert "其中 1 人已有单位照片" in whole
    assert whole.count('<span class="tag">已有单位照片</span>') == 1
    mine = text(client.get(PROGRESS, {"step": "DRAFT", "picture": "1"}))
    assert has.user.employee_number in mine
    assert lacks.user.employee_number not in mine
    assert "停在「填写中」的人（1）" in mine
    people = f"roster:{upload.reference}"
    client.post(PREPARE, {"people": people, "step": "DRAFT", "picture": "1"})
    run = ReminderRun.objects.get()
    assert run.chosen.endswith("，已有单位照片")
    assert [row.holder for row in run.rows.all()] == [has]


@pytest.mark.usefixtures("reviewer")
def test_a_department_shows_its_own_people(client):
    make_draft(holder=make_holder(department="化学学院"))
    make_draft()
    html = text(client.get(PROGRESS, {"people": "department:化学学院", "step": "DRAFT"}))
    assert "化学学院（1 人）" in html
    assert "停在「填写中」的人（1）" in html


def test_a_reminder_is_looked_at_confirmed_and_sent_once(client, reviewer):
    make_draft(at=timezone.now() - timedelta(days=9))
    response = client.post(PREPARE, {"people": "all", "step": "DRAFT"}, follow=True)
    assert "现在还没有告诉任何人" in text(response)
    run = ReminderRun.objects.get()
    begin = reverse("admin:onboarding_reminderrun_start", args=[run.reference])
    assert "人数和您看到的不一样" in text(client.post(begin, {"seen": "7"}, follow=True))
    client.post(begin, {"seen": "1"})
    assert "已经发出" in text(client.post(begin, {"seen": "1"}, follow=True))
    tasks.work_off_runs()
    assert Event.objects.of_kind(REMINDER).get().by == reviewer
    page = reverse("admin:onboarding_reminderrun_change", args=[run.reference])
    assert "已提醒 <b>1</b> 人" in text(client.get(page))
    discard = reverse("admin:onboarding_reminderrun_discard", args=[run.reference])
    assert "不能放弃" in text(client.post(discard, follow=True))


@pytest.mark.usefixtures("reviewer")
def test_a_dry_run_can_be_given_up(client):
    make_draft()
    client.post(PREPARE, {"people": "all", "step": "DRAFT"})
    discard = reverse(
        "admin:onboarding_reminderrun_discard", args=[ReminderRun.objects.get().reference]
    )
    assert "没有提醒任何人" in text(client.post(discard, follow=True))
    assert not ReminderRun.objects.exists()


@pytest.mark.usefixtures("reviewer")
@pytest.mark.parametrize("posted", [{}, {"people": "x", "step": "DRAFT"}, {"people": "all"}])
def test_what_nobody_can_choose_is_said_in_words(client, posted):
    assert "请重新选择" in text(client.post(PREPARE, posted, follow=True))


def test_an_auditor_reads_and_reminds_nobody(client):
    client.force_login(make_colleague(roles.AUDITOR))
    make_draft()
    html = text(client.get(PROGRESS, {"people": "all", "step": "DRAFT"}))
    assert "停在「填写中」的人（1）" in html
    assert "提醒停在这一步的人" not in html
    assert client.post(PREPARE, {"people": "all", "step": "DRAFT"}).status_code == 403


@pytest.mark.usefixtures("reviewer")
@pytest.mark.parametrize("people", [2, 6])
def test_6_people_cost_as_many_queries_as_2(client, upload, people, django_assert_max_num_queries):
    for _ in range(people):
        add_new(upload, make_holder(user=make_user(password=None)))
    client.get(PROGRESS)
    with django_assert_max_num_queries(14):
        client.get(PROGRESS)


def test_a_supervisor_sends_one_invitation_again(client, upload):
    client.force_login(upload.by)
    holder, stranger = add_new(upload, make_holder(user=make_user(password=None))), make_holder()
    inviting.invite(user=holder.user, upload=upload, at=AT)
    invitations.send_due(at=AT, limit=10)
    first = Invitation.objects.get().token_hash

    def resend(person):
        return reverse("admin:onboarding_reminderrun_resend", args=[person.reference])

    response = client.post(resend(holder), follow=True)
    assert "重新发出" in text(response)
    invitations.send_due(at=timezone.now() + timedelta(seconds=1), limit=10)
    assert Invitation.objects.get().token_hash != first
    assert client.post(resend(stranger)).status_code == 404
    client.force_login(make_colleague(roles.AUDITOR))
    assert client.post(resend(holder)).status_code == 403
