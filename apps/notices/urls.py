from django.urls import path

from apps.notices import views

app_name = "notices"
urlpatterns = [
    path("account/messages/", views.way, name="way"),
    path("outbox/", views.outbox, name="outbox"),
]
