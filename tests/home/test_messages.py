"""The messages in the portal, and the number of unread ones."""

from datetime import timedelta

import pytest
from django.template import Context, Template
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.common.moments import day_of
from apps.notices import services
from apps.notices.models import Notice
from apps.notices.unread import count
from tests.factories import cards as steps
from tests.factories.cards import AT, make_request
from tests.factories.formal_losses import make_replacement_draft
from tests.factories.people import make_holder, make_ward, set_birth_date
from tests.telling import tell

pytestmark = pytest.mark.django_db

LIST, READ = reverse("home:messages"), reverse("home:read_messages")
LATER = AT + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _outbox(settings):
    settings.SMS_SENDER = "apps.notices.senders.outbox.OutboxSms"
    settings.EMAIL_SENDER = "apps.notices.senders.outbox.OutboxEmail"


@pytest.fixture
def told(client):
    """A request whose applicant was told four things and is signed in."""
    card_request = make_request(RequestStatus.DISPATCHED)
    tell(LATER)
    client.force_login(card_request.applicant)
    return card_request


def unread(card_request):
    return Notice.objects.visible_to(card_request.applicant, at=timezone.now()).unread().count()


def test_the_newest_message_comes_first_and_leads_to_its_request(client, told):
    response = client.get(LIST)
    texts = [notice.text for notice in response.context["page"]]
    assert len(texts) == 4
    assert texts[0].startswith("您的社保卡已由 EMS 寄出")
    page = response.content.decode()
    assert "4 条未读" in page
    assert told.get_absolute_url() in page


def test_messages_have_titles_and_stand_together_by_matter(client, told):
    response = client.get(LIST)
    (group,) = response.context["groups"]
    assert (group.matter, len(group.notices)) == ("制卡申请", 4)
    page = response.content.decode()
    for title in ("受理制卡申请", "审核通过", "制卡成功", "已发出"):
        assert f'<h3 class="h">{title} ' in page
    # The way to the request stands once, below all that is said about it.
    assert page.count("查看这件申请") == 1
    assert "全部标为已读" in page


def test_reading_is_said_by_post_and_once_for_all_that_was_shown(client, told):
    up_to = client.get(LIST).context["up_to"]
    assert client.get(READ).status_code == 405
    assert unread(told) == 4
    assert client.post(READ, {"up_to": up_to}).url == LIST
    assert unread(told) == 0
    first = Notice.objects.visible_to(told.applicant, at=timezone.now()).first().read_at
    client.post(READ, {"up_to": up_to})
    assert Notice.objects.visible_to(told.applicant, at=timezone.now()).first().read_at == first


def test_a_message_that_came_after_the_page_stays_unread(client, told):
    up_to = client.get(LIST).context["up_to"]
    rejected = make_request(RequestStatus.REJECTED, holder=make_holder())
    Notice.objects.filter(recipient=rejected.applicant).delete()
    services.collect(at=LATER + timedelta(hours=1), limit=100)
    Notice.objects.filter(recipient=rejected.applicant).update(recipient=told.applicant)
    services.send_due(at=LATER + timedelta(hours=1), limit=100)
    client.post(READ, {"up_to": up_to})
    assert unread(told) == 2


@pytest.mark.parametrize("up_to", ["", "now", "2026-11-23"])
def test_a_broken_moment_reads_nothing_and_says_so(client, told, up_to):
    page = client.post(READ, {"up_to": up_to}, follow=True).content.decode()
    assert "页面已过期，请再点一次「全部标为已读」。" in page
    assert unread(told) == 4


def test_nobody_sees_or_reads_the_messages_of_others(client, told):
    client.force_login(make_holder().user)
    page = client.get(LIST)
    assert "还没有消息" in page.content.decode()
    client.post(READ, {"up_to": LATER.isoformat()})
    assert unread(told) == 4


def test_the_guardian_reads_the_messages_about_the_child(client):
    guardian = make_holder()
    make_request(RequestStatus.ACCEPTED, holder=make_ward(guardian), by=guardian.user)
    tell(LATER)
    client.force_login(guardian.user)
    assert "您子女*乐的制卡申请已受理" in client.get(LIST).content.decode()


@pytest.mark.parametrize("address", [LIST, READ])
def test_a_visitor_is_asked_to_sign_in(client, address):
    answer = client.post(address) if address == READ else client.get(address)
    assert answer.url.startswith(reverse("account_login"))


def test_many_messages_are_paged_and_cost_the_same(client, told, django_assert_max_num_queries):
    for _ in range(8):
        card_request = make_request(RequestStatus.DISPATCHED, at=AT + timedelta(minutes=1))
    tell(LATER + timedelta(hours=1))
    Notice.objects.exclude(recipient=told.applicant).update(recipient=told.applicant)
    with django_assert_max_num_queries(8):
        page = client.get(LIST)
    assert len(page.context["page"]) == 20
    assert "第 1 页，共 2 页" in page.content.decode()
    assert len(client.get(LIST, {"page": 2}).context["page"]) == 16
    assert card_request.pk


def test_the_number_of_unread_messages_costs_one_query(rf, told, django_assert_num_queries):
    tag = Template("{% load notices %}{% unread_notices %}")
    request = rf.get("/")
    request.user = told.applicant
    with django_assert_num_queries(1):
        assert tag.render(Context({"request": request})) == "4"


def test_messages_about_a_child_are_counted_as_long_as_they_may_be_read(rf):
    guardian = make_holder()
    child = make_ward(guardian)
    make_request(RequestStatus.ACCEPTED, holder=child, by=guardian.user)
    tell(LATER)
    # Only what became of the guardian's own registration stays after the 16th birthday.
    for birthday in (child.birth_date, day_of(timezone.now()) - timedelta(days=17 * 366)):
        set_birth_date(child, birthday)
        visible = Notice.objects.visible_to(guardian.user, at=timezone.now()).unread().count()
        request = rf.get("/")
        request.user = guardian.user
        assert count(request) == visible > 0


def test_a_visitor_has_no_unread_messages_and_costs_no_query(client, django_assert_num_queries):
    request = client.get(reverse("home:home")).wsgi_request
    tag = Template("{% load notices %}{% unread_notices %}")
    with django_assert_num_queries(0):
        assert tag.render(Context({"request": request})) == "0"


def test_a_message_about_a_card_that_is_retired_by_now_leads_to_what_became_of_it(client):
    draft = make_replacement_draft()
    holder, old = draft.holder, draft.old_card
    tell(draft.status_since + timedelta(minutes=1))
    client.force_login(holder.user)
    page = client.get(LIST).content.decode()
    address = reverse("home:card", args=[old.reference])
    assert address not in page
    at = draft.status_since
    for number, step in enumerate(
        (steps.submit, steps.pay, steps.accept, steps.approve, steps.produce), start=1
    ):
        step(draft, at=at + timedelta(minutes=number))
    page = client.get(LIST).content.decode()
    assert address in page
    assert reverse("loss_report:detail", args=[old.reference]) not in page
    shown = client.get(address).content.decode()
    assert "这张卡已注销，不能再使用。请使用新卡。" in shown
    assert reverse("home:card", args=[draft.card.reference]) in shown
