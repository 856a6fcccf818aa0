import re
from datetime import datetime, timedelta

import pytest
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from apps.people.models import User
from tests.factories.people import PASSWORD, make_holder, make_reviewer

pytestmark = pytest.mark.django_db
PHONE = "13900001234"
WRONG = "工号（手机号）或密码不对"
LOCKED = "连续输错次数过多"


@pytest.fixture
def holder():
    return make_holder(phone=PHONE)


def sign_in(client, login, password=PASSWORD, **extra):
    return client.post(
        reverse("account_login"), {"login": login, "password": password, **extra}, follow=False
    )


def is_signed_in(client):
    return get_user(client).is_authenticated


def test_with_the_employee_number(client, holder):
    response = sign_in(client, holder.user.employee_number)
    assert (response.status_code, response["Location"]) == (302, reverse("home:home"))
    assert get_user(client) == holder.user


@pytest.mark.parametrize("typed", [PHONE, "+86 139 0000 1234", "１３９-００００-１２３４"])
def test_with_the_phone_as_people_write_it(client, holder, typed):
    sign_in(client, typed)
    assert get_user(client) == holder.user


def test_case_and_width_of_the_employee_number_do_not_matter(client, holder):
    sign_in(client, f" {holder.user.employee_number.lower()} ")
    assert get_user(client) == holder.user


def test_the_phone_of_a_child_signs_nobody_in(client):
    make_holder(user=False, phone="13900005678")
    sign_in(client, "13900005678")
    assert not is_signed_in(client)


def test_one_comes_back_to_where_one_was(client, holder):
    response = sign_in(client, PHONE, next="/areas/?province=370000")
    assert response["Location"] == "/areas/?province=370000"


def test_the_page_carries_on_where_one_was(client):
    response = client.get(reverse("account_login"), {"next": "/areas/"})
    assert '<input type="hidden" name="next" value="/areas/">' in response.content.decode()


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:x", "1", "home:matters"]
)
def test_one_is_never_sent_to_another_site(client, holder, target):
    assert sign_in(client, PHONE, next=target)["Location"] == reverse("home:home")


def test_the_answer_does_not_tell_which_part_was_wrong(client, holder):
    answers = {
        tuple(sign_in(client, login, password).context["form"].non_field_errors())
        for login, password in [
            (holder.user.employee_number, "wrong-password-1"),
            (PHONE, "wrong-password-1"),
            ("T9999999", PASSWORD),
            ("13999999999", PASSWORD),
        ]
    }
    assert len(answers) == 1
    assert WRONG in str(answers)


def test_an_unknown_account_costs_as_much_hashing_as_a_known_one(client, holder, monkeypatch):
    hashed = []
    monkeypatch.setattr(
        "django.contrib.auth.hashers.MD5PasswordHasher.encode",
        lambda self, password, salt: hashed.append(password) or f"md5${salt}$x",
    )
    costs = []
    for login in (holder.user.employee_number, "T9999999", "13999999999"):
        hashed.clear()
        sign_in(client, login, "wrong-password-1")
        costs.append(len(hashed))
    assert costs[0] >= 1
    assert len(set(costs)) == 1


def test_a_disabled_account_is_told_so_only_after_the_right_password(client, holder):
    User.objects.filter(pk=holder.user_id).update(is_active=False)
    wrong = sign_in(client, PHONE, "wrong-password-1").context["form"].non_field_errors()
    right = sign_in(client, PHONE).context["form"].non_field_errors()
    assert WRONG in str(wrong)
    assert "账户已停用" in str(right)
    assert not is_signed_in(client)


def test_after_five_wrong_passwords_the_account_waits_even_for_the_right_one(client, holder):
    for _ in range(5):
        assert WRONG in str(sign_in(client, PHONE, "wrong-password-1").context["form"].errors)
    assert LOCKED in str(sign_in(client, PHONE).context["form"].errors)
    assert not is_signed_in(client)


def test_another_spelling_is_no_way_around_the_wait(client, holder):
    number = holder.user.employee_number
    spellings = [number, number.lower(), f" {number}", "Ｔ" + number[1:], number + "　"]
    for spelling in spellings:
        sign_in(client, spelling, "wrong-password-1")
    assert LOCKED in str(sign_in(client, number).context["form"].errors)


@pytest.fixture
def locked_out(client, holder):
    """A stranger who has tried too often, by the number and by the phone."""
    stranger = type(client)()
    for login in [PHONE, holder.user.employee_number] * 3:
        sign_in(stranger, login, "wrong-password-1")
    return stranger


def test_number_and_phone_are_one_count(client, holder, locked_out):
    assert LOCKED in str(sign_in(locked_out, PHONE).context["form"].errors)
    assert LOCKED in str(sign_in(client, holder.user.employee_number).context["form"].errors)


def test_a_stranger_keeps_nobody_out_of_a_known_browser(client, holder, settings):
    sign_in(client, PHONE)
    client.post(reverse("account_logout"))
    stranger = type(client)()
    for _ in range(settings.PASSWORD_TRIES + 1):
        sign_in(stranger, PHONE, "wrong-password-1")
    assert LOCKED in str(sign_in(stranger, PHONE).context["form"].errors)
    sign_in(client, PHONE)
    assert get_user(client) == holder.user


def test_tries_from_a_known_browser_are_counted_too(client, holder, settings):
    sign_in(client, PHONE)
    client.post(reverse("account_logout"))
    for _ in range(settings.PASSWORD_TRIES):
        sign_in(client, PHONE, "wrong-password-1")
    assert LOCKED in str(sign_in(client, PHONE).context["form"].errors)


def test_a_browser_is_known_to_the_account_that_was_signed_in_there_only(
    client, holder, locked_out
):
    sign_in(client, make_holder().user.employee_number)
    client.post(reverse("account_logout"))
    assert LOCKED in str(sign_in(client, PHONE).context["form"].errors)
    client.cookies["known_device"] = f'{{"{holder.user_id}": "made-up"}}'
    assert LOCKED in str(sign_in(client, PHONE).context["form"].errors)


def test_other_accounts_do_not_wait(client, holder):
    for _ in range(5):
        sign_in(client, PHONE, "wrong-password-1")
    other = make_holder()
    sign_in(client, other.user.employee_number)
    assert get_user(client) == other.user


def test_too_many_tries_from_one_address_are_answered_with_a_page_of_ours(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    sign_in(client, "T9999999")
    response = sign_in(client, "T9999999")
    assert response.status_code == 429
    assert "点得太快了" in response.content.decode()


def test_the_phone_is_not_kept_in_the_session(client, holder):
    sign_in(client, PHONE)
    assert PHONE not in str(Session.objects.get().get_decoded())


def test_a_lock_out_says_until_when_and_counts_down(client, holder, settings):
    before = timezone.now()
    for _ in range(settings.PASSWORD_TRIES + 1):
        html = sign_in(client, PHONE, "wrong-password-1").content.decode()
    until = datetime.fromisoformat(re.search(r'data-countdown="([^"]+)"', html)[1])
    tolerance = timedelta(seconds=1)  # the page writes whole seconds
    assert before - tolerance <= until - settings.PASSWORD_WAIT <= timezone.now()
    assert "js/countdown.js" in html
    assert LOCKED in html
    assert "data-countdown" not in client.get(reverse("account_login")).content.decode()


def test_a_page_of_the_desk_tells_others_whose_it_is(client, holder):
    client.force_login(holder.user)
    response = client.get("/admin/login/")
    assert response.status_code == 403
    assert "这是人事处用的页面" in response.content.decode()
    assert holder.user.employee_number in response.content.decode()


def test_missing_input_is_named(client):
    errors = sign_in(client, "", "").context["form"].errors
    assert errors["login"] == ["请输入工号或手机号。"]
    assert errors["password"] == ["请输入密码。"]


def test_signing_out_asks_first_and_then_does_it(client, holder):
    client.force_login(holder.user)
    assert "要退出登录吗" in client.get(reverse("account_logout")).content.decode()
    assert is_signed_in(client)
    assert client.post(reverse("account_logout"))["Location"] == reverse("home:home")
    assert not is_signed_in(client)


def change(client, old, new, again=None):
    data = {"oldpassword": old, "password1": new, "password2": again or new}
    return client.post(reverse("account_change_password"), data)


def test_the_password_is_changed_and_the_session_goes_on(client, holder):
    client.force_login(holder.user)
    response = change(client, PASSWORD, "another-good-word")
    assert (response.status_code, response["Location"]) == (302, reverse("home:home"))
    assert is_signed_in(client)
    assert User.objects.get(pk=holder.user_id).check_password("another-good-word")


@pytest.mark.parametrize(
    ("old", "new", "again", "field", "message"),
    [
        ("not-my-password", "another-good-word", None, "oldpassword", "原密码不对"),
        (PASSWORD, "short", None, "password1", "10"),
        (PASSWORD, "40917735512860", None, "password1", "数字"),
        (PASSWORD, "another-good-word", "another-bad-word", "password2", "不一致"),
    ],
)
def test_a_password_that_will_not_do_is_explained(client, holder, old, new, again, field, message):
    client.force_login(holder.user)
    errors = change(client, old, new, again).context["form"].errors
    assert message in errors[field][0]
    assert User.objects.get(pk=holder.user_id).check_password(PASSWORD)


def test_without_the_old_password_the_new_one_is_not_held_against_its_owner(client, holder):
    """Who sits down at an open session could ask for a birth date, day by day."""
    client.force_login(holder.user)
    new = f"garden-{holder.user.employee_number}"
    assert list(change(client, "wrong", new).context["form"].errors) == ["oldpassword"]
    assert list(change(client, PASSWORD, new).context["form"].errors) == ["password1"]


def test_changing_a_password_asks_to_sign_in(client):
    url = reverse("account_change_password")
    assert client.get(url)["Location"] == f"{reverse('account_login')}?next={url}"


@pytest.mark.parametrize("name", ["account_signup", "account_reset_password", "account_email"])
def test_pages_of_allauth_that_the_portal_does_not_have_are_not_there(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_the_admin_is_entered_through_the_same_door(client):
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0] == f"{reverse('account_login')}?next=%2Fadmin%2F"


def test_a_reviewer_comes_back_to_the_admin(client):
    reviewer = make_reviewer()
    response = sign_in(client, reviewer.employee_number, next="/admin/")
    assert response["Location"] == "/admin/"


def test_who_is_no_reviewer_is_refused_at_the_admin(client, holder):
    client.force_login(holder.user)
    assert client.get("/admin/", follow=True).status_code == 403


def test_a_page_knows_when_the_session_ends(client, holder, settings):
    assert "data-session-left" not in client.get(reverse("home:home")).content.decode()
    sign_in(client, PHONE)
    html = client.get(reverse("home:home")).content.decode()
    left = int(re.search(r'data-session-left="(\d+)"', html)[1])
    assert settings.SESSION_COOKIE_AGE - 5 <= left <= settings.SESSION_COOKIE_AGE


def test_a_session_ends_so_long_after_signing_in_however_much_it_is_used(client, holder, settings):
    sign_in(client, PHONE)
    session = client.session
    session["began_at"] -= settings.SESSION_COOKIE_AGE - 60
    session.save()
    assert is_signed_in(client)
    assert Session.objects.get().expire_date <= timezone.now() + timedelta(seconds=61)
    session["began_at"] -= 120
    session.save()
    assert not is_signed_in(client)
