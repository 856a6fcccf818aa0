from django.urls import path

from apps.regions import views

app_name = "regions"

urlpatterns = [
    path("areas/", views.areas, name="areas"),
    path("areas/options/", views.options, name="options"),
]
