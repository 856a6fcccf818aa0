from django.urls import path

from apps.progress import views

app_name = "progress"

urlpatterns = [
    path("progress/", views.index, name="list"),
    path("progress/<str:reference>/", views.detail, name="detail"),
    path("progress/<str:reference>/collect/", views.collect, name="collect"),
    path("progress/<str:reference>/receipt/", views.receipt, name="receipt"),
]
