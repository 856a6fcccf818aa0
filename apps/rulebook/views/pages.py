"""The rules of the cities: the list of issuing cities, and one city with its history."""

from collections import defaultdict

from django.contrib import admin
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.common.moments import day_of
from apps.desk import event_kinds
from apps.desk.gates import readers_only
from apps.events.models import Event
from apps.regions.enums import Service
from apps.regions.models import City, CityBank, CityRule, ServiceOpening
from apps.regions.policies import has_begun
from apps.rulebook import offers
from apps.rulebook.wording import LABELS, shown

EVENTS_SHOWN = 20


def issuing():
    return City.objects.issuing().select_related("province").in_order()


@readers_only
@require_safe
def overview(request):
    """All issuing cities with today's rule, the next change, services and banks."""
    today = day_of(timezone.now())
    cities = list(issuing())
    rules = _by_city(CityRule.objects.filter(city__in=cities).order_by("valid_from"))
    openings = _by_city(ServiceOpening.objects.filter(city__in=cities).order_by("open_from"))
    banks = _by_city(
        CityBank.objects.filter(city__in=cities).select_related("bank").order_by("open_from")
    )
    context = {
        **admin.site.each_context(request),
        "title": "地区与规则",
        "rows": [
            {
                "city": city,
                "rule": _in_force(rules[city.pk], today),
                "services": [o for o in openings[city.pk] if o.is_open_on(today)],
                "banks": [b for b in banks[city.pk] if b.is_open_on(today)],
                "next_date": _next_change(
                    rules[city.pk], openings[city.pk] + banks[city.pk], today=today
                ),
            }
            for city in cities
        ],
        "service_count": len(Service),
        "today": today,
    }
    return render(request, "rulebook/overview.html", context)


def _by_city(rows):
    grouped = defaultdict(list)
    for row in rows:
        grouped[row.city_id].append(row)
    return grouped


def _in_force(rules, today):
    return [rule for rule in rules if rule.valid_from <= today][-1]


def _next_change(rules, periods, *, today):
    """The next day on which something changes in the city; None if nothing is planned."""
    days = [rule.valid_from for rule in rules]
    days += [period.open_from for period in periods]
    ahead = [day for day in days if day > today]
    ahead += [p.open_until for p in periods if p.open_until is not None and p.open_until >= today]
    return min(ahead, default=None)


@readers_only
@require_safe
def detail(request, code):
    """One city: the versions of its rule, each service and bank with its periods, who changed what.

    The number of queries does not depend on the length of the history.
    """
    at, by = timezone.now(), request.user
    today = day_of(at)
    city = get_object_or_404(issuing(), code=code)
    versions = _versions(city, by=by, at=at)
    openings = list(city.openings.order_by("-open_from"))
    banks = list(city.city_banks.select_related("bank").order_by("bank", "-open_from"))
    events = Event.objects.about(event_kinds.RULES, city)
    context = {
        **admin.site.each_context(request),
        "title": f"{city.full_name} · 规则",
        "city": city,
        "current": next(version for version in versions if version["is_current"]),
        "versions": versions,
        "services": [
            _standing(
                city,
                "service",
                service.label,
                service.value,
                [opening for opening in openings if opening.service == service],
                by=by,
                at=at,
            )
            for service in Service
        ],
        "banks": [
            _standing(
                city,
                "bank",
                bank.name,
                bank.pk,
                [b for b in banks if b.bank == bank],
                by=by,
                at=at,
            )
            for bank in {period.bank: None for period in banks}
        ],
        "events": events.select_related("by__holder").order_by("-pk")[:EVENTS_SHOWN],
        "new_terms": offers.new_terms(city, by=by),
        "add_bank": offers.add_bank(city, by=by),
        "today": today,
    }
    return render(request, "rulebook/city.html", context)


def _versions(city, *, by, at):
    """The versions, the newest first, each with its terms and how they differ from the one before.

    `terms` are (label, value, value before or ""); `until` is the first day of the next version.
    """
    rules = list(city.rules.select_related("created_by__holder").order_by("valid_from"))
    found = []
    for number, rule in enumerate(rules):
        before = rules[number - 1] if number else None
        following = rules[number + 1] if number + 1 < len(rules) else None
        is_begun = has_begun(rule.valid_from, at=at)
        found.append(
            {
                "rule": rule,
                "is_future": not is_begun,
                "is_current": is_begun
                and (following is None or not has_begun(following.valid_from, at=at)),
                "withdraw": offers.withdraw_rule(rule, by=by, at=at),
                "until": following.valid_from if following else None,
                "terms": [_term(name, rule, before) for name in CityRule.TERMS],
            }
        )
    return found[::-1]


def _term(name, rule, before):
    value = getattr(rule, name)
    was = getattr(before, name) if before else value
    return {
        "label": LABELS[name],
        "value": shown(name, value),
        "before": "" if was == value else shown(name, was),
    }


def _standing(city, kind, label, key, periods, *, by, at):
    """A service or bank, `kind`, today: its running period, the next one, and all of them."""
    running = next((period for period in periods if period.is_open_on(day_of(at))), None)
    ahead = [period for period in periods if not has_begun(period.open_from, at=at)]
    following = ahead[-1] if ahead else None
    return {
        "label": label,
        "running": running,
        "next": following,
        "offers": offers.of_standing(city, kind, key, running=running, following=following, by=by),
        "periods": [
            {"row": period, "withdraw": offers.withdraw_period(period, kind, by=by, at=at)}
            for period in periods
        ],
    }
