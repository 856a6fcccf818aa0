"""代未成年子女办理, from the registration of the child to the card in hand (figures 7 and 8)."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.cards.lifecycle import CARD, REQUEST
from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.events.enums import Role
from apps.events.models import Event
from apps.guardianships import services as guardianships
from apps.people.enums import Sex
from apps.people.models import Guardianship, birthday, years_before
from apps.requests import services
from apps.verification.models import Check
from tests.factories.people import (
    make_guardianship,
    make_holder,
    make_id_number,
    make_reviewer,
    make_ward,
)
from tests.journeys.steps import (
    card_request_of,
    pay,
    photo,
    prove_by_code,
    put_portrait,
    ship,
    the_worker_runs,
)
from tests.verification.samples import upload

pytestmark = pytest.mark.django_db

BOXES = {"service": True, "privacy": True, "third_party": True}


def born(years):
    """A birth date of somebody who turned `years` half a year ago or so."""
    return years_before(day_of(timezone.now()), years).replace(day=1)


def register(me, guardian, *, name="张乐", birth_date):
    """我的子女 until 待确认; returns the registration."""
    me.open("/").follow("我的子女").follow("登记子女")
    me.fill(
        name=name,
        id_number=make_id_number(birth_date=birth_date, sex=Sex.FEMALE),
        birth_date=birth_date.isoformat(),
        relation="2",
        proof_kind="1",
        pictures=upload(photo(), name="book.jpg"),
        consent=True,
    )
    me.press("同意并提交登记").at("children:list").see("待确认", "*乐")
    return Guardianship.objects.get(guardian=guardian)


def confirm(guardianship):
    at = timezone.now()
    guardianships.confirm(guardianship=guardianship, by=make_reviewer(), at=at)
    guardianship.ward.refresh_from_db()


def begin(me, ward, *, boxes=None):
    """From 申领 over the child and the consents to the form."""
    me.open("/").follow("申领").follow("代未成年子女办理").follow(ward.name[-1])
    me.fill(**BOXES, **(boxes or {"children": True})).press("同意并开始办理")
    me.at("application:child_precheck", ward.reference)
    me.see("*" + ward.name[-1], "不用填").narrow(city="370100")
    return me.fill(bank="95533").press("下一步：填写资料")


def review(card_request):
    services.approve(card_request=card_request, by=make_reviewer(), at=timezone.now())


def test_a_father_gets_the_card_of_his_daughter(me, holder, quick_bureau):
    me.open("/accounts/login/").sign_in(holder.user)
    guardianship = register(me, holder, birth_date=born(8))
    me.open(reverse("application:guide_for_child")).see("正等人事处核对证明")
    confirm(guardianship)
    ward = guardianship.ward
    begin(me, ward)
    card_request = card_request_of(ward)
    me.at("application:form", card_request.reference).see("孩子的信息", "户口簿")
    put_portrait(me)
    assert me.fields(me.form("particulars")) == {
        "ethnicity",
        "phone",
        "address",
        "household_type",
    }
    me.fill(ethnicity="01").press("下一步：核对信息").see("*超（父女）")
    prove_by_code(me).see("申领提交成功")
    pay(ship(me))
    the_worker_runs()
    review(card_request_of(ward))
    for _ in range(3):
        the_worker_runs()
    me.open(card_request.get_absolute_url()).see("已发出", "代*乐申领").press("确认领卡")
    card_request.refresh_from_db()
    assert card_request.status == RequestStatus.COLLECTED
    assert Check.objects.get().by == holder.user
    done = Event.objects.of_kind(CARD, REQUEST).filter(by=holder.user)
    roles = set(done.values_list("role", flat=True))
    assert roles == {Role.GUARDIAN}
    me.open("/").follow("女儿").see("封存").follow("办理记录").see("申领：已领取", "子女 *乐")


@pytest.mark.slow
def test_an_infant_needs_no_portrait(me, holder):
    ward = make_ward(holder, birth_date=born(2))
    me.open("/accounts/login/").sign_in(holder.user)
    begin(me, ward)
    me.see("孩子未满7周岁，不需要照片").miss("上传照片")
    me.fill(ethnicity="01").press("下一步：核对信息").see("未满7周岁，不需要照片")
    prove_by_code(me).see("申领提交成功")


@pytest.mark.slow
def test_a_mother_goes_on_where_the_father_stopped(me, holder):
    ward = make_ward(holder, birth_date=born(15))
    mother = make_holder(sex=Sex.FEMALE, name="李梅", reference_photo="")
    make_guardianship(mother, ward)
    me.open("/accounts/login/").sign_in(holder.user)
    begin(me, ward, boxes={"sensitive": True})
    me.fill(ethnicity="01").press("下一步：核对信息")
    me.sign_out()
    me.open("/accounts/login/").sign_in(mother.user)
    me.open(reverse("application:guide_for_child")).follow("继续填写")
    me.see("汉族")
    assert CardRequest.objects.get().holder == ward
    # Whoever hands it in proves who they are.
    put_portrait(me).press("下一步：核对信息")
    prove_by_code(me).see("申领提交成功")
    assert Check.objects.get().by == mother.user


def test_who_does_not_agree_is_shown_the_counter_and_nothing_is_stored(me, holder):
    me.open("/accounts/login/").sign_in(holder.user)
    me.open("/").follow("我的子女").follow("登记子女").follow("不同意")
    me.see("没有保存孩子的任何信息", "人事处社会保障卡服务窗口")
    assert not Guardianship.objects.exists()
    ward = make_ward(holder)
    me.open(reverse("application:child_agreement", args=[ward.reference]))
    me.press("同意并开始办理").see("请勾选同意《儿童个人信息保护规则》")
    me.open(reverse("application:child_agreement", args=[ward.reference])).follow("不同意")
    me.see("在窗口怎么办")
    assert not CardRequest.objects.exists()


def test_a_typing_error_in_the_registration_loses_nothing_but_the_pictures(me, holder):
    me.open("/accounts/login/").sign_in(holder.user)
    me.open(reverse("children:register"))
    broken = SimpleUploadedFile("book.jpg", b"%PDF-1.7", "image/jpeg")
    number = make_id_number(birth_date=born(8), sex=Sex.MALE)
    me.fill(name="张乐", id_number=number, birth_date=born(8).isoformat(), relation="2")
    me.fill(proof_kind="1", pictures=broken, consent=True).press("同意并提交登记")
    me.see("第 1 张：", "请再选一次")
    me.fill(pictures=upload(photo(), name="book.jpg")).press("同意并提交登记")
    me.see("按社会保障号码，孩子是男孩，监护关系应为「父子」")
    me.fill(relation="1", pictures=upload(photo(), name="book.jpg")).press("同意并提交登记")
    me.see("待确认")


def test_the_last_day_before_the_birthday_still_counts(me, holder):
    tomorrow = day_of(timezone.now()) + timedelta(days=1)
    ward = make_ward(holder, birth_date=years_before(tomorrow, 16))
    assert birthday(ward.birth_date, years=16) == tomorrow
    me.open("/accounts/login/").sign_in(holder.user)
    me.see("满16周岁。从那天起由孩子本人办理")
    begin(me, ward, boxes={"sensitive": True}).see("孩子的信息")
