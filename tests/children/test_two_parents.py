"""Two parents do the same for their child: the second one reads who was first and when."""

from urllib.parse import urljoin

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.people.enums import Sex
from apps.verification.enums import Purpose
from tests.factories.cards import make_card, make_draft, make_request
from tests.factories.checks import pass_check
from tests.factories.moments import ago
from tests.factories.people import make_guardianship, make_holder, make_ward
from tests.journeys import forms
from tests.journeys.tree import parse
from tests.shown import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def family():
    """The users of both parents, and the child."""
    father = make_holder(name="吴先来", sex=Sex.MALE)
    mother = make_holder(name="周后来", sex=Sex.FEMALE)
    child = make_ward(father)
    make_guardianship(mother, child)
    return father.user, mother.user, child


def withdraw(father, mother, child):
    case = make_request(RequestStatus.SUBMITTED, holder=child, by=father, at=ago(hours=3))
    return reverse("application:withdraw", args=[case.reference])


def discard(father, mother, child):
    draft = make_draft(holder=child, by=father, at=ago(hours=3))
    return reverse("application:discard", args=[draft.reference])


def collect(father, mother, child):
    case = make_request(RequestStatus.DISPATCHED, holder=child, by=father, at=ago(hours=3))
    return reverse("progress:collect", args=[case.reference])


def activate(father, mother, child):
    case = make_request(RequestStatus.COLLECTED, holder=child, by=father, at=ago(hours=3))
    for parent in (father, mother):
        pass_check(holder=child, by=parent, purpose=Purpose.ACTIVATE, at=timezone.now())
    return reverse("activation:start", args=[case.card.reference])


def report_a_loss(father, mother, child):
    card = make_card(holder=child, by=father, at=ago(days=2))
    return reverse("loss_report:report", args=[card.reference])


def sent_by(client, url):
    """What the form with the address `url` sends; where it stands on another page, nothing."""
    response = client.get(url)
    if response.status_code != 200:
        return {}
    page = parse(response.content.decode(), is_scripted=True)
    own = [
        form
        for form in page.nodes("form")
        if form.get("method") == "post" and urljoin(url, form.get("action") or url) == url
    ]
    return forms.data(page, own[0])


@pytest.mark.parametrize("errand", [withdraw, discard, collect, activate, report_a_loss])
def test_the_second_parent_reads_who_was_first(family, errand):
    father, mother, child = family
    url = errand(father, mother, child)
    clients = [Client(), Client()]
    for client, user in zip(clients, (father, mother), strict=True):
        client.force_login(user)
    sent = [sent_by(client, url) for client in clients]
    first, second = (
        words_of(client.post(url, data, follow=True))
        for client, data in zip(clients, sent, strict=True)
    )
    assert "来（监护人）已于" not in first
    assert "**来（监护人）已于" in second
    again = words_of(clients[0].post(url, sent[0], follow=True))
    assert "已于" not in again, "a second click of the first one"
