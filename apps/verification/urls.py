from django.urls import path

from apps.verification import views

app_name = "verification"
urlpatterns = [
    path("verify/<str:reference>/", views.start, name="start"),
    path("verify/<str:reference>/face/", views.face, name="face"),
    path("verify/<str:reference>/code/", views.code, name="code"),
    path("verify/<str:reference>/code/send/", views.send_code, name="send_code"),
]
