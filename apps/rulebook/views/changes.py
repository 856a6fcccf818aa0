"""The three steps of a change: the form, the preview, and saving.

One URL serves all three. The preview carries the typed values along, with a digest of the rules it
was computed from.
"""

from django.contrib import admin, messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.common.gone import WhatIsGone, get_or_gone
from apps.common.moments import day_of
from apps.common.refusals import Refused
from apps.desk import roles
from apps.desk.colleagues import told
from apps.desk.gates import requires
from apps.regions.models import CityRule
from apps.rulebook import forms, services
from apps.rulebook.changes import NewRule, WithdrawnRule
from apps.rulebook.openings import KINDS, PERIODS, Closed, Opened, WithdrawnOpening
from apps.rulebook.views.pages import issuing
from apps.rulebook.wording import LABELS, shown_range

managers_only = requires(roles.MANAGE_RULES)
two_steps = require_http_methods(["GET", "HEAD", "POST"])
LIST = "admin:regions_city_changelist"
CITY = "admin:regions_city_change"
CONFIRMED, BACK = "confirmed", "back"  # names of the buttons below a preview


@managers_only
@two_steps
def rule(request):
    """New terms from a day on, for one city or several at once."""
    at = timezone.now()
    day = day_of(at)
    posted = request.method == "POST"
    codes = (request.POST if posted else request.GET).getlist("cities")
    cities = list(issuing().filter(code__in=[code for code in codes if len(code) == 6]))
    if not cities:
        messages.info(request, "请先勾选要修改的地区。")
        return redirect(LIST)
    initial = {"cities": cities, "valid_from": day}
    form = forms.RuleForm(request.POST if posted else None, at=at, initial=initial)
    in_force = list(CityRule.objects.in_force(day).filter(city__in=cities))
    for name in CityRule.TERMS:
        values = [getattr(version, name) for version in in_force]
        leave = "" if name in CityRule.WAYS else "，留空不改"
        form.fields[name].help_text = f"现在 {shown_range(name, values)}{leave}。"

    def build(data):
        return NewRule(
            cities=list(data["cities"]),
            valid_from=data["valid_from"],
            changes=form.changes,
            note=data["note"],
        )

    return _step(request, form, build, cities=cities, title="新的资费与时限", at=at)


@managers_only
@two_steps
def open_service(request, code):
    return _period(request, code, forms.OpenServiceForm, "service", Opened, "开通服务")


@managers_only
@two_steps
def close_service(request, code):
    return _period(request, code, forms.CloseServiceForm, "service", Closed, "停办服务")


@managers_only
@two_steps
def open_bank(request, code):
    return _period(request, code, forms.OpenBankForm, "bank", Opened, "增加发卡银行")


@managers_only
@two_steps
def close_bank(request, code):
    return _period(request, code, forms.CloseBankForm, "bank", Closed, "停办发卡银行")


def _period(request, code, form_class, kind, change, title):
    """Open or close a service or bank of one city; `?what=` names it beforehand."""
    at = timezone.now()
    city = get_object_or_404(issuing(), code=code)
    initial = {"what": request.GET.get("what", "")[:12]}
    form = form_class(request.POST if request.method == "POST" else None, at=at, initial=initial)

    def build(data):
        values = {name: value for name, value in data.items() if name != "basis"}
        return change(city=city, kind=KINDS[kind], **values)

    return _step(request, form, build, cities=[city], title=title, at=at)


@managers_only
@two_steps
def withdraw_rule(request, code, number):
    """Withdraw a version that has not begun. One that has begun is refused with the reason."""
    rows = CityRule.objects.select_related("city__province")
    row = get_or_gone(rows, _withdrawn(code), pk=number, city=code)
    return _withdraw(request, row, lambda note: WithdrawnRule(rule=row, note=note))


@managers_only
@two_steps
def withdraw_opening(request, code, kind, number):
    if kind not in KINDS:
        raise Http404
    rows = PERIODS[kind].objects.select_related("city__province")
    row = get_or_gone(rows, _withdrawn(code), pk=number, city=code)
    return _withdraw(
        request, row, lambda note: WithdrawnOpening(period=row, kind=KINDS[kind], note=note)
    )


def _withdrawn(code):
    """What is said of a row of the city `code` that is not there, a `WhatIsGone`."""
    text = "它还没有开始就撤回了，没有人按它办过。"
    return WhatIsGone("这一条已经撤回", text, "看这个城市现在的规则", CITY, (code,))


def _withdraw(request, row, change):
    at = timezone.now()
    form = forms.RuleWithdrawForm(request.POST if request.method == "POST" else None, at=at)
    title = change("").title
    return _step(
        request, form, lambda data: change(data["note"]), cities=[row.city], title=title, at=at
    )


def _step(request, form, build, *, cities, title, at):
    """The form, its preview, or saving: what was asked for and is possible.

    `build` makes the change from the cleaned data of `form`.
    """
    page = {"form": form, "cities": cities, "title": title}
    if request.method != "POST" or BACK in request.POST or not form.is_valid():
        return _form_page(request, **page, is_back=BACK in request.POST)
    change = build(form.cleaned_data)
    try:
        if CONFIRMED in request.POST:
            services.apply(change=change, basis=form.cleaned_data["basis"], by=request.user, at=at)
            messages.success(request, f"已保存：{change.title}。")
            return redirect(CITY, cities[0].code) if len(cities) == 1 else redirect(LIST)
    except services.Stale as refusal:
        messages.warning(request, told(refusal, by=request.user))
    except Refused as refusal:
        form.add_error(None, told(refusal, by=request.user))
        return _form_page(request, **page)
    return _preview_page(request, change, page, at=at)


def _form_page(request, *, form, cities, title, is_back=False):
    context = {
        **admin.site.each_context(request),
        "title": title,
        "form": form,
        "cities": cities,
        "back_url": reverse(CITY, args=[cities[0].code]) if len(cities) == 1 else reverse(LIST),
        "fees": [form[name] for name in CityRule.FEES if name in form.fields],
        "days": [form[name] for name in CityRule.DAYS if name in form.fields],
        "ways": [form[name] for name in CityRule.WAYS if name in form.fields],
        "others": [
            form[name] for name in form.fields if name not in ("cities", "basis", "note", *LABELS)
        ],
        "show_errors": not is_back,
    }
    return render(request, "rulebook/form.html", context)


def _preview_page(request, change, page, *, at):
    """The preview by the present rules, or the form with the reason why it is not possible."""
    try:
        preview = services.preview(change=change, by=request.user, at=at)
    except Refused as refusal:
        page["form"].add_error(None, told(refusal, by=request.user))
        return _form_page(request, **page)
    context = {
        **admin.site.each_context(request),
        "title": f"核对影响：{change.title}",
        "change": change,
        "cities": page["cities"],
        "preview": preview,
        "basis": preview.basis,
        "kept": [
            (name, value)
            for name in request.POST
            if name in page["form"].fields and name != "basis"
            for value in request.POST.getlist(name)
        ],
    }
    return render(request, "rulebook/preview.html", context)
