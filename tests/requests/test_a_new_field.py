"""One declaration puts a field into the form and everywhere else; a test's own app declares one."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from apps.bureau import production
from apps.bureau.adapters import order_file
from apps.bureau.models import ProductionBatch
from apps.cards.enums import CardStatus, ReplacementReason, RequestStatus
from apps.common.moments import kept_until
from apps.desk import roles
from apps.phrasebook.models import topics
from apps.replacement import services as replacing
from apps.requests import registry, retention, services
from apps.requests.declaration import Field, Store
from apps.requests.models import Amendment, Particulars
from apps.requests.services import Incomplete
from tests.application.checks import verify
from tests.application.test_particulars_form import TYPED
from tests.bureau.conftest import folders as folders
from tests.exports.steps import csv_rows, exported
from tests.factories import cards
from tests.factories.cards import AT, COMPLETE, make_card, make_draft, make_request
from tests.factories.people import make_colleague, make_holder, make_reviewer, make_ward
from tests.requests.political_status import FIELD
from tests.shown import send

pytestmark = pytest.mark.django_db

LIMIT = 100
ITEMS = [{"field": "political_status", "reason": "与登记不符"}]


@pytest.fixture(autouse=True)
def _declared(monkeypatch):
    """The small app is there for this test only."""
    monkeypatch.setattr(registry, "_FIELDS", dict(registry._FIELDS))
    registry.register(FIELD)
    monkeypatch.setattr(cards, "COMPLETE", COMPLETE | {"political_status": "13"})


def page(client, name, card_request, **query):
    return client.get(reverse(f"application:{name}", args=[card_request.reference]), query)


def text(response):
    return response.content.decode()


def saved(card_request):
    return Particulars.objects.get(card_request=card_request)


@pytest.fixture
def draft(client):
    """A verified draft with a portrait, whose owner is signed in."""
    draft = make_draft(at=timezone.now(), complete=False)
    Particulars.objects.filter(card_request=draft).update(portrait=COMPLETE["portrait"])
    verify(draft)
    client.force_login(draft.holder.user)
    return draft


def test_it_is_typed_checked_confirmed_and_handed_in(client, draft):
    form = text(page(client, "form", draft))
    assert "政治面貌" in form
    assert "以组织关系所在单位的登记为准" in form
    url = reverse("application:form", args=[draft.reference])
    assert "请选择政治面貌。" in text(send(client, url, TYPED))

    answer = send(client, url, TYPED | {"political_status": "01"})
    assert answer.url == reverse("application:confirm", args=[draft.reference])
    assert saved(draft).extra_values == {"political_status": "01"}
    assert "<dt>政治面貌</dt><dd>中共党员</dd>" in text(page(client, "confirm", draft))

    send(client, reverse("application:confirm", args=[draft.reference]))
    draft.refresh_from_db()
    assert draft.status == RequestStatus.SUBMITTED
    assert "<dt>政治面貌</dt><dd>***员</dd>" in text(page(client, "detail", draft))


def test_what_is_half_typed_is_kept_and_what_was_saved_before_is_not_lost(client, draft):
    services.save_draft(
        card_request=draft,
        values={"political_status": "03"},
        by=draft.applicant,
        at=timezone.now(),
    )
    autosave = reverse("application:autosave", args=[draft.reference])
    send(
        client,
        autosave,
        {"phone": "139", "political_status": "01"},
        page=reverse("application:form", args=[draft.reference]),
    )
    assert '<option value="01" selected>' in text(page(client, "form", draft))
    assert saved(draft).extra_values == {"political_status": "01"}


def test_nobody_is_asked_who_is_too_young(client):
    guardian = make_holder()
    ward = make_ward(guardian)
    draft = make_draft(holder=ward, by=guardian.user, at=timezone.now(), complete=False)
    verify(draft)
    client.force_login(guardian.user)
    assert "政治面貌" not in text(page(client, "form", draft))


def test_a_request_without_it_is_refused(draft):
    values = COMPLETE
    services.save_draft(card_request=draft, values=values, by=draft.applicant, at=timezone.now())
    with pytest.raises(Incomplete) as refusal:
        services.submit(card_request=draft, by=draft.applicant, at=timezone.now())
    assert refusal.value.fields == ["political_status"]
    assert "政治面貌" in refusal.value.message


def test_the_desk_sees_it_masked_and_can_ask_for_it(client, desk_page):
    card_request = make_request(RequestStatus.ACCEPTED)
    html = text(desk_page(card_request))
    assert "政治面貌" in html
    assert "*众" in html
    assert 'name="amend-ask_political_status"' in html
    assert topics()["political_status"] == "政治面貌"


@pytest.fixture
def desk_page(client):
    """Opens the decision page as a reviewer who has claimed the case."""

    def open_page(card_request):
        client.force_login(make_reviewer())
        url = reverse("admin:cards_cardrequest_claim", args=[card_request.reference])
        return client.post(url, follow=True)

    return open_page


def test_an_amendment_opens_it_and_the_desk_sees_before_and_after(client, desk_page):
    card_request = make_request(RequestStatus.ACCEPTED, at=timezone.now() - timedelta(hours=1))
    cards.ask(card_request, at=timezone.now(), items=ITEMS)
    assert Amendment.objects.get().values_before == {"political_status": "13"}

    client.force_login(card_request.applicant)
    html = text(page(client, "amend", card_request))
    assert 'name="political_status"' in html
    assert 'name="phone"' not in html
    url = reverse("application:amend", args=[card_request.reference])
    send(client, url, {"political_status": "01"})
    assert saved(card_request).extra_values == {"political_status": "01"}

    [change] = desk_page(card_request).context["changes"]
    assert (change.label, change.is_changed) == ("政治面貌", True)
    assert (change.before, change.after) == ("*众", "***员")


def test_an_export_has_a_column_for_it():
    make_request(RequestStatus.ACCEPTED)
    [masked] = csv_rows(exported(make_reviewer()))
    assert masked["政治面貌"] == "*众"
    [full] = csv_rows(
        exported(make_colleague(roles.SUPERVISOR), is_full=True, reason="与组织部核对")
    )
    assert full["政治面貌"] == "群众"


def test_the_card_bureau_is_told_in_a_column_after_those_that_were_agreed(folders):
    make_request(RequestStatus.APPROVED)
    at = AT + timedelta(hours=1)
    production.make_batch(at=at, limit=LIMIT)
    production.submit_batches(at=at, limit=LIMIT)
    folder = folders[0] / ProductionBatch.objects.get().reference
    [row] = csv.DictReader(io.StringIO((folder / order_file.ORDERS).read_text("utf-8")))
    assert row["political_status"] == "13"
    assert list(row)[-3:] == ["branch", "political_status", "portrait"]


def test_a_replacement_begins_with_what_was_said_before():
    card = make_card(CardStatus.LOST)
    draft = replacing.open_draft(
        card=card,
        reason=ReplacementReason.LOST,
        city=card.city,
        bank=card.bank,
        by=card.holder.user,
        at=AT + timedelta(days=1),
    )
    assert saved(draft).extra_values == {"political_status": "13"}


def test_it_is_forgotten_with_the_rest(settings):
    card_request = make_request(RequestStatus.WITHDRAWN)
    card_request.refresh_from_db()
    due = kept_until(card_request.status_since, settings.DATA_RETENTION)
    retention.forget_portraits(at=due, limit=LIMIT)
    assert saved(card_request).extra_values == {"political_status": "13"}
    retention.forget_particulars(at=due, limit=LIMIT)
    assert saved(card_request).extra == ""

    draft = make_draft()
    assert saved(draft).extra_values == {"political_status": "13"}
    retention.forget_drafts(at=kept_until(AT, settings.DRAFT_RETENTION), limit=LIMIT)
    assert saved(draft).extra == ""


def test_it_is_encrypted_at_rest():
    make_request(RequestStatus.ACCEPTED)
    with connection.cursor() as cursor:
        cursor.execute("SELECT extra FROM requests_particulars")
        [(stored,)] = cursor.fetchall()
    assert stored
    assert "political_status" not in stored


def test_two_fields_of_one_name_and_a_moment_in_extra_are_refused():
    with pytest.raises(ValueError, match="political_status"):
        registry.register(FIELD)
    with pytest.raises(ValueError, match="text"):
        Field(name="joined_date", label="入党日期", store=Store.EXTRA, empty=None)
