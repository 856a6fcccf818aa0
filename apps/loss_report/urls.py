from django.urls import path

from apps.loss_report.views import card, lifting, listing, reporting

app_name = "loss_report"
urlpatterns = [
    path("loss/", listing.guide, name="guide"),
    path("loss/records/", listing.records, name="records"),
    path("loss/<str:reference>/", card.detail, name="detail"),
    path("loss/<str:reference>/report/", reporting.report, name="report"),
    path("loss/<str:reference>/lift/", lifting.lift, name="lift"),
    path("loss/<str:reference>/usable/", card.usable, name="usable"),
]
