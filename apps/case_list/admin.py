"""Registers the desk of requests in the admin: the list, and the pages of a case."""

from django.contrib import admin

from apps.cards.models import CardRequest
from apps.case_list import views
from apps.case_list.calling import views as calling
from apps.desk.pages import DeskAdmin
from apps.review import picture_views
from apps.review import views as decision
from apps.review.recall import views as recall


@admin.register(CardRequest)
class CardRequestAdmin(DeskAdmin):
    pages = (
        ("", views.requests, "changelist"),
        *decision.DESK.pages(),
        ("<str:reference>/change/", decision.detail, "change"),
        ("<str:reference>/phone/", calling.number, "phone"),
        ("<str:reference>/approve/", decision.approve, "approve"),
        ("<str:reference>/amendment/", decision.request_amendment, "request_amendment"),
        ("<str:reference>/reject/", decision.reject, "reject"),
        ("<str:reference>/approve/preview/", decision.preview_approval, "preview_approval"),
        ("<str:reference>/amendment/preview/", decision.preview_amendment, "preview_amendment"),
        ("<str:reference>/reject/preview/", decision.preview_rejection, "preview_rejection"),
        ("<str:reference>/answer/", decision.answer, "answer"),
        ("<str:reference>/recall/", recall.recall, "recall"),
        ("<str:reference>/portrait/", picture_views.portrait, "portrait"),
        ("<str:reference>/portrait-before/", picture_views.portrait_before, "portrait_before"),
        ("<str:reference>/reference-photo/", picture_views.reference_photo, "reference_photo"),
    )
