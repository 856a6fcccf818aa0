"""Two children of the same name are told apart wherever their parent chooses between them."""

from datetime import date

import pytest
from django.urls import reverse

from tests.factories.people import make_holder, make_ward

PAGES = [
    "home:home",
    "home:records",
    "progress:list",
    "my_data:index",
    "application:guide_for_child",
    "children:list",
]


@pytest.mark.django_db
@pytest.mark.parametrize("name", PAGES)
def test_children_of_one_name_are_told_apart(client, name):
    parent = make_holder()
    one = make_ward(parent, birth_date=date(2015, 3, 1))
    client.force_login(parent.user)
    alone = client.get(reverse(name)).content.decode()
    other = make_ward(parent, birth_date=date(2019, 9, 9))
    both = client.get(reverse(name)).content.decode()
    assert "*乐" in alone
    assert "尾号" not in alone
    for child in (one, other):
        assert f"（尾号 {child.id_number[-4:]}）" in both
