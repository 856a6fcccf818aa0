from django.urls import path

from apps.verification import views

app_name = "verification"
urlpatterns = [
    path("verify/<str:reference>/", views.start, name="start"),
    path("verify/<str:reference>/code/send/", views.send_code, name="send_code"),
    path("verify/<str:reference>/<slug:slug>/", views.way, name="way"),
]
