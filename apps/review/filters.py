"""The filter for requests that the queue, bulk work and exports share.

It is read from a query string, so that a choice can be stored, linked and repeated.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from apps.cards.enums import (
    REQUEST_FINAL,
    REQUEST_NOT_SUBMITTED,
    RequestStatus,
)
from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.common.templatetags.formats import day
from apps.desk import roles
from apps.desk.claims import walk
from apps.desk.claims.walk import Listed
from apps.desk.fields import KeptChoiceField, NamesField
from apps.people.models import Holder
from apps.regions.models import Bank, City
from apps.review import narrowing, queue
from apps.review.enums import (
    WAITED_DAYS,
    WAITING_STAGES,
    Age,
    AnyRisk,
    CheckResult,
    Held,
    Matter,
    QueueStage,
    Sort,
    Whose,
)
from apps.risks.rules import RISKS
from apps.roster.enums import RowKind
from apps.roster.models import RosterRow, RosterUpload

ANY = ("", "不限")
# So that the address of a case, which carries the list, stays short enough for every server.
DEPARTMENTS = 12


_OTHER_STATUSES = [
    choice
    for choice in RequestStatus.choices
    if choice[0] not in (*REQUEST_NOT_SUBMITTED, RequestStatus.ACCEPTED)
]


class _Intake(KeptChoiceField):
    def label_from_instance(self, upload):
        return f"{day(upload.at)}，新增 {upload.counts.get('created', 0)} 人"

    def to_python(self, value):
        if value and not str(value).isalnum():
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice")
        return super().to_python(value)


class RequestFilter(forms.Form):
    """`is_valid()`, or `read(query)`, then `narrow(requests, …)`. Nothing chosen: what waits.

    `left_out` are sentences about what could not be read.
    """

    is_complete = True
    left_out: Sequence[str] = ()

    stage = forms.ChoiceField(
        label="环节",
        required=False,
        choices=[*QueueStage.choices[:-1], *_OTHER_STATUSES, QueueStage.choices[-1]],
    )
    matter = forms.ChoiceField(label="事项", required=False, choices=[ANY, *Matter.choices])
    city = KeptChoiceField(
        lambda: City.objects.issuing().in_order(),
        label="申领地区",
        required=False,
        empty_label=ANY[1],
    )
    bank = KeptChoiceField(
        lambda: Bank.objects.order_by("code"), label="发卡银行", required=False, empty_label=ANY[1]
    )
    department = NamesField(label="部门", required=False, most=DEPARTMENTS, longest=60)
    intake = _Intake(
        lambda: RosterUpload.objects.applied().order_by("-at"),
        label="随哪份名册进来",
        to_field_name="reference",
        required=False,
        empty_label=ANY[1],
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
    sort = forms.ChoiceField(
        label="次序",
        required=False,
        choices=[("", "默认"), *Sort.choices],
        widget=forms.HiddenInput,
    )

    @classmethod
    def read(cls, query):
        """A valid filter of `query`, a QueryDict, without what is unknown there.

        A link may be old: a bank was removed, a choice renamed. `is_complete` says whether
        everything was understood.
        """
        if not any(name in query for name in cls.base_fields):
            return _nothing_chosen(cls)
        form = cls(query)
        if not form.is_valid():
            known, errors = query.copy(), form.errors
            for name in errors:
                known.pop(name, None)
            form = cls(known)
            form.full_clean()
            form.is_complete = False
            form.left_out = (
                [str(error) for error in errors["department"]] if "department" in errors else ()
            )
        return form

    @property
    def choice(self):
        """{name: value, or values} of what narrows and sorts, as it stands in a query string."""
        return {
            name: _in_query(value)
            for name, value in self.cleaned_data.items()
            if value and (name, value) != ("stage", QueueStage.WAITING)
        }

    @property
    def query(self):
        """`choice` as a query string."""
        return as_query(self.choice)

    @property
    def _narrowing(self):
        return [name for name in self.choice if name != "sort"]

    @property
    def chosen(self):
        """(label, text) of everything that narrows, for a line above the list."""
        return [(self.fields[name].label, "、".join(self._texts(name))) for name in self._narrowing]

    def _texts(self, name):
        value: Any = self.cleaned_data[name]
        field: Any = self.fields[name]
        if isinstance(value, list):
            return value
        if not isinstance(value, str):
            return [field.label_from_instance(value)]
        return [str(dict(field.choices)[value])]

    @property
    def removals(self):
        """(label, text, query string without it) of everything that narrows."""
        choice = self.choice
        return [
            (self.fields[name].label, text, as_query(choice | {name: rest}))
            for name in self._narrowing
            for text, rest in _without_each(self._texts(name))
        ]

    @property
    def order(self):
        """The `Sort` of the list. Ended cases and all cases begin with the newest."""
        is_over = self.cleaned_data["stage"] in (QueueStage.ALL, *REQUEST_FINAL)
        usual = Sort.WAITED_SHORTEST if is_over else Sort.WAITED_LONGEST
        return Sort(self.cleaned_data["sort"] or usual)

    @property
    def is_waiting(self):
        """Whether it finds only what waits for a reviewer."""
        return (self.cleaned_data["stage"] or QueueStage.WAITING) in WAITING_STAGES

    @property
    def is_of_postponed(self):
        return self.cleaned_data["held"] == Held.POSTPONED

    @property
    def shows_put_away(self):
        """Whether what the reader has put away may be among what it finds."""
        return not self.is_waiting or self.is_of_postponed

    def narrow(self, requests, *, user, at):
        """Those of `requests` that the filter finds for `user` at the moment `at`.

        What `user` has put away waits in a list of its own.
        """
        data = self.cleaned_data
        requests = narrowing.in_stage(requests, data["stage"] or QueueStage.WAITING)
        if data["matter"]:
            requests = requests.filter(narrowing.MATTERS[data["matter"]])
        if data["city"]:
            requests = requests.filter(city=data["city"])
        if data["bank"]:
            requests = requests.filter(bank=data["bank"])
        if data["department"]:
            # A list of accounts costs one lookup per request, instead of two joins.
            colleagues = Holder.objects.filter(department__in=data["department"])
            requests = requests.filter(applicant__in=colleagues.values("user"))
        if data["intake"]:
            came = RosterRow.objects.filter(upload=data["intake"], kind=RowKind.CREATED)
            requests = requests.filter(applicant__in=came.values("holder__user"))
        if data["age"]:
            requests = requests.filter(narrowing.of_age(data["age"], today=day_of(at)))
        if data["whose"]:
            is_self = data["whose"] == Whose.SELF
            requests = requests.filter(particulars__guardian__isnull=is_self)
        if data["check_result"]:
            requests = narrowing.with_check(requests, data["check_result"])
        if data["risk"]:
            requests = narrowing.with_risk(requests, data["risk"])
        if data["held"]:
            requests = narrowing.held_by(requests, data["held"], user=user, at=at)
        if not self.shows_put_away:
            requests = walk.without_own(requests, by=user, at=at)
        return requests.with_handed_in_at()


@cache
def _nothing_chosen(form_class):
    """The valid form without a choice: a list is read most without one, and nobody changes it."""
    form = form_class(QueryDict())
    form.full_clean()
    return form


def as_query(choice):
    """The query string of {name: value, or values}."""
    return urlencode({name: value for name, value in choice.items() if value}, doseq=True)


def _in_query(value):
    if isinstance(value, (str, list)):
        return value
    return getattr(value, "reference", value.pk)


def _without_each(texts):
    """(one of `texts`, the others) of each."""
    return [(text, [other for other in texts if other != text]) for text in texts]


def listed(query, *, by, at):
    """The `Listed` requests of the list with the query string `query`, for `by`."""
    return listed_by(RequestFilter.read(QueryDict(query)), by=by, at=at)


def listed_by(form, *, by, at):
    """The `Listed` requests of the valid filter `form`, for `by`."""
    cases = form.narrow(CardRequest.objects.submitted(), user=by, at=at)
    to_decide = queue.decided_by(by, cases)
    return Listed(
        cases,
        to_decide if form.is_of_postponed else walk.without_own(to_decide, by=by, at=at),
        since=form.order.column,
        newest_first=form.order.is_newest_first,
        is_waiting=form.is_waiting and by.has_perm(roles.DECIDE),
    )
