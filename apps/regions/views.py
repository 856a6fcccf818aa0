from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from apps.regions.enums import Service
from apps.regions.forms import AddressRegionMixin, AreaForm
from apps.regions.models import Bank, province_code_of

# Services at whose end a card is made and mailed.
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
        context["rows"] = rows = _service_rows(city, on=timezone.localdate())
        context["sends_cards"] = any(row["is_open"] and row["service"] in SENDING for row in rows)
        context["banks"] = Bank.objects.offered_in(city).order_by("code")
    # Going back in the history asks for the whole page, although htmx is who asks.
    if request.htmx and not request.htmx.history_restore_request:
        response = push_url(render(request, "regions/_areas.html", context), _link(chosen))
    else:
        response = render(request, "regions/areas.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
def options(request):
    """The `<option>`s below a chosen province (cities, and counties of an only city) or city."""
    form = AddressRegionMixin(initial=_with_province(request.GET))
    return render(
        request, "regions/options.html", {"form": form, "has_cities": "province" in request.GET}
    )


def _link(chosen):
    """The address of this very look-up: what was found, not what happened to be sent."""
    query = {name: chosen[name].code for name in ("province", "city") if chosen.get(name)}
    return reverse("regions:areas", query=query or None)


def _with_province(query):
    """The codes in the query string; a link to a city may leave its province out."""
    codes = {name: query[name] for name in ("province", "city") if query.get(name)}
    if "city" in codes and "province" not in query:
        codes["province"] = province_code_of(codes["city"])
    return codes if "province" in codes else {}


def _service_rows(city, *, on):
    """One row for each of the five services, opened in the city or not."""
    openings = {opening.service: opening for opening in city.openings.all()}
    rows = []
    for service in Service:
        opening = openings.get(service)
        rows.append(
            {
                "service": service,
                "is_open": opening is not None and opening.is_open_on(on),
                "opens_on": opening.open_from if opening and opening.open_from > on else None,
            }
        )
    return rows
