from django.urls import path

from apps.home import views

app_name = "home"
urlpatterns = [
    path("", views.home, name="home"),
    path("records/", views.records, name="records"),
    path("messages/", views.messages_told, name="messages"),
    path("messages/read/", views.read_messages, name="read_messages"),
    path("text-size/", views.text_size, name="text_size"),
]
