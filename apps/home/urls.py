from django.urls import path

from apps.home import views

app_name = "home"
urlpatterns = [
    path("", views.home, name="home"),
    path("records/", views.records, name="records"),
    path("messages/", views.messages_told, name="messages"),
    path("messages/read/", views.read_messages, name="read_messages"),
    path("matters/", views.matters, name="matters"),
    path("cards/<str:reference>/", views.card, name="card"),
]
