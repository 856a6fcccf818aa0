from django.urls import path

from apps.people import views

app_name = "people"
urlpatterns = [
    path("agreements/<slug:kind>/", views.consent_text, name="consent_text"),
]
