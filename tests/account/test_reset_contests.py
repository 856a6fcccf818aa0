"""One link that is used by several at once."""

import pytest
from django.db import connection
from django.test import Client

from apps.people.models import User
from tests.account.test_reset_link import open_it, page_of, send
from tests.contests import at_once
from tests.factories.people import make_holder

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_one_link_sets_one_password(phones):
    holder = make_holder(phone="13900001234")
    send(holder.user)
    page = page_of(phones[-1][1])
    connection.close()
    answers = []

    def use(number):
        password = f"another-good-word-{number}"
        answers.append((open_it(Client(), page, holder.id_number[-6:], password), password))

    at_once(*[lambda number=number: use(number) for number in range(3)])
    taken = [password for answer, password in answers if answer.status_code == 302]
    assert len(taken) == 1
    assert User.objects.get(pk=holder.user_id).check_password(taken[0])
    assert sorted(answer.status_code for answer, _ in answers) == [302, 410, 410]
