"""Who may say that somebody is away, and what somebody away does not get."""

from datetime import timedelta

from django.db.models import DateField

from apps.cards.permissions import check_is_reviewer
from apps.common.moments import day_of
from apps.common.refusals import Refused
from apps.common.templatetags.formats import day as in_words
from apps.desk import roles
from apps.desk.colleagues import named
from apps.desk.models import Absence
from apps.people.models import User
from apps.queries.prepared import PreparedQuery

# Nobody is away for longer by one entry; a slip of the year would take somebody off the desk.
LONGEST = timedelta(days=180)


_TODAY = PreparedQuery(
    lambda account, today: Absence.objects.on(today).filter(user=account).order_by("-pk"),
    account=User,
    today=DateField(),
)


class DatesRefused(Refused):
    """The days cannot be so; the sentence stands beside them."""


class DeputyRefused(Refused):
    """The deputy cannot stand in; the sentence stands beside the name."""


def period(absence):
    """12月1日（周二）至 12月4日（周五）."""
    if absence.from_date == absence.until_date:
        return in_words(absence.from_date)
    return f"{in_words(absence.from_date)}至 {in_words(absence.until_date)}"


def note_of(absence):
    """不在岗，到 12月4日（周五），李四代办: what stands beside a colleague's name."""
    deputy = f"，{named(absence.deputy)}代办" if absence.deputy else ""
    return f"不在岗，到 {in_words(absence.until_date)}{deputy}"


def check_present(*, by, at):
    """Raise `Refused` (away) while `by` is away: who is away gets no cases."""
    absence = Absence.objects.of(by, at=at)
    if absence is not None:
        raise Refused(away_sentence(absence), code="away")


def asks_why_absent(*, by, at):
    """What `why_absent` asks for, to be read together with others."""
    return _TODAY.asks(**_values(by, at))


def _values(by, at):
    return {"account": by.pk, "today": day_of(at)}


def why_absent(*, by, at):
    """The sentence with which `check_present` refuses `by`, or "": no page offers what it ends."""
    if not by.has_perm(roles.DECIDE):
        return ""
    absence = _TODAY.first(**_values(by, at))
    return away_sentence(absence) if absence else ""


def away_sentence(absence):
    """What somebody away reads in place of a case."""
    return (
        f"您登记了不在岗，到 {in_words(absence.until_date)}，这期间不分给您。"
        "已经回来的，请先在「不在岗」里点「回来了」。"
    )


def check_may_set(user, *, by):
    """Raise `Refused` unless `by` may say that `user` is away: oneself, or the team lead."""
    if by.pk != user.pk and not by.has_perm(roles.LEAD_TEAM):
        raise Refused("只能登记自己不在岗；别人的请团队负责人登记。", code="not_own")
    check_is_reviewer(user)


def check_days(user, first, last, *, at):
    """Raise `DatesRefused` unless `user` can be away from `first` to `last`."""
    if last < first:
        raise DatesRefused("最后一天不能早于第一天。", code="order")
    if last < day_of(at):
        raise DatesRefused("这些日子已经过去，不用登记。", code="past")
    if last - first > LONGEST:
        raise DatesRefused(f"一次最多登记 {LONGEST.days} 天，请核对日期。", code="too_long")
    double = Absence.objects.between(first, last).filter(user=user).first()
    if double is not None:
        raise DatesRefused(f"已经登记过 {period(double)}不在岗，请先结束那一次。", code="double")


def check_has_deputy(user, *, first, last):
    """Raise `DeputyRefused` if `user` stands in for somebody on these days.

    What was referred to that colleague would wait for nobody.
    """
    standing_in = Absence.objects.between(first, last).filter(deputy=user)
    principal = standing_in.select_related("user__holder").order_by("from_date", "pk").first()
    if principal is not None:
        raise DeputyRefused(
            f"{named(user)} {period(principal)}替{named(principal.user)}代办，"
            "请选一位同事代办，两位的都由这位同事办。",
            code="stands_in",
        )


def check_deputy(deputy, *, user, first, last):
    """Raise `DeputyRefused` unless `deputy` can stand in for `user` on these days."""
    if deputy.pk == user.pk:
        raise DeputyRefused("请选另一位同事代办。", code="myself")
    if not (deputy.is_active and deputy.has_perm(roles.DECIDE)):
        raise DeputyRefused(f"{named(deputy)}没有审核的权限，请选另一位同事。", code="no_reviewer")
    double = Absence.objects.between(first, last).filter(user=deputy).first()
    if double is not None:
        raise DeputyRefused(
            f"{named(deputy)} {period(double)}也不在岗，请选另一位同事。", code="away_too"
        )
