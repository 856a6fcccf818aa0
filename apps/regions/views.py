from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from apps.common.moments import day_of
from apps.common.pages import page_or_fragment, wants_fragment
from apps.regions.enums import Service
from apps.regions.forms import AddressRegionMixin, AreaForm
from apps.regions.models import Bank, province_code_of
from apps.regions.wording import openness

# Services that end with a card being made and mailed.
SENDING = {Service.APPLY, Service.REPLACE}


@require_safe
def areas(request):
    """社保卡跨省通办开通地区 (manual, figure 4): open to everyone, and to a link to one city."""
    form = AreaForm(_with_province(request.GET) or None)
    form.full_clean()
    chosen = form.cleaned_data if form.is_bound else {}
    city = chosen.get("city")
    context = {"form": form, "province": chosen.get("province"), "city": city}
    if city:
        at = timezone.now()
        day = day_of(at)
        context["rows"] = rows = _service_rows(city, at=at)
        context["sends_cards"] = any(
            row["standing"].is_open and row["service"] in SENDING for row in rows
        )
        context["banks"] = Bank.objects.offered_in(city, day).order_by("code")
        context["rule"] = city.rule_on(day)
    response = page_or_fragment(
        request,
        page="regions/areas.html",
        fragment="regions/_areas.html",
        context=context,
    )
    return push_url(response, _link(chosen)) if wants_fragment(request) else response


@require_safe
def options(request):
    """The `<option>`s below a chosen province (cities, and counties of an only city) or city."""
    form = AddressRegionMixin(initial=_with_province(request.GET))
    return render(
        request, "regions/options.html", {"form": form, "has_cities": "province" in request.GET}
    )


def _link(chosen):
    """The URL of this look-up, built from what was found and not from what was sent."""
    query = {name: chosen[name].code for name in ("province", "city") if chosen.get(name)}
    return reverse("regions:areas", query=query or None)


def _with_province(query):
    """The codes in the query string; a link to a city may leave its province out."""
    codes = {name: query[name] for name in ("province", "city") if query.get(name)}
    if "city" in codes and "province" not in query:
        codes["province"] = province_code_of(codes["city"])
    return codes if "province" in codes else {}


def _service_rows(city, *, at):
    """One row for each of the five services, opened in the city or not."""
    day = day_of(at)
    openings = list(city.openings.order_by("open_from"))
    rows = []
    for service in Service:
        standing = openness((o for o in openings if o.service == service), day=day)
        rows.append({"service": service, "standing": standing})
    return rows
