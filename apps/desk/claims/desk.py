"""The lists of the smaller desks: who holds each case, and a button for the next one."""

from django.urls import reverse

from apps.desk import roles
from apps.desk.claims.views import Desk
from apps.desk.pages import DeskAdmin


class ClaimedListAdmin(DeskAdmin):
    """The list of a model whose `desk` is given. Show `views.held_by` in it."""

    desk: Desk
    change_list_template = "desk/list.html"

    def changelist_view(self, request, extra_context=None):
        context = {"title": self.opts.verbose_name}
        may_decide = request.user.has_perm(roles.DECIDE)
        if may_decide and self.desk.waiting_for(request.user).exists():
            context["next_url"] = reverse(f"admin:{self.desk.prefix}_next")
        return super().changelist_view(request, context | (extra_context or {}))
