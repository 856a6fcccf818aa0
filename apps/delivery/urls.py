from django.urls import path

from apps.delivery import views

app_name = "delivery"

urlpatterns = [
    path("delivery/<str:reference>/postage/", views.postage, name="postage"),
]
