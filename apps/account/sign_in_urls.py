"""The three pages of allauth that this portal uses, and the page for invited people.

They have no namespace, because allauth finds its pages by these names.
"""

from allauth.account import views
from django.urls import path

from apps.account.views import welcome

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("welcome/<str:token>/", welcome, name="account_welcome"),
]
