"""人员更正 at the desk: what waits, proposing one, and deciding on one."""

from functools import partial

from django.contrib import admin, messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.common.refusals import Refused, field_of
from apps.desk import roles
from apps.desk.colleagues import told
from apps.desk.gates import readers_only, requires, reviewers_only
from apps.desk.looking.services import record_search
from apps.events.enums import Role
from apps.lifecycle import engine
from apps.person_changes import preview, services
from apps.person_changes.enums import PersonChangeAction
from apps.person_changes.forms import ConfirmForm, DeclineForm, ProposeForm
from apps.person_changes.models import PersonChange
from apps.person_changes.policies import NumberRefused, RecordRefused
from apps.unsent.merging import said
from apps.unsent.typed_again import posted_from

LIST = "admin:person_changes_personchange_changelist"
PAGE = "admin:person_changes_personchange_change"
_FIELDS = {NumberRefused: "new_number", RecordRefused: "other"}


def _show(request, template, **context):
    return render(request, template, {**admin.site.each_context(request), **context})


def _found(reference):
    related = ("holder__user", "other__user", "proposed_by__holder", "decided_by__holder")
    return get_object_or_404(PersonChange.objects.select_related(*related), reference=reference)


@reviewers_only
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request):
    """The form, with both records beside it once they are named; the second button proposes."""
    at, records = timezone.now(), []
    form = ProposeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        is_valid = form.is_valid()
        named = [form.cleaned_data.get(name) for name in ("holder", "other")]
        records = [preview.summary_of(person) for person in named if person]
        if is_valid and "propose" in request.POST:
            try:
                change = services.propose(**form.cleaned_data, by=request.user, at=at)
            except Refused as refusal:
                form.add_error(field_of(refusal, _FIELDS), told(refusal, by=request.user))
            else:
                messages.success(request, "已提出，请另一位同事对照原件确认。")
                return redirect(PAGE, change.reference)
        record_search(
            found=form.by_number(),
            has_result=bool(records),
            reason="提出人员更正",
            by=request.user,
            at=at,
        )
    return _show(
        request,
        "person_changes/propose.html",
        title="提出人员更正",
        form=form,
        records=records,
        can_propose=bool(records) and not form.errors,
    )


@readers_only
@require_http_methods(["GET", "HEAD"])
def detail(request, reference):
    return _detail(request, _found(reference), at=timezone.now())


def _detail(request, change, *, at, confirming=None, declining=None):
    """The page; `confirming` or `declining` is a form that was posted and did not pass.

    Where nothing is left to decide, what was typed into it stays on the page.
    """
    is_open = engine.is_allowed(change, PersonChangeAction.CONFIRM, role=Role.STAFF, at=at)
    is_own = change.proposed_by_id == request.user.pk
    why_not = preview.why_not_decided(change, by=request.user)
    obstacle = preview.obstacle(change, at=at) if is_open else ""
    may_decide = is_open and not why_not and request.user.has_perm(roles.MANAGE_ROSTER)
    may_confirm = may_decide and not obstacle
    posted = confirming or declining
    return _show(
        request,
        "person_changes/detail.html",
        title=f"人员更正 {change.reference}",
        change=change,
        status=change.status_at(at),
        records=[preview.summary_of(person) for person in change.persons],
        obstacle=obstacle,
        why_not=why_not,
        consequences=preview.consequences(change) if is_open else [],
        is_open=is_open,
        is_own=is_own,
        confirming=(confirming or ConfirmForm(change_kind=change.kind)) if may_confirm else None,
        declining=(declining or DeclineForm()) if may_decide else None,
        typed=said(posted) if posted and not (may_confirm if confirming else may_decide) else [],
        history=change.events.select_related("by__holder"),
    )


@requires(roles.MANAGE_ROSTER)
@posted_from(PAGE)
def confirm(request, reference):
    at, change = timezone.now(), _found(reference)
    form = ConfirmForm(request.POST, change_kind=change.kind)
    if not form.is_valid():
        return _detail(request, change, at=at, confirming=form)
    verb = partial(services.confirm, typed_number=form.cleaned_data.get("typed_number", ""))
    try:
        verb(change=change, by=request.user, at=at)
    except NumberRefused as refusal:
        form.add_error("typed_number", refusal.message)
        return _detail(request, _found(reference), at=at, confirming=form)
    except Refused as refusal:
        messages.error(request, told(refusal, by=request.user))
        return _detail(request, _found(reference), at=at, confirming=form)
    messages.success(request, "已更正，会通知本人。")
    return redirect(PAGE, reference)


@requires(roles.MANAGE_ROSTER)
@posted_from(PAGE)
def decline(request, reference):
    at, change = timezone.now(), _found(reference)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _detail(request, change, at=at, declining=form)
    try:
        services.decline(change=change, reason=form.cleaned_data["reason"], by=request.user, at=at)
    except Refused as refusal:
        messages.error(request, told(refusal, by=request.user))
        return _detail(request, _found(reference), at=at, declining=form)
    messages.success(request, "没有更正，会告诉提出的同事。")
    return redirect(PAGE, reference)


@reviewers_only
@posted_from(PAGE)
def withdraw(request, reference):
    try:
        services.withdraw(change=_found(reference), by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, told(refusal, by=request.user))
    else:
        messages.success(request, "已收回。")
    return redirect(LIST)
