"""What the page of a case shows of its referrals, and the two forms. `Desk` mounts them.

The form that needs the list of colleagues has an address of its own: a page, or for htmx the form
in the place of the link that leads there.
"""

from django.contrib import admin, messages
from django.db.models import Q

from apps.common import moments
from apps.common.pages import page_or_fragment
from apps.common.refusals import Refused
from apps.desk.claims import offers, walk
from apps.desk.colleagues import named, told
from apps.desk.event_kinds import CaseAction
from apps.desk.looks import kind_of
from apps.desk.models import WITH_ANSWER, Absence, Referral
from apps.desk.referrals import services
from apps.desk.referrals.forms import AnswerColleagueForm, ReferForm
from apps.desk.referrals.live import referrals_of
from apps.events.models import Event
from apps.people import first
from apps.unsent.merging import said


def around(desk, subject, *, by, at, form=None):
    """The context of `desk/_referrals.html`; `form` is an answer that did not pass.

    What was typed into it stays on the page where nobody waits for an answer any more.
    """
    found = referrals_of(subject)
    asked = _to_answer(found, by=by, at=at)
    context = {
        "referrals": found,
        "to_answer": asked and asked.pk,
        "answer_url": desk.url("answer_colleague", subject.reference),
        "answering": form
        or (AnswerColleagueForm(initial={"asked_at": asked.at.isoformat()}) if asked else None),
    }
    return context | {"typed": said(form)} if form is not None and asked is None else context


def _to_answer(referrals, *, by, at):
    """The last of `referrals` that `by` may answer, also as a deputy; None without."""
    asked = [each for each in referrals if each.kind in WITH_ANSWER and each.answered_at is None]
    if not asked:
        return None
    others = any(each.to_id != by.pk for each in asked)
    principals = Absence.objects.principals_of(by, today=moments.day_of(at))
    readers = {by.pk, *(principals.values_list("user", flat=True) if others else ())}
    return next((each for each in asked if each.to_id in readers), None)


def refer(desk, request, subject, *, at):
    """Hand the case over and go on to the next one, or ask a colleague and stay."""
    if request.method != "POST":
        return _form(desk, request, subject, ReferForm(by=request.user, at=at), at=at)
    form = ReferForm(request.POST, by=request.user, at=at)
    if not form.is_valid():
        return _form(desk, request, subject, form, at=at)
    data = form.cleaned_data
    stays = data["kind"] in WITH_ANSWER
    verb = services.ask if stays else services.hand_over
    try:
        verb(subject=subject, to=data["to"], note=data["note"], by=request.user, at=at)
    except Refused as refusal:
        messages.error(request, told(refusal, by=request.user))
        return _form(desk, request, desk.get(subject.reference), form, at=at)
    name = named(data["to"])
    if stays:
        messages.success(request, f"已请{name}看，答复以后您会收到消息。")
        return desk.page(request, subject)
    messages.success(request, f"已转给{name}，对方会收到消息。")
    return desk.go_on(request, at=at, after=subject)


def _form(desk, request, subject, form, *, at):
    hold = offers.hold_of(subject, by=request.user, at=at)
    may_refer = offers.refer(subject, hold, by=request.user, at=at)
    query = walk.query_of(request)
    context = {
        **admin.site.each_context(request),
        "title": "转给同事、请同事看",
        "subject": subject,
        "refer": may_refer,
        "referring": form,
        "typed": said(form) if form.is_bound and not may_refer.is_open else [],
        "trail": walk.suffix(query),
        "case_url": desk.url("change", subject.reference, query=query),
        "list_url": desk.list_url(query),
    }
    return page_or_fragment(
        request, page="desk/refer.html", fragment="desk/_refer.html", context=context
    )


def _answered(subject, *, by):
    """Who answered last about `subject` and when, as `by` reads it; "" if nobody did."""
    events = Event.objects.about(kind_of(subject), subject)
    event = events.filter(action=CaseAction.ANSWER_COLLEAGUE).select_related("by__holder").last()
    if event is None:
        return ""
    return f"{first.of_save(by=event.by, at=event.at, reader=by, named=named)}答复了同事，"


def answer(desk, request, subject, *, at):
    """Answer the colleague whose question the page showed above the form."""
    form = AnswerColleagueForm(request.POST)
    asked_at = moments.parse(form["asked_at"].value() or "")
    principals = Absence.objects.principals_of(request.user, today=moments.day_of(at))
    mine = Q(to=request.user) | Q(to__in=principals)
    asked = Referral.objects.unanswered().about(subject).filter(mine)
    referral = asked.filter(kind__in=WITH_ANSWER, at=asked_at).first() if asked_at else None
    if referral is None:
        messages.error(request, f"{_answered(subject, by=request.user)}这里没有等您答复的问题了。")
        return desk.show(request, subject, at=at, answering=form)
    if not form.is_valid():
        return desk.show(request, subject, at=at, answering=form)
    try:
        services.answer(referral=referral, text=form.cleaned_data["text"], by=request.user, at=at)
    except Refused as refusal:
        messages.error(request, told(refusal, by=request.user))
        return desk.show(request, subject, at=at, answering=form)
    messages.success(request, "已答复同事。")
    return desk.page(request, subject)
