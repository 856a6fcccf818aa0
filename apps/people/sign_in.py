"""Signing in with the employee number, or with the phone of one's own account, and a password."""

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.backends import ModelBackend

from apps.common.fields import blind_index
from apps.people.models import User


class EmployeeNumberOrPhoneBackend(ModelBackend):
    """Django's backend, with the phone as a second name for an account."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        if username is None or password is None:
            return None
        login = username.strip()
        user = User.objects.filter(employee_number=login).first()
        if user is None:
            user = User.objects.filter(holder__phone_index=blind_index(login)).first()
        if user is None:
            # Hash all the same, so that time doesn't tell who has an account.
            User().set_password(password)
            return None
        if user.check_password(password) and self.user_can_authenticate(user):
            return user
        return None


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come from the staff roster; nobody signs up."""

    def is_open_for_signup(self, request):
        return False
