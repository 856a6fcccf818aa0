"""On paper, while there is no network: the list to sign, and what was signed, typed in later."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.common.moments import day_of
from apps.common.refusals import Refused
from apps.common.visibility import shown
from apps.desk.colleagues import told
from apps.handout import handing
from apps.handout.enums import DepartmentAction, HandedWay
from apps.handout_desk import lists
from apps.handout_desk.forms import PaperForm
from apps.handout_desk.views.pages import handers_only, show
from apps.handout_desk.views.table import TABLE, chosen, record, with_department


@handers_only
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request):
    """What was signed on paper while there was no network, typed in later."""
    at, department = timezone.now(), chosen(request.GET)
    record(request, DepartmentAction.LOOK, department, at=at)
    rows = list(lists.waiting(department))
    initial = {"date": day_of(at), "time": timezone.localtime(at).time()}
    form = PaperForm(request.POST or None, rows=rows, initial=initial)
    if request.method == "POST" and form.is_valid():
        left = _type_in(rows, form, by=request.user, at=at)
        done = len(form.cleaned_data["signed"]) - len(left)
        if done:
            messages.success(request, f"已补录 {done} 张。")
        if not left:
            return redirect(with_department(reverse(TABLE), department))
        for row, why in left:
            form.add_error("signed", f"{shown(row.holder.name, 'table.name')}没有补录：{why}")
        rows = list(lists.waiting(department))
        form.offer(rows)
    context = {"form": form, "rows": rows, "department": department}
    return show(request, "handout_desk/paper.html", title="补录纸质签收", **context)


def _type_in(rows, form, *, by, at):
    """Hand out each of `rows` that was ticked. Returns [(row, why)] of those that stay."""
    signed = set(form.cleaned_data["signed"])
    left = []
    proxy_name = form.cleaned_data["proxy_name"]
    way = HandedWay.PAPER_PROXY if proxy_name else HandedWay.PAPER
    for row in [row for row in rows if row.reference in signed]:
        try:
            handing.hand_out(
                box_card=row,
                way=way,
                proxy_name=proxy_name,
                by=by,
                at=at,
                handed_at=form.handed_at(),
            )
        except Refused as refusal:
            left.append((row, told(refusal, by=by)))
    return left


@handers_only
@require_safe
def sign_list(request):
    """The list to sign, to print."""
    department = chosen(request.GET)
    at = timezone.now()
    record(request, DepartmentAction.PRINT, department, at=at)
    rows = lists.waiting(department)
    context = {"department": department, "rows": rows, "now": at}
    return show(request, "handout_desk/sign_list.html", title="签收表", **context)
