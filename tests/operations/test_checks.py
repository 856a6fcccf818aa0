"""Each check: never without a remedy, in the document, and none stops another."""

import pytest
from django.conf import settings
from django.db import OperationalError

from apps.operations.checks import CHECKS, by_key
from apps.operations.enums import State
from apps.operations.examination import HealthCheck, examine
from tests.factories.cards import AT

pytestmark = pytest.mark.django_db


def test_every_check_has_a_key_of_its_own_and_says_what_to_do():
    assert len({check.key for check in CHECKS}) == len(CHECKS)
    for check in CHECKS:
        assert len(check.remedy) > 10
        assert check.remedy.endswith("。")


def test_every_check_can_be_made_on_an_empty_portal():
    for each in examine(CHECKS, at=AT):
        assert each.result.says.endswith("。"), each.check.key


def test_the_document_says_what_every_check_says_to_do():
    text = (settings.BASE_DIR / "docs" / "operations.md").read_text(encoding="utf-8")
    for check in CHECKS:
        assert f"| {check.title} |" in text
        assert check.remedy in text


def test_a_check_that_breaks_is_bad_and_stops_no_other():
    def breaks(at):
        raise KeyError("oops")

    broken = HealthCheck("broken", "坏的", "看日志。", breaks)
    results = examine([broken, by_key("disk")], at=AT)
    assert results[0].result.state == State.BAD
    assert "KeyError" in results[0].result.says
    assert results[1].check.key == "disk"


def test_without_the_database_no_check_pretends():
    def away(at):
        raise OperationalError("no connection")

    with pytest.raises(OperationalError):
        examine([HealthCheck("x", "x", "x", away)], at=AT)
