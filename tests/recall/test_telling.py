"""Who is told of a decision that can be taken back, and when."""

from datetime import timedelta

import pytest

from apps.notices.models import Notice
from apps.recall.policies import TooLateToRecall
from apps.requests.policies import settled_after
from tests.factories import cards as steps
from tests.factories.cards import make_request
from tests.recall.steps import MINUTE, MOMENT, S, answer, recall, stored
from tests.telling import tell


def told(card_request):
    """The texts in the portal about amendments and rejections, oldest first."""
    sent = Notice.objects.filter(recipient=card_request.applicant, channel="PORTAL")
    texts = [notice.text for notice in sent.exclude(sent_at=None).order_by("sent_at", "pk")]
    return [text[:6] for text in texts if "请您修改" in text or "不通过" in text]


@pytest.mark.django_db
def test_a_decision_is_told_when_it_can_no_longer_be_recalled():
    for status, begins in ((S.NEEDS_AMENDMENT, "审核老师请您"), (S.REJECTED, "您的申请审核")):
        card_request = make_request(status)
        end = card_request.status_since + settled_after()
        tell(end - MOMENT)
        assert told(card_request) == []
        tell(end)
        assert told(card_request) == [begins]


@pytest.mark.django_db
def test_what_was_answered_before_it_was_told_is_not_asked_for():
    card_request = make_request(S.NEEDS_AMENDMENT)
    answer(card_request, at=card_request.status_since + MINUTE)
    tell(stored(card_request).status_since + timedelta(hours=1))
    assert told(card_request) == []


@pytest.mark.django_db
@pytest.mark.parametrize("is_told_before", [False, True])
def test_an_amendment_that_its_rejection_gives_back_is_asked_for_exactly_once(is_told_before):
    card_request = make_request(S.NEEDS_AMENDMENT)
    at = card_request.status_since + (settled_after() if is_told_before else MINUTE)
    tell(at)
    steps.reject(card_request, at=at)
    tell(at + MINUTE)
    row = recall(card_request, at=at + 2 * MINUTE)
    assert row.status == S.NEEDS_AMENDMENT
    tell(at + 3 * MINUTE)
    tell(at + timedelta(hours=1))
    assert told(card_request) == ["审核老师请您"]
    with pytest.raises(TooLateToRecall, match="no_decision"):
        recall(card_request, at=at + 4 * MINUTE)
