"""The accounts of the demonstration are named on its sign-in page, and nowhere else."""

import pytest
from django.urls import reverse

from apps.demo.accounts import PASSWORD

pytestmark = pytest.mark.django_db


def test_the_sign_in_page_of_a_demonstration_names_the_accounts(client, settings):
    settings.DEMO = True
    page = client.get(reverse("account_login")).content.decode()
    assert "D1001" in page
    assert PASSWORD in page


@pytest.mark.parametrize(("is_demo", "name"), [(False, "account_login"), (True, "home:home")])
def test_no_other_page_and_no_real_portal_does(client, settings, is_demo, name):
    settings.DEMO = is_demo
    page = client.get(reverse(name)).content.decode()
    assert "D1001" not in page
    assert PASSWORD not in page
