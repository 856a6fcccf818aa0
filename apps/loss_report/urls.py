from django.urls import path

from apps.loss_report import views

app_name = "loss_report"
urlpatterns = [
    path("loss/", views.guide, name="guide"),
    path("loss/records/", views.records, name="records"),
    path("loss/<str:reference>/", views.detail, name="detail"),
    path("loss/<str:reference>/report/", views.report, name="report"),
    path("loss/<str:reference>/verify/", views.verify, name="verify"),
    path("loss/<str:reference>/lift/", views.lift, name="lift"),
    path("loss/<str:reference>/usable/", views.usable, name="usable"),
]
