from django.urls import path

from apps.replacement import views

app_name = "replacement"
urlpatterns = [path("replace/", views.guide, name="guide")]
