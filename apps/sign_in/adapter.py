"""How the pages of django-allauth sign our people in.

django-allauth limits failed tries per account and per address, and takes the same time for an
account that does not exist.
"""

from datetime import UTC, datetime

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.core.internal.httpkit import clean_client_ip
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from apps.common.pages import is_own_address
from apps.common.rules import rule_text
from apps.people.event_kinds import AccountAction
from apps.people.models import User
from apps.sign_in import known_devices
from apps.sign_in.backend import find_user, may_use_password, tries_key
from apps.sign_in.recording import note_lock_out, record

# In the session: the address of the page that follows signing out.
AFTER_SIGN_OUT = "after_sign_out"
# In the session, between the password and the second factor: Django's hash of the password.
_HASH = "signing_in_with"
# Of a connection over a socket of the file system, without a word of the proxy.
UNKNOWN_ADDRESS = "0.0.0.0"  # noqa: S104


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: accounts come from the roster. No answer tells whether an account exists."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": (
            "工号（手机号）或密码不对。请看清再试；忘记密码可以自己重设。"
        ),
        "too_many_login_attempts": (
            f"连续输错次数过多，为了安全，请等 {rule_text('PASSWORD_WAIT', gap=' ')}再试。"
        ),
        "account_inactive": "这个账户已停用，不能登录。有疑问请联系人事处。",
        "enter_current_password": "原密码不对，请重新输入。",
        "not_by_password": "请用学校的统一身份认证登录，这里不再用密码登录。",
    }

    def is_open_for_signup(self, request):
        return False

    def authenticate(self, request, **credentials):
        if not may_use_password(credentials.get("username", "")):
            raise self.validation_error("not_by_password")
        try:
            user = super().authenticate(request, **credentials)
        except ValidationError:  # too many wrong passwords; nothing was compared
            note_lock_out(login=credentials.get("username", ""))
            request.lock_out = self._lock_out(request, credentials, at=timezone.now())
            raise
        # allauth hands over a disabled account only after the right password.
        if user is not None and not user.is_active:
            raise self.validation_error("account_inactive")
        return user

    def _get_login_attempts_cache_key(self, request, **credentials):
        """One count for each account, whichever of its names was typed; known browsers apart."""
        login = credentials.get("username", "")
        account = find_user(User.normalize_username(login))
        nonce = known_devices.nonce_of(request, account) if account else ""
        return f"{tries_key(login)}:{nonce}"

    def pre_login(self, request, user, **kwargs):
        request.session[_HASH] = user.get_session_auth_hash()
        return super().pre_login(request, user, **kwargs)

    def login(self, request, user):
        """Sign `user` in, unless the password is another one than before the second factor."""
        before = request.session.pop(_HASH, "")
        if not constant_time_compare(before, user.get_session_auth_hash()):
            clear_login(request)
            messages.info(request, "密码在您登录的时候改过了，请用新密码重新登录。")
            raise ImmediateHttpResponse(redirect(settings.LOGIN_URL))
        super().login(request, user)

    def post_login(self, request, user, **kwargs):
        response = super().post_login(request, user, **kwargs)
        known_devices.remember(request, response, user)
        return response

    def _lock_out(self, request, credentials, *, at):
        """When the next try is allowed, and the moment of the answer, for the sign-in page.

        None when allauth no longer has the tries.
        """
        key = self._get_login_attempts_cache_key(request, **credentials)
        ends = []
        for rate in ratelimit.parse_rates(settings.ACCOUNT_RATE_LIMITS["login_failed"]):
            place = ratelimit.get_cache_key(
                request, app="allauth.account", action="login_failed", rate=rate, key=key
            )
            tries = cache.get(place, [])
            if len(tries) >= rate.amount:
                ends.append(datetime.fromtimestamp(tries[-1] + rate.duration, tz=UTC))
        return {"until": max(ends), "at": at} if ends else None

    def get_client_ip(self, request):
        """The address of the browser, behind settings.ALLAUTH_TRUSTED_PROXY_COUNT proxies.

        Somebody may come by fewer of them than others, and a proxy may write a word: then it is the
        nearest address that is one. Nobody is kept from signing in for the way they come.
        """
        count = settings.ALLAUTH_TRUSTED_PROXY_COUNT
        hops = request.headers.get("X-Forwarded-For", "").split(",")[-count:] if count else []
        found = map(clean_client_ip, [*hops, request.META.get("REMOTE_ADDR", "")])
        return next(filter(None, found), UNKNOWN_ADDRESS).partition("%")[0]  # fe80::1%eth0

    def is_safe_url(self, url):
        """Whether somebody who signs in or out may be led to `url`: one rule for every page."""
        return bool(url) and is_own_address(context.request, url)

    def respond_user_inactive(self, request, user):
        """For an account that was disabled between the password and the session."""
        messages.error(request, self.error_messages["account_inactive"])
        return redirect("account_login")

    def set_password(self, user, password):
        """The owner of the account has changed the password."""
        with transaction.atomic():
            super().set_password(user, password)
            record(AccountAction.CHANGE_PASSWORD, user, by=user)

    def get_logout_redirect_url(self, request):
        """Who came by another way to sign in may have more to sign out of."""
        return request.session.get(AFTER_SIGN_OUT) or super().get_logout_redirect_url(request)

    def get_password_change_redirect_url(self, request):
        return resolve_url(settings.LOGIN_REDIRECT_URL)
