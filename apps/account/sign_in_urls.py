"""The pages of allauth that this portal uses, and the page for invited people.

They have no namespace, because allauth finds its pages by these names.
"""

from allauth.account import views
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from apps.account.password_reset import views as password_reset
from apps.account.second_factor.renewal import renewing_session
from apps.account.second_factor.views import remove_passkey
from apps.account.unlocking.views import unlock
from apps.account.views import SignInView, welcome

urlpatterns = [
    path("login/", SignInView.as_view(), name="account_login"),
    path("login/factor/", factors.authenticate, name="mfa_authenticate"),
    path("unlock/", unlock, name="account_unlock"),
    path("logout/", views.logout, name="account_logout"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/reset/", password_reset.ask, name="account_reset_ask"),
    path("password/reset/code/", password_reset.enter, name="account_reset_enter"),
    path("password/reset/done/", password_reset.done, name="account_reset_done"),
    path("password/link/<str:key>/<str:token>/", password_reset.link, name="account_reset_link"),
    path("welcome/<str:token>/", welcome, name="account_welcome"),
    # Once more, before what guards the account is changed
    path("again/", renewing_session(views.reauthenticate), name="account_reauthenticate"),
    path("again/factor/", renewing_session(factors.reauthenticate), name="mfa_reauthenticate"),
    path(
        "again/passkey/",
        renewing_session(webauthn.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    # 两步验证
    path("factors/", factors.index, name="mfa_index"),
    path("factors/", factors.index, name="mfa_list_webauthn"),  # allauth leads here after a removal
    path("factors/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("factors/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("factors/passkey/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("factors/passkey/remove/", remove_passkey, name="mfa_remove_passkey"),
    path("factors/codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "factors/codes/new/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
]
