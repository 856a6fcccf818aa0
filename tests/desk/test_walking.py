"""The next case is the next free one of the list that a reviewer came from."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.common.moments import day_of
from apps.common.templatetags.formats import day
from apps.desk.claims import services as claims
from apps.desk.claims.live import claim_of
from apps.desk.models import Postponement
from tests.book import desk_events
from tests.dates import in_words
from tests.factories.cards import AT, make_request
from tests.factories.formal_losses import make_formal_loss
from tests.factories.people import make_holder, make_registration, make_reviewer
from tests.factories.regions import make_city
from tests.review.steps import amendment, resubmit

pytestmark = pytest.mark.django_db

PUT_AWAY = {"postpone-reason": "等申请人回电话"}
LIST = reverse("admin:cards_cardrequest_changelist")
MAKE = {
    "cards_cardrequest": lambda at: make_request(RequestStatus.ACCEPTED, at=at),
    "replacement_formalloss": lambda at: make_formal_loss(at=at),
    "people_guardianship": lambda at: make_registration(make_holder(), at=at),
}


def url(subject, name="change", query=""):
    prefix = f"admin:{subject._meta.app_label}_{subject._meta.model_name}"
    carried = f"?_changelist_filters={query}" if query else ""
    return reverse(f"{prefix}_{name}", args=[subject.reference]) + carried


def path(address):
    return urlsplit(address).path


def following(desk, address):
    """Where 下一件 on the page at `address` leads, and whether the list was seen to its end."""
    page = desk.get(address)
    return page.context["next_url"], "这一列已经看完" in page.content.decode()


def walk(desk, address, steps):
    """The paths to which 下一件 leads, one after the other."""
    found = []
    for _ in range(steps):
        address, _is_around = following(desk, address)
        found.append(path(address))
    return found


@pytest.fixture(params=MAKE)
def four(request, db):
    """Four cases of one desk, the one that waits longest first."""
    return [MAKE[request.param](AT + timedelta(hours=hours)) for hours in range(4)]


def test_next_leads_through_the_list_past_what_a_colleague_holds_and_around(desk, four, reviewer):
    first, held, third, last = four
    claims.claim(subject=held, by=make_reviewer(), at=timezone.now())
    claims.claim(subject=first, by=reviewer, at=timezone.now())
    assert walk(desk, url(first), 3) == [url(third), url(last), url(first)]
    assert walk(desk, url(held), 1) == [url(third)]
    assert following(desk, url(third))[1] is False
    assert following(desk, url(last))[1] is True


def test_a_case_is_put_away_until_a_day_and_comes_back_on_it(desk, four, reviewer):
    first, second, *_ = four
    today = day_of(timezone.now())
    claims.claim(subject=first, by=reviewer, at=timezone.now())
    until = today + timedelta(days=2)
    reason = {"postpone-until_date": until.isoformat(), "postpone-reason": "等申请人回电话"}
    went_to = desk.post(url(first, "postpone"), reason, follow=True)
    assert path(went_to.redirect_chain[-1][0]) == url(second)
    assert f"已放到 {day(until)}" in in_words(went_to.content.decode())
    assert claim_of(first, at=timezone.now()) is None
    event = desk_events().get(action="POSTPONE")
    assert (event.reference, event.by, event.facts, event.reason) == (
        first.reference,
        reviewer,
        {"until": until.isoformat()},
        "等申请人回电话",
    )
    prefix = f"admin:{first._meta.app_label}_{first._meta.model_name}"
    listing = reverse(f"{prefix}_changelist")

    def is_listed(by=reviewer, **query):
        desk.force_login(by)
        return f"{url(first)}?" in desk.get(listing, query).content.decode().replace('"', "?")

    mine = {"held": "postponed"} if first._meta.model_name == "cardrequest" else {}
    mine = mine or {"state": "postponed"}
    assert (is_listed(), is_listed(**mine), is_listed(by=make_reviewer())) == (False, True, True)
    assert path(desk.post(reverse(f"{prefix}_next")).url) == url(first), "a colleague may decide"
    claims.release(subject=first, by=claim_of(first, at=timezone.now()).by, at=timezone.now())
    desk.force_login(reviewer)
    page = desk.get(url(first)).content.decode()
    assert "再办：等申请人回电话" in page
    Postponement.objects.update(until_date=today)
    assert (is_listed(), is_listed(**mine)) == (True, False)


def test_a_case_that_has_changed_is_looked_at_before_it_is_put_away(desk, four):
    case = four[0]
    shown = desk.get(url(case)).context["postponing"]["seen_since"].value()
    assert shown == case.status_since.isoformat()
    before = (case.status_since - timedelta(minutes=1)).isoformat()
    until = (day_of(timezone.now()) + timedelta(days=1)).isoformat()
    typed = PUT_AWAY | {"postpone-until_date": until, "postpone-seen_since": before}
    page = desk.post(url(case, "postpone"), typed)
    assert "有了变化" in page.content.decode()
    assert not Postponement.objects.exists()
    form = page.context["postponing"]
    assert (form["reason"].value(), form["seen_since"].value()) == (
        PUT_AWAY["postpone-reason"],
        shown,
    )
    desk.post(url(case, "postpone"), typed | {"postpone-seen_since": shown})
    assert Postponement.objects.count() == 1


def test_what_is_claimed_or_decided_is_not_put_away_any_more(desk, reviewer):
    card_request = make_request(RequestStatus.ACCEPTED)
    until = (day_of(timezone.now()) + timedelta(days=1)).isoformat()
    for _ in range(2):
        desk.post(url(card_request, "postpone"), PUT_AWAY | {"postpone-until_date": until})
        assert Postponement.objects.count() == 1
    desk.post(url(card_request, "claim"))
    assert not Postponement.objects.exists()

    desk.post(url(card_request, "postpone"), PUT_AWAY | {"postpone-until_date": until})
    desk.force_login(make_reviewer())
    desk.post(url(card_request, "claim"))
    seen = {"amend-status_since": card_request.status_since.isoformat()}
    desk.post(
        url(card_request, "request_amendment"),
        seen | amendment(ask_phone="on", reason_phone="打不通"),
    )
    card_request.refresh_from_db()
    assert card_request.status == RequestStatus.NEEDS_AMENDMENT
    assert not Postponement.objects.exists()


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("", "请选择放到哪一天再办。"),
        ("明天", "日期不正确"),
        ("2020-01-01", "请选明天或以后的一天，最晚到"),
        ("2050-01-01", "请选明天或以后的一天，最晚到"),
        ("9999-12-31", "日期太远，请核对年份。"),
    ],
)
def test_a_day_that_is_not_open_is_told_beside_the_field_and_the_reason_stays(desk, day, sentence):
    card_request = make_request(RequestStatus.ACCEPTED)
    typed = {"postpone-until_date": day, "postpone-reason": "等回电话"}
    page = desk.post(url(card_request, "postpone"), typed).content.decode()
    assert sentence in page
    assert 'value="等回电话"' in page
    assert not Postponement.objects.exists()


def test_a_case_that_its_applicant_changed_meanwhile_is_not_put_away_any_more(desk, reviewer):
    card_request = make_request(RequestStatus.ACCEPTED)
    until = day_of(timezone.now()) + timedelta(days=1)
    desk.post(url(card_request, "postpone"), PUT_AWAY | {"postpone-until_date": until.isoformat()})
    assert card_request.reference not in desk.get(LIST).content.decode()
    Postponement.objects.update(at=AT)
    resubmit(card_request, at=AT + timedelta(hours=1))
    assert card_request.reference in desk.get(LIST).content.decode()


def test_nobody_puts_away_what_a_colleague_holds(desk):
    card_request = make_request(RequestStatus.ACCEPTED)
    claims.claim(subject=card_request, by=make_reviewer(), at=timezone.now())
    until = (day_of(timezone.now()) + timedelta(days=1)).isoformat()
    page = desk.post(url(card_request, "postpone"), PUT_AWAY | {"postpone-until_date": until})
    assert "正在办理" in page.content.decode()
    assert not Postponement.objects.exists()


def test_list_case_decision_and_next_keep_the_filter_and_its_end_is_told(desk, reviewer):
    jinan, zibo = make_city(), make_city("370300", "淄博市")
    first = make_request(RequestStatus.ACCEPTED, city=zibo, at=AT)
    make_request(RequestStatus.ACCEPTED, city=jinan, at=AT + timedelta(hours=1))
    second = make_request(RequestStatus.ACCEPTED, city=zibo, at=AT + timedelta(hours=2))
    page = desk.get(LIST, {"city": zibo.pk}).content.decode()
    carried = f"city%3D{zibo.pk}"
    assert f'href="{url(second, query=carried)}"' in page
    assert (
        f'action="{reverse("admin:cards_cardrequest_next")}?_changelist_filters={carried}"' in page
    )
    # Another window shows another list; it does not disturb this one.
    desk.get(LIST, {"city": jinan.pk})
    case = desk.get(url(second, query=carried))
    assert f'href="{LIST}?city={zibo.pk}"' in case.content.decode()
    went_to = desk.post(url(second, "claim", query=carried))
    assert went_to.url == url(second, query=carried)

    def approve(card_request):
        seen = {"approve-status_since": card_request.status_since.isoformat()}
        return desk.post(url(card_request, "approve", query=carried), seen, follow=True)

    after = approve(second)
    assert after.redirect_chain == [(url(first, query=carried), 302)]
    assert "这一列已经看完，从头接着办。" in after.content.decode()
    done = approve(first)
    assert done.redirect_chain == [(f"{LIST}?city={zibo.pk}", 302)]
    assert "这一列已经看完。现在没有其他等待您办理的了。" in done.content.decode()


def test_a_list_of_ended_cases_is_walked_in_its_own_order(desk):
    old, new = (
        make_request(RequestStatus.REJECTED, at=AT + timedelta(hours=hours)) for hours in range(2)
    )
    address, is_around = following(desk, url(new, query="stage%3DREJECTED"))
    assert (path(address), is_around) == (url(old), False)
    assert parse_qs(urlsplit(address).query)["_changelist_filters"] == ["stage=REJECTED"]
