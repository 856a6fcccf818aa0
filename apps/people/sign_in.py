"""Signing in with the employee number, or with the phone of one's own account, and a password.

django-allauth guards the door: it slows down guessing per account and per address, and takes the
same time for an account that does not exist.
"""

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.auth_backends import AuthenticationBackend
from django.contrib import messages
from django.shortcuts import redirect, resolve_url

from apps.common.fields import blind_index
from apps.common.rules import rule_text
from apps.people.models import User


class EmployeeNumberOrPhoneBackend(AuthenticationBackend):
    """allauth's backend, with the phone as a second name for an account."""

    def _authenticate_by_username(self, username, password):
        return self._check_password(_find_user(User.normalize_username(username)), password)


def _find_user(login):
    by_number = User.objects.filter(employee_number=login).first()
    return by_number or User.objects.filter(holder__phone_index=blind_index(login)).first()


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come from the staff roster; nobody signs up, and nobody is told who has one."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": (
            "工号（手机号）或密码不对。请核对后重试；忘记密码请到人事处重置。"
        ),
        "too_many_login_attempts": (
            f"连续输错次数过多，为了安全，请等 {rule_text('PASSWORD_WAIT', gap=' ')}再试。"
        ),
        "account_inactive": "这个账户已停用，不能登录。如有疑问，请联系人事处。",
        "enter_current_password": "原密码不对，请重新输入。",
    }

    def is_open_for_signup(self, request):
        return False

    def authenticate(self, request, **credentials):
        user = super().authenticate(request, **credentials)
        # allauth hands over a disabled account only after the right password.
        if user is not None and not user.is_active:
            raise self.validation_error("account_inactive")
        return user

    def respond_user_inactive(self, request, user):
        """For an account that was disabled between the password and the session."""
        messages.error(request, self.error_messages["account_inactive"])
        return redirect("account_login")

    def get_password_change_redirect_url(self, request):
        return resolve_url("home:home")


def client_ip(request):
    """The address of the browser, behind settings.ALLAUTH_TRUSTED_PROXY_COUNT proxies."""
    return get_adapter().get_client_ip(request)
