from django.urls import path

from apps.account import views

app_name = "account"
urlpatterns = [
    path("agreements/<slug:kind>/", views.consent_text, name="consent_text"),
]
