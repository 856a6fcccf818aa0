from django.urls import path

from apps.demo import stand_in_cas, stand_in_oidc

app_name = "demo"
urlpatterns = [
    path("demo/cas/login", stand_in_cas.sign_in, name="cas_login"),
    path("demo/cas/p3/serviceValidate", stand_in_cas.validate, name="cas_validate"),
    path("demo/cas/logout", stand_in_cas.sign_out, name="cas_logout"),
    path(
        "demo/oidc/.well-known/openid-configuration",
        stand_in_oidc.configuration,
        name="oidc_configuration",
    ),
    path("demo/oidc/authorize", stand_in_oidc.authorize, name="oidc_authorize"),
    path("demo/oidc/token", stand_in_oidc.token, name="oidc_token"),
    path("demo/oidc/keys", stand_in_oidc.keys, name="oidc_keys"),
]
