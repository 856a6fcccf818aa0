from django.urls import path

from apps.replacement.views import formal_loss, start

app_name = "replacement"
urlpatterns = [
    path("replace/", start.guide, name="guide"),
    path("replace/<str:reference>/", start.start, name="start"),
    path("replace/<str:reference>/banks/", start.banks, name="banks"),
    path("replace/<str:reference>/loss/", formal_loss.detail, name="loss"),
    path("replace/<str:reference>/loss/declare/", formal_loss.declare, name="declare"),
    path("replace/<str:reference>/loss/take-back/", formal_loss.take_back, name="take_back"),
]
