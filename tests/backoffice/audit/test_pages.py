"""What an auditor reads of the desk itself: deeds and looks, in words, with ways on."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from apps.backoffice.audit import pages
from apps.bureau.enums import ReportAction
from apps.bureau.lifecycle import REPORT
from apps.cards.enums import CardStatus, RequestStatus
from apps.desk import event_kinds, roles
from apps.events.models import Event
from apps.review import services
from tests.backoffice.audit.steps import EVENTS, event, look, table, take_over, text
from tests.book import desk_events
from tests.factories.cards import AT, make_card, make_request
from tests.factories.formal_losses import make_formal_loss
from tests.factories.people import make_claim, make_colleague, make_holder, make_reviewer

pytestmark = pytest.mark.django_db


def test_a_deed_is_told_with_person_moment_case_and_facts(auditor):
    card_request = make_request(RequestStatus.ACCEPTED)
    second = take_over(card_request)
    first = desk_events().get().facts["from"]
    html = table(text(auditor.get(EVENTS)))
    assert "2026-11-23 10:00:00" in html
    assert f"李接手（{second.employee_number}）" in html
    assert "接手" in html
    assert reverse("admin:cards_cardrequest_change", args=[card_request.reference]) in html
    assert f"<div>事项：申请</div><div>原领办人工号：{first}</div>" in html


@pytest.mark.parametrize("kind", ["formal_loss", "guardianship"])
def test_a_deed_leads_to_its_case_of_any_kind(auditor, kind):
    if kind == "formal_loss":
        card_request, name = make_formal_loss(), "replacement_formalloss"
    else:
        card_request, name = make_claim(make_holder()), "people_guardianship"
    take_over(card_request, at=AT + timedelta(days=2))
    html = table(text(auditor.get(EVENTS)))
    address = reverse(f"admin:{name}_change", args=[card_request.reference])
    assert f'href="{address}"' in html
    assert auditor.get(address).status_code == 200


def test_a_deed_without_a_page_names_its_subject(auditor):
    event(REPORT.kind, ReportAction.RETRY, reference="回盘 7")
    assert "回盘 7" in table(text(auditor.get(EVENTS)))


def test_one_deed_has_a_page_without_a_form(auditor):
    row = event(facts={"rows": 3}, reference="AAAA", reason="对账")
    html = text(auditor.get(reverse("admin:events_event_change", args=[row.pk])))
    assert "件数：3" in html
    assert "对账" in html
    assert "_save" not in html


def test_a_look_is_told_with_person_case_content_and_reason(auditor):
    card_request = make_request(RequestStatus.ACCEPTED)
    look(card_request)
    claim = make_claim(make_holder())
    services.disclose_claim(
        guardianship=claim, what="证明影像", reason="核对姓名", by=make_reviewer(), at=AT
    )
    html = table(text(auditor.get(EVENTS)))
    for words in (card_request.reference, claim.reference, "社会保障号码", "电话核实", "核对姓名"):
        assert words in html
    assert reverse("admin:people_guardianship_change", args=[claim.reference]) in html


@pytest.mark.parametrize("number", [2, 6])
def test_6_rows_cost_as_many_queries_as_2(auditor, django_assert_num_queries, number):
    card = make_card(CardStatus.SEALED)
    for _ in range(number):
        by = make_holder(user=make_reviewer()).user
        event(by=by, reference="AAAA", facts={"rows": 1})
        look(card.card_request, by=by)
    auditor.get(EVENTS)
    with django_assert_num_queries(6):
        auditor.get(EVENTS)


@pytest.mark.parametrize("role", [roles.REVIEWER, roles.SUPERVISOR, roles.ADMINISTRATOR])
def test_the_audit_is_for_auditors(client, role):
    client.force_login(make_colleague(role))
    assert client.get(EVENTS).status_code == 403


def test_an_auditor_reads_whether_a_card_was_usable(auditor):
    card = make_card(CardStatus.ACTIVE)
    assert auditor.get(reverse("loss_report:usable", args=[card.reference])).status_code == 200


def test_an_auditor_sees_the_portrait_of_a_case(auditor):
    card_request = make_request(RequestStatus.ACCEPTED)
    portrait = card_request.particulars.portrait
    portrait.storage.save(portrait.name, ContentFile(b"a picture"))
    try:
        response = auditor.get(
            reverse("admin:cards_cardrequest_portrait", args=[card_request.reference])
        )
        assert b"".join(response.streaming_content) == b"a picture"
    finally:
        portrait.storage.delete(portrait.name)


def test_a_move_reads_from_which_status_to_which(auditor):
    make_card(CardStatus.ACTIVE)
    assert "封存 → 正常" in table(text(auditor.get(EVENTS, {"what": "card.ACTIVATE"})))


def test_every_page_holds_what_the_others_do_not(auditor):
    numbers = [event(reference=f"R{n}", at=AT + timedelta(hours=n // 2)).pk for n in range(7)]
    narrow = {"what": "desk_export"}
    book = Event.objects.of_kind(event_kinds.EXPORT_FILE)
    first = pages.page(book, size=3)
    assert [e.pk for e in first.events] == numbers[:3:-1]
    second = pages.page(book, older_than=str(first.older), size=3)
    assert [e.pk for e in second.events] == numbers[3:0:-1]
    third = pages.page(book, older_than=str(second.older), size=3)
    assert ([e.pk for e in third.events], third.older) == (numbers[:1], None)
    back = pages.page(book, newer_than=str(third.newer), size=3)
    assert [e.pk for e in back.events] == numbers[3:0:-1]
    assert pages.page(book, newer_than=str(back.newer), size=3).newer is None
    html = text(auditor.get(EVENTS, narrow | {"older_than": numbers[2]}))
    assert "R1" in table(html)
    assert "R2" not in table(html)
    assert "what=desk_export&amp;newer_than=" in html
