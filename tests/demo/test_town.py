"""The demo town shows every state, and building it again changes nothing."""

from io import BytesIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from apps.bureau.models import QuarantinedLine
from apps.cards.enums import CardStatus, RequestKind, RequestStatus
from apps.cards.models import Card, CardRequest
from apps.cashier.models import SandboxTrade
from apps.common.moments import day_of
from apps.demo import children, photos, town
from apps.demo.portraits import face
from apps.desk import roles
from apps.desk.models import Absence
from apps.events.models import Event
from apps.handout.models import BoxCard
from apps.invitations import funnel
from apps.invitations.funnel import FunnelStep
from apps.payments.enums import PaymentStatus
from apps.payments.models import Discrepancy, Payment
from apps.people.enums import Sex
from apps.people.models import Guardianship, Holder, User
from apps.person_changes.enums import PersonChangeStatus
from apps.person_changes.models import PersonChange
from apps.regions.models import CityRule
from apps.replacement.models import FormalLoss
from apps.requests.models import Amendment, Particulars, PictureMark
from apps.roster.models import RosterUpload
from apps.staff_photos.models import OfferedPortrait
from apps.verification import portrait
from apps.verification.pictures import open_upload, to_jpeg
from tests.factories.people import make_colleague
from tests.verification.samples import upload

# Passing through: the worker leaves these within seconds.
FLEETING = {RequestStatus.PAID}


@pytest.fixture
def _no_faces(settings):
    """Looking for faces takes a second for each person, and says nothing about the town."""
    settings.FACES_ENABLED = False


@pytest.mark.slow
@pytest.mark.faces
@pytest.mark.parametrize("finds_faces", [True, False])
@pytest.mark.parametrize("sex", [Sex.MALE, Sex.FEMALE])
def test_drawn_faces_meet_every_rule_of_the_portrait(settings, sex, finds_faces):
    settings.FACES_ENABLED = finds_faces
    broken = {}
    for seed in photos.FACES[sex]:
        # Through the file that is uploaded and the one that is kept, as the town does it.
        picture = open_upload(upload(face(seed, sex=sex, size=photos.PHOTO)))
        crop = portrait.propose(picture)
        findings = portrait.check(Image.open(BytesIO(to_jpeg(picture))), crop)
        if rules := [finding.rule for finding in findings if finding.is_ok is False]:
            broken[seed] = rules
    assert broken == {}


@pytest.mark.django_db
@pytest.mark.usefixtures("_no_faces")
@pytest.mark.slow
def test_the_town_shows_every_state_and_is_built_once(regions_loaded):
    town.build(at=timezone.now(), tell=lambda text: None)

    shown = set(CardRequest.objects.values_list("status", flat=True))
    assert shown == set(RequestStatus) - FLEETING
    assert set(Card.objects.values_list("status", flat=True)) == set(CardStatus)
    assert set(CardRequest.objects.values_list("kind", flat=True)) == set(RequestKind)
    assert FormalLoss.objects.waiting().exists()
    assert QuarantinedLine.objects.open().count() == 1
    assert town.exists()
    changes = set(PersonChange.objects.values_list("status", flat=True))
    assert changes == {PersonChangeStatus.PROPOSED, PersonChangeStatus.DECLINED}
    assert Absence.objects.filter(deputy__employee_number="S2001").count() == 1
    assert CityRule.objects.filter(valid_from__gt=day_of(timezone.now())).count() == 1
    assert Amendment.objects.filter(is_own=True, answered_at=None).exists()
    assert Payment.objects.filter(status=PaymentStatus.STALLED).count() == 1
    assert not PictureMark.objects.of_others_too().exists()
    taken = Particulars.objects.get(card_request__holder__user__employee_number="D1110")
    assert taken.portrait_offered_at
    assert OfferedPortrait.objects.count() == len(town.PHOTOGRAPHED)
    family = Guardianship.objects.filter(guardian__user__employee_number="D1020")
    assert (family.confirmed().count(), family.waiting().count()) == (3, 1)

    bars = funnel.bars(funnel.new_people(RosterUpload.objects.get()))
    assert {bar.step for bar in bars if bar.standing} == set(FunnelStep)

    events, people = Event.objects.count(), User.objects.count()
    town.build(at=timezone.now(), tell=lambda text: None)
    assert (Event.objects.count(), User.objects.count()) == (events, people)
    assert (
        Holder.objects.filter(user__password__startswith="!", user__invitations=None).count() == 0
    )


def shown_to(number):
    """The page of the request of the person with the employee number `number`."""
    client = Client()
    user = User.objects.get(employee_number=number)
    client.force_login(user)
    return client.get(CardRequest.objects.get(holder__user=user).get_absolute_url())


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.usefixtures("_no_faces")
def test_a_refund_is_stuck_and_a_request_taken_back_to_amend(regions_loaded, monkeypatch):
    stories = {number: town.STORIES[number] for number in ("D1024", "D1025")}
    monkeypatch.setattr(children, "build", lambda **moment: None)
    monkeypatch.setattr(town, "STORIES", stories)
    town.build(at=timezone.now(), tell=lambda text: None)
    stuck = Payment.objects.get(status=PaymentStatus.STALLED)
    assert "人事处正在处理" in shown_to("D1024").content.decode()
    assert "申请已取回，请修改后提交" in shown_to("D1025").content.decode()
    desk = Client()
    desk.force_login(make_colleague(roles.REVIEWER))
    money = desk.get(reverse("admin:payments_discrepancy_changelist")).content.decode()
    assert stuck.reference in money
    assert "商户账户余额不足" in money
    finance = Client()
    finance.force_login(User.objects.get(employee_number="S6001"))
    bills = finance.get(reverse("admin:bills_dailybill_changelist")).content.decode()
    assert "2 处" in bills
    found = Discrepancy.objects.exclude(bill_day=None).values_list("kind", flat=True)
    assert sorted(found) == ["BILL_ONLY_OURS", "BILL_ONLY_THEIRS"]
    # The gateway goes on refusing it, so that it stays there.
    assert SandboxTrade.objects.get(order_number=stuck.reference).refuses_refund


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.usefixtures("_no_faces")
def test_a_box_is_counted_half_and_a_day_is_arranged(regions_loaded, monkeypatch):
    monkeypatch.setattr(children, "build", lambda **moment: None)
    stories = {number: town.STORIES[number] for number in ("D1026", "D1027")}
    monkeypatch.setattr(town, "STORIES", stories)
    town.build(at=timezone.now(), tell=lambda text: None)
    assert "化学楼 101" in shown_to("D1026").content.decode()
    assert "化学楼 101" not in shown_to("D1027").content.decode()
    found = BoxCard.objects.order_by("status").values_list("status", flat=True)
    assert sorted(found) == ["EXPECTED", "IN_BOX", "SURPLUS"]
    handler = Client()
    handler.force_login(User.objects.get(employee_number="S7001"))
    box = BoxCard.objects.get(status="SURPLUS").box
    page = handler.get(reverse("admin:handout_box_change", args=[box.reference]))
    assert "韩雪" in page.content.decode()  # whoever hands out cards asks for people by name


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.usefixtures("_no_faces")
def test_a_town_whose_building_was_interrupted_is_finished(regions_loaded, monkeypatch):
    whole = dict(town.STORIES)
    monkeypatch.setattr(children, "build", lambda **moment: None)
    monkeypatch.setattr(town, "NEWCOMERS", {})
    monkeypatch.setattr(town, "STORIES", {"D1002": whole["D1002"]})
    town.build(at=timezone.now(), tell=lambda text: None)
    User.objects.get(employee_number=town.ADMINISTRATOR.employee_number).delete()

    monkeypatch.setattr(town, "STORIES", {name: whole[name] for name in ("D1002", "D1003")})
    call_command("demo_town", verbosity=0)

    assert CardRequest.objects.count() == 2
