from django.urls import path

from apps.activation import views

app_name = "activation"
urlpatterns = [
    path("activate/", views.guide, name="guide"),
    path("activate/records/", views.records, name="records"),
    path("activate/<str:reference>/", views.start, name="start"),
    path("activate/<str:reference>/done/", views.done, name="done"),
]
