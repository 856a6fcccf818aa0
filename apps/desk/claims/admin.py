"""The lists of the smaller desks: who holds each case, and a button for the next one."""

from django.utils import timezone

from apps.desk import roles
from apps.desk.absences.policies import why_absent
from apps.desk.claims import walk
from apps.desk.claims.views import Desk
from apps.desk.filters import POSTPONED, WaitingFirst
from apps.desk.pages import DeskAdmin


class ClaimedListAdmin(DeskAdmin):
    """The list of a model whose `desk` is given. Show `views.held_by` in it."""

    desk: Desk
    change_list_template = "desk/list.html"

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("claim__by__absences")

    def changelist_view(self, request, extra_context=None):
        context = {"title": self.opts.verbose_name}
        may_decide = request.user.has_perm(roles.DECIDE)
        query = request.GET.urlencode()
        at = timezone.now()
        listed = self.desk.listed(query, by=request.user, at=at)
        if may_decide and listed.to_decide.exists():
            context["next_url"] = self.desk.url("next", query=query)
            context["away"] = why_absent(by=request.user, at=at)
        return super().changelist_view(request, context | (extra_context or {}))


class ClaimedWaitingFirst(WaitingFirst):
    """`WaitingFirst` for a list of cases: what the reader has put away stands apart."""

    def queryset(self, request, queryset):
        at, by = timezone.now(), request.user
        if self.value() == POSTPONED:
            waiting = queryset.in_status(self.opens_on, at=at)
            return walk.own(waiting, by=by, at=at)
        found = super().queryset(request, queryset)
        is_waiting = self.value() == self.opens_on
        return walk.without_own(found, by=by, at=at) if is_waiting else found

    def lookups(self, request, model_admin):
        *statuses, everything = super().lookups(request, model_admin)
        return [*statuses, (POSTPONED, "我稍后办的"), everything]
