"""Finding events in the audit: filters, the search, and its pages."""

from datetime import timedelta

import pytest
from django.http import QueryDict

from apps.audit import pages
from apps.bureau.enums import ReportAction
from apps.bureau.lifecycle import REPORT
from apps.cards.enums import CardStatus, RequestStatus
from apps.common.moments import day_of
from apps.desk import event_kinds
from apps.desk.looking import services
from apps.encryption import public_keys
from apps.events.models import Event
from tests.audit.steps import EVENTS, event, look, table, take_over, text
from tests.factories.cards import AT, make_card, make_request
from tests.factories.people import make_holder, make_reviewer

pytestmark = pytest.mark.django_db


def test_actions_are_filtered_by_action_person_and_time(auditor):
    mine = event(reference="AAAA")
    event(REPORT.kind, ReportAction.RETRY, reference="BBBB")
    asked = (
        {"what": "desk_export"},
        {"what": "desk_export.FETCH"},
        {"by": public_keys.of(mine.by)},
    )
    for query in asked:
        html = table(text(auditor.get(EVENTS, query)))
        assert "AAAA" in html, query
        assert "BBBB" not in html, query
    days = {"since": f"{day_of(AT)}", "until": f"{day_of(AT)}"}
    assert "AAAA" in table(text(auditor.get(EVENTS, days)))
    for query in ({"since": "2026-11-24"}, {"until": "2026-11-22"}):
        assert "AAAA" not in table(text(auditor.get(EVENTS, query))), query


def test_actions_are_found_by_the_reference_of_their_subject(auditor):
    card_request = make_request(RequestStatus.ACCEPTED)
    take_over(card_request)
    other = make_request(RequestStatus.ACCEPTED)
    take_over(other)
    found = auditor.post(EVENTS, {"q": card_request.reference}, follow=True)
    assert card_request.reference in table(text(found))
    assert other.reference not in table(text(found))
    assert card_request.reference not in table(
        text(auditor.get(EVENTS, {"reference": other.reference}))
    )


@pytest.mark.parametrize(
    "query",
    [{"by": "nobody"}, {"by": "99999999"}, {"what": "?"}, {"since": "x"}, {"older_than": "9"}],
)
def test_a_filter_that_means_nothing_breaks_nothing(auditor, query):
    event()
    assert auditor.get(EVENTS, query).status_code == 200


def test_looks_are_filtered_by_content_and_person(auditor):
    one, other = (make_request(RequestStatus.ACCEPTED) for _ in range(2))
    seen = look(one)
    services.disclose_holder(
        holder=other.holder, what="手机号", reason="电话核实", by=make_reviewer(), at=AT
    )
    for query in ({"what": "desk_request.LOOK"}, {"by": public_keys.of(seen.by)}):
        html = table(text(auditor.get(EVENTS, query)))
        assert one.reference in html, query
        assert "社会保障号码" in html, query
        assert other.holder.reference not in html, query


@pytest.mark.parametrize("number", [2, 6])
def test_6_rows_cost_as_many_queries_as_2(auditor, django_assert_num_queries, number):
    card = make_card(CardStatus.SEALED)
    for _ in range(number):
        by = make_holder(user=make_reviewer()).user
        event(by=by, reference="AAAA", facts={"rows": 1})
        look(card.card_request, by=by)
    auditor.get(EVENTS)
    with django_assert_num_queries(5):
        auditor.get(EVENTS)


def test_a_person_is_found_by_a_number_that_never_stands_in_an_address(auditor):
    one, other = (make_request(RequestStatus.ACCEPTED) for _ in range(2))
    for number in (one.holder.id_number, one.holder.user.employee_number):
        answer = auditor.post(EVENTS, {"q": number})
        assert answer.status_code == 302
        assert number not in answer["Location"]
        html = table(text(auditor.get(answer["Location"])))
        assert one.reference in html
        assert other.reference not in html


def test_what_a_person_did_is_found_by_the_employee_number(auditor):
    card_request = make_request(RequestStatus.ACCEPTED)
    second = take_over(card_request)
    answer = auditor.post(EVENTS, {"q": second.employee_number, "actor": "1"}, follow=True)
    assert table(text(answer)).count("<tr>") == 2  # the head, and the taking over


def test_what_is_not_found_is_said(auditor):
    assert "没有找到" in text(auditor.post(EVENTS, {"q": "3701011990"}))


def test_every_page_holds_what_the_others_do_not(auditor):
    numbers = [event(reference=f"R{n}", at=AT + timedelta(hours=n // 2)).pk for n in range(7)]
    narrow = {"what": "desk_export"}
    book = Event.objects.of_kind(event_kinds.EXPORT_FILE)
    first = pages.page(book, size=3)
    assert [e.pk for e in first.events] == numbers[:3:-1]
    second = pages.page(book, older_than=first.older, size=3)
    assert [e.pk for e in second.events] == numbers[3:0:-1]
    third = pages.page(book, older_than=second.older, size=3)
    assert ([e.pk for e in third.events], third.older) == (numbers[:1], "")
    back = pages.page(book, newer_than=third.newer, size=3)
    assert [e.pk for e in back.events] == numbers[3:0:-1]
    assert pages.page(book, newer_than=back.newer, size=3).newer == ""
    html = text(
        auditor.get(EVENTS, narrow | {"older_than": public_keys.sealed("events.event", numbers[2])})
    )
    assert "R1" in table(html)
    assert "R2" not in table(html)
    assert "what=desk_export&amp;newer_than=" in html


@pytest.mark.parametrize("typed", ["2026-11-23", "2026/11/23", "20261123", "2026.11.23"])
def test_a_day_is_understood_as_people_write_it(auditor, typed):
    event(reference="AAAA")
    assert "AAAA" in table(text(auditor.get(EVENTS, {"since": typed, "until": typed})))


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ({"since": "23/11/2026"}, "请写成 2026-11-01 的样子。"),
        ({"since": "2026-11-24", "until": "2026-11-23"}, "不能早于「从」的日期。"),
    ],
)
def test_days_that_cannot_be_are_named_and_what_was_typed_stays(auditor, days, words):
    html = text(auditor.get(EVENTS, days))
    assert words in html
    assert f'value="{days["since"]}"' in html


def test_a_search_keeps_what_was_chosen_and_takes_the_place_of_the_last_one(auditor):
    one, other = (make_request(RequestStatus.ACCEPTED) for _ in range(2))
    chosen = f"{EVENTS}?what=request&reference={other.reference}"
    answer = auditor.post(chosen, {"q": one.holder.user.employee_number})
    query = QueryDict(answer["Location"].partition("?")[2]).dict()
    assert query == {"what": "request", "person": one.holder.reference}


def test_the_person_can_be_left_out_again_alone(auditor):
    holder = make_request(RequestStatus.ACCEPTED).holder
    html = text(auditor.get(EVENTS, {"person": holder.reference, "since": "2026-11-01"}))
    assert f'<a href="{EVENTS}?since=2026-11-01">不限这个人</a>' in html
