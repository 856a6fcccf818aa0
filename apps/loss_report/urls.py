from django.urls import path

from apps.loss_report import views

app_name = "loss_report"
urlpatterns = [path("loss/", views.guide, name="guide")]
