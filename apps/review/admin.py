"""The pages of the desk in the admin: one line a model, and each desk in a room of its own."""

from django.contrib import admin

from apps.bureau.models import BureauFile, BureauReport, ProductionBatch, QuarantinedLine
from apps.cards.models import CardRequest
from apps.people.models import Guardianship, Holder, RosterUpload, User
from apps.regions.models import City
from apps.replacement.models import FormalLoss
from apps.review import views
from apps.review.accounts.desk import AccountAdmin
from apps.review.audit.desk import DeskEventAdmin, DisclosureAdmin
from apps.review.bulk.desk import BulkRunAdmin
from apps.review.bureau.desk import BatchDesk, FileDesk, LineDesk, ReportDesk
from apps.review.children.desk import GuardianshipAdmin
from apps.review.desk import DeskAdmin
from apps.review.exports.desk import ExportAdmin
from apps.review.holders.desk import HolderDesk
from apps.review.listing import views as listing
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
admin.site.register(Guardianship, GuardianshipAdmin)
admin.site.register(BulkRun, BulkRunAdmin)
admin.site.register(Export, ExportAdmin)
admin.site.register(Phrase, PhraseAdmin)
admin.site.register(RosterUpload, RosterUploadAdmin)
admin.site.register(Holder, HolderDesk)
admin.site.register(City, CityDesk)
admin.site.register(ProductionBatch, BatchDesk)
admin.site.register(BureauReport, ReportDesk)
admin.site.register(BureauFile, FileDesk)
admin.site.register(QuarantinedLine, LineDesk)
admin.site.register(DeskEvent, DeskEventAdmin)
admin.site.register(Disclosure, DisclosureAdmin)
admin.site.register(User, AccountAdmin)


@admin.register(CardRequest)
class CardRequestAdmin(DeskAdmin):
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
        return listing.requests(request)
