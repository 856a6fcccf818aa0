from django.urls import path

from apps.account import views

app_name = "account"
urlpatterns = [
    path("account/agreements/", views.agreements, name="agreements"),
    path("account/agreements/withdraw/", views.withdraw, name="withdraw"),
]
