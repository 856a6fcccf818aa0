"""The reviewers' list and decision page of children's registrations, and the logged look."""

import re
from datetime import timedelta

import pytest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.desk import event_kinds
from apps.desk.looking import services as looking
from apps.people.enums import GuardianshipStatus, Sex
from apps.people.models import Guardianship
from tests.book import looks
from tests.factories.cards import make_request
from tests.factories.people import (
    make_holder,
    make_registration,
    make_reviewer,
    make_user,
)
from tests.review.steps import REASON, claim, claimed

pytestmark = pytest.mark.django_db

LIST = reverse("admin:people_guardianship_changelist")


@pytest.fixture
def reviewer(client):
    reviewer = make_reviewer()
    client.force_login(reviewer)
    return reviewer


def url(name, guardianship, *args):
    return reverse(f"admin:people_guardianship_{name}", args=[guardianship.reference, *args])


def page(response):
    return response.content.decode()


def test_the_list_opens_on_what_waits_and_shows_masked_names(client, reviewer):
    waiting = make_registration(make_holder(name="王大力"), name="王小乐")
    decided = make_registration(make_holder())
    claim(client, decided)
    client.post(url("confirm", decided))
    html = page(client.get(LIST))
    assert url("change", waiting) in html
    assert url("change", decided) not in html
    assert "**乐" in html
    assert "王小乐" not in html
    assert url("change", decided) in page(client.get(LIST, {"state": "confirmed"}))


def test_the_first_page_counts_what_this_reviewer_may_decide(client, reviewer):
    make_registration(make_holder(user=reviewer))
    assert "<b>0</b> 个子女登记待确认" in page(client.get(reverse("admin:index")))
    make_registration(make_holder())
    html = page(client.get(reverse("admin:index")))
    assert re.search(r"<b>1</b> 个子女登记待确认", html)


def test_the_page_hides_number_and_pictures_until_a_logged_look(client, reviewer):
    guardianship = make_registration(make_holder())
    number = guardianship.ward.id_number
    html = page(client.get(url("change", guardianship)))
    assert number not in html
    assert f"{number[:3]}***********{number[-4:]}" in html
    assert url("proof", guardianship, 1) not in html
    assert client.get(url("proof", guardianship, 1)).status_code == 404
    html = page(client.post(url("disclose", guardianship), REASON))
    assert number in html
    assert url("proof", guardianship, 1) in html
    look = looks().get()
    assert (look.by, look.kind, look.subject_id) == (
        reviewer,
        event_kinds.GUARDIANSHIP,
        guardianship.pk,
    )
    assert look.holder_id == guardianship.ward_id
    assert b"".join(client.get(url("proof", guardianship, 1)).streaming_content) == b"a picture"


def test_a_look_lasts_half_an_hour_and_is_one_s_own(client, reviewer):
    guardianship = make_registration(make_holder())
    looking.disclose(
        subject=guardianship,
        what="证明影像",
        reason="核对",
        by=reviewer,
        at=timezone.now() - timedelta(minutes=31),
    )
    assert client.get(url("proof", guardianship, 1)).status_code == 404
    client.post(url("disclose", guardianship), REASON)
    client.force_login(make_reviewer())
    assert client.get(url("proof", guardianship, 1)).status_code == 404


def test_a_registration_is_confirmed(client, reviewer):
    guardianship = make_registration(make_holder())
    claim(client, guardianship)
    html = page(client.post(url("confirm", guardianship), follow=True))
    guardianship.refresh_from_db()
    assert guardianship.status == GuardianshipStatus.CONFIRMED
    assert guardianship.events.last().by == reviewer
    assert "已确认，登记人现在可以代孩子办理" in html
    assert "确认监护关系</button>" not in html


def test_a_registration_is_refused_with_a_reason_that_its_guardian_reads(client, reviewer):
    guardian = make_holder()
    guardianship = make_registration(guardian)
    claim(client, guardianship)
    html = page(client.post(url("refuse", guardianship), {"reason": " "}))
    assert "请写明为什么不确认" in html
    client.post(url("refuse", guardianship), {"reason": "缺少户主页"})
    guardianship.refresh_from_db()
    assert (guardianship.events.last().by, guardianship.refusal_reason) == (reviewer, "缺少户主页")
    client.force_login(guardian.user)
    assert "缺少户主页" in page(client.get(reverse("children:list")))


def test_the_second_reviewer_is_told_that_it_is_decided(client, reviewer):
    guardianship = make_registration(make_holder())
    claim(client, guardianship)
    client.post(url("confirm", guardianship))
    client.force_login(make_reviewer())
    html = page(client.post(url("refuse", guardianship), {"reason": "晚了"}, follow=True))
    assert f"工号 {reviewer.employee_number}已于 " in html
    assert "这条登记已有决定：「确认」" in html
    assert "晚了" in html  # what was typed is there to copy
    assert Guardianship.objects.get().refusal_reason == ""


@pytest.mark.parametrize("name", ["confirm", "refuse", "disclose"])
def test_nobody_decides_on_a_child_of_their_own(client, reviewer, name):
    own = make_registration(make_holder(user=reviewer))
    mother = make_holder(sex=Sex.FEMALE)
    other = make_registration(mother, id_number=own.ward.id_number)
    for guardianship in (own, other):
        html = page(client.post(url(name, guardianship), {"reason": "x"}, follow=True))
        assert "您本人或您家人的登记" in html
        html = page(client.get(url("change", guardianship)))
        assert "请交给其他审核人" in html
        assert "</button>" not in html.split('class="split-main"')[1].split("<dialog")[0]
    assert Guardianship.objects.waiting().count() == 2
    assert not looks().exists()


def test_the_other_registrations_of_the_child_are_shown(client, reviewer):
    first = make_registration(make_holder(name="王大力"), name="王小乐")
    second = make_registration(
        make_holder(sex=Sex.FEMALE, name="李梅"), name="王乐", id_number=first.ward.id_number
    )
    html = page(client.get(url("change", first)))
    assert "李梅" in html
    assert "登记的姓名 王乐" in html
    assert url("change", second) in html


@pytest.mark.parametrize("name", ["change", "proof", "confirm", "refuse", "disclose"])
def test_only_reviewers_get_in(client, name):
    guardianship = make_registration(make_holder())
    client.force_login(make_user(is_staff=True))
    address = url(name, guardianship, *([1] if name == "proof" else []))
    assert client.get(address).status_code in {403, 405}
    assert client.post(address).status_code in {403, 405}
    assert client.get(LIST).status_code == 403


def test_nothing_is_added_changed_or_deleted_by_hand(client, reviewer):
    for name in ("add", "delete", "history"):
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:people_guardianship_{name}", args=[1])


def test_a_child_s_request_shows_guardian_and_proof(client, reviewer):
    guardian = make_holder(name="王大力")
    guardianship = make_registration(guardian)
    claim(client, guardianship)
    client.post(url("confirm", guardianship))
    card_request = make_request(RequestStatus.ACCEPTED, holder=guardianship.ward, by=guardian.user)
    detail = reverse("admin:cards_cardrequest_change", args=[card_request.reference])
    html = page(client.get(detail))
    assert "代办的监护人：王大力（父女），证明材料：户口簿" in html
    assert url("proof", guardianship, 1) not in html
    disclose = reverse("admin:cards_cardrequest_disclose", args=[card_request.reference])
    assert url("proof", guardianship, 1) in page(client.post(disclose, REASON))
    assert client.get(url("proof", guardianship, 1)).status_code == 200


@pytest.mark.parametrize("registrations", [2, 6])
def test_6_registrations_cost_as_many_queries_as_2(
    client, reviewer, registrations, django_assert_max_num_queries
):
    for _ in range(registrations):
        make_registration(make_holder())
    client.get(LIST)
    with django_assert_max_num_queries(7):
        client.get(LIST)


def test_whoever_holds_a_registration_reads_it_whole_and_that_is_one_look(client, reviewer):
    guardianship = make_registration(make_holder())
    claim(client, guardianship)
    for _ in range(2):
        html = page(client.get(url("change", guardianship)))
    assert guardianship.ward.id_number in html
    assert client.get(url("proof", guardianship, 1)).status_code == 200
    look = looks().get()
    assert (look.by, look.reason) == (reviewer, "领办后核对登记的内容")
    client.force_login(make_reviewer())
    assert guardianship.ward.id_number not in page(client.get(url("change", guardianship)))


def test_whoever_decides_can_call_the_guardian(client, reviewer):
    guardianship = make_registration(make_holder(phone="13912345678"))
    masked = client.get(url("change", guardianship)).content.decode()
    assert "139****5678" in masked
    assert "13912345678" not in masked
    opened = claimed(client, guardianship).content.decode()
    assert "13912345678" in opened
    assert "监护人的手机号" in looks().get().facts["what"]
