"""Changes the rules, services and banks of a city from a day on, and the holidays of a year.

The past is never edited: a change is a new row that begins today or later, closing sets a last day,
and only what has not begun may be withdrawn. Each function locks the row of the city, so that two
people who change one city come one after the other.
"""

import hashlib

from django.db import transaction
from django.db.models import Q

from apps.regions import policies
from apps.regions.enums import Service
from apps.regions.models import ArrangedDay, City, CityBank, CityRule, ServiceOpening


def lock(*, cities):
    """Lock the rows of `cities` for this transaction, always in the same order."""
    rows = City.objects.select_for_update(no_key=True).order_by("code")
    list(rows.filter(code__in=[city.code for city in cities]).values_list("code"))


def basis(*, cities):
    """A digest of all rules of `cities`. It changes with every change to one of them."""
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
    """A new version of the terms of `city` from the day `valid_from` on. Returns the `CityRule`.

    `changes` (column → amount in fen, days, or yes or no) replace values of the version that would
    be in force on that day; a later version stays as it is. Raises `Refused` for a day in the past,
    a day on which a version begins already, and when nothing would change.
    """
    policies.check_not_past(valid_from, at=at, what="生效日期")
    lock(cities=[city])
    before = city.rule_on(valid_from)
    policies.check_new_version(before=before, valid_from=valid_from, changes=changes)
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
    """Withdraw a version that has not begun. Raises `Refused` once it has."""
    lock(cities=[rule.city])
    policies.check_version_withdrawable(rule, at=at)
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
    """Withdraw a `ServiceOpening` or `CityBank` that has not begun. Raises `Refused` once it has.

    Close it instead if it has begun.
    """
    lock(cities=[period.city])
    policies.check_period_withdrawable(period, at=at)
    type(period).objects.filter(pk=period.pk).delete()


@transaction.atomic
def arrange_year(*, year, days, by, at):
    """Replace the arrangement of holidays of `year` by `days` ({day: (kind, name)}).

    Where another year's arrangement names one of the days, this later word counts.
    """
    ArrangedDay.objects.filter(Q(year=year) | Q(day__in=days)).delete()
    ArrangedDay.objects.bulk_create(
        ArrangedDay(year=year, day=day, kind=kind, name=name)
        for day, (kind, name) in sorted(days.items())
    )


def _open(model, what, name, *, open_from, open_until, at):
    policies.check_period(open_from=open_from, open_until=open_until, at=at)
    lock(cities=[what["city"]])
    other = model.objects.filter(**what).overlapping(open_from, open_until).first()
    policies.check_no_overlap(other, name=name)
    return model.objects.create(**what, open_from=open_from, open_until=open_until)


def _close(model, what, name, *, open_until, at):
    policies.check_not_past(open_until, at=at, what="最后一天")
    lock(cities=[what["city"]])
    row = model.objects.filter(**what).open_on(open_until).first()
    policies.check_closable(row, city=what["city"], name=name, open_until=open_until)
    row.open_until = open_until
    row.save(update_fields=["open_until"])
    return row
