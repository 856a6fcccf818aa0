"""The holidays of the years: what is announced, and the upload of a table with its preview."""

from django.contrib import admin, messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.common import holidays
from apps.common.moments import day_of
from apps.common.working_days import LIBRARY_YEARS
from apps.desk import event_kinds, roles
from apps.desk.colleagues import told
from apps.desk.gates import readers_only, requires
from apps.events.models import Event
from apps.regions.models import ArrangedDay
from apps.rulebook import holiday_table, moved, offers, services
from apps.rulebook.forms import HolidayForm
from apps.rulebook.holiday_table import YEARS_AHEAD

LIST = "admin:regions_arrangedday_changelist"
CONFIRMED, BACK = "confirmed", "back"  # names of the buttons below a preview
EVENTS_SHOWN = 20

managers_only = requires(roles.MANAGE_RULES)


@readers_only
@require_safe
def overview(request):
    """This year and the next ones: announced or not, and the days that are known."""
    this_year = day_of(timezone.now()).year
    years = range(this_year, this_year + YEARS_AHEAD + 1)
    arranged = list(ArrangedDay.objects.filter(year__in=years).order_by("day"))
    uploads = Event.objects.of_kind(event_kinds.HOLIDAYS).select_related("by__holder")
    context = {
        **admin.site.each_context(request),
        "title": "放假安排",
        "years": [
            {
                "year": year,
                "days": [row for row in arranged if row.year == year],
                "is_in_library": year in LIBRARY_YEARS,
                "statutory": sorted(holidays.statutory(year).items()),
            }
            for year in years
        ],
        "uploads": uploads.order_by("-pk")[:EVENTS_SHOWN],
        "upload": offers.upload_holidays(by=request.user),
    }
    return render(request, "rulebook/holidays.html", context)


@readers_only
@require_safe
def sample(request, year):
    """The statutory days of `year` as a CSV file, to be completed."""
    this_year = day_of(timezone.now()).year
    if not this_year <= year <= this_year + YEARS_AHEAD:
        raise Http404
    content = "\ufeff" + holiday_table.sample(year)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="holidays-{year}.csv"'
    return response


@managers_only
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request):
    """The form, its preview, or saving. The preview carries the table along as text."""
    at = timezone.now()
    is_posted = request.method == "POST"
    form = HolidayForm(*((request.POST, request.FILES) if is_posted else ()), at=at)
    is_back = BACK in request.POST
    if not is_posted or is_back or not form.is_valid():
        return _form_page(request, form, show_errors=not is_back, at=at)
    table, note = form.found, form.cleaned_data["note"]
    if CONFIRMED in request.POST:
        try:
            count = services.arrange_year(
                table=table,
                basis=form.cleaned_data["basis"],
                note=note,
                by=request.user,
                at=at,
            )
        except services.Stale as refusal:
            messages.warning(request, told(refusal, by=request.user))
        else:
            messages.success(
                request, f"已保存：{table.year} 年的放假安排，{count} 个承诺的日期随之变动。"
            )
            return redirect(LIST)
    context = {
        **admin.site.each_context(request),
        "title": f"核对影响：{table.year} 年的放假安排",
        "table": table,
        "days": [row for _, row in sorted(table.days.items())],
        "note": note,
        "kept": [("table", table.text), ("note", note)],
        "moved": moved.by_table(table),
        "basis": moved.basis(),
        "replaces": table.year in LIBRARY_YEARS
        or ArrangedDay.objects.filter(year=table.year).exists(),
        "left_out": table.left_out,
    }
    return render(request, "rulebook/holidays_preview.html", context)


def _form_page(request, form, *, show_errors, at):
    this_year = day_of(at).year
    context = {
        **admin.site.each_context(request),
        "title": "上传放假安排",
        "form": form,
        "back_url": reverse(LIST),
        "show_errors": show_errors,
        "years": range(this_year, this_year + YEARS_AHEAD + 1),
    }
    return render(request, "rulebook/holidays_upload.html", context)
