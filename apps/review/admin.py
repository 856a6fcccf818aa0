"""The reviewers' desk: the list of requests in the admin.

The list never shows more than masked names. The search is posted, because a name or an ID number in
an address would stand in logs and histories.
"""

from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.cards.models import (
    BureauFile,
    BureauReport,
    CardRequest,
    ProductionBatch,
    QuarantinedLine,
)
from apps.common import id_numbers, masks, names
from apps.common.fields import blind_index
from apps.common.templatetags import formats
from apps.people.models import Guardianship, Holder, RosterUpload, User
from apps.regions.models import City
from apps.replacement.models import FormalLoss
from apps.review import queue, views
from apps.review.accounts.desk import AccountAdmin
from apps.review.audit.desk import DeskEventAdmin, DisclosureAdmin
from apps.review.bulk.desk import BulkRunAdmin
from apps.review.bureau.desk import BatchDesk, FileDesk, LineDesk, ReportDesk
from apps.review.children import views as children
from apps.review.desk import DeskAdmin
from apps.review.exports.desk import ExportAdmin
from apps.review.holders.desk import HolderDesk
from apps.review.losses.desk import FormalLossAdmin
from apps.review.models import BulkRun, DeskEvent, Disclosure, Export, Phrase
from apps.review.phrases.desk import PhraseAdmin
from apps.review.recall import views as recall
from apps.review.roster.desk import RosterUploadAdmin
from apps.review.rules.desk import CityDesk

admin.site.site_title = "社保卡审核"
admin.site.site_header = "社保卡自助办理 · 审核后台"
admin.site.index_title = "审核工作台"
admin.site.enable_nav_sidebar = False  # the desk has a bar of its own, and needs the width

admin.site.register(FormalLoss, FormalLossAdmin)
admin.site.register(Phrase, PhraseAdmin)
admin.site.register(Export, ExportAdmin)
admin.site.register(DeskEvent, DeskEventAdmin)
admin.site.register(Disclosure, DisclosureAdmin)
admin.site.register(City, CityDesk)
admin.site.register(ProductionBatch, BatchDesk)
admin.site.register(BureauReport, ReportDesk)
admin.site.register(BureauFile, FileDesk)
admin.site.register(QuarantinedLine, LineDesk)
admin.site.register(Holder, HolderDesk)
admin.site.register(RosterUpload, RosterUploadAdmin)
admin.site.register(User, AccountAdmin)
admin.site.register(BulkRun, BulkRunAdmin)

ALL = "all"


class StatusFilter(admin.SimpleListFilter):
    """Opens on what waits for a decision; a search looks everywhere."""

    title = "状态"
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return [s for s in RequestStatus.choices if s[0] != RequestStatus.DRAFT] + [(ALL, "全部")]

    def choices(self, changelist):
        for value, label in self.lookup_choices:
            is_default = value == RequestStatus.ACCEPTED
            yield {
                "selected": self.value() == value or (is_default and self.value() is None),
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }

    def queryset(self, request, queryset):
        if self.value() == ALL or (self.value() is None and searched(request)):
            return queryset
        if self.value() is None:
            return queryset.filter(queue.WAITING)
        return queryset.filter(status=self.value())


class OverdueFilter(admin.SimpleListFilter):
    title = "承诺时限"
    parameter_name = "overdue"

    def lookups(self, request, model_admin):
        return [("yes", "已超期")]

    def queryset(self, request, queryset):
        return queryset.filter(is_overdue=True) if self.value() == "yes" else queryset


def searched(request):
    """What the reviewer looks for; empty unless the search form was posted."""
    return request.POST.get(SEARCH_VAR, "").strip() if request.method == "POST" else ""


@admin.register(CardRequest)
class CardRequestAdmin(DeskAdmin):
    list_display = ["masked_name", "promise", "state", "kind", "who", "city", "bank", "since"]
    list_filter = [
        StatusFilter,
        OverdueFilter,
        "kind",
        ("city", admin.RelatedOnlyFieldListFilter),
        ("bank", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["particulars", "city", "bank"]
    ordering = ["status_since", "pk"]
    search_fields = ["reference"]  # shows the search form; see get_search_results
    pages = (
        *views.DESK.pages(),
        ("<str:reference>/change/", views.detail, "change"),
        ("<str:reference>/approve/", views.approve, "approve"),
        ("<str:reference>/amendment/", views.request_amendment, "request_amendment"),
        ("<str:reference>/reject/", views.reject, "reject"),
        ("<str:reference>/approve/preview/", views.preview_approval, "preview_approval"),
        ("<str:reference>/amendment/preview/", views.preview_amendment, "preview_amendment"),
        ("<str:reference>/reject/preview/", views.preview_rejection, "preview_rejection"),
        ("<str:reference>/recall/", recall.recall, "recall"),
        ("<str:reference>/disclose/", views.disclose, "disclose"),
        ("<str:reference>/portrait/", views.portrait, "portrait"),
        ("<str:reference>/portrait-before/", views.portrait_before, "portrait_before"),
        ("<str:reference>/reference-photo/", views.reference_photo, "reference_photo"),
    )

    def changelist_view(self, request, extra_context=None):
        context = {"title": "申请审核", "searched": searched(request)}
        return super().changelist_view(request, context | (extra_context or {}))

    def get_queryset(self, request):
        """Without drafts, and without the encrypted columns, which no list needs."""
        limit = queue.overdue_before(timezone.localdate())
        overdue = ExpressionWrapper(
            queue.WAITING & Q(status_since__lt=limit), output_field=BooleanField()
        )
        return (
            CardRequest.objects.submitted()
            .annotate(is_overdue=overdue)
            .defer(
                "particulars__id_number",
                "particulars__phone",
                "particulars__address",
                "particulars__typed",
            )
        )

    def get_search_results(self, request, queryset, search_term):
        """By reference, employee number or ID number exactly, or by a part of the name."""
        term = searched(request)
        if not term:
            return queryset, False
        found = (
            Q(reference__iexact=term)
            | Q(applicant__employee_number=term)
            | Q(holder__user__employee_number=term)
            | Q(holder__id_number_index=blind_index(id_numbers.normalise(term)))
            | Q(particulars__name__contains=names.normalise(term))
        )
        return queryset.filter(found), False

    @admin.display(description="申请人")
    def masked_name(self, request):
        return masks.name(request.particulars.name)

    @admin.display(description="办理方式")
    def who(self, request):
        return "监护人代办" if request.particulars.guardian_id else "本人"

    @admin.display(description="状态")
    def state(self, request):
        return request.get_status_display()

    @admin.display(description="等待自")
    def since(self, request):
        return formats.moment(request.status_since)

    @admin.display(description="承诺办结")
    def promise(self, request):
        if request.status != RequestStatus.ACCEPTED:
            return "—"
        day = formats.day(queue.promise_date(request.status_since))
        return f"{day} 已超期" if request.is_overdue else day


class ClaimStateFilter(admin.SimpleListFilter):
    """Opens on what waits for a decision."""

    title = "状态"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("waiting", "待确认"), ("confirmed", "已确认"), ("refused", "不予确认")]

    def choices(self, changelist):
        for value, label in self.lookup_choices:
            yield {
                "selected": (self.value() or "waiting") == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }

    def queryset(self, request, queryset):
        match self.value():
            case "confirmed":
                return queryset.confirmed()
            case "refused":
                return queryset.filter(refused_at__isnull=False)
        return queryset.waiting()


@admin.register(Guardianship)
class GuardianshipAdmin(DeskAdmin):
    list_display = ["masked_child", "masked_guardian", "relation", "proof_kind", "created"]
    list_filter = [ClaimStateFilter]
    list_select_related = ["guardian"]
    ordering = ["created_at", "pk"]
    pages = (
        *children.DESK.pages(),
        ("<str:reference>/change/", children.detail, "change"),
        ("<str:reference>/confirm/", children.confirm, "confirm"),
        ("<str:reference>/refuse/", children.refuse, "refuse"),
        ("<str:reference>/disclose/", children.disclose, "disclose"),
        ("<str:reference>/proofs/<int:number>.jpg", children.proof, "proof"),
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
