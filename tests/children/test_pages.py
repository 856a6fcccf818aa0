"""我的子女: registering a child, the state of a registration, and who sees the proof."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.common.moments import day_of
from apps.guardianships import services as guardianships
from apps.notices import services as notices
from apps.people.enums import Ethnicity, Sex
from apps.people.models import Consent, Guardianship, Holder, years_before
from tests.application.pictures import upload
from tests.factories.people import (
    make_guardianship,
    make_holder,
    make_id_number,
    make_registration,
    make_reviewer,
    make_user,
    make_ward,
    set_birth_date,
)
from tests.factories.storage import fill_the_disk, held, stored

pytestmark = pytest.mark.django_db

LIST = reverse("children:list")
REGISTER = reverse("children:register")
BORN = date(2018, 6, 1)


@pytest.fixture
def guardian(client):
    guardian = make_holder()
    client.force_login(guardian.user)
    return guardian


def typed(**changes):
    values = {
        "name": "张乐",
        "id_number": make_id_number(birth_date=BORN, sex=Sex.FEMALE),
        "birth_date": BORN.isoformat(),
        "relation": "2",
        "proof_kind": "1",
        "pictures": [upload(), upload()],
        "consent": "on",
    }
    return {name: value for name, value in (values | changes).items() if value is not None}


def as_other(holder):
    client = Client()
    client.force_login(holder.user)
    return client


def test_a_child_is_registered_and_waits(client, guardian):
    response = client.post(REGISTER, typed(), follow=True)
    guardianship = Guardianship.objects.get()
    page = response.content.decode()
    assert response.redirect_chain[0][0] == LIST
    assert "待确认" in page
    assert (guardianship.ward_name, guardianship.guardian, guardianship.proofs.count()) == (
        "张乐",
        guardian,
        2,
    )
    assert Consent.objects.get().kind == "CHILDREN"


def test_pictures_are_kept_in_our_own_encoding(client, guardian):
    client.post(REGISTER, typed())
    with Guardianship.objects.get().proofs.first().picture.open("rb") as file:
        content = file.read()
    assert content.startswith(b"\xff\xd8\xff")
    assert b"Exif" not in content


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "请填写孩子的姓名。"),
        ({"name": "张1"}, "姓名中不能有「1」这样的数字或符号"),
        ({"id_number": ""}, "请填写孩子的 18 位身份证号码。"),
        ({"id_number": "37010219850615123"}, "您填了 17 位"),
        ({"birth_date": "2018-06-02"}, "出生日期与号码的第 7 至 14 位不一致"),
        ({"birth_date": "x"}, "出生日期不正确"),
        ({"relation": None}, "请选择您和孩子的关系。"),
        ({"relation": "1"}, "监护关系应为「父女」"),
        ({"proof_kind": None}, "请选择证明材料。"),
        ({"pictures": None}, "请选择证明的照片。"),
        ({"consent": None}, "不勾选同意，就不能在网上登记"),
    ],
)
def test_each_mistake_is_told_in_a_sentence(client, guardian, changes, words):
    page = client.post(REGISTER, typed(**changes)).content.decode()
    assert words in page
    assert not Guardianship.objects.exists()


def test_a_guardian_barely_older_than_the_child_is_told_what_to_check(client):
    guardian = make_holder(birth_date=date(2007, 1, 1))
    client.force_login(guardian.user)
    page = client.post(REGISTER, typed()).content.decode()
    assert "您没有比孩子大 12 岁" in page
    assert "请核对孩子的号码" in page
    assert 'value="张乐"' in page
    assert not Guardianship.objects.exists()


def test_who_is_no_adult_is_told_so_before_the_form(client):
    born = day_of(timezone.now())
    guardian = make_holder(birth_date=born.replace(year=born.year - 17, day=1))
    client.force_login(guardian.user)
    assert "满18周岁才能登记子女" in client.get(LIST).content.decode()
    assert REGISTER not in client.get(LIST).content.decode()
    page = client.get(reverse("application:guide_for_child")).content.decode()
    assert "满18周岁才能登记子女" in page
    assert client.get(REGISTER).url == LIST


def test_a_file_that_is_no_picture_is_named_by_its_number(client, guardian):
    bad = upload(name="x.jpg")
    bad.file.seek(0)
    bad.file.truncate()
    bad.file.write(b"%PDF-1.7 not a picture")
    bad.size = 22
    page = client.post(REGISTER, typed(pictures=[upload(), bad])).content.decode()
    assert "第 2 张：" in page
    assert not Guardianship.objects.exists()


@pytest.mark.parametrize("missing", [{"consent": None}, {"name": ""}, {"birth_date": "2018-06-02"}])
def test_the_pictures_stay_when_something_else_is_wrong(client, guardian, missing):
    page = client.post(REGISTER, typed(**missing)).content.decode()
    assert "已选的 2 张照片还在" in page
    kept = held(page, "pictures")
    client.post(REGISTER, typed(pictures=None) | {"pictures-held": kept})
    assert Guardianship.objects.get().proofs.count() == 2


def test_pictures_that_cannot_be_stored_are_told_and_stay_for_the_next_try(
    client, guardian, monkeypatch
):
    before = stored()
    with monkeypatch.context() as broken:
        fill_the_disk(broken, after=1)
        page = client.post(REGISTER, typed()).content.decode()
    assert 'id="id_pictures_error"' in page
    assert "请过几分钟再试" in page
    assert 'value="张乐"' in page
    assert not Guardianship.objects.exists()
    assert stored() == before
    client.post(REGISTER, typed(pictures=None) | {"pictures-held": held(page, "pictures")})
    assert Guardianship.objects.get().proofs.count() == 2


@pytest.mark.parametrize("method", ["write", "seek"])
def test_a_full_disk_for_temporary_files_is_a_sentence_beside_the_field(
    client, guardian, settings, monkeypatch, method
):
    def full(*args):
        raise OSError(28, "No space left on device")

    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
    with monkeypatch.context() as broken:
        broken.setattr(TemporaryUploadedFile, method, full, raising=False)
        page = client.post(REGISTER, typed()).content.decode()
    assert "第 1 张：照片没有传完整，请再选一次。" in page
    assert 'value="张乐"' in page
    client.post(REGISTER, typed())
    assert Guardianship.objects.get().proofs.count() == 2


def test_more_pictures_than_allowed_are_refused(client, guardian, settings):
    settings.PROOF_MAX_PICTURES = 1
    assert "最多 1 张，您选了 2 张" in client.post(REGISTER, typed()).content.decode()


def test_one_s_own_number_is_no_child_s(client, guardian):
    page = client.post(REGISTER, typed(id_number=guardian.id_number)).content.decode()
    assert "这是您本人的号码" in page


def test_a_father_is_offered_what_a_father_can_be(client, guardian):
    page = client.get(REGISTER).content.decode()
    assert "父子（儿子）" in page
    assert "母女" not in page


def test_a_child_of_16_is_led_to_an_own_account(client, guardian):
    born = day_of(timezone.now()).replace(day=1) - timedelta(days=16 * 366)
    number = make_id_number(birth_date=born, sex=Sex.FEMALE)
    page = client.post(REGISTER, typed(id_number=number, birth_date=born)).content.decode()
    assert "孩子已满16周岁，要由孩子本人办理" in page


def test_nothing_of_the_first_guardian_is_shown_to_the_second(client, guardian):
    first = make_holder(sex=Sex.FEMALE, name="欧阳丽")
    ward = make_registration(first, name="张乐", birth_date=BORN).ward
    Holder.objects.filter(pk=ward.pk).update(ethnicity=Ethnicity.C08, address="某处的地址")
    page = client.post(REGISTER, typed(id_number=ward.id_number), follow=True).content.decode()
    assert Guardianship.objects.count() == 2
    for secret in ("丽", "某处的地址", "壮族", "母女"):
        assert secret not in page


def test_refusing_is_one_click_and_stores_nothing(client, guardian):
    declined = reverse("children:declined")
    assert f'href="{declined}"' in client.get(REGISTER).content.decode()
    page = client.get(declined).content.decode()
    assert "没有保存孩子的任何信息" in page
    assert "人事处社会保障卡服务窗口" in page
    assert not Consent.objects.exists()


def test_a_refused_registration_shows_its_reason_and_can_be_made_again(client, guardian):
    guardianship = make_registration(guardian)
    at = timezone.now()
    guardianships.refuse(
        guardianship=guardianship, reason="户口簿缺少孩子那一页", by=make_reviewer(), at=at
    )
    page = client.get(LIST).content.decode()
    assert "没有确认" in page
    assert "户口簿缺少孩子那一页" in page
    assert "重新登记" in page
    home = client.get(reverse("home:home")).content.decode()
    assert "子女登记没有通过" in home
    make_registration(guardian, id_number=guardianship.ward.id_number)
    page = client.get(LIST).content.decode()
    assert "户口簿缺少孩子那一页" not in page
    assert "子女登记没有通过" not in client.get(reverse("home:home")).content.decode()


def test_who_is_16_by_now_is_not_to_be_registered_again(client, guardian):
    guardianship = make_registration(guardian)
    at = timezone.now()
    set_birth_date(guardianship.ward, years_before(day_of(at), 16))
    guardianship.refresh_from_db()
    guardianships.refuse(guardianship=guardianship, reason="看不清", by=make_reviewer(), at=at)
    notices.collect(at=at, limit=50)
    notices.send_due(at=at, limit=50)
    assert "子女登记没有通过" not in client.get(reverse("home:home")).content.decode()
    for page in (LIST, reverse("home:messages")):
        html = client.get(page).content.decode()
        assert "由孩子本人办理，不用再登记" in html
        assert "可以重新登记" not in html


def test_a_confirmed_child_leads_to_the_application(client, guardian):
    ward = make_ward(guardian)
    page = client.get(LIST).content.decode()
    assert "已确认" in page
    assert f'href="{reverse("application:child_agreement", args=[ward.reference])}"' in page


@pytest.mark.parametrize(("days", "is_told"), [(61, False), (60, True), (1, True), (0, False)])
def test_the_16th_birthday_is_announced_60_days_before(client, guardian, days, is_told):
    today = day_of(timezone.now())
    turns = today + timedelta(days=days)
    born = turns.replace(year=turns.year - 16)
    make_ward(guardian, birth_date=born)
    for url in (LIST, reverse("home:home")):
        page = client.get(url).content.decode()
        assert (f"{turns.month}月{turns.day}日" in page and "满16周岁。从那天起" in page) == is_told
    assert ("代办已结束" in client.get(LIST).content.decode()) == (days == 0)


def test_the_proof_is_shown_to_its_guardian_and_to_nobody_else(client, guardian):
    guardianship = make_registration(guardian)
    other_guardian = make_holder(sex=Sex.FEMALE)
    make_guardianship(other_guardian, guardianship.ward)
    url = reverse("children:proof", args=[guardianship.reference, 1])
    assert b"".join(client.get(url).streaming_content) == b"a picture"
    assert client.get(url)["Cache-Control"] == "private, no-store"
    for other in (make_holder(), other_guardian):
        assert as_other(other).get(url).status_code == 404
    assert Client().get(url).status_code == 302


def test_an_account_without_a_holder_registers_nobody(client):
    client.force_login(make_user())
    page = client.get(REGISTER, follow=True).content.decode()
    assert "人事名册里没有您" in page


@pytest.mark.parametrize("children", [2, 6])
def test_6_children_cost_as_many_queries_as_2(
    client, guardian, children, django_assert_max_num_queries
):
    for _ in range(children):
        make_ward(guardian)
    with django_assert_max_num_queries(8):
        client.get(LIST)
