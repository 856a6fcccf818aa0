from django.urls import path

from apps.my_data import views

app_name = "my_data"
urlpatterns = [
    path("account/data/", views.index, name="index"),
    path("account/data/copy/", views.copy, name="copy"),
    path("account/data/correct/", views.correct, name="correct"),
    path("account/data/erase/", views.erase, name="erase"),
]
