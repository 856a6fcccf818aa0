"""自行修改: the applicant takes a request back from the review, or asks the desk to change it."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestAction, RequestStatus
from apps.common.integrity import About
from apps.common.moments import day_of, start_of
from apps.desk.claims import services as claims
from apps.inquiries.enums import InquiryStatus
from apps.inquiries.models import Inquiry
from apps.inquiries.policies import Unanswered
from apps.lifecycle.refusals import NotAllowed
from apps.notices import services as notices
from apps.notices.models import Notice
from apps.requests import reopening
from apps.requests.models import Amendment, Particulars
from apps.review import services as review
from tests.factories.cards import ask, make_request
from tests.factories.inquiries import make_inquiry
from tests.factories.people import make_holder, make_reviewer, make_ward
from tests.shown import send
from tests.soundness import assert_sound

pytestmark = pytest.mark.django_db


def url(name, card_request):
    return reverse(f"application:{name}", args=[card_request.reference])


def hours_ago(hours):
    return timezone.now() - timedelta(hours=hours)


@pytest.fixture
def in_review(client):
    card_request = make_request(RequestStatus.ACCEPTED, at=hours_ago(3))
    client.force_login(card_request.holder.user)
    return card_request


def reload(row):
    row.refresh_from_db()
    return row


def test_a_request_in_review_offers_it_on_every_page_about_it(client, in_review):
    pages = [in_review.get_absolute_url(), url("detail", in_review), reverse("application:guide")]
    for page in pages:
        assert url("reopen", in_review) in client.get(page).content.decode()


def test_a_phone_number_is_changed_and_the_reviewer_sees_before_and_after(client, in_review):
    before = Particulars.objects.get(card_request=in_review).phone
    assert "请勾选要修改的内容。" in client.post(url("reopen", in_review), {}).content.decode()
    response = client.post(url("reopen", in_review), {"fields_to_change": ["phone"]})
    assert response.url == url("amend", in_review)
    assert reload(in_review).status == RequestStatus.NEEDS_AMENDMENT
    progress = client.get(in_review.get_absolute_url()).content.decode()
    assert "申请已取回，请修改后提交" in progress
    assert "自行修改" in progress
    assert "审核老师的意见" not in progress
    page = client.get(response.url).content.decode()
    assert "审核老师请您" not in page
    assert 'name="phone"' in page
    assert 'name="address"' not in page
    send(client, response.url, {"phone": "13912345678"})
    assert reload(in_review).status == RequestStatus.ACCEPTED
    assert [event.action for event in in_review.events][-2:] == [
        RequestAction.REOPEN,
        RequestAction.AMEND,
    ]
    client.force_login(make_reviewer())
    case = client.get(reverse("admin:cards_cardrequest_change", args=[in_review.reference]))
    page = case.content.decode()
    assert "自行取回" in page
    assert before[:3] in page
    assert "已修改" in page
    assert "申请人修改后重新提交，请核对改了什么" in page
    assert_sound(about=[About.ROWS])


def test_it_is_given_back_without_a_change(client, in_review):
    client.post(url("reopen", in_review), {"fields_to_change": ["phone"]})
    client.post(reverse("application:autosave", args=[in_review.reference]), {"phone": "139"})
    assert "不修改了，继续审核" in client.get(url("amend", in_review)).content.decode()
    for _ in range(2):
        client.post(url("resume", in_review))
    assert reload(in_review).status == RequestStatus.ACCEPTED
    assert in_review.events.filter(action=RequestAction.RESUME).count() == 1
    assert Particulars.objects.get(card_request=in_review).typed == ""


def test_a_portrait_need_not_be_new_when_nobody_asked_for_one(client, in_review):
    fields = {"fields_to_change": ["portrait", "phone"]}
    client.post(url("reopen", in_review), fields)
    send(client, url("amend", in_review), {"phone": "13912345678"})
    assert reload(in_review).status == RequestStatus.ACCEPTED


def test_what_a_reviewer_asked_for_cannot_be_given_back_unchanged(client, in_review):
    ask(in_review, at=hours_ago(1))
    assert "不修改了" not in client.get(url("amend", in_review)).content.decode()
    client.post(url("resume", in_review))
    assert reload(in_review).status == RequestStatus.NEEDS_AMENDMENT


def test_what_is_not_handed_in_by_its_last_day_goes_on_and_the_applicant_hears(in_review):
    user = in_review.applicant
    amendment = reopening.reopen(card_request=in_review, fields=["phone"], by=user, at=hours_ago(1))
    last = start_of(amendment.due_date + timedelta(days=1))
    assert reopening.resume_lapsed(at=last - timedelta(minutes=1), limit=10) == 0
    assert [reopening.resume_lapsed(at=last, limit=10) for _ in range(2)] == [1, 0]
    assert reload(in_review).status == RequestStatus.ACCEPTED
    notices.collect(at=last, limit=100)
    notices.send_due(at=last, limit=100)
    told = Notice.objects.filter(recipient=user)
    assert any("已按现在保存的内容继续审核" in notice.text for notice in told)


def test_while_a_reviewer_reads_it_the_desk_is_asked_instead(client, in_review):
    reviewer = make_reviewer()
    claims.claim(subject=in_review, by=reviewer, at=hours_ago(0))
    progress = client.get(in_review.get_absolute_url()).content.decode()
    assert url("reopen", in_review) not in progress
    assert url("ask", in_review) in progress
    page = client.post(url("reopen", in_review), {"fields_to_change": ["phone"]}).content.decode()
    assert "正在审核这件申请，现在不能取回修改。" in page
    assert url("ask", in_review) in page
    assert reload(in_review).status == RequestStatus.ACCEPTED
    later = timezone.now() + settings.REVIEW_CLAIM_LIFETIME  # the claim has lapsed
    reopening.reopen(card_request=in_review, fields=["phone"], by=in_review.applicant, at=later)
    with pytest.raises(review.Changed):
        review.approve(
            card_request=in_review, seen_since=hours_ago(3), by=reviewer, at=timezone.now()
        )


def test_a_card_on_its_way_is_still_asked_about(client):
    card_request = make_request(RequestStatus.DISPATCHED, at=hours_ago(3))
    client.force_login(card_request.holder.user)
    assert url("ask", card_request) in client.get(card_request.get_absolute_url()).content.decode()


def test_once_production_has_begun_the_desk_is_asked_and_answers(client):
    card_request = make_request(RequestStatus.APPROVED, at=hours_ago(3))
    client.force_login(card_request.holder.user)
    assert url("ask", card_request) in client.get(card_request.get_absolute_url()).content.decode()
    page = client.post(url("ask", card_request), {"fields_to_change": ["phone"]}).content.decode()
    assert "请写明哪里不对、应该是什么。" in page
    typed = {"fields_to_change": ["phone"], "text": "手机号最后一位应该是 9"}
    response = client.post(url("ask", card_request), typed)
    assert response.url == card_request.get_absolute_url()
    client.post(url("ask", card_request), typed)
    inquiry = Inquiry.objects.get()
    assert "人事处还没有答复" in client.get(response.url).content.decode()
    reviewer = make_reviewer()
    client.force_login(reviewer)
    listed = client.get(reverse("admin:cards_cardrequest_changelist"), {"stage": "asked"})
    assert card_request.reference in listed.content.decode()
    case = reverse("admin:cards_cardrequest_change", args=[card_request.reference])
    assert "手机号最后一位应该是 9" in client.get(case).content.decode()
    answer = reverse("admin:cards_cardrequest_answer", args=[card_request.reference])
    assert "请写明答复" in client.post(answer, {"inquiry": inquiry.reference}).content.decode()
    said = {"inquiry": inquiry.reference, "answer-text": "卡已送制，领卡后到窗口改手机号。"}
    assert client.post(answer, said).url == case
    assert reload(inquiry).answered_by == reviewer
    again = client.post(answer, said).content.decode()
    assert "已答复" in again
    at = timezone.now()
    notices.collect(at=at, limit=100)
    notices.send_due(at=at, limit=100)
    told = Notice.objects.filter(recipient=card_request.applicant, event__subject_kind="inquiry")
    assert {notice.channel for notice in told} == {"PORTAL", "SMS"}
    assert all("领卡后到窗口改手机号" in notice.text for notice in told)
    client.force_login(card_request.applicant)
    assert "领卡后到窗口改手机号" in client.get(response.url).content.decode()
    assert card_request.get_absolute_url() in client.get(reverse("home:messages")).content.decode()


def test_a_case_with_an_open_question_is_not_approved_unseen(client, in_review):
    reviewer = make_reviewer()
    claims.claim(subject=in_review, by=reviewer, at=timezone.now())
    inquiry = make_inquiry(in_review, at=timezone.now())
    seen = {"seen_since": in_review.status_since, "by": reviewer, "at": timezone.now()}
    with pytest.raises(Unanswered):
        review.approve(card_request=in_review, **seen)
    items = [{"field": "phone", "reason": "您说写错了"}]
    due = day_of(timezone.now()) + timedelta(days=3)
    review.request_amendment(card_request=in_review, items=items, due_date=due, **seen)
    assert reload(inquiry).status == InquiryStatus.SETTLED


@pytest.mark.parametrize(
    "status", [RequestStatus.SUBMITTED, RequestStatus.COLLECTED, RequestStatus.REJECTED]
)
def test_before_the_payment_and_after_the_end_neither_is_offered(client, status):
    card_request = make_request(status, at=hours_ago(3))
    client.force_login(card_request.holder.user)
    for name in ("reopen", "ask"):
        page = client.post(url(name, card_request), {"fields_to_change": ["phone"], "text": "x"})
        assert "查看制卡进度" in page.content.decode()
    assert not Inquiry.objects.exists()
    assert not Amendment.objects.exists()
    with pytest.raises(NotAllowed):
        reopening.reopen(
            card_request=card_request,
            fields=["phone"],
            by=card_request.applicant,
            at=timezone.now(),
        )


def test_a_guardian_takes_back_and_a_reviewer_who_is_near_does_not_answer(client):
    guardian = make_holder()
    card_request = make_request(
        RequestStatus.APPROVED, holder=make_ward(guardian), by=guardian.user, at=hours_ago(3)
    )
    inquiry = make_inquiry(card_request, at=hours_ago(1))
    reviewer = make_reviewer()
    guardian.user.groups.set(reviewer.groups.all())
    guardian.user.is_staff = True
    guardian.user.save()
    client.force_login(guardian.user)
    answer = reverse("admin:cards_cardrequest_answer", args=[card_request.reference])
    client.post(answer, {"inquiry": inquiry.reference, "answer-text": "好的"})
    assert reload(inquiry).status == InquiryStatus.OPEN
