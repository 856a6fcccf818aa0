from django.urls import path

from apps.activation import views

app_name = "activation"
urlpatterns = [path("activate/", views.guide, name="guide")]
