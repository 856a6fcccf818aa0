"""The buttons that claim, release, put away and take over a case. They are the same on every desk.

Each desk says how to find a case and which cases a list of it has, and mounts the views. They
redirect to the case, or to the next one of the list. A button in a list posts `back` and redirects
to the list.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_http_methods

from apps.common.addresses import page_url, row_url
from apps.common.refusals import Refused
from apps.common.templatetags.formats import day, time_of_day
from apps.desk import roles
from apps.desk.absences.policies import away_sentence
from apps.desk.claims import offers, walk
from apps.desk.claims import services as claims
from apps.desk.claims.forms import PostponeForm
from apps.desk.claims.live import postponement_of
from apps.desk.claims.waiting_list import WaitingList
from apps.desk.claims.walk import Listed
from apps.desk.colleagues import named, told
from apps.desk.gates import readers_only, reviewers_only
from apps.desk.looking.forms import DisclosureForm
from apps.desk.looking.services import disclose
from apps.desk.looks import looks_at
from apps.desk.models import Absence
from apps.desk.referrals import views as referrals
from apps.lifecycle.models import Living
from apps.unsent.merging import said
from apps.unsent.typed_again import posted_from

_form_of = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Desk:
    """`prefix` is that of the URL names (cards_cardrequest). `get` finds a case or raises 404.

    `listed` is called with the query string of a list, `by` and `at`; `waiting` is the list of all
    that waits, if its SQL is kept. `show` answers a request
    with the page of a case. It takes `at`, whether it `is_disclosed`, and what `around` takes: one
    form that did not pass. `discloses` says what of a case is shown in full after a look. `places`
    are (key, words) of the parts of that page to which a single key leads.
    """

    prefix: str
    get: Callable[[str], Living]
    listed: Callable[..., Listed]
    show: Callable[..., HttpResponse]
    discloses: Callable[[], str]
    places: tuple[tuple[str, str], ...] = ()
    waiting: WaitingList | None = None

    def url(self, name, *reference, query=""):
        """The address of a page of the desk, or of one case, which carries the list with this
        query string.
        """
        find = row_url if reference else page_url
        return find(f"admin:{self.prefix}_{name}", *reference) + walk.suffix(query)

    def page(self, request, subject):
        return redirect(self.url("change", subject.reference, query=walk.query_of(request)))

    def changelist(self, request):
        """The list that one came from."""
        return redirect(self.list_url(walk.query_of(request)))

    def list_url(self, query):
        return self.url("changelist") + (f"?{query}" if query else "")

    def around(
        self, request, subject, hold, *, at, postponing=None, answering=None, disclosure=None
    ) -> dict[str, Any]:
        """What every page of a case shows of its list, of the next case and of the looks, with the
        forms of 稍后办, 转给同事 and 查看.
        """
        query, by = walk.query_of(request), request.user
        postpone = offers.postpone(subject, hold, by=by, at=at)
        is_over = postponing is not None and not postpone.is_open
        following = self._next_case(query, subject, by=by, at=at)
        reference = following.reference
        return {
            "places": self.places,
            "trail": walk.suffix(query),
            "list_url": self.list_url(query),
            "next_url": self.url("change", reference, query=query) if reference else "",
            "is_around": following.is_around,
            "postpone": postpone,
            "postponing": postponing or PostponeForm(at=at, status_since=subject.status_since),
            "postponed": postponement_of(subject, by=by, at=at),
            "refer": offers.refer(subject, hold, by=by, at=at),
            "disclosure": disclosure or DisclosureForm(),
            # Asked for where the page shows them.
            "looks": SimpleLazyObject(partial(looks_at, subject)),
            **({"typed": said(postponing)} if is_over else {}),
            **referrals.around(self, subject, by=by, at=at, form=answering),
        }

    def _next_case(self, query, subject, *, by, at):
        """The `NextCase` after `subject` in the list with this query string."""
        if self.waiting and query in self.waiting.queries and by.has_perm(roles.DECIDE):
            return self.waiting.next_case(subject, by=by, at=at)
        return walk.next_case(self.listed(query, by=by, at=at), subject, by=by, at=at)

    def go_on(self, request, *, at, after=None):
        """Claim the next case of the list, and redirect to it.

        `after` is the case that is done now, as it was read before: its place in the list. Without
        it the one that has waited longest is claimed.
        """
        absence = Absence.objects.of(request.user, at=at)
        if absence is not None:
            messages.info(request, away_sentence(absence))
            return self.changelist(request)
        listed = self.listed(walk.query_of(request), by=request.user, at=at)
        ways = [listed.ordered(listed.to_decide)]
        if after is not None:
            ways.insert(0, listed.ordered(listed.to_decide, after=listed.key(after)))
        for is_around, cases in enumerate(ways):
            subject = claims.claim_first(cases=cases, by=request.user, at=at)
            if subject is not None:
                if is_around:
                    messages.info(request, "这一列已经看完，从头接着办。")
                return self.page(request, subject)
        done = "这一列已经看完。" if after is not None else ""
        messages.info(request, f"{done}现在没有其他等待您办理的了。")
        return self.changelist(request)

    def pages(self):
        """(route, view, name) of the buttons and of the page of one, for `DeskAdmin.pages`."""
        return (
            ("next/", self._posted(self._next, "changelist"), "next"),
            ("<str:reference>/claim/", self._button(claims.claim), "claim"),
            ("<str:reference>/release/", self._button(claims.release), "release"),
            ("<str:reference>/take-over/", self._button(claims.take_over), "take_over"),
            (
                "<str:reference>/postpone/",
                self._posted(self._postpone, "change"),
                "postpone",
            ),
            ("<str:reference>/refer/", reviewers_only(_form_of(self._refer)), "refer"),
            (
                "<str:reference>/answer-colleague/",
                self._posted(self._answer_colleague, "change"),
                "answer_colleague",
            ),
            (
                "<str:reference>/disclose/",
                readers_only(posted_from(f"admin:{self.prefix}_change")(self._disclose)),
                "disclose",
            ),
        )

    def _disclose(self, request, reference):
        """The page with full personal data, shown once; a reload asks and is logged again."""
        subject = self.get(reference)
        at = timezone.now()
        form = DisclosureForm(request.POST)
        if not form.is_valid():
            return self.show(request, subject, at=at, disclosure=form)
        try:
            disclose(
                subject=subject,
                what=self.discloses(),
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=at,
            )
        except Refused as refusal:
            messages.error(request, told(refusal, by=request.user))
            return self.show(request, subject, at=at, disclosure=form)
        return self.show(request, subject, at=at, is_disclosed=True)

    def _refer(self, request, reference):
        return referrals.refer(self, request, self.get(reference), at=timezone.now())

    def _answer_colleague(self, request, reference):
        return referrals.answer(self, request, self.get(reference), at=timezone.now())

    def _next(self, request):
        return self.go_on(request, at=timezone.now())

    def _button(self, verb):
        def view(request, reference):
            subject = self.get(reference)
            try:
                verb(subject=subject, by=request.user, at=timezone.now())
            except Refused as refusal:
                messages.error(request, told(refusal, by=request.user))
            return (
                self.changelist(request) if "back" in request.POST else self.page(request, subject)
            )

        return self._posted(view, "change")

    def _posted(self, view, page):
        return reviewers_only(posted_from(f"admin:{self.prefix}_{page}")(view))

    def _postpone(self, request, reference):
        subject = self.get(reference)
        at = timezone.now()
        form = PostponeForm(request.POST, at=at, status_since=subject.status_since)
        if not form.is_valid():
            return self.show(request, subject, at=at, postponing=form)
        until = form.cleaned_data["until_date"]
        try:
            claims.postpone(
                subject=subject,
                until=until,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=at,
            )
        except Refused as refusal:
            messages.error(request, told(refusal, by=request.user))
            return self.show(request, self.get(reference), at=at, postponing=form)
        messages.success(request, f"已放到 {day(until)}再办，到那天会回到您的列表。")
        return self.go_on(request, at=at, after=subject)


@admin.display(description="领办")
def held_by(subject):
    """A column of a list: who holds `subject` now. Prefetch `claim__by__absences`."""
    claim = getattr(subject, "claim", None)
    if claim is None or not claim.is_live(timezone.now()):
        return "—"
    return f"{named(claim.by)}，{time_of_day(claim.claimed_at)} 起"
