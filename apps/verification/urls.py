from django.urls import path

from apps.verification import views

app_name = "verification"
urlpatterns = [path("verify/<str:reference>/", views.start, name="start")]
