"""Signing in with the employee number, or with the phone of one's own account, and a password.

django-allauth limits failed tries per account and per address, and takes the same time for an
account that does not exist.
"""

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect, resolve_url
from django.utils import timezone

from apps.common.fields import blind_index
from apps.common.rules import rule_text
from apps.events import services as events
from apps.events.enums import Channel, Role
from apps.people.event_kinds import ACCOUNT, AccountAction
from apps.people.models import User


class EmployeeNumberOrPhoneBackend(AuthenticationBackend):
    """allauth's backend, with the phone as a second name for an account.

    What an account may do comes from its roles, which are groups, and from nowhere else.
    """

    def get_user_permissions(self, user_obj, obj=None):
        return set()

    def _authenticate_by_username(self, username, password):
        return self._check_password(_find_user(User.normalize_username(username)), password)


def _find_user(login):
    by_number = User.objects.filter(employee_number=login).first()
    return by_number or User.objects.filter(holder__phone_index=blind_index(login)).first()


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: accounts come from the roster. No answer tells whether an account exists."""

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
        try:
            user = super().authenticate(request, **credentials)
        except ValidationError:  # too many wrong passwords; nothing was compared
            note_lock_out(login=credentials.get("username", ""))
            raise
        # allauth hands over a disabled account only after the right password.
        if user is not None and not user.is_active:
            raise self.validation_error("account_inactive")
        return user

    def respond_user_inactive(self, request, user):
        """For an account that was disabled between the password and the session."""
        messages.error(request, self.error_messages["account_inactive"])
        return redirect("account_login")

    def set_password(self, user, password):
        """The owner of the account has changed the password."""
        with transaction.atomic():
            super().set_password(user, password)
            _record(AccountAction.CHANGE_PASSWORD, user, by=user)

    def get_password_change_redirect_url(self, request):
        return resolve_url(settings.LOGIN_REDIRECT_URL)


def client_ip(request):
    """The address of the browser, behind settings.ALLAUTH_TRUSTED_PROXY_COUNT proxies."""
    return get_adapter().get_client_ip(request)


def note_sign_in(sender, request, user, **kwargs):
    """A signal's receiver: `user` has signed in."""
    _record(AccountAction.SIGN_IN, user, by=user)


def note_sign_out(sender, request, user, **kwargs):
    """A signal's receiver: `user` has signed out; None when nobody was signed in."""
    if user is not None:
        _record(AccountAction.SIGN_OUT, user, by=user)


def note_failure(sender, credentials, **kwargs):
    """A signal's receiver: the password, or the name of the account, was wrong."""
    _record_visitor(AccountAction.SIGN_IN_FAILED, credentials.get("username") or "")


def note_lock_out(*, login):
    """Record that sign-in with `login` (a number or a phone) is locked for a while."""
    _record_visitor(AccountAction.LOCK_OUT, login)


def _record_visitor(action, login):
    """Record `action` of a visitor. If no account has the `login` that was typed, keep a digest."""
    account = _find_user(User.normalize_username(login))
    facts = {} if account else {"login_digest": blind_index(login)}
    _record(action, account, by=None, facts=facts)


def _record(action, account, *, by, facts=None):
    role = Role.VISITOR
    if by is not None:
        role = Role.STAFF if by.is_staff else Role.HOLDER
    holder = getattr(account, "holder", None)
    events.record(
        kind=ACCOUNT,
        action=action,
        by=by,
        role=role,
        at=timezone.now(),
        channel=Channel.WEB,
        subject_id=account and account.pk,
        reference=account.employee_number if account else "",
        holder_id=holder and holder.pk,
        facts=facts,
    )
