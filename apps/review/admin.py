"""Registers the decision pages in the admin: one line for each model."""

from django.contrib import admin

from apps.cards.models import CardRequest
from apps.desk.pages import DeskAdmin
from apps.people.models import Guardianship
from apps.replacement.models import FormalLoss
from apps.review import picture_views, views
from apps.review.calling import views as calling
from apps.review.children.desk import GuardianshipAdmin
from apps.review.listing import views as listing
from apps.review.losses.desk import FormalLossAdmin
from apps.review.recall import views as recall

admin.site.register(FormalLoss, FormalLossAdmin)
admin.site.register(Guardianship, GuardianshipAdmin)


@admin.register(CardRequest)
class CardRequestAdmin(DeskAdmin):
    pages = (
        ("", listing.requests, "changelist"),
        *views.DESK.pages(),
        ("<str:reference>/change/", views.detail, "change"),
        ("<str:reference>/phone/", calling.number, "phone"),
        ("<str:reference>/approve/", views.approve, "approve"),
        ("<str:reference>/amendment/", views.request_amendment, "request_amendment"),
        ("<str:reference>/reject/", views.reject, "reject"),
        ("<str:reference>/approve/preview/", views.preview_approval, "preview_approval"),
        ("<str:reference>/amendment/preview/", views.preview_amendment, "preview_amendment"),
        ("<str:reference>/reject/preview/", views.preview_rejection, "preview_rejection"),
        ("<str:reference>/answer/", views.answer, "answer"),
        ("<str:reference>/recall/", recall.recall, "recall"),
        ("<str:reference>/portrait/", picture_views.portrait, "portrait"),
        ("<str:reference>/portrait-before/", picture_views.portrait_before, "portrait_before"),
        ("<str:reference>/reference-photo/", picture_views.reference_photo, "reference_photo"),
    )
