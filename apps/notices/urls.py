from django.urls import path

from apps.notices import views

app_name = "notices"
urlpatterns = [
    path("messages/", views.index, name="list"),
    path("messages/read/", views.read, name="read"),
    path("outbox/", views.outbox, name="outbox"),
]
