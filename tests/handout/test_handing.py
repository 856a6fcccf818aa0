"""Cards change hands: by code, by number and photo, by proxy, on paper; and back by mistake."""

from datetime import timedelta

import pytest

from apps.cards.enums import RequestStatus
from apps.common.moments import day_of
from apps.common.refusals import Refused
from apps.desk import roles
from apps.handout import codes, handing
from apps.handout.enums import BoxCardStatus, HandedWay
from apps.handout.models import BoxCard
from apps.lifecycle.refusals import NotAllowed
from apps.notices import words
from apps.notices.models import Notice
from apps.notices.services import collect
from tests.factories.boxes import ARRIVED, make_waiting
from tests.factories.people import (
    make_colleague,
    make_guardianship,
    make_holder,
    make_user,
    make_ward,
)

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def row(handler):
    return make_waiting(handler)


def give(row, by, way=HandedWay.NUMBER, **options):
    row = BoxCard.objects.select_related(*handing.RELATED).get(pk=row.pk)
    handing.hand_out(box_card=row, way=way, by=by, at=options.pop("at", ARRIVED), **options)
    return row


def test_the_persons_own_code_is_read_once(row, handler):
    text = codes.draw(row, row.holder, at=ARRIVED)
    found, way, bearer = handing.scanned(text, at=ARRIVED + MINUTE)
    assert (found, way, bearer) == (row, HandedWay.CODE, row.holder)
    handing.hand_out(box_card=found, way=way, by=handler, at=ARRIVED + MINUTE)
    row.refresh_from_db()
    assert row.status == BoxCardStatus.HANDED_OUT
    assert row.card_request.status == RequestStatus.COLLECTED
    again, way, _ = handing.scanned(text, at=ARRIVED + MINUTE)
    with pytest.raises(NotAllowed):
        handing.hand_out(box_card=again, way=way, by=handler, at=ARRIVED + MINUTE)


def test_a_code_names_nobody(row):
    text = codes.draw(row, row.holder, at=ARRIVED)
    for secret in (row.holder.name, row.holder.id_number, row.card.card_number):
        assert secret not in text


@pytest.mark.parametrize("change", ["x", "-", "0"])
def test_a_forged_code_is_refused(row, change):
    text = codes.draw(row, row.holder, at=ARRIVED)
    with pytest.raises(codes.BadCode) as refusal:
        codes.read(text[:10] + change + text[11:], at=ARRIVED)
    assert refusal.value.code == "forged"


def test_a_screenshot_is_too_old(row, settings):
    text = codes.draw(row, row.holder, at=ARRIVED)
    codes.read(text, at=ARRIVED + settings.HAND_OUT_CODE_LIFETIME - timedelta(seconds=1))
    with pytest.raises(codes.BadCode) as refusal:
        codes.read(text, at=ARRIVED + settings.HAND_OUT_CODE_LIFETIME)
    assert refusal.value.code == "old"


def full_width(text):
    return "".join(chr(ord(letter) + 0xFEE0) for letter in text)


def by_input_method(text):
    return text.replace(".", "。").replace("_", "——")


@pytest.mark.parametrize("typed", [str.swapcase, full_width, by_input_method, " {}\r\n".format])
def test_a_code_is_read_however_the_scanner_types_it(row, typed):
    for second in range(20):
        at = ARRIVED + timedelta(seconds=second)
        text = typed(codes.draw(row, row.holder, at=at))
        assert codes.looks_like_one(text)
        assert handing.scanned(text, at=at)[0] == row


def test_somebody_elses_code_is_refused(row):
    with pytest.raises(Refused) as refusal:
        handing.scanned(codes.draw(row, make_holder(), at=ARRIVED), at=ARRIVED)
    assert refusal.value.code == "not_theirs"


def test_a_proxy_can_fetch_until_it_is_withdrawn(row):
    proxy, owner = make_holder(), row.holder.user
    number = proxy.user.employee_number
    handing.authorise(box_card=row, employee_number=number, by=owner, at=ARRIVED)
    text = codes.draw(row, proxy, at=ARRIVED)
    assert handing.scanned(text, at=ARRIVED)[1] == HandedWay.PROXY
    handing.withdraw(box_card=row, proxy=proxy, by=owner, at=ARRIVED)
    with pytest.raises(Refused) as refusal:
        handing.scanned(text, at=ARRIVED)
    assert refusal.value.code == "not_theirs"


def test_whom_a_guardian_named_fetches_nothing_from_the_16th_birthday_on(handler):
    guardian, proxy, later = make_holder(), make_holder(), make_holder()
    birthday = day_of(ARRIVED) + timedelta(days=3)
    ward = make_ward(guardian, birth_date=birthday.replace(year=birthday.year - 16))
    row = make_waiting(handler, guardian=guardian, holder=ward)
    number = proxy.user.employee_number
    handing.authorise(box_card=row, employee_number=number, by=guardian.user, at=ARRIVED)
    row = BoxCard.objects.select_related(*handing.RELATED).get(pk=row.pk)
    before, after = ward.own_from_at - MINUTE, ward.own_from_at
    assert handing.scanned(codes.draw(row, proxy, at=before), at=before)[1] == HandedWay.PROXY
    assert row in BoxCard.objects.visible_to(proxy.user, at=before)
    assert row not in BoxCard.objects.visible_to(proxy.user, at=after)
    with pytest.raises(Refused) as refusal:
        handing.scanned(codes.draw(row, proxy, at=after), at=after)
    assert refusal.value.code == "not_theirs"
    with pytest.raises(Refused) as refusal:
        give(row, make_colleague(roles.HANDER), HandedWay.PROXY, proxy=proxy, at=after)
    assert refusal.value.code == "not_proxy"
    ward.user = make_user()
    ward.save(update_fields=["user"])
    number = later.user.employee_number
    row = BoxCard.objects.select_related(*handing.RELATED).get(pk=row.pk)
    handing.authorise(box_card=row, employee_number=number, by=ward.user, at=after)
    row = BoxCard.objects.select_related(*handing.RELATED).get(pk=row.pk)
    give(row, make_colleague(roles.HANDER), HandedWay.PROXY, proxy=later, at=after)


def test_a_proxy_hands_the_card_to_nobody_but_gets_it_from_a_colleague(row, handler):
    me = make_holder(user=handler)
    number, owner = handler.employee_number, row.holder.user
    handing.authorise(box_card=row, employee_number=number, by=owner, at=ARRIVED)
    with pytest.raises(Refused) as refusal:
        give(row, handler, HandedWay.PROXY, proxy=me)
    assert (refusal.value.code, row.status) == ("own", BoxCardStatus.IN_BOX)
    give(row, make_colleague(roles.HANDER), HandedWay.PROXY, proxy=me)


def test_nobody_hands_a_card_to_the_other_guardian_of_a_child(row, handler):
    me = make_holder(user=handler, sex="2")
    child = make_ward(row.holder)
    make_guardianship(me, child)
    with pytest.raises(Refused) as refusal:
        give(row, handler)
    assert "您家人的卡" in refusal.value.message


@pytest.mark.parametrize(("number", "code"), [("NOBODY", "unknown"), (None, "self")])
def test_a_proxy_must_be_another_colleague(row, number, code):
    number = number or row.holder.user.employee_number
    with pytest.raises(Refused) as refusal:
        handing.authorise(box_card=row, employee_number=number, by=row.holder.user, at=ARRIVED)
    assert refusal.value.code == code


def test_a_letter_names_the_proxy(row, handler):
    with pytest.raises(Refused) as refusal:
        give(row, handler, HandedWay.LETTER)
    assert refusal.value.code == "no_proxy"
    assert give(row, handler, HandedWay.LETTER, proxy_name="王 芳").proxy_name


def test_paper_is_typed_in_with_the_moment_of_the_signature(row, handler):
    signed_at = ARRIVED - MINUTE
    with pytest.raises(Refused) as refusal:
        give(row, handler, HandedWay.PAPER, handed_at=ARRIVED + MINUTE)
    assert refusal.value.code == "future"
    row = give(row, handler, HandedWay.PAPER, handed_at=signed_at)
    event = row.events.last()
    assert (event.due_at, event.at) == (signed_at, ARRIVED)


def test_nobody_hands_out_their_own_card(handler):
    row = make_waiting(handler)
    with pytest.raises(Refused) as refusal:
        give(row, row.holder.user)
    assert refusal.value.code == "own"


def test_a_mistake_is_undone_within_minutes(row, handler, settings):
    given = give(row, handler)
    last = ARRIVED + settings.HAND_OUT_UNDO_WINDOW - timedelta(seconds=1)
    handing.take_back(box_card=given, by=handler, at=last)
    row.refresh_from_db()
    assert (row.status, row.handed_way) == (BoxCardStatus.IN_BOX, "")
    assert row.card_request.status == RequestStatus.DISPATCHED
    given = give(row, handler, at=last)
    with pytest.raises(Refused) as refusal:
        handing.take_back(box_card=given, by=handler, at=last + settings.HAND_OUT_UNDO_WINDOW)
    assert refusal.value.code == "too_late"


def told(user, action):
    """What `user` is told in the portal of what `action` did."""
    notices = Notice.objects.filter(recipient=user, channel="PORTAL", event__action=action)
    return [words.text(words.with_facts([each.event_id])[0], user) for each in notices]


def authorised(row, colleague, *, at=ARRIVED):
    handing.authorise(
        box_card=row,
        employee_number=colleague.user.employee_number,
        by=row.holder.user,
        at=at,
    )


def test_the_proxy_is_told_and_the_person_is_told_who_collected(row, handler):
    colleague = make_holder(name="王小敏")
    authorised(row, colleague)
    collect(at=ARRIVED + MINUTE, limit=100)
    (text,) = told(colleague.user, "AUTHORISE")
    assert "超委托您代领" in text
    assert row.holder.name not in text
    assert told(row.holder.user, "AUTHORISE") == []
    give(row, handler, HandedWay.PROXY, proxy=colleague, at=ARRIVED + 2 * MINUTE)
    collect(at=ARRIVED + timedelta(hours=1), limit=100)
    (text,) = told(row.holder.user, "HAND_OUT")
    assert "敏代为领取" in text
    assert "王小敏" not in text


def test_the_name_on_a_letter_is_told_masked(row, handler):
    give(row, handler, HandedWay.LETTER, proxy_name="李大军")
    collect(at=ARRIVED + timedelta(hours=1), limit=100)
    (text,) = told(row.holder.user, "HAND_OUT")
    assert "军代为领取" in text
    assert "李大军" not in text


def test_an_authorisation_that_was_withdrawn_at_once_is_not_told(row):
    colleague = make_holder()
    authorised(row, colleague)
    row.refresh_from_db()
    handing.withdraw(box_card=row, proxy=colleague, by=row.holder.user, at=ARRIVED + MINUTE)
    collect(at=ARRIVED + timedelta(hours=1), limit=100)
    assert told(colleague.user, "AUTHORISE") == []
