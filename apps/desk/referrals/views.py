"""What the page of a case shows of its referrals, and the two buttons. `Desk` mounts them."""

from django.contrib import messages
from django.shortcuts import get_object_or_404

from apps.common.refusals import Refused
from apps.desk.colleagues import named, told
from apps.desk.models import WITH_ANSWER, Referral
from apps.desk.referrals import services
from apps.desk.referrals.forms import AnswerColleagueForm, ReferForm
from apps.desk.referrals.live import referrals_of


def around(desk, subject, *, refer, by, form=None):
    """The context of `desk/_referrals.html`; `refer` is the offer, `form` one that did not pass."""
    found = referrals_of(subject)
    answering = form if isinstance(form, AnswerColleagueForm) else AnswerColleagueForm()
    return {
        "referrals": found,
        "to_answer": next((each.pk for each in found if _waits_for(each, by)), None),
        "answer_url": desk.url("answer_colleague", subject.reference),
        "answering": answering,
        "refer": refer,
        "referring": form if isinstance(form, ReferForm) else ReferForm(by=by),
    }


def _waits_for(referral, by):
    is_open = referral.kind in WITH_ANSWER and referral.answered_at is None
    return is_open and referral.to_id == by.pk


def refer(desk, request, subject, *, at):
    """Hand the case over and go on to the next one, or ask a colleague and stay."""
    form = ReferForm(request.POST, by=request.user)
    if not form.is_valid():
        return desk.show(request, subject, at=at, referring=form)
    data = form.cleaned_data
    stays = data["kind"] in WITH_ANSWER
    verb = services.ask if stays else services.hand_over
    try:
        verb(subject=subject, to=data["to"], note=data["note"], by=request.user, at=at)
    except Refused as refusal:
        messages.error(request, told(refusal, by=request.user))
        return desk.show(request, subject, at=at, referring=form)
    name = named(data["to"])
    if stays:
        messages.success(request, f"已请{name}看，答复以后您会收到消息。")
        return desk.page(request, subject)
    messages.success(request, f"已转给{name}，对方会收到消息。")
    return desk.go_on(request, at=at, after=subject)


def answer(desk, request, subject, *, at):
    """Answer the colleague who asked last."""
    asked = Referral.objects.unanswered().about(subject).filter(to=request.user)
    referral = get_object_or_404(asked.filter(kind__in=WITH_ANSWER).order_by("-pk")[:1])
    form = AnswerColleagueForm(request.POST)
    if not form.is_valid():
        return desk.show(request, subject, at=at, referring=form)
    try:
        services.answer(referral=referral, text=form.cleaned_data["text"], by=request.user, at=at)
    except Refused as refusal:
        messages.error(request, told(refusal, by=request.user))
    else:
        messages.success(request, "已答复同事。")
    return desk.page(request, subject)
