"""Names, phones and numbers in a roster as they come from PDF files and other systems."""

import pytest

from apps.people.models import Holder
from tests.factories.rosters import NUMBER, OTHER, apply, upload

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("JEAN-PIERRE EXAMPLE", "JEAN-PIERRE EXAMPLE"),
        ("O’EXAMPLE PATRICK", "O'EXAMPLE PATRICK"),
        ("ＪＯＨＮ　ＳＭＩＴＨ", "JOHN SMITH"),
        ("JOSÉ GARCÍA", "JOSÉ GARCÍA"),
        ("张⽂", "张文"),
        ("陈⻓安", "陈长安"),
        ("\u202a阿卜杜。买买提\u202c", "阿卜杜·买买提"),
    ],
)
def test_a_name_is_taken_and_stored_in_one_spelling(hr, typed, stored):
    apply(upload(hr, f"N1,{typed},{NUMBER},,,"), hr)
    assert Holder.objects.get().name == stored
    assert upload(hr, f"N1,{typed},{NUMBER},,,").counts["unchanged"] == 1


@pytest.mark.parametrize(
    ("name", "words"),
    [("张①", "「①」"), ("张（超）", "括号"), ("张?", "生僻字"), ("\u200b\u3164", "请填写姓名")],
)
def test_what_cannot_be_a_name_is_named_in_the_preview(hr, name, words):
    [problem] = upload(hr, f"N1,{name},{NUMBER},,,").rows.get().problems
    assert problem[0] == "姓名"
    assert words in problem[1]


@pytest.mark.parametrize(
    "phone",
    [
        "8613912345678",
        "\u202a+86 139-1234-5678\u202c",
        "１３９１２３４５６７８",
        "0086 139 1234 5678",
    ],
)
def test_a_phone_is_read_as_on_every_form(hr, phone):
    apply(upload(hr, f"N1,张超,{NUMBER},{phone},,"), hr)
    assert Holder.objects.get().phone == "13912345678"


def test_a_landline_is_called_one(hr):
    [problem] = upload(hr, f"N1,张超,{NUMBER},0531-88888888,,").rows.get().problems
    assert problem[0] == "手机号"
    assert "座机" in problem[1]


def test_a_number_copied_with_marks_is_the_same_person(hr):
    apply(upload(hr, f"N1,张超,{NUMBER},,,"), hr)
    full_width = NUMBER.translate({code: code + 0xFEE0 for code in range(0x30, 0x3A)})
    assert upload(hr, f"N1,张超,\u200e{full_width}\ufeff,,,").counts["unchanged"] == 1
    assert upload(hr, f"N2,李丽,{OTHER[:6]} {OTHER[6:14]} {OTHER[14:]},,,").counts["created"] == 1
