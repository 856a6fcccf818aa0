"""The list of formal losses in the admin; it opens on what waits for a decision."""

from django.contrib import admin

from apps.common.templatetags import formats
from apps.common.visibility import shown
from apps.desk.claims.admin import ClaimedListAdmin, ClaimedWaitingFirst
from apps.desk.claims.views import held_by
from apps.desk.colleagues import whereabouts
from apps.replacement.enums import FormalLossStatus
from apps.review.losses import views


class FormalLossStatusFilter(ClaimedWaitingFirst):
    opens_on = FormalLossStatus.WAITING


class FormalLossAdmin(ClaimedListAdmin):
    desk = views.DESK
    list_display = [
        "masked_name",
        "who",
        "masked_number",
        "status",
        "declared",
        "lost_date",
        held_by,
    ]
    list_filter = [FormalLossStatusFilter]
    list_select_related = ["card__holder", "declared_by__holder", "claim__by__holder"]
    ordering = ["declared_at", "pk"]
    pages = (
        *views.DESK.pages(),
        ("<str:reference>/change/", views.detail, "change"),
        ("<str:reference>/confirm/", views.confirm, "confirm"),
        ("<str:reference>/refuse/", views.refuse, "refuse"),
        ("<str:reference>/withdraw/", views.withdraw, "withdraw"),
    )

    @admin.display(description="持卡人")
    def masked_name(self, loss):
        return shown(loss.card.holder.name, "list.name")

    @admin.display(description="部门、工号")
    def who(self, loss):
        return whereabouts(loss.declared_by)

    @admin.display(description="社保卡号")
    def masked_number(self, loss):
        return shown(loss.card.card_number, "list.card_number")

    @admin.display(description="登记时间")
    def declared(self, loss):
        return formats.moment(loss.declared_at)
