"""Checks that the data is consistent at the end of a story or a contest."""

from django.utils import timezone

from apps.common import integrity
from apps.common.integrity import About

# Factories make payments without an order, and lost cards without a declaration.
UNTRUE_OF_FACTORIES = ("记为已缴费的申请，钱都到了", "正式挂失的社保卡都有确认过的声明")


def assert_sound(*, about=(About.ROWS,)):
    """Fail with the rules that the rows break. What workers have yet to do is not looked at."""
    found = integrity.verify(at=timezone.now(), about=about)
    for rule in UNTRUE_OF_FACTORIES:
        found.pop(rule, None)
    assert found == {}, found
