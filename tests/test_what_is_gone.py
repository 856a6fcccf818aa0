"""An address that the portal handed out, of something that is gone: what it was, and the way on."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.bulk import services as bulk
from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.desk import roles
from apps.saved_lists import services as saved_lists
from apps.saved_lists.models import SavedList
from tests.factories.cards import make_request
from tests.factories.people import make_colleague, make_holder, make_reviewer

pytestmark = pytest.mark.django_db
GONE = "ABCDEFGHJKMNPQRS"


def page(client, url, *, is_post=False):
    """The words of the page that answers 404 at `url`."""
    response = client.post(url) if is_post else client.get(url)
    assert response.status_code == 404, url
    return unescape(response.content.decode())


def leads_to(html, name, *args):
    return f'href="{reverse(name, args=args)}"' in html


def test_a_list_that_was_deleted_says_so_and_leads_to_the_queue(client):
    reviewer = make_reviewer()
    client.force_login(reviewer)
    options = {"query": "department=数学学院", "is_shared": False, "is_first": False}
    saved_lists.save_list(name="数学学院的", by=reviewer, at=timezone.now(), **options)
    saved = SavedList.objects.get()
    url = reverse("admin:saved_lists_savedlist_change", args=[saved.reference])
    assert client.get(url).status_code == 200
    saved_lists.delete_list(saved_list=saved, name=saved.name, by=reviewer, at=timezone.now())
    html = page(client, url)
    assert "这个列表已经没有了" in html
    assert leads_to(html, "admin:cards_cardrequest_changelist")
    assert leads_to(html, "admin:index")


def test_a_dry_run_that_was_forgotten_says_that_nothing_was_decided(client, settings):
    reviewer = make_reviewer()
    client.force_login(reviewer)
    make_request(RequestStatus.ACCEPTED)
    run = bulk.prepare(
        requests=list(CardRequest.objects.all()),
        action="REJECT",
        what={"reason": "照片不是本人"},
        chosen="",
        by=reviewer,
        at=timezone.now(),
    )
    url = reverse("admin:bulk_bulkrun_change", args=[run.reference])
    assert client.get(url).status_code == 200
    later = timezone.now() + settings.BULK_PREVIEW_RETENTION + timedelta(days=1)
    bulk.forget_dry_runs(at=later, limit=10)
    html = page(client, url)
    assert "这次预检已经没有了" in html
    assert "保持原样" in html
    assert leads_to(html, "admin:bulk_bulkrun_changelist")


@pytest.mark.parametrize(
    ("role", "name", "args", "is_post", "title", "way"),
    [
        (
            roles.REVIEWER,
            "admin:bulk_bulkrun_approve_sheet",
            [GONE],
            True,
            "这一屏照片太旧了",
            "admin:bulk_bulkrun_sheet",
        ),
        (
            roles.REVIEWER,
            "admin:onboarding_reminderrun_change",
            [GONE],
            False,
            "这次提醒的名单已经没有了",
            "admin:onboarding_reminderrun_progress",
        ),
        (
            roles.SUPERVISOR,
            "admin:bureau_bureaufile_preview",
            [GONE],
            False,
            "这次上传的预览已经没有了",
            "admin:bureau_bureaufile_changelist",
        ),
    ],
)
def test_each_says_what_it_was_and_where_to_go(client, role, name, args, is_post, title, way):
    client.force_login(make_colleague(role))
    html = page(client, reverse(name, args=args), is_post=is_post)
    assert title in html
    assert leads_to(html, way)


def test_a_version_of_a_rule_that_was_withdrawn_leads_to_its_city(client):
    client.force_login(make_colleague(roles.SUPERVISOR))
    html = page(client, reverse("admin:regions_city_withdraw_rule", args=["370100", 999999]))
    assert "这一条已经撤回" in html
    assert leads_to(html, "admin:regions_city_change", "370100")


@pytest.mark.parametrize(
    ("name", "title"),
    [("handout:code", "这张卡现在不由您领"), ("handout:department", "您现在不是这个部门的联系人")],
)
def test_at_the_unit_it_leads_to_what_can_be_fetched(client, name, title):
    client.force_login(make_holder().user)
    html = page(client, reverse(name, args=[GONE]))
    assert title in html
    assert leads_to(html, "handout:index")


def test_the_desk_s_other_pages_lead_back_to_the_desk(client):
    client.force_login(make_reviewer())
    html = page(client, reverse("admin:cards_cardrequest_change", args=[GONE]))
    assert "回到工作台" in html
    assert "不在您名下" not in html


def test_a_visitor_s_unknown_address_leads_to_the_first_page(client):
    html = page(client, "/no/such/page/")
    assert "没有找到这一页" in html
    assert "回到首页" in html
