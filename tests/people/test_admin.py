import pytest
from django.urls import reverse

from apps.people.models import Holder, User
from tests.factories.people import grant, make_holder, make_user
from tests.shown import send

pytestmark = pytest.mark.django_db
PHONE = "13900001234"


@pytest.fixture
def holder():
    return make_holder(name="欧阳小超", phone=PHONE)


@pytest.fixture
def as_superuser(client):
    client.force_login(User.objects.create_superuser("ROOT", "a-long-test-password"))
    return client


def page(client, name, *args, **query):
    response = client.get(reverse(f"admin:people_{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("view", ["list", "form"])
def test_people_are_shown_masked(as_superuser, holder, view):
    args = [holder.pk] if view == "form" else []
    shown = page(as_superuser, "holder_change" if args else "holder_changelist", *args)
    assert "***超" in shown
    for secret in (holder.name, holder.id_number, PHONE, holder.address):
        assert secret not in shown


@pytest.mark.parametrize("field", ["id_number", "phone", "user.employee_number", "reference"])
def test_a_person_is_found_by_the_whole_number(as_superuser, holder, field):
    make_holder()
    owner = holder.user if field.startswith("user.") else holder
    term = {"q": getattr(owner, field.rpartition(".")[2])}
    address = reverse("admin:people_holder_changelist")
    shown = as_superuser.post(address, term).content.decode()
    assert "***超" in shown
    assert "找到 1 人" in shown
    # In an address it would stand in logs and histories, so it finds nothing there.
    assert "共 2 条" in as_superuser.get(address, term).content.decode()


@pytest.mark.parametrize(
    ("stored", "term"),
    [
        ("欧阳小超", "\u202a欧阳\u00a0小超\x00"),
        ("JEAN-PIERRE 超", "ＪＥＡＮ Ｐｉｅｒｒｅ"),
        ("Example José超", "EXAMPLE JOSE"),
        ("阿卜杜·超", "阿卜杜超"),
    ],
)
def test_a_person_is_found_by_every_usual_spelling_of_the_name(as_superuser, stored, term):
    make_holder(name="李丽")
    make_holder(name=stored)
    address = reverse("admin:people_holder_changelist")
    assert "找到 1 人" in as_superuser.post(address, {"q": term}).content.decode()


@pytest.mark.parametrize("phone", ["8613900001234", "\u202a+86 139-0000-1234\u202c"])
def test_a_person_is_found_by_the_phone_in_every_spelling(as_superuser, holder, phone):
    make_holder()
    address = reverse("admin:people_holder_changelist")
    assert "找到 1 人" in as_superuser.post(address, {"q": phone}).content.decode()


@pytest.mark.parametrize(("day", "words"), [("1900-01-01", "出生日期"), ("2999-01-01", "今天")])
def test_a_death_that_cannot_be_is_asked_about(as_superuser, holder, day, words):
    url = reverse("admin:people_holder_change", args=[holder.pk])
    assert words in send(as_superuser, url, {"deceased_date": day}).content.decode()
    assert Holder.objects.get(pk=holder.pk).deceased_date is None


def test_who_somebody_is_cannot_be_changed(as_superuser, holder):
    url = reverse("admin:people_holder_change", args=[holder.pk])
    data = {"name": "别人", "id_number": "1", "phone": "1", "department": "新部门"}
    send(as_superuser, url, data)
    stored = Holder.objects.get(pk=holder.pk)
    assert (stored.name, stored.id_number, stored.phone) == ("欧阳小超", holder.id_number, PHONE)
    assert stored.department == "新部门"


@pytest.mark.parametrize("model", ["user", "holder", "consent"])
def test_nothing_is_deleted(as_superuser, holder, model):
    pk = {"user": holder.user_id, "holder": holder.pk}.get(model, 1)
    response = as_superuser.post(reverse(f"admin:people_{model}_delete", args=[pk]), {"post": "1"})
    assert response.status_code in {302, 403}
    assert Holder.objects.filter(pk=holder.pk).exists()
    assert "delete_selected" not in page(as_superuser, f"{model}_changelist")


def test_an_account_for_a_reviewer_is_made_with_one_spelling(as_superuser):
    data = {"employee_number": " hr 01", "password1": "another-good-word"}
    data |= {"password2": "another-good-word", "usable_password": "true"}
    as_superuser.post(reverse("admin:people_user_add"), data)
    assert User.objects.filter(employee_number="HR01").exists()


@pytest.fixture
def as_clerk(client):
    clerk = make_user(is_staff=True)
    grant(clerk, "view_user", "change_user")
    client.force_login(clerk)
    client.clerk = clerk
    return client


def test_nobody_hands_out_rights_to_themselves(as_clerk):
    url = reverse("admin:people_user_change", args=[as_clerk.clerk.pk])
    data = {"employee_number": "X", "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    send(as_clerk, url, data)
    assert not User.objects.get(pk=as_clerk.clerk.pk).is_superuser


def test_a_clerk_does_not_reach_the_password_of_a_superuser(as_clerk):
    root = User.objects.create_superuser("ROOT", "a-long-test-password")
    url = reverse("admin:auth_user_password_change", args=[root.pk])
    assert as_clerk.get(url).status_code == 403
