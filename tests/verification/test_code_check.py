"""短信验证码和密码: sent, tried, worn out."""

from datetime import timedelta

import pytest

from apps.people.models import Holder
from apps.people.services import enter_staff_member
from apps.verification import code_check
from apps.verification.enums import CheckMethod, CheckOutcome, Purpose
from apps.verification.models import OneTimeCode
from tests.factories.cards import AT
from tests.factories.people import make_holder
from tests.phones import code_in
from tests.verification.tries import refused, send, type_in, use, wrong

pytestmark = pytest.mark.django_db


def test_the_code_goes_to_the_registered_phone(check, phones):
    send(check)
    ((phone, text),) = phones
    assert phone == check.by.holder.phone
    assert "5 分钟" in text
    assert "社会保障卡申领" in text


def test_code_and_password_pass(check, phones):
    send(check)
    type_in(check, code_in(phones[0][1]))
    assert (check.outcome, check.method) == (CheckOutcome.PASSED, CheckMethod.CODE)
    assert use(check)


def test_the_code_is_nowhere_at_rest(check, phones):
    send(check)
    code = code_in(phones[0][1])
    assert code not in str(list(OneTimeCode.objects.values("digest", "of_check", "tries")))
    assert len(OneTimeCode.objects.get().digest) == 64


def test_a_code_is_worth_nothing_for_another_matter(begin, phones):
    first, second = begin(), begin(purpose=Purpose.ACTIVATE)
    send(first)
    send(second)
    assert refused(type_in, second, code_in(phones[0][1])).code == "wrong"
    stolen = OneTimeCode.objects.get(of_check=first).digest
    OneTimeCode.objects.filter(of_check=second).update(digest=stolen)
    assert refused(type_in, second, code_in(phones[0][1])).code == "wrong"


def test_wrong_code_and_wrong_password_get_the_same_answer(begin, phones):
    first, second = begin(), begin(purpose=Purpose.ACTIVATE)
    send(first)
    send(second)
    by_code = refused(type_in, first, wrong(code_in(phones[0][1])))
    by_password = refused(type_in, second, code_in(phones[1][1]), password="another")
    assert by_code.message == by_password.message
    assert "还可以再试 4 次" in by_code.message


def test_a_code_has_five_tries(check, phones):
    send(check)
    code = code_in(phones[0][1])
    for _ in range(5):
        assert refused(type_in, check, wrong(code)).code == "wrong"
    assert refused(type_in, check, code).code == "used_up"
    assert check.outcome == CheckOutcome.PENDING


def test_the_fifth_try_still_counts_when_it_is_right(check, phones):
    send(check)
    code = code_in(phones[0][1])
    for _ in range(4):
        refused(type_in, check, wrong(code))
    type_in(check, code)
    assert check.outcome == CheckOutcome.PASSED


def test_a_code_lives_for_five_minutes(check, phones):
    send(check)
    late = AT + timedelta(minutes=5)
    assert refused(type_in, check, code_in(phones[0][1]), at=late).code == "expired"
    type_in(check, code_in(phones[0][1]), at=late - timedelta(seconds=1))


def test_a_new_code_voids_the_one_before(check, phones):
    send(check)
    send(check, at=AT + timedelta(minutes=1))
    old, new = (code_in(text) for _, text in phones)
    if old != new:
        assert refused(type_in, check, old).code == "wrong"
    type_in(check, new)


def test_one_code_a_minute_for_each_matter(begin, phones):
    first, second = begin(), begin()
    send(first)
    refusal = refused(send, second, at=AT + timedelta(seconds=59))
    assert refusal.code == "too_soon"
    assert "1 秒" in refusal.message
    send(second, at=AT + timedelta(seconds=60))
    assert len(phones) == 2


def test_the_code_one_has_to_wait_for_is_the_one_that_can_be_typed_in(begin, phones):
    first, second = begin(), begin()
    send(first)
    assert refused(send, second, at=AT + timedelta(seconds=30)).code == "too_soon"
    type_in(second, code_in(phones[0][1]), at=AT + timedelta(seconds=30))
    assert second.outcome == CheckOutcome.PASSED
    third = begin()
    assert refused(type_in, third, code_in(phones[0][1])).code == "no_code"
    send(third, at=AT + timedelta(seconds=31))  # nothing to wait for


def test_a_code_is_good_for_the_number_that_it_was_sent_to(check, phones):
    send(check)
    check.by.holder.phone = "13899990000"
    check.by.holder.save()
    refusal = refused(type_in, check, code_in(phones[0][1]))
    assert refusal.code == "phone_changed"
    assert "手机号已经变更" in refusal.message
    assert check.outcome == CheckOutcome.PENDING
    send(check, at=AT + timedelta(seconds=1))  # to the new number, without waiting
    type_in(check, code_in(phones[1][1]))
    assert (phones[1][0], check.outcome) == ("13899990000", CheckOutcome.PASSED)


def test_codes_are_limited_by_the_hour(begin, phones, settings):
    settings.CODES_PER_HOUR = 3
    for minute in range(3):
        send(begin(), at=AT + timedelta(minutes=minute))
    assert refused(send, begin(), at=AT + timedelta(minutes=5)).code == "too_many_codes"


def test_without_a_code_there_is_nothing_to_type_in(check, phones):
    assert refused(type_in, check, "123456").code == "no_code"


def test_a_message_that_did_not_leave_may_be_asked_for_again_at_once(check, dead_line, settings):
    assert refused(send, check).code == "not_sent"
    assert code_check.seconds_until_next_code(check=check, at=AT) == 0


def test_a_wrong_number_is_said_and_nobody_is_asked_to_try_again(check, wrong_number):
    refusal = refused(send, check)
    assert refusal.code == "wrong_number"
    assert "更正手机号" in refusal.message


def test_without_a_registered_phone_there_is_no_code(begin):
    nobody = make_holder(phone="")
    check = begin(holder=nobody, by=nobody.user)
    assert refused(send, check).code == "no_phone"


@pytest.fixture
def changed(holder):
    """HR has changed the phone at the moment `AT`."""
    enter_staff_member(
        employee_number=holder.user.employee_number,
        id_number=holder.id_number,
        particulars={"phone": "13900009999"},
        by=None,
        at=AT,
    )
    return holder


@pytest.mark.parametrize("purpose", [Purpose.ACTIVATE, Purpose.LOSS_REPORT, Purpose.RESET_PASSWORD])
def test_a_new_phone_finishes_nothing_that_nobody_reviews_for_a_day(
    begin, changed, phones, settings, purpose
):
    check = begin(purpose=purpose)
    assert "刚变更" in code_check.code_hindrance(check=check, at=AT)
    assert refused(send, check).code == "new_phone"
    assert phones == []
    later = AT + settings.NEW_PHONE_WAIT
    fresh = begin(purpose=purpose, at=later)
    assert code_check.code_hindrance(check=fresh, at=later) is None
    send(fresh, at=later)
    assert phones[0][0] == "13900009999"


def test_a_phone_that_was_changed_in_a_record_merged_since_waits_as_well(begin, changed, holder):
    stays = make_holder(phone="")
    holder.refresh_from_db()
    account = holder.user
    Holder.objects.filter(pk=holder.pk).update(user=None, merged_into=stays, phone="")
    Holder.objects.filter(pk=stays.pk).update(user=account, phone="13900009999")
    stays.refresh_from_db()
    assert refused(send, begin(holder=stays, by=stays.user, purpose=Purpose.ACTIVATE)).code == (
        "new_phone"
    )


def test_a_new_phone_serves_at_once_where_a_reviewer_decides_or_the_unit_waits_not(
    begin, changed, phones, settings
):
    send(begin(purpose=Purpose.APPLY))
    settings.NEW_PHONE_WAIT = timedelta(0)
    send(begin(purpose=Purpose.ACTIVATE))
    assert len(phones) == 2
