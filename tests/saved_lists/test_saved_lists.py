"""Lists of requests under a name: one's own, and those of the team."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.common.refusals import Refused
from apps.desk import roles
from apps.saved_lists import services
from apps.saved_lists.models import SavedList
from tests.book import desk_events
from tests.factories.cards import AT, make_request
from tests.factories.people import make_colleague, make_holder, make_reviewer

pytestmark = pytest.mark.django_db

QUEUE = reverse("admin:cards_cardrequest_changelist")
PAGE = "admin:saved_lists_savedlist"
LIST = reverse(f"{PAGE}_changelist")
CHOICE = "department=%E6%95%B0%E5%AD%A6%E5%AD%A6%E9%99%A2&whose=self&sort=handed_in"


@pytest.fixture
def supervisor(db):
    return make_holder(name="王主管", user=make_colleague(roles.SUPERVISOR)).user


def url(saved_list, name):
    return reverse(f"{PAGE}_{name}", args=[saved_list.reference])


def save(by, name="数学学院的", *, query=CHOICE, is_shared=False, is_first=False):
    shown = {"name": name, "query": query, "is_shared": is_shared, "is_first": is_first}
    return services.save_list(**shown, by=by, at=AT)


def own_lists(desk, address=QUEUE):
    """{name: whether it is shown} of the saved lists above the queue at `address`."""
    found = desk.get(address, follow=True).context["own_lists"]
    return {row.name: is_shown for row, is_shown in found}


def token(desk, address):
    return re.search('name="shown" value="([^"]+)"', desk.get(address).content.decode())[1]


def test_the_present_list_is_saved_and_stands_above_the_queue(desk, reviewer):
    page = desk.get(f"{QUEUE}?{CHOICE}&after=2026-11-23T02:00:00Z~0123456789ABCDEF")
    [address] = re.findall(r'href="([^"]+/new/[^"]+)"', page.content.decode())
    address = address.replace("&amp;", "&")
    form = desk.get(address).content.decode()
    assert "部门：数学学院" in form
    assert "给全组用" not in form
    went_to = desk.post(address, {"title": "数学学院的", "is_shared": "on"})
    saved = SavedList.objects.get()
    assert (saved.by, saved.query, saved.is_shared) == (reviewer, CHOICE, False)
    assert went_to.url == f"{QUEUE}?{CHOICE}"
    assert own_lists(desk, went_to.url) == {"数学学院的": True}
    assert own_lists(desk, f"{QUEUE}?stage=waiting") == {"数学学院的": False}
    desk.force_login(make_reviewer())
    assert own_lists(desk) == {}
    assert desk.get(url(saved, "change")).status_code == 404


def test_what_is_searched_for_is_not_saved(desk):
    desk.post(QUEUE, {"q": "370102199001011234"})
    desk.post(f"{reverse(f'{PAGE}_new')}?q=370102199001011234&whose=self", {"title": "本人的"})
    assert SavedList.objects.get().query == "whose=self"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "请给这个列表起个名称。"),
        ("长" * 21, "最多 20 个字"),
        ("张三 13800138000", "名称里不要写号码。"),
        ("已有的", "您已有同名的列表"),
    ],
)
def test_a_bad_name_is_told_beside_its_field_and_stays(desk, reviewer, name, sentence):
    save(reviewer, "已有的")
    page = desk.post(f"{reverse(f'{PAGE}_new')}?{CHOICE}", {"title": name, "is_first": "on"})
    assert sentence in page.content.decode()
    assert page.context["form"]["title"].value() == name
    assert SavedList.objects.count() == 1


def test_there_is_room_for_so_many(desk, reviewer, settings):
    settings.SAVED_LISTS_AT_MOST = 2
    for name in "ab":
        save(reviewer, name)
    page = desk.post(f"{reverse(f'{PAGE}_new')}?{CHOICE}", {"title": "c"}).content.decode()
    assert "您最多保存 2 个列表，请先删除不用的。" in page


def test_a_supervisor_shares_a_list_and_what_the_team_has_is_recorded(desk, reviewer, supervisor):
    desk.force_login(supervisor)
    address = f"{reverse(f'{PAGE}_new')}?{CHOICE}"
    desk.post(address, {"title": "全组的", "is_shared": "on"})
    saved = SavedList.objects.get()
    desk.force_login(reviewer)
    assert own_lists(desk) == {"全组的": False}
    page = desk.get(LIST).content.decode()
    assert "全组，王主管保存" in page
    assert url(saved, "change") not in page
    for name, data in (("delete", {"name": "全组的"}), ("change", {"title": "别的"})):
        desk.post(url(saved, name), data)
    saved.refresh_from_db()
    assert saved.name == "全组的"
    desk.force_login(supervisor)
    change = url(saved, "change")
    shown = {"shown": token(desk, change)}
    desk.post(change, shown | {"title": "数学的", "is_shared": "on"})
    desk.post(url(saved, "delete"), {"name": "数学的"})
    assert not SavedList.objects.exists()
    told = desk_events().filter(reference=saved.reference).order_by("pk")
    assert [(event.action, event.facts) for event in told] == [
        ("SHARE", {"list": "全组的"}),
        ("RENAME", {"list": "数学的", "before": "全组的"}),
        ("DELETE", {"list": "数学的"}),
    ]


def test_of_two_editors_the_second_one_reads_who_was_first_and_keeps_what_was_typed(
    desk, supervisor
):
    saved = save(supervisor, "全组的", is_shared=True)
    change = url(saved, "change")
    desk.force_login(supervisor)
    shown = {"shown": token(desk, change), "is_shared": "on"}
    other = make_holder(name="李主管", user=make_colleague(roles.SUPERVISOR)).user
    at = timezone.now()
    services.edit(saved_list=saved, name="补领", is_shared=True, by=other, at=at)
    page = desk.post(change, shown | {"title": "补领的"}).content.decode()
    assert "李主管" in page
    assert 'value="补领的"' in page
    page = desk.post(url(saved, "delete"), {"name": "全组的"}, follow=True).content.decode()
    assert "这个列表刚改名为「补领」，没有删除。" in page
    services.edit(saved_list=saved, name="补领", is_shared=False, by=other, at=at)
    assert desk.get(change).status_code == 200
    desk.force_login(other)
    assert desk.get(change).status_code == 404, "it is the first one's own again"


def test_nobody_shares_without_the_right_and_no_shared_name_comes_twice(reviewer, supervisor):
    save(supervisor, "全组的", is_shared=True)
    with pytest.raises(Refused, match="may_not_share"):
        save(reviewer, is_shared=True)
    other = make_colleague(roles.SUPERVISOR)
    with pytest.raises(Refused, match="name_taken"):
        save(other, "全组的", is_shared=True)


def test_the_queue_opens_on_the_first_list_once_in_a_session(desk, reviewer):
    saved = save(reviewer, is_first=True)

    def opened():
        client = Client()
        client.force_login(reviewer)
        return client, client.get(QUEUE, follow=True)

    client, response = opened()
    assert response.redirect_chain == [(f"{QUEUE}?{CHOICE}", 302)]
    client.get(f"{QUEUE}?stage=waiting")
    assert client.get(QUEUE).status_code == 200
    desk.post(reverse(f"{PAGE}_start_as_usual"))
    assert opened()[1].redirect_chain == []
    desk.post(url(saved, "start_with"))
    desk.post(url(saved, "delete"), {"name": saved.name})
    assert opened()[1].redirect_chain == []


def test_a_list_whose_conditions_are_gone_says_so(desk, reviewer):
    card_request = make_request(RequestStatus.ACCEPTED)
    save(reviewer, "旧名册的", query="intake=GONE&whose=self")
    response = desk.get(f"{QUEUE}?intake=GONE&whose=self")
    assert [row.card_request for row in response.context["rows"]] == [card_request]
    assert "保存的列表「旧名册的」里有的条件已经不存在了。" in response.content.decode()


def test_more_lists_cost_no_more_queries(desk, reviewer, supervisor):
    def cost(address):
        desk.get(address)
        with CaptureQueriesContext(connection) as queries:
            desk.get(address)
        return len(queries)

    addresses = (f"{QUEUE}?stage=waiting", LIST)
    save(reviewer, "a")
    one = [cost(address) for address in addresses]
    for name in "bcd":
        save(reviewer, name)
        save(supervisor, name, is_shared=True)
    assert [cost(address) for address in addresses] == one


OTHER = "whose=self"


def test_a_saved_list_gets_the_present_filter_and_keeps_its_name(desk, reviewer):
    saved = save(reviewer, is_first=True)
    page = desk.get(f"{reverse(f'{PAGE}_new')}?{OTHER}").content.decode()
    assert f"{url(saved, 'replace')}?{OTHER}" in page
    went_to = desk.post(f"{url(saved, 'replace')}?{OTHER}", {"seen": CHOICE})
    assert went_to.url == f"{QUEUE}?{OTHER}"
    saved.refresh_from_db()
    assert (saved.query, saved.name, saved.changed_by) == (OTHER, "数学学院的", reviewer)
    assert own_lists(desk, f"{QUEUE}?{OTHER}") == {"数学学院的": True}


def test_a_filter_that_a_colleague_has_replaced_meanwhile_stays(supervisor):
    saved = save(supervisor, is_shared=True)
    change = {"saved_list": saved, "by": supervisor, "at": AT}
    services.replace_query(query=OTHER, seen=CHOICE, **change)
    with pytest.raises(Refused) as refused:
        services.replace_query(query="whose=child", seen=CHOICE, **change)
    assert refused.value.code == "replaced"
    saved.refresh_from_db()
    assert saved.query == OTHER
    assert desk_events().order_by("pk").last().action == "REPLACE"


def test_a_list_of_the_team_is_replaced_by_who_may_change_it(desk, supervisor):
    saved = save(supervisor, is_shared=True)
    assert (
        url(saved, "replace") not in desk.get(f"{reverse(f'{PAGE}_new')}?{OTHER}").content.decode()
    )
    desk.post(f"{url(saved, 'replace')}?{OTHER}", {"seen": CHOICE})
    saved.refresh_from_db()
    assert saved.query == CHOICE
