"""Passwords know what others know of their owner."""

from datetime import date

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from apps.people.models import User
from tests.factories.people import make_holder

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    holder = make_holder(phone="13912345678")
    User.objects.filter(pk=holder.user_id).update(employee_number="T20160012")
    type(holder).objects.filter(pk=holder.pk).update(birth_date=date(1987, 3, 9))
    return User.objects.get(pk=holder.user_id)


def refusals(password, user):
    try:
        validate_password(password, user)
    except ValidationError as error:
        return [found.code for found in error.error_list]
    return []


@pytest.mark.parametrize(
    "password",
    [
        "t20160012-plus-more",
        "my 2016-0012 t2016 0012 x",
        "wuhan-13912345678",
        "wuhan-12345678-wuhan",
        "garden1987-03-09",
        "garden 870309 gate",
        "garden 1987年3月9日",
        "garden09.03.1987",
        "garden１９８７０３０９",
        "garden 1987/3/9 gate",
        "garden 19870\u200b309",
        "garden-1-9-8-7-0-3-0-9",
        "ｔ２０１６００１２ garden",
        "garden 139 1234 5678",
    ],
)
def test_what_others_know_is_refused(user, password):
    assert "known_fact" in refusals(password, user)


@pytest.mark.parametrize(
    "password",
    [
        "Shebaoka2026!",
        "sbk-shebaoka-2026",
        "ＳｈｅＢａｏＫａ２０２６",
        "s.h.e.b.a.o.k.a",
        "社会保障卡20261129",
        "renshichu.renshichu",
        "Qilu-Shebao-88",
    ],
)
def test_the_names_of_the_unit_and_the_portal_alone_are_refused(user, settings, password):
    settings.PASSWORD_WORDS = [*settings.PASSWORD_WORDS, "qilu"]
    assert refusals(password, user) == ["word_of_here"]


@pytest.mark.parametrize(
    "password", ["shebaoka-lilac-gate", "garden-of-qilu", "社保卡要好好保管在抽屉里"]
)
def test_a_name_within_a_longer_sentence_is_taken(user, settings, password):
    settings.PASSWORD_WORDS = [*settings.PASSWORD_WORDS, "qilu"]
    assert refusals(password, user) == []


def test_the_id_number_and_its_end_are_refused(user):
    number = user.holder.id_number
    assert "known_fact" in refusals(f"garden{number}", user)
    assert "known_fact" in refusals(f"garden-{number[-6:].lower()}-gate", user)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        (" garden-gate-lilac", "blank_edge"),
        ("garden-gate-lilac ", "blank_edge"),
        ("ab         cd", "blanks"),
        ("          ", "blanks"),
    ],
)
def test_blanks_make_no_password(user, password, code):
    assert {code, "blank_edge"} & set(refusals(password, user))


@pytest.mark.parametrize(
    "password", ["garden gate lilac", "garden-1988-03-09", "紫藤花架下的两把石凳"]
)
def test_a_good_one_passes(user, password):
    assert refusals(password, user) == []


def test_an_account_without_a_person_has_a_number_only():
    user = User.objects.create_user("S2001")
    assert "known_fact" in refusals("garden-s2001-gate", user)
    assert refusals("garden gate lilac", None) == []


@pytest.mark.parametrize(
    ("password", "is_taken"),
    [
        ("8402957713", False),
        ("840295771306218", False),
        ("8402957713062184", True),
        ("840295771306218x", True),
        ("84029577a3", True),
        ("１２８４０２９５７７", False),  # full-width
        ("!?%&/()=#+", True),
        ("石榴树下读书到天亮", False),  # nine characters
        ("石榴树下读书到了天亮", True),
    ],
)
def test_any_kind_of_character_will_do_and_digits_alone_when_there_are_many(
    user, password, is_taken
):
    assert (refusals(password, user) == []) is is_taken
