"""What auditors read of the desk itself: what was done there, and who looked at full data."""

from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from apps.backoffice.audit import facts
from apps.common.admin import ReadOnlyAdmin
from apps.common.templatetags import formats
from apps.desk.colleagues import named
from apps.desk.models.desk_event import DeskAction
from apps.people.models import User

REQUEST_PAGE = "admin:cards_cardrequest_change"
CLAIM_PAGE = "admin:people_guardianship_change"
# Where the subject of an action has a page, by its public reference.
SUBJECT_PAGES = {
    DeskAction.BULK_RUN: "admin:review_bulkrun_change",
    DeskAction.BULK_STOPPED: "admin:review_bulkrun_change",
    DeskAction.EXPORT: "admin:backoffice_export_change",
    DeskAction.EXPORT_FETCHED: "admin:backoffice_export_change",
    DeskAction.ROSTER_UPLOADED: "admin:people_rosterupload_change",
    DeskAction.ROSTER_APPLIED: "admin:people_rosterupload_change",
    DeskAction.RULE_CHANGED: "admin:regions_city_change",
    DeskAction.BATCH_RETRIED: "admin:bureau_productionbatch_change",
    DeskAction.REPORT_UPLOADED: "admin:bureau_bureaufile_change",
    DeskAction.LINE_SHOWN: "admin:bureau_quarantinedline_change",
    DeskAction.LINE_DISMISSED: "admin:bureau_quarantinedline_change",
}
CASE_PAGES = {"formal_loss": "admin:replacement_formalloss_change", "guardianship": CLAIM_PAGE}


class PersonFilter(admin.SimpleListFilter):
    """By the colleague: those who are in the table at all."""

    title = "办理人"
    parameter_name = "by"

    def lookups(self, request, model_admin):
        rows = model_admin.model._default_manager.filter(by=OuterRef("pk"))
        people = User.objects.filter(Exists(rows)).select_related("holder")
        return [(str(user.pk), named(user)) for user in people.order_by("employee_number")]

    def queryset(self, request, queryset):
        value = self.value()
        return queryset.filter(by=value) if value and value.isdecimal() else queryset


class AuditAdmin(ReadOnlyAdmin):
    list_select_related = ["by__holder"]
    ordering = ["-pk"]
    sortable_by = []
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50

    def changelist_view(self, request, extra_context=None):
        context = {"title": self.opts.verbose_name}
        return super().changelist_view(request, context | (extra_context or {}))

    def get_fields(self, request, obj=None):
        return self.get_list_display(request)

    def get_readonly_fields(self, request, obj=None):
        return self.get_list_display(request)

    @admin.display(description="时间")
    def moment(self, row):
        return formats.moment(row.at)

    @admin.display(description="办理人")
    def person(self, row):
        number = row.by.employee_number
        return f"{named(row.by)}（{number}）" if hasattr(row.by, "holder") else f"工号 {number}"

    @admin.display(description="原因")
    def why(self, row):
        return row.reason or "—"


class DeskEventAdmin(AuditAdmin):
    list_display = ["moment", "person", "action", "about", "facts_in_words", "why"]
    list_filter = ["action", PersonFilter, "at"]
    list_select_related = ["by__holder", "request"]
    search_fields = ["=subject", "=request__reference"]
    search_help_text = "对象编号，或业务受理编号"

    @admin.display(description="对象")
    def about(self, event):
        if event.request is not None:
            return _link(REQUEST_PAGE, event.request.reference)
        page = SUBJECT_PAGES.get(event.action) or CASE_PAGES.get(event.facts.get("case"))
        return _link(page, event.subject) if page and event.subject else event.subject or "—"

    @admin.display(description="内容")
    def facts_in_words(self, event):
        lines = facts.of(event)
        return format_html_join("", "<div>{}：{}</div>", lines) if lines else "—"


class DisclosureAdmin(AuditAdmin):
    list_display = ["moment", "person", "what", "about", "why"]
    list_filter = ["what", PersonFilter, "at"]
    list_select_related = ["by__holder", "request", "guardianship", "holder"]
    search_fields = ["=request__reference", "=guardianship__reference", "=holder__reference"]
    search_help_text = "业务受理编号，监护关系或持卡人的编号"

    @admin.display(description="对象")
    def about(self, look):
        if look.request is not None:
            return _link(REQUEST_PAGE, look.request.reference)
        if look.guardianship is not None:
            return _link(CLAIM_PAGE, look.guardianship.reference)
        return look.holder.reference


def _link(page, reference):
    return format_html('<a href="{}">{}</a>', reverse(page, args=[reference]), reference)
