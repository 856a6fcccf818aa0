"""The desk's pages in the admin, and the log of disclosures."""

from django.contrib import admin

from apps.cards.admin import ReadOnlyAdmin
from apps.cards.models import CardRequest
from apps.people.models import Guardianship
from apps.replacement.models import FormalLoss
from apps.review import views
from apps.review.children.desk import GuardianshipAdmin
from apps.review.desk import DeskAdmin
from apps.review.listing import views as listing
from apps.review.losses.desk import FormalLossAdmin
from apps.review.models import Disclosure

admin.site.site_title = "社保卡审核"
admin.site.site_header = "社保卡自助办理 · 审核后台"
admin.site.index_title = "审核工作台"

admin.site.register(FormalLoss, FormalLossAdmin)
admin.site.register(Guardianship, GuardianshipAdmin)


@admin.register(CardRequest)
class CardRequestAdmin(DeskAdmin):
    pages = (
        *views.DESK.pages(),
        ("<str:reference>/change/", views.detail, "change"),
        ("<str:reference>/approve/", views.approve, "approve"),
        ("<str:reference>/amendment/", views.request_amendment, "request_amendment"),
        ("<str:reference>/reject/", views.reject, "reject"),
        ("<str:reference>/disclose/", views.disclose, "disclose"),
        ("<str:reference>/portrait/", views.portrait, "portrait"),
        ("<str:reference>/reference-photo/", views.reference_photo, "reference_photo"),
    )

    def changelist_view(self, request, extra_context=None):
        return listing.requests(request)


@admin.register(Disclosure)
class DisclosureAdmin(ReadOnlyAdmin):
    list_display = ["at", "by", "request_reference", "what"]
    list_select_related = ["by", "request", "guardianship"]
    date_hierarchy = "at"
    ordering = ["-pk"]

    @admin.display(description="业务受理编号")
    def request_reference(self, disclosure):
        return (disclosure.request or disclosure.guardianship).reference
