"""The reviewers' list and decision page of children's registrations, and the logged look."""

import re
from datetime import timedelta

import pytest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.desk import event_kinds
from apps.people.enums import GuardianshipStatus, Sex
from apps.people.models import Guardianship
from apps.review import services
from tests.book import looks
from tests.factories.cards import make_request
from tests.factories.people import (
    make_claim,
    make_holder,
    make_reviewer,
    make_user,
)
from tests.review.steps import REASON, claimed

pytestmark = pytest.mark.django_db

LIST = reverse("admin:people_guardianship_changelist")


@pytest.fixture
def reviewer(client):
    reviewer = make_reviewer()
    client.force_login(reviewer)
    return reviewer


def url(name, claim, *args):
    return reverse(f"admin:people_guardianship_{name}", args=[claim.reference, *args])


def page(response):
    return response.content.decode()


def test_the_list_opens_on_what_waits_and_shows_masked_names(client, reviewer):
    waiting = make_claim(make_holder(name="王大力"), name="王小乐")
    decided = make_claim(make_holder())
    claimed(client, decided)
    client.post(url("confirm", decided))
    html = page(client.get(LIST))
    assert url("change", waiting) in html
    assert url("change", decided) not in html
    assert "**乐" in html
    assert "王小乐" not in html
    assert url("change", decided) in page(client.get(LIST, {"state": "confirmed"}))


def test_the_first_page_counts_what_this_reviewer_may_decide(client, reviewer):
    make_claim(make_holder(user=reviewer))
    assert "<b>0</b> 个子女登记待确认" in page(client.get(reverse("admin:index")))
    make_claim(make_holder())
    html = page(client.get(reverse("admin:index")))
    assert re.search(r"<b>1</b> 个子女登记待确认", html)


def test_the_page_hides_number_and_pictures_until_a_logged_look(client, reviewer):
    claim = make_claim(make_holder())
    number = claim.ward.id_number
    html = page(client.get(url("change", claim)))
    assert number not in html
    assert f"{number[:3]}***********{number[-4:]}" in html
    assert url("proof", claim, 1) not in html
    assert client.get(url("proof", claim, 1)).status_code == 404
    html = page(client.post(url("disclose", claim), REASON))
    assert number in html
    assert url("proof", claim, 1) in html
    look = looks().get()
    assert (look.by, look.kind, look.subject_id) == (reviewer, event_kinds.GUARDIANSHIP, claim.pk)
    assert look.holder_id == claim.ward_id
    assert b"".join(client.get(url("proof", claim, 1)).streaming_content) == b"a picture"


def test_a_look_lasts_half_an_hour_and_is_one_s_own(client, reviewer):
    claim = make_claim(make_holder())
    services.disclose_claim(
        guardianship=claim,
        what="证明影像",
        reason="核对",
        by=reviewer,
        at=timezone.now() - timedelta(minutes=31),
    )
    assert client.get(url("proof", claim, 1)).status_code == 404
    client.post(url("disclose", claim), REASON)
    client.force_login(make_reviewer())
    assert client.get(url("proof", claim, 1)).status_code == 404


def test_a_claim_is_confirmed(client, reviewer):
    claim = make_claim(make_holder())
    claimed(client, claim)
    html = page(client.post(url("confirm", claim), follow=True))
    claim.refresh_from_db()
    assert claim.status == GuardianshipStatus.CONFIRMED
    assert claim.events.last().by == reviewer
    assert "已确认，登记人现在可以代孩子办理" in html
    assert "确认监护关系</button>" not in html


def test_a_claim_is_refused_with_a_reason_that_its_guardian_reads(client, reviewer):
    guardian = make_holder()
    claim = make_claim(guardian)
    claimed(client, claim)
    html = page(client.post(url("refuse", claim), {"reason": " "}))
    assert "请写明不予确认的原因" in html
    client.post(url("refuse", claim), {"reason": "缺少户主页"})
    claim.refresh_from_db()
    assert (claim.events.last().by, claim.refusal_reason) == (reviewer, "缺少户主页")
    client.force_login(guardian.user)
    assert "缺少户主页" in page(client.get(reverse("children:list")))


def test_the_second_reviewer_is_told_that_it_is_decided(client, reviewer):
    claim = make_claim(make_holder())
    claimed(client, claim)
    client.post(url("confirm", claim))
    client.force_login(make_reviewer())
    html = page(client.post(url("refuse", claim), {"reason": "晚了"}, follow=True))
    assert "刚刚已由其他审核人办理：「确认」" in html
    assert Guardianship.objects.get().refusal_reason == ""


@pytest.mark.parametrize("name", ["confirm", "refuse", "disclose"])
def test_nobody_decides_on_a_child_of_their_own(client, reviewer, name):
    own = make_claim(make_holder(user=reviewer))
    mother = make_holder(sex=Sex.FEMALE)
    other = make_claim(mother, id_number=own.ward.id_number)
    for claim in (own, other):
        html = page(client.post(url(name, claim), {"reason": "x"}, follow=True))
        assert "您本人或您子女的登记" in html
        html = page(client.get(url("change", claim)))
        assert "请交给其他审核人" in html
        assert "</button>" not in html.split('class="split-main"')[1].split('id="footer"')[0]
    assert Guardianship.objects.waiting().count() == 2
    assert not looks().exists()


def test_the_other_claims_of_the_child_are_shown(client, reviewer):
    first = make_claim(make_holder(name="王大力"), name="王小乐")
    second = make_claim(
        make_holder(sex=Sex.FEMALE, name="李梅"), name="王乐", id_number=first.ward.id_number
    )
    html = page(client.get(url("change", first)))
    assert "李梅" in html
    assert "登记的姓名 王乐" in html
    assert url("change", second) in html


@pytest.mark.parametrize("name", ["change", "proof", "confirm", "refuse", "disclose"])
def test_only_reviewers_get_in(client, name):
    claim = make_claim(make_holder())
    client.force_login(make_user(is_staff=True))
    address = url(name, claim, *([1] if name == "proof" else []))
    assert client.get(address).status_code in {403, 405}
    assert client.post(address).status_code in {403, 405}
    assert client.get(LIST).status_code == 403


def test_nothing_is_added_changed_or_deleted_by_hand(client, reviewer):
    for name in ("add", "delete", "history"):
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:people_guardianship_{name}", args=[1])


def test_a_child_s_request_shows_guardian_and_proof(client, reviewer):
    guardian = make_holder(name="王大力")
    claim = make_claim(guardian)
    claimed(client, claim)
    client.post(url("confirm", claim))
    card_request = make_request(RequestStatus.ACCEPTED, holder=claim.ward, by=guardian.user)
    detail = reverse("admin:cards_cardrequest_change", args=[card_request.reference])
    html = page(client.get(detail))
    assert "代办的监护人：王大力（父女），证明材料：户口簿" in html
    assert url("proof", claim, 1) not in html
    disclose = reverse("admin:cards_cardrequest_disclose", args=[card_request.reference])
    assert url("proof", claim, 1) in page(client.post(disclose, REASON))
    assert client.get(url("proof", claim, 1)).status_code == 200


@pytest.mark.parametrize("claims", [2, 6])
def test_6_claims_cost_as_many_queries_as_2(
    client, reviewer, claims, django_assert_max_num_queries
):
    for _ in range(claims):
        make_claim(make_holder())
    client.get(LIST)
    with django_assert_max_num_queries(7):
        client.get(LIST)
