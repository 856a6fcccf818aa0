"""What an auditor reads of the desk itself: deeds and looks, in words, with ways on."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.urls import reverse

from apps.backoffice.audit import facts, pages
from apps.bureau.enums import ReportAction
from apps.bureau.lifecycle import REPORT
from apps.cards.enums import CardStatus, RequestStatus
from apps.common.moments import day_of
from apps.desk import event_kinds, roles
from apps.desk.claims import services as claims
from apps.desk.event_kinds import FileAction, RuleAction
from apps.events import services as events
from apps.events.enums import Channel, Role
from apps.events.models import Event
from apps.review import services
from tests.book import desk_events
from tests.factories.cards import AT, make_card, make_request
from tests.factories.formal_losses import make_formal_loss
from tests.factories.people import make_claim, make_colleague, make_holder, make_reviewer

pytestmark = pytest.mark.django_db

EVENTS = reverse("admin:events_event_changelist")


@pytest.fixture
def auditor(client):
    client.force_login(make_holder(name="钱审计", user=make_colleague(roles.AUDITOR)).user)
    return client


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def table(html):
    return html.split('id="result_list"')[1].split("</table>")[0] if "result_list" in html else ""


def take_over(subject, *, at=AT):
    """A case that one reviewer held and another took over; returns the second one."""
    second = make_holder(name="李接手", user=make_reviewer()).user
    claims.claim(subject=subject, by=make_reviewer(), at=at)
    claims.take_over(subject=subject, by=second, at=at)
    return second


def event(kind=event_kinds.EXPORT_FILE, action=FileAction.FETCH, **values):
    fields = {"by": make_reviewer(), "at": AT, "facts": {}} | values
    return events.record(
        kind=kind, action=action, role=Role.REVIEWER, channel=Channel.ADMIN, **fields
    )


def look(card_request, *, by=None, at=AT, reason="电话核实"):
    return services.disclose(
        card_request=card_request,
        what="社会保障号码",
        reason=reason,
        by=by or make_reviewer(),
        at=at,
    )


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


def test_facts_are_words_and_no_json():
    told = facts.in_words(
        {"is_full": True, "rows": 1, "scope": ["甲", "乙"], "format": {"rows": 0}, "from": None}
    )
    assert told == [
        ("完整号码", "是"),
        ("件数", "1"),
        ("范围", "甲、乙"),
        ("格式", "件数 0"),
        ("原领办人工号", "无"),
    ]


def test_every_fact_that_a_service_writes_has_a_chinese_name():
    """Read from the source: the literal keys of each `facts=…`, and of each `facts = …`."""
    unnamed = []
    for path in Path(settings.BASE_DIR).glob("apps/**/*.py"):
        source = path.read_text(encoding="utf-8")
        if "facts" not in source or "/migrations/" in path.as_posix():
            continue
        for node in ast.walk(ast.parse(source)):
            is_argument = isinstance(node, ast.keyword) and node.arg == "facts"
            is_variable = isinstance(node, ast.Assign) and any(
                isinstance(name, ast.Name) and name.id == "facts" for name in node.targets
            )
            if not (is_argument or is_variable):
                continue
            keys = [
                key for part in ast.walk(node) if isinstance(part, ast.Dict) for key in part.keys
            ]
            unnamed += [
                f"{path.name}: {key.value}"
                for key in keys
                if isinstance(key, ast.Constant) and key.value not in facts.LABELS
            ]
    assert unnamed == []


def test_deeds_are_filtered_by_action_person_and_time(auditor):
    mine = event(reference="AAAA")
    event(REPORT.kind, ReportAction.RETRY, reference="BBBB")
    asked = ({"what": "desk_export"}, {"what": "desk_export.FETCH"}, {"by": mine.by_id})
    for query in asked:
        html = table(text(auditor.get(EVENTS, query)))
        assert "AAAA" in html, query
        assert "BBBB" not in html, query
    days = {"since": f"{day_of(AT)}", "until": f"{day_of(AT)}"}
    assert "AAAA" in table(text(auditor.get(EVENTS, days)))
    for query in ({"since": "2026-11-24"}, {"until": "2026-11-22"}):
        assert "AAAA" not in table(text(auditor.get(EVENTS, query))), query


def test_deeds_are_found_by_the_reference_of_their_subject(auditor):
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


def test_looks_are_filtered_by_content_and_person(auditor):
    one, other = (make_request(RequestStatus.ACCEPTED) for _ in range(2))
    seen = look(one)
    services.disclose_holder(
        holder=other.holder, what="手机号", reason="电话核实", by=make_reviewer(), at=AT
    )
    for query in ({"what": "desk_request.LOOK"}, {"by": seen.by_id}):
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


def test_a_change_of_the_rules_reads_as_a_sentence(auditor):
    event(
        kind=event_kinds.RULES,
        action=RuleAction.CHANGE,
        reference="370100",
        facts={
            "what": "rule",
            "valid_from": "2027-01-04",
            "before": {"postage_same_city_fen": 1000},
            "after": {"postage_same_city_fen": 800},
        },
    )
    html = auditor.get(reverse("admin:events_event_changelist")).content.decode()
    assert "2027-01-04 起：同城邮寄费 10.00 元 → 8.00 元" in html
    assert reverse("admin:regions_city_change", args=["370100"]) in html


# --- The search, and pages ------------------------------------------------------------------------


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
