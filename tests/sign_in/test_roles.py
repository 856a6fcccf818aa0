"""What an account may do comes from its roles."""

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group, Permission

from apps.desk import roles
from apps.people.models import User
from apps.sign_in.backend import EmployeeNumberOrPhoneBackend
from tests.factories.people import make_colleague, make_user

pytestmark = pytest.mark.django_db


def granted(user):
    """What the portal's and what Django's own backend say of a freshly read account."""
    backend = EmployeeNumberOrPhoneBackend()
    return [
        read(backend, User.objects.get(pk=user.pk))
        for read in (
            EmployeeNumberOrPhoneBackend.get_group_permissions,
            ModelBackend.get_group_permissions,
        )
    ]


def test_permissions_are_those_of_all_roles_and_change_with_them():
    user = make_colleague(roles.REVIEWER)
    ours, djangos = granted(user)
    assert ours == djangos
    assert roles.DECIDE in ours
    user.groups.clear()
    assert granted(user) == [set(), set()]
    user.groups.set(Group.objects.filter(name__in=(roles.FINANCE, roles.AUDITOR)))
    ours, djangos = granted(user)
    assert ours == djangos
    assert ours
    assert roles.DECIDE not in ours


def test_one_who_is_disabled_may_nothing_and_an_administrator_everything():
    user = make_colleague(roles.REVIEWER)
    user.is_active = False
    assert EmployeeNumberOrPhoneBackend().get_group_permissions(user) == set()
    user = make_user(is_superuser=True)
    assert len(granted(user)[0]) == Permission.objects.count()
