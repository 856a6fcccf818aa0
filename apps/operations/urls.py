from django.urls import path

from apps.operations.views.metrics import metrics

app_name = "operations"

urlpatterns = [path("metrics", metrics, name="metrics")]
