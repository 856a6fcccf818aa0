from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("apps.home.urls")),
    path("", include("apps.regions.urls")),
    path("admin/", admin.site.urls),
]
