from django.urls import path

from apps.single_sign_on import views

app_name = "single_sign_on"
urlpatterns = [
    path("sso/cas/", views.cas, name="cas"),
    path("sso/cas/back/", views.cas_back, name="cas_back"),
    path("sso/oidc/", views.oidc, name="oidc"),
    path("sso/oidc/back/", views.oidc_back, name="oidc_back"),
    path("sso/oidc/ended/", views.oidc_ended, name="oidc_ended"),
    path("sso/cas/out/", views.cas_out, name="cas_out"),
    path("sso/oidc/out/", views.oidc_out, name="oidc_out"),
]
