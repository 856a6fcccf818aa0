"""The buttons that claim, release and take over a case. They are the same on every desk.

Each desk says how to find a case and which cases wait for a reviewer, and mounts the four views.
They redirect to the case. A button in a list posts `back` and redirects to the list.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.shortcuts import redirect
from django.utils import timezone

from apps.common.refusals import Refused
from apps.common.templatetags.formats import time_of_day
from apps.common.typed_again import posted_from
from apps.desk.claims import services as claims
from apps.desk.colleagues import named, told
from apps.desk.gates import reviewers_only


@dataclass(frozen=True)
class Desk:
    """`prefix` is that of the URL names (cards_cardrequest). `get` finds a case or raises 404."""

    prefix: str
    get: Callable[[str], Model]
    waiting_for: Callable[..., QuerySet]

    def page(self, subject):
        return redirect(f"admin:{self.prefix}_change", subject.reference)

    def changelist(self):
        return redirect(f"admin:{self.prefix}_changelist")

    def go_on(self, request, *, at):
        """Claim the case that has waited longest for this reviewer, and redirect to it."""
        subject = claims.claim_first(cases=self.waiting_for(request.user), by=request.user, at=at)
        if subject is None:
            messages.info(request, "现在没有其他等待您办理的了。")
            return self.changelist()
        return self.page(subject)

    def pages(self):
        """(route, view, name) of the four buttons, for `DeskAdmin.pages`."""
        return (
            ("next/", self._posted(self._next, "changelist"), "next"),
            ("<str:reference>/claim/", self._button(claims.claim), "claim"),
            ("<str:reference>/release/", self._button(claims.release), "release"),
            ("<str:reference>/take-over/", self._button(claims.take_over), "take_over"),
        )

    def _next(self, request):
        return self.go_on(request, at=timezone.now())

    def _button(self, verb):
        def view(request, reference):
            subject = self.get(reference)
            try:
                verb(subject=subject, by=request.user, at=timezone.now())
            except Refused as refusal:
                messages.error(request, told(refusal, by=request.user))
            return self.changelist() if "back" in request.POST else self.page(subject)

        return self._posted(view, "change")

    def _posted(self, view, page):
        return reviewers_only(posted_from(f"admin:{self.prefix}_{page}")(view))


@admin.display(description="领办")
def held_by(subject):
    """A column for the lists of the desks: who holds `subject` now. Select `claim` along."""
    claim = getattr(subject, "claim", None)
    if claim is None or not claim.is_live(timezone.now()):
        return "—"
    return f"{named(claim.by)}，{time_of_day(claim.claimed_at)} 起"
