"""全部款项: every payment, narrowed and as a file."""

import io
from contextlib import suppress
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.common import references
from apps.desk.gates import money_readers_only, money_settlers_only
from apps.exports import files
from apps.exports.enums import ExportFormat
from apps.finance import narrowing, services
from apps.finance.columns import COLUMNS, row
from apps.finance.forms import PaymentFilterForm
from apps.finance.views import show
from apps.finance.views.months import CONTENT_TYPES
from apps.queries.plans import planned_by_values
from apps.unsent.typed_again import posted_from

PAGE = "admin:payments_discrepancy_payments"


@money_readers_only
@require_safe
def index(request):
    form = PaymentFilterForm(request.GET)
    form.is_valid()
    rows = narrowing.narrowed(form.cleaned_data, at=timezone.now())
    cursors = {name: references.in_data(request.GET, name) for name in ("after", "before")}
    column = narrowing.order_of(form.cleaned_data)
    chosen, page = form.chosen, narrowing.page_of(rows, column=column, **cursors)
    return show(
        request,
        "finance/payments.html",
        title="全部款项",
        tab="payments",
        form=form,
        page=page,
        newer=_link(chosen, before=page.before) if page.before else "",
        older=_link(chosen, after=page.after) if page.after else "",
        chosen=chosen,
        headings=_headings(form, chosen),
        formats=ExportFormat,
        most=settings.EXPORT_MAX_ROWS,
    )


def _headings(form, chosen):
    """(words, query, whether the list is by this moment) of each moment that payments have."""
    now = chosen.get("which", "")
    others = {name: value for name, value in chosen.items() if name != "which"}
    return [
        (words, urlencode(others | ({"which": name} if name else {})), name == now)
        for name, words in form.fields["which"].choices
    ]


def _link(chosen, **more):
    return f"?{urlencode(chosen | more)}"


@money_settlers_only
@posted_from(PAGE)
def file(request):
    """The payments of the list as a file. It is recorded who takes it."""
    at, form = timezone.now(), PaymentFilterForm(request.POST)
    format_ = None
    with suppress(ValueError):
        format_ = ExportFormat(request.POST.get("format", ""))
    if format_ is None:
        raise Http404
    if not form.is_valid():
        messages.error(request, "筛选的内容有误，请改正后再下载。")
        return redirect(PAGE)
    chosen = form.cleaned_data
    found = narrowing.in_order(narrowing.narrowed(chosen, at=at), narrowing.order_of(chosen))
    with planned_by_values():
        rows = list(found[: settings.EXPORT_MAX_ROWS + 1])
    if len(rows) > settings.EXPORT_MAX_ROWS:
        messages.error(
            request, f"超过 {settings.EXPORT_MAX_ROWS} 笔，请把日子选得短一些，分几次下载。"
        )
        return redirect(PAGE)
    services.record_list(rows=len(rows), format=format_, by=request.user, at=at)
    written = io.BytesIO()
    files.write(map(row, rows), COLUMNS, format=format_, target=written)
    response = HttpResponse(written.getvalue(), content_type=CONTENT_TYPES[format_])
    response["Content-Disposition"] = f'attachment; filename="payments.{format_.lower()}"'
    return response
