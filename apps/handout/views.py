"""The pages about cards at the unit: the code to show, the proxy, and the contact person's list."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from apps.cards.models import CardRequest
from apps.common import references
from apps.common.addresses import page_url
from apps.common.gone import WhatIsGone, get_or_gone
from apps.common.pages import page_or_fragment, wants_fragment, whole
from apps.common.refusals import Refused
from apps.events.enums import Channel
from apps.handout import codes, departments, handing
from apps.handout.enums import DepartmentAction
from apps.handout.forms import ProxyForm
from apps.handout.lists import people_of
from apps.handout.models import BoxCard, Department
from apps.handout.policies import may_name_proxy
from apps.handout.standing import invitation
from apps.people import first
from apps.people.models import Holder
from apps.unsent.merging import said
from apps.unsent.typed_again import posted_from

# Seconds after which the page draws the code anew.
REDRAWN_AFTER = 60


@login_required
@require_safe
def index(request):
    """单位领卡: the cards that the user can fetch, and the departments that the user helps."""
    at = timezone.now()
    rows = BoxCard.objects.visible_to(request.user, at=at).at_the_unit()
    rows = rows.select_related("holder", "day").order_by("pk")
    context = {
        "invitations": [invitation(row, at=at) for row in rows],
        "departments": Department.objects.helped_by(request.user).order_by("name"),
    }
    return render(request, "handout/index.html", context)


@login_required
@require_safe
def code(request, reference):
    """领卡码: what the user shows at the table. It is drawn anew every minute."""
    at = timezone.now()
    try:
        row = _find(request, reference, at=at)
    except Http404:
        if not wants_fragment(request):
            raise
        # The page of somebody who was asked to fetch it, and who has, or is not asked any more.
        return HttpResponseClientRedirect(page_url("handout:index"))
    if not row.can_be_had:  # it was handed out while the code was on the screen
        return whole(request, redirect(_page_of(row, request.user, at=at)))
    return _code_page(request, row, at=at)


def _code_page(request, row, *, at, form=None, typed=()):
    context = {
        "typed": typed,
        "may_name_proxy": may_name_proxy(row, at=at),
        "row": row,
        "proxy": row.proxy_at(at),
        "invitation": invitation(row, at=at),
        "text": codes.draw(row, request.user.holder, at=at),
        "is_own": row.holder.is_visible_to(request.user, at=at),
        "form": form or ProxyForm(),
        "seconds": REDRAWN_AFTER,
        "operator": _operator(),
    }
    return page_or_fragment(
        request, page="handout/code.html", fragment="handout/_code.html", context=context
    )


@login_required
@posted_from("handout:code")
def authorise(request, reference):
    at = timezone.now()
    row, form = _find(request, reference, at=at), ProxyForm(request.POST)
    if not form.is_valid():
        return _code_page(request, row, at=at, form=form)
    try:
        number = form.cleaned_data["employee_number"]
        handing.authorise(box_card=row, employee_number=number, by=request.user, at=at)
    except Refused as refusal:
        row = _find(request, reference, at=at)
        if row.can_be_had and row.proxy_at(at) is None and may_name_proxy(row, at=at):
            form.add_error("employee_number", refusal.message)
            return _code_page(request, row, at=at, form=form)
        messages.error(request, first.whole(refusal, reader=request.user))
        if row.can_be_had:
            return _code_page(request, row, at=at, typed=said(form))
        return redirect(row.card_request)
    messages.success(
        request, "已委托。请告诉同事：登录后打开「单位领卡」，领卡时出示代领码和工作证。"
    )
    return redirect("handout:code", reference=reference)


@login_required
@posted_from("handout:code")
def withdraw(request, reference):
    at = timezone.now()
    row = _find(request, reference, at=at)
    shown = Holder.objects.filter(reference=references.in_data(request.POST, "proxy")).first()
    try:
        handing.withdraw(box_card=row, proxy=shown, by=request.user, at=at)
    except Refused as refusal:
        messages.error(request, first.whole(refusal, reader=request.user))
    else:
        messages.success(request, "已取消委托。")
    return redirect("handout:code", reference=reference)


_NOT_CONTACT = WhatIsGone(
    "您现在不是这个部门的联系人",
    "联系人可能已经换成别的同事。要继续联系这个部门的，请找人事处。",
    "去单位领卡",
    "handout:index",
)
_NOT_YOURS = WhatIsGone(
    "这张卡现在不由您领",
    "委托可能已经取消，或者卡已经领走。现在可以领的卡都在「单位领卡」里。",
    "去单位领卡",
    "handout:index",
)


@login_required
@require_safe
def department(request, reference):
    """The contact person's page: where each of the department's people stands. No documents."""
    return _department_page(request, reference, "handout/department.html", DepartmentAction.LOOK)


@login_required
@require_safe
def department_list(request, reference):
    """The list to sign, to print."""
    return _department_page(request, reference, "handout/sign_list.html", DepartmentAction.PRINT)


@login_required
@require_safe
def department_progress(request, reference):
    """Who is not done, at which step, to print and take along."""
    action = DepartmentAction.PRINT_PROGRESS
    return _department_page(request, reference, "handout/progress_list.html", action)


def _department_page(request, reference, template, action):
    at = timezone.now()
    helped = Department.objects.helped_by(request.user)
    found = get_or_gone(helped, _NOT_CONTACT, reference=reference)
    departments.record(department=found, action=action, by=request.user, at=at, channel=Channel.WEB)
    context = {
        "department": found,
        "people": people_of(found, at=at),
        "rows": found.cards.at_the_unit().select_related(*handing.RELATED).order_by("holder__name"),
        "now": at,
    }
    return render(request, template, context)


def _find(request, reference, *, at):
    """The `BoxCard` that the user may fetch; else a 404."""
    visible = BoxCard.objects.visible_to(request.user, at=at).select_related(*handing.RELATED)
    if not Holder.objects.filter(user=request.user).exists():
        raise Http404
    return get_or_gone(visible, _NOT_YOURS, reference=reference)


def _page_of(row, user, *, at):
    """Where somebody goes who cannot fetch it any more: the request, for the person only."""
    is_own = row.card_request_id and row.holder.is_visible_to(user, at=at)
    return CardRequest.objects.get(pk=row.card_request_id) if is_own else "handout:index"


def _operator():
    return settings.PORTAL_OPERATOR
