"""What a city charges, promises and offers, changed from a day on.

What has held is never edited: a change is a new row that begins today or later, a closing a last
day, and only what has not begun may be withdrawn. Each verb takes the row of the city, so that two
people who change one city follow one another.
"""

import hashlib

from django.db import transaction

from apps.common.moments import day_of
from apps.common.refusals import Refused
from apps.common.templatetags.formats import full_date
from apps.regions.enums import Service
from apps.regions.models import City, CityBank, CityRule, ServiceOpening


def lock(*, cities):
    """Take the rows of `cities` for this transaction, in one order for everybody."""
    rows = City.objects.select_for_update(no_key=True).order_by("code")
    list(rows.filter(code__in=[city.code for city in cities]).values_list("code"))


def basis(*, cities):
    """A mark of all that is laid down for `cities`: it changes with every change to one of them."""
    codes = [city.code for city in cities]
    kept = [
        list(model.objects.filter(city__in=codes).order_by("pk").values_list("pk", *names))
        for model, names in (
            (CityRule, ["valid_from"]),
            (ServiceOpening, ["open_from", "open_until"]),
            (CityBank, ["open_from", "open_until"]),
        )
    ]
    return hashlib.sha256(repr(kept).encode()).hexdigest()[:24]


@transaction.atomic
def add_rule(*, city, valid_from, changes, note, by, at):
    """A new version of `city`'s fees and days from the day `valid_from` on. Returns the `CityRule`.

    `changes` (column → amount in fen or days) are laid over the version that would be in force on
    that day; one that begins later stays as it is. Raises `Refused` for a day in the past, a day
    on which a version begins already, and when nothing would change.
    """
    _check_not_past(valid_from, at=at, what="生效日期")
    lock(cities=[city])
    before = city.rule_on(valid_from)
    if before.valid_from == valid_from:
        raise Refused(
            f"{city.name}在{full_date(valid_from)}已经有一个版本。请选另一天；"
            "那个版本还没有生效的，可以先撤回。",
            code="taken",
        )
    if before.terms == before.terms | changes:
        raise Refused(
            f"填写的内容与{city.name}那时的资费和时限完全相同，没有变化。", code="no_change"
        )
    return CityRule.objects.create(
        city=city,
        valid_from=valid_from,
        **(before.terms | changes),
        note=note,
        created_at=at,
        created_by=by,
    )


@transaction.atomic
def withdraw_rule(*, rule, by, at):
    """Take back a version that has not begun. Raises `Refused` once it has."""
    lock(cities=[rule.city])
    if rule.valid_from <= day_of(at):
        raise Refused("这个版本已经生效，不能撤回。要改回去，请新建一个版本。", code="in_force")
    CityRule.objects.filter(pk=rule.pk).delete()


@transaction.atomic
def open_service(*, city, service, open_from, open_until, by, at):
    """Open one of the five services in `city`; `open_until` None is for good. Returns the row.

    Raises `Refused` for a day in the past and for days on which it is open already.
    """
    return _open(
        ServiceOpening,
        {"city": city, "service": service},
        f"「{Service(service).label}」",
        open_from=open_from,
        open_until=open_until,
        at=at,
    )


@transaction.atomic
def close_service(*, city, service, open_until, by, at):
    """Let `open_until` be the last day of a service in `city`. Returns the row.

    Raises `Refused` for a day in the past, and when it is not open on that day or ends then anyway.
    """
    return _close(
        ServiceOpening,
        {"city": city, "service": service},
        f"「{Service(service).label}」",
        open_until=open_until,
        at=at,
    )


@transaction.atomic
def open_bank(*, city, bank, open_from, open_until, by, at):
    """Let `bank` issue the card in `city`. As `open_service`."""
    return _open(
        CityBank,
        {"city": city, "bank": bank},
        bank.name,
        open_from=open_from,
        open_until=open_until,
        at=at,
    )


@transaction.atomic
def close_bank(*, city, bank, open_until, by, at):
    """Let `open_until` be the last day of `bank` in `city`. As `close_service`."""
    return _close(CityBank, {"city": city, "bank": bank}, bank.name, open_until=open_until, at=at)


@transaction.atomic
def withdraw_opening(*, period, by, at):
    """Take back a `ServiceOpening` or `CityBank` that has not begun. Raises `Refused` once it has.

    What has begun is closed instead.
    """
    lock(cities=[period.city])
    if period.open_from <= day_of(at):
        raise Refused("已经开通，不能撤回。请改为停办，并填写最后一天。", code="begun")
    type(period).objects.filter(pk=period.pk).delete()


def _open(model, what, name, *, open_from, open_until, at):
    _check_not_past(open_from, at=at, what="开通日期")
    if open_until is not None and open_until < open_from:
        raise Refused("最后一天不能早于开通日期。", code="order")
    lock(cities=[what["city"]])
    other = model.objects.filter(**what).overlapping(open_from, open_until).first()
    if other is not None:
        until = f"到{full_date(other.open_until)}" if other.open_until else "起"
        raise Refused(
            f"{what['city'].name}的{name}{full_date(other.open_from)}{until}已经开通，日期不能重叠。",
            code="overlap",
        )
    return model.objects.create(**what, open_from=open_from, open_until=open_until)


def _close(model, what, name, *, open_until, at):
    _check_not_past(open_until, at=at, what="最后一天")
    lock(cities=[what["city"]])
    row = model.objects.filter(**what).open_on(open_until).first()
    if row is None:
        raise Refused(
            f"{what['city'].name}的{name}在{full_date(open_until)}没有开通，不用停办。",
            code="not_open",
        )
    if row.open_until == open_until:
        raise Refused(f"{name}本来就到{full_date(open_until)}停办，没有变化。", code="no_change")
    row.open_until = open_until
    row.save(update_fields=["open_until"])
    return row


def _check_not_past(day, *, at, what):
    if day < day_of(at):
        raise Refused(f"{what}不能早于今天：过去的规则不能改。", code="past")
