"""Of every life: the row agrees with its events, and what the clock ended is written down."""

from django.apps import apps
from django.db.models import F, OuterRef, Q, Subquery, Value, Window
from django.db.models.functions import Lag

from apps.common.integrity import PATIENCE, About, Invariant
from apps.events.models import Event
from apps.lifecycle.models import Living, Setback


def _models():
    return [model for model in apps.get_models() if issubclass(model, Living)]


def _every(check):
    """`check(model, at)` over the models of all lives, as one function of `at`."""

    def breaches(at):
        for model in _models():
            if model._default_manager.exists():
                yield from check(model, at)

    return breaches


def _events():
    """The events of all lives. One query over them costs less than one for each life."""
    return Event.objects.filter(subject_kind__in=[model.lifecycle.name for model in _models()])


def _before(column, **options):
    """`column` of the event before, of the same row."""
    return Window(
        Lag(column, **options),
        partition_by=[F("subject_kind"), F("subject_id")],
        order_by=F("pk").asc(),
    )


def _events_of_row(model):
    return Event.objects.filter(
        subject_kind=model.lifecycle.name, subject_id=OuterRef("pk")
    ).order_by("-pk")


def _unlike_last_event(model, at):
    last = _events_of_row(model).values("to_status")[:1]
    rows = model._default_manager.annotate(last_status=Subquery(last))
    return rows.filter(Q(last_status=None) | ~Q(last_status=F("status")))


def _since_another_moment(model, at):
    """A move that stays in its status keeps the beginning."""
    change = _events_of_row(model).exclude(from_status=F("to_status"))
    rows = model._default_manager.annotate(moved_at_last=Subquery(change.values("at")[:1]))
    return rows.exclude(moved_at_last=None).exclude(moved_at_last=F("status_since"))


def _gaps(at):
    """Events that do not begin where the one before them ended."""
    before = _before("to_status", default=Value(""))
    return _events().annotate(before=before).exclude(from_status=F("before"))


def _backwards(at):
    """Events that are recorded before the one before them."""
    return _events().annotate(before_at=_before("at")).filter(at__lt=F("before_at"))


def _outside_the_table(at):
    """Events of a step that no row of a table allows.

    The book holds few kinds of steps, so these are compared, and not each event with each row.
    """
    lives = {model.lifecycle.name: model.lifecycle for model in _models()}
    step = ("subject_kind", "action", "from_status", "to_status", "role")
    for found in _events().values_list(*step).distinct().order_by():
        if not _is_allowed(lives[found[0]], *found[1:]):
            yield from Event.objects.filter(**dict(zip(step, found, strict=True)))


def _is_allowed(life, action, source, target, role):
    rule = life.moves.get(action)
    if rule is None or target != rule.target or role not in rule.by:
        return False
    return source in (rule.sources or {""})


def _ended_long_ago(model, at):
    for clock in model.lifecycle.clocks:
        yield from model._default_manager.overdue(clock.action, at - PATIENCE)


def _stuck(at):
    return Setback.objects.filter(next_try_at__lte=at - PATIENCE)


INVARIANTS = [
    Invariant("状态就是最后一条记录的状态", _every(_unlike_last_event)),
    Invariant("状态开始的时间就是那条记录的时间", _every(_since_another_moment)),
    Invariant("每条记录从上一条的状态开始", _gaps),
    Invariant("没有一条记录早于它前面的一条", _backwards),
    Invariant("每条记录都是状态表允许的", _outside_the_table),
    Invariant("到期的都已写下", _every(_ended_long_ago), About.WORK),
    Invariant("没能自动办理的到时间都再试过", _stuck, About.WORK),
]
