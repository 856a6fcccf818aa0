"""A check is begun for one person and matter, and used once."""

from datetime import timedelta

import pytest

from apps.cards.permissions import NotYours
from apps.verification import code_check
from apps.verification.enums import CheckOutcome, Likeness, Purpose
from apps.verification.faces import Comparison
from apps.verification.models import Check
from apps.verification.refusals import CheckRefused
from tests.factories.cards import AT, make_draft
from tests.factories.people import make_holder, make_ward
from tests.verification.tries import refused, send, show_face, type_in, use

pytestmark = pytest.mark.django_db


def test_a_check_lives_for_half_an_hour(check):
    assert check.is_pending(AT + timedelta(minutes=29, seconds=59))
    assert not check.is_pending(AT + timedelta(minutes=30))
    assert check.outcome == CheckOutcome.PENDING


def test_nobody_begins_a_check_for_a_stranger(begin):
    with pytest.raises(NotYours):
        begin(holder=make_holder())


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", "apply/", "/\\evil"])
def test_a_check_leads_nowhere_but_into_the_portal(begin, url):
    with pytest.raises(ValueError, match="next_url"):
        begin(next_url=url)


def test_a_check_is_visible_to_nobody_but_who_began_it(check):
    assert check in Check.objects.visible_to(check.by)
    assert check not in Check.objects.visible_to(make_holder().user)


@pytest.fixture
def passed(check, scripted):
    show_face(check)
    return check


def test_a_check_is_used_once(passed):
    use(passed)
    assert refused(use, passed).code == "not_verified"


def test_a_check_that_was_used_meanwhile_is_not_used_again(passed, monkeypatch):
    queryset = Check.objects.none().__class__
    ordered = queryset.order_by

    def order_by_after_a_rival(self, *fields):
        rows = list(ordered(self, *fields))
        Check.objects.filter(pk=passed.pk).update(status="USED")
        return rows

    monkeypatch.setattr(queryset, "order_by", order_by_after_a_rival)
    assert refused(use, passed).code == "not_verified"


def test_a_check_that_expired_is_not_used(passed):
    assert refused(use, passed, at=AT + timedelta(minutes=30)).code == "not_verified"


def test_a_check_for_one_matter_is_worth_nothing_in_another(passed):
    assert refused(use, passed, purpose=Purpose.LOSS_REPORT).code == "not_verified"


def test_a_check_for_one_request_is_worth_nothing_for_another(passed):
    card_request = make_draft(holder=passed.holder)
    assert refused(use, passed, card_request=card_request).code == "not_verified"


def test_a_check_for_one_person_is_worth_nothing_for_another(passed):
    child = make_ward(passed.holder)
    assert refused(use, passed, holder=child).code == "not_verified"
    assert refused(use, passed, by=make_holder().user).code == "not_verified"


def test_a_check_that_was_used_or_has_expired_takes_no_more_tries(begin, scripted, phones):
    expired = begin()
    late = AT + timedelta(minutes=30)
    assert refused(show_face, expired, at=late).code == "not_open"
    assert refused(send, expired, at=late).code == "not_open"
    assert refused(type_in, expired, "123456", at=late).code == "not_open"
    used = begin()
    show_face(used)
    use(used)
    used.refresh_from_db()
    assert refused(show_face, used).code == "not_open"


def test_a_later_refusal_does_not_undo_a_passed_check(passed, scripted):
    scripted.answer = Comparison(Likeness.DIFFERENT, 0.9)
    refused(show_face, passed)
    passed.refresh_from_db()
    assert passed.outcome == CheckOutcome.PASSED


def test_another_person_s_check_takes_no_tries(check, scripted):
    with pytest.raises(CheckRefused) as caught:
        code_check.send_code(check=check, by=make_holder().user, at=AT)
    assert caught.value.code == "not_yours"
