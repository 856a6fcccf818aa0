"""The list of children's registrations in the admin; it opens on what waits for a decision."""

from django.contrib import admin
from django.utils import timezone

from apps.common import masks
from apps.common.templatetags import formats
from apps.desk.claims.desk import ClaimedListAdmin
from apps.desk.claims.views import held_by
from apps.people.enums import GuardianshipStatus
from apps.review.children import views


class ClaimStateFilter(admin.SimpleListFilter):
    """Opens on what waits for a decision."""

    title = "状态"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [(status.lower(), status.label) for status in GuardianshipStatus]

    def choices(self, changelist):
        for value, label in self.lookup_choices:
            yield {
                "selected": (self.value() or "waiting") == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }

    def queryset(self, request, queryset):
        at = timezone.now()
        match self.value():
            case "confirmed":
                return queryset.active(at=at)
            case "ended":
                return queryset.in_status(GuardianshipStatus.ENDED, at=at)
            case "refused":
                return queryset.refused()
        return queryset.waiting()


class GuardianshipAdmin(ClaimedListAdmin):
    desk = views.DESK
    list_display = ["masked_child", "masked_guardian", "relation", "proof_kind", "created", held_by]
    list_filter = [ClaimStateFilter]
    list_select_related = ["guardian", "assignment__by__holder"]
    ordering = ["created_at", "pk"]
    pages = (
        *views.DESK.pages(),
        ("<str:reference>/change/", views.detail, "change"),
        ("<str:reference>/confirm/", views.confirm, "confirm"),
        ("<str:reference>/refuse/", views.refuse, "refuse"),
        ("<str:reference>/disclose/", views.disclose, "disclose"),
        ("<str:reference>/proofs/<int:number>.jpg", views.proof, "proof"),
    )

    @admin.display(description="孩子")
    def masked_child(self, claim):
        return masks.name(claim.ward_name)

    @admin.display(description="监护人")
    def masked_guardian(self, claim):
        return masks.name(claim.guardian.name)

    @admin.display(description="登记时间")
    def created(self, claim):
        return formats.moment(claim.created_at)
