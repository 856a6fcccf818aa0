import pytest
from django.core.exceptions import ValidationError

from apps.common import phones


@pytest.mark.parametrize(
    "typed", ["13812341234", "+86 138-1234-1234", "１３８ 1234 1234", "\u202d13812341234\u202c"]
)
def test_what_people_type_is_brought_into_one_form(typed):
    assert phones.normalise(typed) == "13812341234"
    phones.check(phones.normalise(typed))


@pytest.mark.parametrize("typed", ["", "1381234123", "12812341234", "053312345678", "138123412345"])
def test_what_is_no_mobile_number_is_refused(typed):
    with pytest.raises(ValidationError):
        phones.check(phones.normalise(typed))


@pytest.mark.parametrize("prefix", ["162", "170", "192", "198", "199", "141"])
def test_new_ranges_of_the_carriers_pass(prefix):
    phones.check(f"{prefix}12341234")
