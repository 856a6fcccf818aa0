"""The list of children's registrations in the admin; it opens on what waits for a decision."""

from django.contrib import admin

from apps.common.templatetags import formats
from apps.common.visibility import shown
from apps.desk.claims.admin import ClaimedListAdmin, ClaimedWaitingFirst
from apps.desk.claims.views import held_by
from apps.desk.colleagues import whereabouts
from apps.people.enums import GuardianshipStatus
from apps.review.children import views


class GuardianshipStatusFilter(ClaimedWaitingFirst):
    opens_on = GuardianshipStatus.WAITING


class GuardianshipAdmin(ClaimedListAdmin):
    desk = views.DESK
    list_display = [
        "masked_child",
        "masked_guardian",
        "who",
        "relation",
        "proof_kind",
        "created",
        held_by,
    ]
    list_filter = [GuardianshipStatusFilter]
    list_select_related = ["guardian__user", "claim__by__holder"]
    ordering = ["created_at", "pk"]
    pages = (
        *views.DESK.pages(),
        ("<str:reference>/change/", views.detail, "change"),
        ("<str:reference>/confirm/", views.confirm, "confirm"),
        ("<str:reference>/refuse/", views.refuse, "refuse"),
        ("<str:reference>/proofs/<int:number>.jpg", views.proof, "proof"),
    )

    @admin.display(description="孩子")
    def masked_child(self, guardianship):
        return shown(guardianship.ward_name, "list.name")

    @admin.display(description="监护人")
    def masked_guardian(self, guardianship):
        return shown(guardianship.guardian.name, "list.name")

    @admin.display(description="部门、工号")
    def who(self, guardianship):
        return whereabouts(guardianship.guardian.user)

    @admin.display(description="登记时间")
    def created(self, guardianship):
        return formats.moment(guardianship.created_at)
