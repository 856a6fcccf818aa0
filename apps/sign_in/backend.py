"""Signing in with the employee number, or with the phone of one's own account, and a password."""

from collections.abc import Callable

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.models import Permission

from apps.encryption.fields import blind_indexes
from apps.people.models import User
from apps.queries.prepared import PreparedQuery

# Name → makes an expression over accounts. The rooms fill it in (`AppConfig.ready`).
_CARRIED: dict[str, Callable] = {}


def carry(name, make):
    """Have the account of a session carry `name`, by the expression over `User` that `make()` is.

    It is for what nearly every page asks about the account, so that it costs no query of its own.
    """
    _CARRIED[name] = make


def _accounts(key):
    """The account with the primary key `key`, with its person and what it carries."""
    carried = {name: make() for name, make in _CARRIED.items()}
    return User.objects.filter(pk=key).select_related("holder").annotate(**carried)


_ACCOUNTS = PreparedQuery(_accounts, key=User)


def _of_roles(account):
    """(app label, codename) of each permission of the roles of `account`."""
    permissions = Permission.objects.filter(group__user=account)
    return permissions.values_list("content_type__app_label", "codename").order_by()


_PERMISSIONS = PreparedQuery(_of_roles, account=User)


class EmployeeNumberOrPhoneBackend(AuthenticationBackend):
    """allauth's backend, with the phone as a second name for an account.

    What an account may do comes from its roles, which are groups, and from nowhere else.
    """

    def get_user(self, user_id):
        """The account of a session, with its person, about whom most pages ask."""
        user = _ACCOUNTS.first(key=user_id)
        return user if user is not None and self.user_can_authenticate(user) else None

    def get_user_permissions(self, user_obj, obj=None):
        return set()

    def get_group_permissions(self, user_obj, obj=None):
        """The permissions of an account's roles, which every page of the desk asks for."""
        if not user_obj.is_active or user_obj.is_superuser or obj is not None:
            return super().get_group_permissions(user_obj, obj)
        if not hasattr(user_obj, "_group_perm_cache"):
            granted = _PERMISSIONS.read(account=user_obj.pk)
            user_obj._group_perm_cache = {f"{label}.{codename}" for label, codename in granted}
        return user_obj._group_perm_cache

    def _authenticate_by_username(self, username, password):
        return self._check_password(find_user(User.normalize_username(username)), password)


def find_user(login):
    """The account with this employee number or phone, both normalised; None without."""
    by_number = User.objects.filter(employee_number=login).first()
    return by_number or User.objects.filter(holder__phone_index__in=blind_indexes(login)).first()


def tries_key(login):
    """Under which tries for `login` are counted: one for an account, whichever of its names it is.

    Of nobody's account too, so that the answers do not tell whose it is.
    """
    account = find_user(User.normalize_username(login))
    return f"account:{account.pk}" if account else f"nobody:{User.normalize_username(login)}"


def may_use_password(login):
    """Whether a password of the portal counts for the account with this number or phone.

    Where the university's single sign-on is the only way, it does for emergency accounts only.
    """
    if settings.LOCAL_SIGN_IN:
        return True
    account = find_user(User.normalize_username(login))
    emergency = map(User.normalize_username, settings.EMERGENCY_ACCOUNTS)
    return account is not None and account.employee_number in emergency
