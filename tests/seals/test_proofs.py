"""The open page behind the QR code of a receipt."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse

from apps.cards.enums import CardAction, CardStatus, RequestAction, RequestStatus
from apps.common.templatetags.formats import moment
from apps.events.enums import Role
from apps.events.models import Event
from apps.payments import settlement, sweeps
from apps.seals import proofs, services, tree
from apps.seals.models import ProofAddress, Subtree
from tests.dates import in_words
from tests.factories.cards import AT, accept, make_card, make_request, reject
from tests.factories.loss_reports import make_loss_report
from tests.factories.payments import LATER, confirm, make_paid, make_shipment, start
from tests.guards import without_guards
from tests.seals.steps import add, seal, sql

pytestmark = pytest.mark.django_db


def text(response):
    assert response.status_code == 200
    return in_words(response.content.decode())


def page_of(client, event):
    return text(client.get(services.proof_address(event=event, at=AT).get_absolute_url()))


def test_a_sealed_step_is_proven_to_anybody_without_a_name(client):
    card = make_card(CardStatus.ACTIVE)
    event = card.events.get(action=CardAction.ACTIVATE)
    add(300)
    head = seal(AT + timedelta(days=9))
    html = page_of(client, event)
    assert "核对无误" in html
    assert f"<dt>存证</dt><dd>{moment(head.sealed_at)}" in html
    assert f"树头 {head.number} 里的根" in html
    assert "启用" in html
    assert settings.PORTAL_OPERATOR["name"] in html
    holder = card.holder
    for secret in (holder.name, holder.id_number, holder.reference, card.reference):
        assert secret not in html
    assert card.card_number not in html


def test_the_path_that_the_page_shows_leads_to_the_signed_root():
    events = add(5)
    head = seal()
    add(3)
    seal(AT + timedelta(minutes=1))
    proof = proofs.proof_of(events[2])
    assert proof.head == head
    path = [bytes.fromhex(step) for step in proof.steps]
    digest = bytes.fromhex(proof.digest)
    assert tree.is_included(digest, 2, 5, path, bytes(head.root))


def test_a_step_that_is_not_sealed_yet_says_so(client):
    [event] = add(1)
    assert "将在一分钟内存证" in page_of(client, event)
    seal()
    assert "核对无误" in page_of(client, event)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events_event SET reason = 'x' WHERE id = {}",
        "UPDATE seals_treehead SET sealed_at = '2020-01-01 00:00:00+00'",
        "DELETE FROM seals_subtree",
        "DELETE FROM seals_treehead",
    ],
)
def test_a_step_that_does_not_fit_the_seal_says_so(client, statement):
    [event, *_] = add(600)
    seal()
    assert Subtree.objects.exists()
    with without_guards():
        sql(statement.format(event.pk))
    html = page_of(client, event)
    assert "核对不符" in html
    assert "核对无误" not in html


def test_a_step_that_was_slipped_in_is_never_promised(client):
    [first] = add(1)
    add(1, id=first.pk + 2)
    seal()
    add(1, id=first.pk + 3)
    seal(AT + timedelta(hours=2))
    services.seal(at=AT + timedelta(hours=2))
    [slipped] = add(1, id=first.pk + 1)
    assert "核对不符" in page_of(client, slipped)


def test_a_reference_that_nobody_was_given_leads_nowhere(client):
    assert client.get(reverse("seals:proof", args=["A" * 16])).status_code == 404
    assert client.get(reverse("seals:proof", args=["1"])).status_code == 404
    assert client.post(reverse("seals:proof", args=["1"])).status_code == 405


def test_an_address_is_made_once_and_no_key_stands_in_it():
    [event] = add(1)
    first = services.proof_address(event=event, at=AT)
    assert services.proof_address(event=event, at=LATER) == first
    assert len(first.reference) == 16
    assert first.url == f"{settings.PORTAL_URL}/proof/{first.reference}/"


def test_who_asks_too_often_waits(client, settings, monkeypatch):
    monkeypatch.setattr("apps.seals.views._LIMIT", {"proof": "2/m/ip"})
    cache.clear()
    address = services.proof_address(event=add(1)[0], at=AT).get_absolute_url()
    assert [client.get(address).status_code for _ in range(3)] == [200, 200, 429]


# --- The receipts of the finished steps ----------------------------------------------------------


def accepted():
    card_request = make_request(RequestStatus.SUBMITTED)
    make_shipment(card_request)
    payment = start(card_request).payment
    confirm(payment)
    card_request.refresh_from_db()
    accept(card_request, at=LATER + timedelta(minutes=2))
    event = card_request.events.get(action=RequestAction.ACCEPT)
    return event, reverse("application:submitted", args=[card_request.reference])


def lost():
    report = make_loss_report(at=AT + timedelta(days=20))
    event = Event.objects.of(report).get()
    return event, reverse("loss_report:detail", args=[report.card.reference])


def activated():
    card = make_card(CardStatus.ACTIVE)
    event = card.events.get(action=CardAction.ACTIVATE)
    return event, reverse("activation:done", args=[card.reference])


def collected():
    card_request = make_request(RequestStatus.COLLECTED)
    event = card_request.events.get(action=RequestAction.COLLECT)
    return event, reverse("progress:receipt", args=[card_request.reference])


def refunded():
    payment = make_paid()
    accept(payment.card_request, at=LATER + timedelta(hours=1))
    reject(payment.card_request, at=LATER + timedelta(hours=2))
    sweeps.begin_refunds(at=LATER + timedelta(hours=3))
    payment.refresh_from_db()
    settlement.finish_refund(payment=payment, at=LATER + timedelta(hours=4))
    return payment.events.last(), reverse("payments:detail", args=[payment.reference])


@pytest.mark.parametrize("step", [accepted, lost, activated, collected, refunded])
def test_the_receipt_of_a_finished_step_carries_the_code_of_its_proof(client, step):
    event, address = step()
    of_holder = Event.objects.filter(holder_id=event.holder_id, role=Role.HOLDER)
    client.force_login(of_holder.first().by)
    html = text(client.get(address))
    proof = ProofAddress.objects.get()
    assert proof.event == event
    assert proof.url in html
    assert "paper-qr" in html
    assert "<svg" in html.split('class="paper-qr"')[1].split("</div>")[0]
    client.logout()
    assert event.label in text(client.get(proof.get_absolute_url()))


def test_what_was_not_collected_has_no_receipt(client):
    card_request = make_request(RequestStatus.DISPATCHED)
    client.force_login(card_request.applicant)
    response = client.get(reverse("progress:receipt", args=[card_request.reference]))
    assert response.status_code == 302
