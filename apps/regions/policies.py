"""Which changes of a city's rules, services and banks are allowed. The past cannot change."""

from apps.common.moments import day_of
from apps.common.refusals import Refused
from apps.common.templatetags.formats import day as day_words


def has_begun(first_day, *, at):
    """Whether what holds from the day `first_day` on has begun at the moment `at`.

    What has begun is history: it is followed by a new version or closed, never taken back.
    """
    return first_day <= day_of(at)


def check_not_past(day, *, at, what):
    """Raise `Refused` for a `day` before today; `what` is what the day is called."""
    if day < day_of(at):
        raise Refused(f"{what}不能早于今天：过去的规则不能改。", code="past")


def check_new_version(*, before, valid_from, changes):
    """Raise `Refused` unless `changes` from `valid_from` on make a new version.

    `before` is the version in force on that day.
    """
    if before.valid_from == valid_from:
        raise Refused(
            f"{before.city.name}在{day_words(valid_from)}已经有一个版本。请选另一天；"
            "那个版本还没有生效的，可以先撤回。",
            code="taken",
        )
    if before.terms == before.terms | changes:
        raise Refused(
            f"填写的内容与{before.city.name}那时的资费和时限完全相同，没有变化。",
            code="no_change",
        )


def check_version_withdrawable(rule, *, at):
    """Raise `Refused` once the version `rule` has begun."""
    if has_begun(rule.valid_from, at=at):
        raise Refused("这个版本已经生效，不能撤回。要改回去，请新建一个版本。", code="in_force")


def check_period(*, open_from, open_until, at):
    """Raise `Refused` unless a service or a bank can be opened on these days."""
    check_not_past(open_from, at=at, what="开通日期")
    if open_until is not None and open_until < open_from:
        raise Refused("最后一天不能早于开通日期。", code="order")


def check_no_overlap(other, *, name):
    """Raise `Refused` when there is an `other` period of the same thing; `name` is its name."""
    if other is not None:
        until = f"到{day_words(other.open_until)}" if other.open_until else "起"
        raise Refused(
            f"{other.city.name}的{name}{day_words(other.open_from)}{until}已经开通，日期不能重叠。",
            code="overlap",
        )


def check_period_withdrawable(period, *, at):
    """Raise `Refused` once the `period` has begun."""
    if has_begun(period.open_from, at=at):
        raise Refused("已经开通，不能撤回。请改为停办，并填写最后一天。", code="begun")


def check_closable(period, *, city, name, open_until):
    """Raise `Refused` unless `period`, the one that is open then, can end with `open_until`."""
    if period is None:
        raise Refused(
            f"{city.name}的{name}在{day_words(open_until)}没有开通，不用停办。", code="not_open"
        )
    if period.open_until == open_until:
        raise Refused(f"{name}本来就到{day_words(open_until)}停办，没有变化。", code="no_change")
