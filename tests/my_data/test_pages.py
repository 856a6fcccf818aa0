"""我的信息: the page, who looked, the copy, corrections and erasure, as people use them."""

import json
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import CardStatus, RequestStatus
from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.desk.looking import services as looking
from apps.events.models import Event
from apps.guardianships import services as guardianships
from apps.my_data import copies, kept, services
from apps.my_data.enums import CorrectionStatus
from apps.my_data.event_kinds import MY_DATA, MyDataAction
from apps.my_data.models import Correction
from apps.notices.models import Notice
from apps.people.models import Holder
from apps.requests import picture_marks
from apps.requests.models import Particulars
from tests.factories.cards import AT, make_card, make_draft, make_request
from tests.factories.formal_losses import make_formal_loss
from tests.factories.payments import make_addressed
from tests.factories.people import (
    PASSWORD,
    make_guardianship,
    make_holder,
    make_registration,
    make_reviewer,
    make_ward,
    set_birth_date,
)

pytestmark = pytest.mark.django_db
INDEX = reverse("my_data:index")


@pytest.fixture
def holder():
    return make_holder(name="张大超", address="山东省淄博市张店区共青团西路 88 号")


@pytest.fixture
def signed_in(client, holder):
    client.force_login(holder.user)
    return client


@pytest.fixture
def proven(client, holder):
    """A client whose user has typed the password just now."""
    client.post(
        reverse("account_login"), {"login": holder.user.employee_number, "password": PASSWORD}
    )
    return client


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_masks_what_it_shows(signed_in, holder):
    page = text_of(signed_in.get(INDEX))
    assert "**超" in page
    for value in (holder.name, holder.id_number, holder.phone, "共青团西路"):
        assert value not in page


def test_full_values_want_a_password_that_was_just_given(signed_in, holder):
    response = signed_in.get(f"{INDEX}?full=1")
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_reauthenticate"))


def test_full_values_are_shown_to_somebody_who_has_just_given_it(proven, holder):
    page = text_of(proven.get(f"{INDEX}?full=1"))
    for value in (holder.name, holder.id_number, holder.phone, "共青团西路"):
        assert value in page


def test_every_entry_says_purpose_source_term_and_ground(signed_in, holder):
    make_card(CardStatus.ACTIVE, holder=holder)
    page = text_of(signed_in.get(INDEX))
    for words in ("来源：人事处的名册", "来源：制卡中心", "保存：", "依据：您的", "提供给："):
        assert words in page


def test_the_trace_of_a_picture_is_named_with_term_and_source_and_not_shown(signed_in, holder):
    picture_marks.note_traces(holder=holder, traces=["how it looked"], at=AT)
    page = text_of(signed_in.get(INDEX))
    entry = page[page.index("照片的明暗走向") :]
    for words in (
        "加密保存，不显示",
        "来源：系统记下",
        "保存：记下起 2 年，到期删除",
        "第十三条第一款第三项",
    ):
        assert words in entry
    assert "how it looked" not in page


def test_who_looked_and_why_without_a_name(signed_in, holder, settings):
    reviewer = make_holder(user=make_reviewer(), name="李慧", department="人事处")
    looking.disclose_holder(
        holder=holder, what="手机号", reason="核对重名", by=reviewer.user, at=timezone.now()
    )
    page = text_of(signed_in.get(INDEX))
    assert "核对重名" in page
    assert "工作人员（人事处）" in page
    assert "李慧" not in page
    settings.LOOKS_NAME_STAFF = True
    assert "工作人员李慧（人事处）" in text_of(signed_in.get(INDEX))


def test_a_guardian_reads_the_child_s_data_until_the_16th_birthday(signed_in, holder):
    ward = make_ward(holder, birth_date=date(2015, 6, 1))
    address = f"{INDEX}?person={ward.reference}"
    link = f'<a href="{address}"'
    assert link in text_of(signed_in.get(address))
    set_birth_date(ward, day_of(timezone.now()) - timedelta(days=17 * 366))
    assert link not in text_of(signed_in.get(address))
    young = make_holder(birth_date=date(2000, 1, 1))
    signed_in.force_login(young.user)
    assert link not in text_of(signed_in.get(address))


def test_what_another_guardian_filled_in_stays_with_them(holder):
    mother = make_holder(sex="2", phone="13912345678")
    ward = make_ward(holder, birth_date=date(2015, 6, 1))
    make_guardianship(mother, ward)
    make_addressed(RequestStatus.ACCEPTED, holder=ward, by=mother.user, at=AT)
    theirs = json.dumps(copies.whole([ward], reader=holder.user, at=AT), ensure_ascii=False)
    own = json.dumps(copies.whole([ward], reader=mother.user, at=AT), ensure_ascii=False)
    phone = Particulars.objects.get().phone
    assert phone in own
    assert phone not in theirs
    assert "由另一位监护人填写" in theirs


def test_what_was_told_to_another_guardian_stays_with_them(holder):
    """A refused registration may be that of anybody who knew the number of the child."""
    ward = make_ward(holder, birth_date=date(2015, 6, 1))
    other = make_holder(sex="2")
    refused = make_registration(other, id_number=ward.id_number)
    guardianships.refuse(
        guardianship=refused, reason="这份出生证明是别人的", by=make_reviewer(), at=timezone.now()
    )
    services.ask(holder=ward, topic="IDENTITY", text="姓名有误", by=holder.user, at=AT)
    for reader, is_theirs in ((holder.user, False), (other.user, True)):
        copy = copies.whole([ward], reader=reader, at=AT)
        told = json.dumps(copy, ensure_ascii=False)
        assert ("出生证明" in told) is is_theirs
        assert ("更正请求：" in told) is not is_theirs


def test_a_copy_holds_nothing_of_others(holder):
    other = make_holder(name="欧阳别人", phone="13700009999")
    for person in (holder, other):
        make_addressed(RequestStatus.COLLECTED, holder=person, at=AT)
        make_formal_loss(card=make_card(CardStatus.ACTIVE, holder=make_holder()))
    copy = json.dumps(copies.whole([holder], reader=holder.user, at=AT), ensure_ascii=False)
    assert holder.id_number in copy
    for value in (other.name, other.id_number, other.phone, other.user.employee_number):
        assert value not in copy


def test_the_copy_is_json_with_everything_and_an_event(proven, holder):
    make_request(RequestStatus.COLLECTED, holder=holder, at=AT)
    response = proven.post(reverse("my_data:copy"), {"format": "json"})
    assert response["Content-Disposition"].startswith("attachment")
    told = json.loads(response.content)
    (person,) = told["人员"]
    assert person["谁的"] == "本人"
    values = [v for each in person["信息"] for row in each["记录"] for v in row.values()]
    assert holder.id_number in values
    event = Event.objects.of_kind(MY_DATA).get()
    assert (event.action, event.by) == (MyDataAction.COPY, holder.user)
    assert event.facts == {"format": "json", "persons": [holder.reference]}


def test_the_readable_copy_is_a_page(proven, holder):
    assert holder.id_number in text_of(proven.post(reverse("my_data:copy"), {"format": "paper"}))


def test_copies_are_limited_per_day(proven, holder, settings):
    settings.COPIES_PER_DAY = 2
    for _ in range(settings.COPIES_PER_DAY):
        assert proven.post(reverse("my_data:copy"), {"format": "json"}).status_code == 200
    assert proven.post(reverse("my_data:copy"), {"format": "json"}).status_code == 302
    assert Event.objects.of_kind(MY_DATA).count() == settings.COPIES_PER_DAY
    assert "今天还可以拿 0 次" in text_of(proven.get(INDEX))


def test_a_copy_wants_a_password_that_was_just_given(signed_in):
    response = signed_in.post(reverse("my_data:copy"), {"format": "json"})
    assert response.status_code == 302
    assert not Event.objects.of_kind(MY_DATA).exists()


def test_a_correction_is_asked_for_once(signed_in, holder):
    form = {"person": holder.reference, "topic": "IDENTITY", "text": "民族应为回族"}
    assert signed_in.post(reverse("my_data:correct"), form).status_code == 302
    correction = Correction.objects.get()
    assert (correction.status, correction.holder) == (CorrectionStatus.OPEN, holder)
    page = text_of(signed_in.post(reverse("my_data:correct"), form))
    assert "还在等答复" in page
    assert "民族应为回族" in page
    assert Correction.objects.count() == 1


def test_an_answer_that_is_late_says_so_and_no_day_that_is_over(signed_in, holder):
    long_ago = timezone.now() - timedelta(days=90)
    services.ask(holder=holder, topic="IDENTITY", text="民族", by=holder.user, at=long_ago)
    for name in ("index", "correct"):
        page = text_of(signed_in.get(reverse(f"my_data:{name}")))
        assert "已超期" in page
        assert "预计" not in page.split("民族")[-1].split("</article>")[0]


def test_nobody_asks_for_a_correction_of_strangers(signed_in):
    form = {"person": make_holder().reference, "topic": "IDENTITY", "text": "都不对"}
    assert signed_in.post(reverse("my_data:correct"), form).status_code == 200
    assert not Correction.objects.exists()


def test_what_may_be_erased_is_erased_and_recorded(signed_in, holder):
    make_draft(holder=holder)
    page = text_of(signed_in.get(reverse("my_data:erase")))
    assert "没有交的申请草稿" in page
    signed_in.post(reverse("my_data:erase"), {"what": ["drafts"]})
    assert CardRequest.objects.get().status == RequestStatus.DISCARDED
    assert Particulars.objects.get().phone == ""
    event = Event.objects.of_kind(MY_DATA).get()
    assert event.facts == {"erased": {"drafts": 1}}
    assert "没有可以删除" in text_of(signed_in.get(reverse("my_data:erase")))


def test_what_another_window_has_erased_is_named_in_words(signed_in, holder):
    make_draft(holder=holder)
    address = reverse("my_data:erase")
    signed_in.post(address, {"what": ["drafts"]})
    page = text_of(signed_in.post(address, {"what": ["drafts"]}))
    assert "有的已经删除或者现在不能删除" in page
    assert "drafts" not in page


def test_pictures_and_read_messages_are_erased_and_nobody_else_s(signed_in, holder):
    ended = make_request(RequestStatus.COLLECTED, holder=holder, at=AT)
    running = make_request(RequestStatus.ACCEPTED, at=AT)
    for user in (holder.user, running.applicant):
        event = Event.objects.of(ended).last()
        Notice.objects.create(
            event=event,
            holder=user.holder,
            recipient=user,
            channel="PORTAL",
            text="卡已寄出",
            created_at=AT,
            sent_at=AT,
            read_at=AT,
            status="SENT",
        )
    signed_in.post(reverse("my_data:erase"), {"what": ["pictures", "messages"]})
    assert not Particulars.objects.get(card_request=ended).portrait
    assert Particulars.objects.get(card_request=running).portrait
    assert [n.text for n in Notice.objects.filter(recipient=holder.user)] == [""]
    assert Notice.objects.get(recipient=running.applicant).text == "卡已寄出"
    assert not Notice.objects.visible_to(holder.user, at=timezone.now()).exists()


def test_the_page_costs_the_same_whatever_there_is(holder, django_assert_max_num_queries):
    for _ in range(2):
        make_formal_loss(card=make_card(CardStatus.ACTIVE, holder=make_holder()))
    with django_assert_max_num_queries(45):
        kept.of(Holder.objects.get(pk=holder.pk), reader=holder.user, is_full=True, limit=20)
    make_request(RequestStatus.COLLECTED, holder=holder, at=AT)
    with django_assert_max_num_queries(45):
        kept.of(Holder.objects.get(pk=holder.pk), reader=holder.user, is_full=True, limit=20)
