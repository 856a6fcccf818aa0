"""The three pages of allauth that this portal has, by the names that allauth gives them.

Without a namespace, because allauth looks them up by these names.
"""

from allauth.account import views
from django.urls import path

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("password/change/", views.password_change, name="account_change_password"),
]
