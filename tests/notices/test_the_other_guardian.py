"""The second guardian of a child hears what the first one hears, and what the first one does."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.activation.services import activate
from apps.cards.enums import CardStatus, RequestAction, RequestStatus
from apps.cards.lifecycle import REQUEST
from apps.events.enums import Role
from apps.events.models import Event
from apps.handout import messages as handout
from apps.handout.enums import BoxCardAction
from apps.handout.lifecycle import BOX_CARD
from apps.inquiries.enums import InquiryAction
from apps.inquiries.lifecycle import INQUIRY
from apps.lifecycle.tables import LIFECYCLES
from apps.loss_report import services as loss_report
from apps.notices import services, table
from apps.people.audience import accounts_of
from apps.people.enums import Sex
from apps.people.lifecycle import GUARDIANSHIP
from apps.replacement import services as replacement
from apps.requests import reopening
from apps.requests import services as requests
from apps.verification.enums import Purpose
from tests.factories.cards import make_card, make_request, withdraw
from tests.factories.checks import pass_check
from tests.factories.formal_losses import declare
from tests.factories.inquiries import make_inquiry
from tests.factories.loss_reports import report
from tests.factories.people import make_guardianship, make_holder, make_ward

pytestmark = pytest.mark.django_db

# What a guardian does and nobody else is told, by lifecycle; None for all of it.
UNTOLD = {
    # Nothing is handed in yet. It stands on the first page of both.
    REQUEST.name: {RequestAction.SAVE, RequestAction.DISCARD},
    # Of the payment its success is told, by the request.
    "payment": None,
    # The proof of who acts; what it is used for is told.
    "check": None,
    # The move of the card is told.
    "loss_report": None,
    # The other guardian's own affair (decision 56).
    GUARDIANSHIP.name: None,
    # With the request that is opened for changes.
    INQUIRY.name: {InquiryAction.SETTLE},
    # Who fetches the card instead stands on the page where both read how to get it. That somebody
    # was named is told to the colleague alone.
    BOX_CARD.name: {BoxCardAction.AUTHORISE, BoxCardAction.WITHDRAW},
}
BY_GUARDIANS = [
    (life.name, action)
    for life in LIFECYCLES
    for action, rule in life.moves.items()
    if Role.GUARDIAN in rule.by
]


@pytest.mark.parametrize(("kind", "action"), BY_GUARDIANS)
def test_what_a_guardian_does_is_told_or_named_above(kind, action):
    message = table.of(Event(subject_kind=kind, action=action, role=Role.GUARDIAN))
    untold = UNTOLD.get(kind, ())
    is_told = message is not None and message.only_to is not handout.to_proxy
    assert is_told is not (untold is None or action in untold)


@pytest.fixture
def father():
    return make_holder()


@pytest.fixture
def mother():
    return make_holder(sex=Sex.FEMALE)


@pytest.fixture
def ward(father, mother):
    ward = make_ward(father, birth_date=date(2015, 6, 1))
    make_guardianship(mother, ward)
    return ward


@pytest.mark.sampled
@pytest.mark.parametrize("message", table.messages(), ids=lambda one: f"{one.kind}-{one.action}")
def test_each_event_about_a_child_reaches_all_guardians(message, ward, father, mother):
    if message.only_to is not None:
        pytest.skip("about one person's account or registration")
    event = Event(
        subject_kind=message.kind,
        action=message.action,
        holder_id=ward.pk,
        role=message.told_by[0] if message.told_by else Role.WORKER,
        by=father.user if message.to_others else None,
    )
    event.message = table.of(event)
    told = table.recipients(event, accounts_of([ward.pk], at=timezone.now()))
    everybody = {father.user_id, mother.user_id}
    assert set(told) == everybody - ({father.user_id} if message.to_others else set())


# --- What the other one reads ---------------------------------------------------------------------


def at_work(status):
    return lambda ward, user, at: make_request(status, holder=ward, by=user, at=at)


def in_hand(status):
    return lambda ward, user, at: make_card(status, holder=ward, by=user, at=at)


def activates(card, user, at):
    pass_check(holder=card.holder, by=user, purpose=Purpose.ACTIVATE, at=at)
    activate(card=card, by=user, at=at)


def reports(card, user, at):
    report(card, at=at, by=user)


def lifts(card, user, at):
    reports(card, user, at)
    pass_check(holder=card.holder, by=user, purpose=Purpose.LOSS_REPORT, at=at)
    loss_report.lift(card=card, by=user, at=at)


def takes_back(card, user, at):
    loss = declare(card, by=user, at=at)
    replacement.take_back(loss=loss, by=user, at=at)


STORIES = {
    "申领申请": (at_work(RequestStatus.SUBMITTED), lambda row, user, at: None, "提交了"),
    "撤销": (
        at_work(RequestStatus.SUBMITTED),
        lambda row, user, at: withdraw(row, at=at),
        "撤销了您子女*乐的申领申请",
    ),
    "自行修改": (
        at_work(RequestStatus.ACCEPTED),
        lambda row, user, at: reopening.reopen(card_request=row, fields=["phone"], by=user, at=at),
        "取回了您子女*乐的申领申请，正在修改",
    ),
    "请人事处修改": (
        at_work(RequestStatus.APPROVED),
        lambda row, user, at: make_inquiry(row, at=at),
        "请人事处修改您子女*乐的申领申请",
    ),
    "领卡": (
        at_work(RequestStatus.DISPATCHED),
        lambda row, user, at: requests.collect(card_request=row, by=user, at=at),
        "为您子女*乐的申领申请确认了领卡",
    ),
    "启用": (in_hand(CardStatus.SEALED), activates, "启用了您子女*乐的社保卡"),
    "临时挂失": (in_hand(CardStatus.ACTIVE), reports, "临时挂失了您子女*乐的社保卡"),
    "解除挂失": (in_hand(CardStatus.ACTIVE), lifts, "的临时挂失，卡恢复使用"),
    "正式挂失": (
        in_hand(CardStatus.ACTIVE),
        lambda card, user, at: declare(card, by=user, at=at),
        "登记了您子女*乐的社保卡",
    ),
    "撤回登记": (in_hand(CardStatus.ACTIVE), takes_back, "的正式挂失登记，卡照常使用"),
}


@pytest.mark.sampled
@pytest.mark.parametrize("story", STORIES)
def test_the_other_guardian_reads_what_the_first_one_did(client, ward, father, mother, story):
    make, act, words = STORIES[story]
    at = timezone.now() - timedelta(minutes=5)
    row = make(ward, father.user, at - timedelta(hours=3))
    act(row, father.user, at)
    services.collect(at=timezone.now(), limit=100)
    services.send_due(at=timezone.now(), limit=100)
    pages = {}
    for guardian in (father, mother):
        client.force_login(guardian.user)
        pages[guardian] = client.get(reverse("home:messages")).content.decode()
    assert words in pages[mother]
    assert "另一位监护人" not in pages[father]
