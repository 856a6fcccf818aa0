"""The pages of bulk work: choose, look at the dry run, follow the run, stop it, take it back."""

from django.conf import settings
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import Case, Value, When
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.bulk import checks, services, tasks
from apps.bulk.enums import BulkAction, BulkOutcome, RunAction
from apps.bulk.forms import AmendManyForm, ChoiceForm, RejectManyForm
from apps.bulk.models import BulkRun
from apps.bulk.offers import offers
from apps.cards.models import CardRequest
from apps.common.gone import WhatIsGone, get_or_gone
from apps.common.nudges import nudge
from apps.common.pages import page_or_fragment
from apps.common.refusals import Refused
from apps.common.rules import rule_text
from apps.desk.colleagues import told
from apps.desk.gates import readers_only, reviewers_only
from apps.requests import registry
from apps.review.filters import RequestFilter
from apps.risks import finding as risks
from apps.unsent.typed_again import posted_from

PAGE = "admin:bulk_bulkrun_change"
ROWS_PER_PAGE = 100
SECONDS_BETWEEN_LOOKS = 2
FORGOTTEN = WhatIsGone(
    "这次预检已经没有了",
    f"没有开始的预检，放弃以后或者过{rule_text('BULK_PREVIEW_RETENTION')}就删除。"
    "里面的申请保持原样，可以重新选。",
    "去批量审核",
    "admin:bulk_bulkrun_changelist",
)
# Rows that need a person come first.
ORDER = (
    BulkOutcome.FAILED,
    BulkOutcome.KEPT,
    BulkOutcome.LEFT_OUT,
    BulkOutcome.NOT_RUN,
    BulkOutcome.WAITING,
    BulkOutcome.DONE,
    BulkOutcome.RECALLED,
)


@reviewers_only
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """The requests that the filter in the address finds, and what is to be done with them."""
    at = timezone.now()
    chosen = RequestFilter(request.GET)
    found, is_cut = [], False
    if chosen.is_valid():
        asked_for = (
            chosen.narrow(CardRequest.objects.submitted(), user=request.user, at=at)
            .select_related(*checks.RELATED, "applicant__holder", "city", "bank")
            .order_by("waits_since", "pk")[: services.LIMIT + 1]
        )
        found = list(asked_for)
        found, is_cut = found[: services.LIMIT], len(found) > services.LIMIT
    data = request.POST if request.method == "POST" else None
    form = ChoiceForm(data)
    of_action = {
        BulkAction.REQUEST_AMENDMENT: AmendManyForm(data, at=at),
        BulkAction.REJECT: RejectManyForm(data, at=at),
    }
    chosen_now = of_action.get(form["action"].value())
    if data is not None and form.is_valid():
        action = BulkAction(form.cleaned_data["action"])
        decision = of_action.get(action)
        if decision is None or decision.is_valid():
            try:
                run = services.prepare(
                    requests=[row for row in found if row.reference not in form.left_out],
                    action=action,
                    what=decision.what() if decision else {},
                    chosen="；".join(f"{label}：{text}" for label, text in _words(chosen)),
                    by=request.user,
                    at=at,
                )
            except Refused as refusal:
                messages.error(request, told(refusal, by=request.user))
            else:
                return redirect(PAGE, run.reference)
    present = risks.for_requests(found) if found else {}
    context = {
        **admin.site.each_context(request),
        "title": "批量审核",
        "filter": chosen,
        "words": _words(chosen),
        "query": request.GET.urlencode(),
        "rows": [
            {
                "card_request": row,
                "risks": present.get(row.pk, ()),
                "is_left_out": row.reference in form.left_out,
            }
            for row in found
        ],
        "is_cut": is_cut,
        "limit": services.LIMIT,
        "form": form,
        "chosen_now": chosen_now,
        "amend": of_action[BulkAction.REQUEST_AMENDMENT],
        "reject": of_action[BulkAction.REJECT],
        "is_recallable": bool(settings.DECISION_UNDO_WINDOW),
    }
    return render(request, "bulk/new.html", context)


def _words(chosen):
    """(label, text) of the filter; empty while it is not valid."""
    return chosen.chosen or [("环节", "待审核")] if chosen.is_valid() else []


@readers_only
@require_safe
def detail(request, reference):
    """The present state of a run. htmx polls it while the worker has something to do."""
    run = get_or_gone(BulkRun.objects.select_related("by__holder"), FORGOTTEN, reference=reference)
    return page_or_fragment(
        request,
        page="bulk/run.html",
        fragment="bulk/_run.html",
        context=_context(request, run),
    )


# What ends a run, the last one first.
ENDS = (RunAction.FINISH_RECALL, RunAction.FINISH, RunAction.STOP)


# The word for a row that waits, before the run is started.
COULD_BE_DECIDED = "可以办理"


def _labels(run):
    """{outcome: the word for it} of the rows of `run`."""
    labels = {outcome: outcome.label for outcome in BulkOutcome}
    return labels | {BulkOutcome.WAITING: COULD_BE_DECIDED} if run.is_prepared else labels


def _context(request, run):
    at = timezone.now()
    counts = run.rows.counts()
    outcome = request.GET.get("outcome", "")
    rows = run.rows.select_related(
        "card_request__particulars",
        "card_request__applicant__holder",
        "card_request__city",
        "card_request__bank",
    ).order_by(Case(*(When(outcome=o, then=Value(place)) for place, o in enumerate(ORDER))), "pk")
    if outcome in BulkOutcome.values:
        rows = rows.filter(outcome=outcome)
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    total = sum(counts.values()) - counts.get(BulkOutcome.LEFT_OUT, 0)
    labels = _labels(run)
    happened = {event.action: event for event in run.events.select_related("by__holder")}
    return {
        **admin.site.each_context(request),
        "title": f"批量{run.get_action_display()}",
        "run": run,
        "started": happened.get(RunAction.START),
        "stopped": happened.get(RunAction.STOP),
        "recalled": happened.get(RunAction.RECALL),
        "finished": next((happened[end] for end in ENDS if end in happened), None)
        if not run.is_under_way
        else None,
        "counts": [(o, labels[o], counts[o]) for o in ORDER if o in counts],
        "outcome": outcome,
        "total": total,
        "handled": total - counts.get(run.pending, 0),
        "left": counts.get(BulkOutcome.WAITING, 0),
        "page": page,
        "rows": [(row, labels[BulkOutcome(row.outcome)]) for row in page],
        "items": [
            {"label": registry.get(item["field"]).label, "reason": item["reason"]}
            for item in run.decision.get("items", ())
        ],
        "due_date": run.decision.get("due_date"),
        "interval": SECONDS_BETWEEN_LOOKS if run.is_under_way else None,
        "offers": offers(run, by=request.user, at=at, counts=counts),
    }


def _button(verb, done):
    """A view that calls the service `verb` on a run, says `done`, and leads back to the run."""

    def view(request, reference):
        run = get_or_gone(BulkRun.objects.all(), FORGOTTEN, reference=reference)
        try:
            verb(run=run, by=request.user, at=timezone.now())
        except Refused as refusal:
            messages.error(request, told(refusal, by=request.user))
        else:
            nudge(tasks.work_off_bulk_runs)
            messages.success(request, done)
        return redirect(PAGE, reference)

    return reviewers_only(posted_from(PAGE)(view))


start = _button(services.start, "已开始，可以离开这一页，办理会在后台继续。")
stop = _button(services.stop, "已停止，还没有办理的申请保持原样。")
recall = _button(services.recall, "正在撤回。不能撤回的，下面会逐件说明。")


@reviewers_only
@posted_from(PAGE)
def discard(request, reference):
    run = get_or_gone(BulkRun.objects.all(), FORGOTTEN, reference=reference)
    try:
        services.discard(run=run, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, told(refusal, by=request.user))
        return redirect(PAGE, reference)
    messages.success(request, "已放弃这次预检，所有申请保持原样。")
    return redirect("admin:cards_cardrequest_changelist")
