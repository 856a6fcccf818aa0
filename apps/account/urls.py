from django.urls import path

from apps.account import views
from apps.account.own_sessions import views as own_sessions

app_name = "account"
urlpatterns = [
    path("account/", views.mine, name="mine"),
    path("account/look/", views.look, name="look"),
    path("account/sessions/", own_sessions.sessions, name="sessions"),
    path("account/still-here/", own_sessions.still_here, name="still_here"),
    path("account/sign-ins/", own_sessions.sign_ins, name="sign_ins"),
    path("account/sessions/end/", own_sessions.end, name="end_sessions"),
    path("account/agreements/", views.agreements, name="agreements"),
    path("account/agreements/<str:kind>/<str:version>/", views.agreed, name="agreed"),
    path("account/agreements/withdraw/", views.withdraw, name="withdraw"),
]
