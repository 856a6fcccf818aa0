"""The limits of a check hold when one person asks in several tabs at once."""

import pytest
from django.db import connection

from apps.verification.enums import CheckOutcome, Purpose
from apps.verification.models import Check, FaceTry, OneTimeCode
from tests.contests import at_once
from tests.phones import code_in
from tests.verification.tries import send, show_face, type_in, wrong

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def of_tab(check):
    """`check` as another request reads it."""
    return Check.objects.select_related("by").get(pk=check.pk)


def test_one_code_is_sent(begin, phones):
    checks = [begin(), begin(), begin()]
    connection.close()
    refusals = at_once(*[lambda check=check: send(of_tab(check)) for check in checks])
    assert [refusal.code for refusal in refusals] == ["too_soon"] * 2
    assert len(phones) == 1


def test_codes_of_several_matters_are_limited_by_the_hour_together(begin, phones, settings):
    settings.CODES_PER_HOUR = 2
    checks = [begin(purpose=each) for each in list(Purpose)[:4]]
    connection.close()
    refusals = at_once(*[lambda check=check: send(of_tab(check)) for check in checks])
    assert [refusal.code for refusal in refusals] == ["too_many_codes"] * 2
    assert len(phones) == 2


def test_a_code_has_its_tries_in_all_tabs_together(begin, phones, settings):
    first, second = begin(), begin()
    send(first)
    code = code_in(phones[0][1])
    connection.close()
    guesses = [
        lambda check=check: type_in(of_tab(check), wrong(code)) for check in (first, second) * 4
    ]
    refusals = at_once(*guesses)
    assert sorted(refusal.code for refusal in refusals) == ["used_up"] * 3 + ["wrong"] * 5
    assert OneTimeCode.objects.get().tries == settings.CODE_TRIES


def test_the_right_code_passes_one_check(begin, phones):
    first, second = begin(), begin()
    send(first)
    code = code_in(phones[0][1])
    connection.close()
    at_once(*[lambda check=check: type_in(of_tab(check), code) for check in (first, second)])
    assert Check.objects.filter(outcome=CheckOutcome.PASSED).count() == 1


def test_no_more_faces_are_compared_than_are_allowed(check, scripted, settings):
    settings.FACE_TRIES_PER_HOUR = 2
    connection.close()
    at_once(*[lambda: show_face(of_tab(check))] * 5)
    assert FaceTry.objects.count() <= 2
