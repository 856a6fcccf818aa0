import pytest
from django.core.exceptions import ValidationError

from apps.typed_text import phones


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


@pytest.mark.parametrize(
    "typed",
    [
        "8613912345678",
        "008613912345678",
        "+86 (0) 139 1234 5678",
        "013912345678",
        "(+86)139.1234.5678",
        "\ufeff139\u00a01234\u20115678\u200e",
        "手机：139 1234 5678",
        "tel:+86-139-1234-5678",
        "１３９‐１２３４‐５６７８",
    ],
)
def test_further_spellings_of_a_mobile_number(typed):
    assert phones.normalise(typed) == "13912345678"


@pytest.mark.parametrize(
    ("typed", "code", "word"),
    [
        ("010-12345678", "landline", "座机"),
        ("0531-88888888", "landline", "座机"),
        ("０５３１－８８８８８８８８", "landline", "座机"),
        ("+86 531 88888888", "landline", "座机"),
        ("(0533)2345678", "landline", "座机"),
        ("010-88888888转801", "landline", "座机"),
        ("88888888", "landline", "座机"),
        ("400-123-4567", "service_line", "服务热线"),
        ("+852 9123 4567", "abroad", "内地"),
        ("+1 (415) 555-2671", "abroad", "内地以外"),
        ("001 415 555 2671", "abroad", "内地以外"),
        ("tel:+1-415-555-2671", "abroad", "内地以外"),
        ("13912345678/13812345678", "several", "一个"),
        ("13912345678、13812345678", "several", "一个"),
        ("1391234567O", "not_digits", "「O」"),
        ("139123456", "length", "您填了 9 位"),
        ("12912345678", "prefix", "13 至 19"),
    ],
)
def test_a_number_of_another_kind_is_called_what_it_is(typed, code, word):
    with pytest.raises(ValidationError) as refused:
        phones.check(phones.normalise(typed))
    assert refused.value.code == code
    assert word in refused.value.message
