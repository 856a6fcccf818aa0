from django.urls import path

from apps.seals import views

app_name = "seals"

urlpatterns = [path("proof/<str:reference>/", views.proof, name="proof")]
