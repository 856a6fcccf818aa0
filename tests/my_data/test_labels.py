"""What people read of their data fits its label: no codes, no keys, one unit for one amount."""

import re

import pytest

from apps.my_data import kept
from apps.people.models import Holder
from tests.whole_world import make_whole_world

pytestmark = pytest.mark.django_db

# Numbers and names that outside parties gave, and references of ours, which people are asked for.
AS_THEY_ARE = re.compile(
    r"编号|单号|工号|号码|卡号|交易号|承运方|所称交易状态|文本版本|地址|浏览器"
)
CODE = re.compile(r"[A-Z]{2,}|[A-Z]+_[A-Z_]+|.*#[0-9]+")


@pytest.fixture
def values(db):
    make_whole_world()
    people = Holder.objects.filter(user__isnull=False).select_related("user")
    return [
        (entry, value)
        for person in people
        for entries in kept.of(person, reader=person.user, is_full=True).values()
        for entry in entries
        for row in entry.rows
        for value in row
    ]


def test_no_value_is_a_code_or_a_key_and_each_amount_is_in_yuan(values):
    assert len({value.label for _, value in values}) > 80
    for entry, value in values:
        assert "（分）" not in value.label
        if "（元）" in value.label:
            assert re.fullmatch(r"-?[0-9]+\.[0-9]{2}", value.text), (entry.title, value)
        elif not AS_THEY_ARE.search(value.label):
            assert not CODE.fullmatch(value.text), (entry.title, value)
        assert "9999" not in value.text or "有效期" not in value.label
