"""Who holds which case now, how much each reviewer decided, and who is away."""

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.utils import timezone

from apps.common.templatetags import formats
from apps.desk import roles
from apps.desk.colleagues import named
from apps.desk.models import Absence, Claim
from apps.desk.pages import DeskAdmin
from apps.team import views


@admin.register(Claim)
class ClaimAdmin(DeskAdmin):
    list_title = "现在谁在办"
    permission = roles.LEAD_TEAM
    list_display = ["who", "case", "since", "until"]
    list_display_links = None
    list_select_related = ["by__holder", "card_request", "formal_loss", "guardianship"]
    ordering = ["claimed_at", "pk"]
    pages = (("workload/", views.workload, "workload"),)

    def get_queryset(self, request):
        return Claim.objects.live(timezone.now())

    def get_changelist(self, request, **kwargs):
        return ChangeList

    @admin.display(description="谁在办")
    def who(self, claim):
        return named(claim.by)

    @admin.display(description="哪一件")
    def case(self, claim):
        subject = claim.card_request or claim.formal_loss or claim.guardianship
        return f"{subject._meta.verbose_name} {subject.reference}"

    @admin.display(description="领办时间")
    def since(self, claim):
        return formats.moment(claim.claimed_at)

    @admin.display(description="到什么时候")
    def until(self, claim):
        return formats.moment(claim.lapses_at)


@admin.register(Absence)
class AbsenceDesk(DeskAdmin):
    pages = (
        ("", views.absences, "changelist"),
        ("<str:reference>/end/", views.end_absence, "end"),
    )
