"""The filter for requests that the queue, bulk work and exports share.

It is read from a query string, so that a choice can be stored, linked and repeated.
"""

from datetime import timedelta
from urllib.parse import urlencode

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict

from apps.cards.enums import (
    REQUEST_FINAL,
    REQUEST_NOT_SUBMITTED,
    ReplacementReason,
    RequestKind,
    RequestStatus,
)
from apps.cards.models import CardRequest
from apps.common.moments import day_of, start_of
from apps.desk import roles
from apps.desk.claims import walk
from apps.desk.claims.walk import Listed
from apps.desk.models import Claim
from apps.desk.referrals.live import waiting_for
from apps.people.models import Holder
from apps.regions.models import Bank, City
from apps.review import queue, second_review
from apps.review.enums import (
    WAITED_DAYS,
    WAITING_STAGES,
    Age,
    AnyRisk,
    CheckResult,
    Held,
    Matter,
    QueueStage,
    Whose,
)
from apps.risks import finding
from apps.risks.rules import RISKS
from apps.verification.enums import CheckOutcome
from apps.verification.models import Check

ANY = ("", "不限")


_OTHER_STATUSES = [
    choice
    for choice in RequestStatus.choices
    if choice[0] not in (*REQUEST_NOT_SUBMITTED, RequestStatus.ACCEPTED)
]


class RequestFilter(forms.Form):
    """`is_valid()`, or `read(query)`, then `narrow(requests, …)`. Nothing chosen: what waits."""

    is_complete = True

    stage = forms.ChoiceField(
        label="环节",
        required=False,
        choices=[*QueueStage.choices[:-1], *_OTHER_STATUSES, QueueStage.choices[-1]],
    )
    matter = forms.ChoiceField(label="事项", required=False, choices=[ANY, *Matter.choices])
    city = forms.ModelChoiceField(
        City.objects.issuing().in_order(), label="申领地区", required=False, empty_label=ANY[1]
    )
    bank = forms.ModelChoiceField(
        Bank.objects.order_by("code"), label="发卡银行", required=False, empty_label=ANY[1]
    )
    department = forms.CharField(
        label="部门",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"list": "departments", "autocomplete": "off"}),
    )
    age = forms.ChoiceField(
        label="等待时间", required=False, choices=[ANY, *Age.choices, *WAITED_DAYS]
    )
    whose = forms.ChoiceField(label="办理方式", required=False, choices=[ANY, *Whose.choices])
    check_result = forms.ChoiceField(
        label="身份核验", required=False, choices=[ANY, *CheckResult.choices]
    )
    risk = forms.ChoiceField(
        label="风险提示",
        required=False,
        choices=[
            ANY,
            *AnyRisk.choices,
            *((risk.code, risk.label) for risk in RISKS.values()),
        ],
    )
    held = forms.ChoiceField(label="领办", required=False, choices=[ANY, *Held.choices])

    @classmethod
    def read(cls, query):
        """A valid filter of `query`, a QueryDict, without what is unknown there.

        A link may be old: a bank was removed, a choice renamed. `is_complete` says whether
        everything was understood.
        """
        form = cls(query)
        if not form.is_valid():
            form = cls({name: value for name, value in query.items() if name not in form.errors})
            form.full_clean()
            form.is_complete = False
        return form

    @property
    def choice(self):
        """{name: value} of everything that narrows, as it stands in a query string."""
        return {
            name: getattr(value, "pk", value)
            for name, value in self.cleaned_data.items()
            if value and (name, value) != ("stage", QueueStage.WAITING)
        }

    @property
    def chosen(self):
        """(label, text) of everything that narrows, for a line above the list."""
        return [(self.fields[name].label, self._text(name)) for name in self.choice]

    def _text(self, name):
        value = self.cleaned_data[name]
        choices = dict(getattr(self.fields[name], "choices", ()))
        return str(choices.get(value, value) if isinstance(value, str) else value)

    @property
    def removals(self):
        """(label, text, query string without it) of everything that narrows."""
        choice = self.choice
        return [
            (
                self.fields[name].label,
                self._text(name),
                urlencode({kept: value for kept, value in choice.items() if kept != name}),
            )
            for name in choice
        ]

    @property
    def is_newest_first(self):
        """Ended cases, and all cases, are listed newest first; waiting cases oldest first."""
        return self.cleaned_data["stage"] in (QueueStage.ALL, *REQUEST_FINAL)

    @property
    def is_waiting(self):
        """Whether it finds only what waits for a reviewer."""
        return (self.cleaned_data["stage"] or QueueStage.WAITING) in WAITING_STAGES

    @property
    def is_of_postponed(self):
        return self.cleaned_data["held"] == Held.POSTPONED

    def narrow(self, requests, *, user, at):
        """Those of `requests` that the filter finds for `user` at the moment `at`.

        What `user` has put away waits in a list of its own.
        """
        data = self.cleaned_data
        requests = _in_stage(requests, data["stage"] or QueueStage.WAITING)
        if data["matter"]:
            requests = requests.filter(_MATTERS[data["matter"]])
        if data["city"]:
            requests = requests.filter(city=data["city"])
        if data["bank"]:
            requests = requests.filter(bank=data["bank"])
        if data["department"]:
            # A list of accounts costs one lookup per request, instead of two joins.
            colleagues = Holder.objects.filter(department=data["department"])
            requests = requests.filter(applicant__in=colleagues.values("user"))
        if data["age"]:
            requests = requests.filter(_of_age(data["age"], today=day_of(at)))
        if data["whose"]:
            is_self = data["whose"] == Whose.SELF
            requests = requests.filter(particulars__guardian__isnull=is_self)
        if data["check_result"]:
            requests = _with_check(requests, data["check_result"])
        if data["risk"]:
            requests = _with_risk(requests, data["risk"])
        if data["held"]:
            requests = _held(requests, data["held"], user=user, at=at)
        if self.is_waiting and not self.is_of_postponed:
            requests = walk.without_own(requests, by=user, at=at)
        return requests


def listed(query, *, by, at):
    """The `Listed` requests of the list with the query string `query`, for `by`."""
    form = RequestFilter.read(QueryDict(query))
    cases = form.narrow(CardRequest.objects.submitted(), user=by, at=at)
    to_decide = queue.decided_by(by, cases)
    return Listed(
        cases,
        to_decide if form.is_of_postponed else walk.without_own(to_decide, by=by, at=at),
        since="waits_since",
        newest_first=form.is_newest_first,
        is_waiting=form.is_waiting and by.has_perm(roles.DECIDE),
    )


_MATTERS = {
    Matter.FIRST: Q(kind=RequestKind.FIRST),
    Matter.LOST: Q(replacement_reason=ReplacementReason.LOST),
    Matter.RENEWAL: Q(kind=RequestKind.REPLACEMENT) & ~Q(replacement_reason=ReplacementReason.LOST),
}


def _in_stage(requests, stage):
    match stage:
        case QueueStage.ALL:
            return requests.submitted()
        case QueueStage.WAITING:
            return requests.filter(queue.WAITING)
        case QueueStage.RESUBMITTED:
            return queue.resubmitted(requests)
        case QueueStage.FAILED:
            return queue.failed(requests)
        case QueueStage.SECOND_REVIEW:
            return second_review.pending(requests)
        case QueueStage.ASKED:
            return queue.asked(requests)
        case QueueStage.LATE:
            return queue.late(requests)
    return requests.filter(status=stage)


def _of_age(age, *, today):
    if age == Age.OVERDUE:
        return Q(waits_since__lt=queue.overdue_before(today))
    if age == Age.DUE_TODAY:
        tomorrow = queue.overdue_before(today + timedelta(days=1))
        return Q(waits_since__gte=queue.overdue_before(today), waits_since__lt=tomorrow)
    return Q(waits_since__lt=start_of(today - timedelta(days=int(age) - 1)))


def _with_check(requests, result):
    checks = Check.objects.filter(card_request=OuterRef("pk"))
    uncertain = Exists(checks.filter(outcome=CheckOutcome.UNCERTAIN))
    passed = Exists(checks.filter(outcome=CheckOutcome.PASSED))
    match result:
        case CheckResult.UNCERTAIN:
            return requests.filter(uncertain)
        case CheckResult.PASSED:
            return requests.filter(passed).exclude(uncertain)
    return requests.exclude(uncertain).exclude(passed)


def _with_risk(requests, risk):
    match risk:
        case AnyRisk.NONE:
            return finding.without(requests)
        case AnyRisk.SOME:
            return finding.with_one_of(requests, list(RISKS))
    return finding.with_one_of(requests, [risk])


def _held(requests, held, *, user, at):
    # Few cases are held at a time: with a list of keys the database can start from them.
    live = Claim.objects.live(at).filter(card_request__isnull=False).values("card_request")
    match held:
        case Held.MINE:
            return requests.filter(pk__in=live.filter(by=user))
        case Held.POSTPONED:
            return walk.own(requests, by=user, at=at)
        case Held.REFERRED:
            return waiting_for(user, requests)
        case Held.OTHERS:
            return requests.filter(pk__in=live.exclude(by=user))
    return requests.exclude(pk__in=live)
