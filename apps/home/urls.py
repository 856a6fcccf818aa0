from django.urls import path

from apps.home import views

app_name = "home"
urlpatterns = [
    path("", views.home, name="home"),
    path("records/", views.records, name="records"),
    path("text-size/", views.text_size, name="text_size"),
]
