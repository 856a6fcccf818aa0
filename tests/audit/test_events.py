"""What the audit says of an event, and to whom."""

import ast
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.urls import reverse

from apps.audit import facts
from apps.bureau.enums import ReportAction
from apps.bureau.lifecycle import REPORT
from apps.cards.enums import CardStatus, RequestStatus
from apps.common.moments import end_of
from apps.common.templatetags.formats import day, moment
from apps.desk import event_kinds, roles
from apps.desk.event_kinds import RuleAction
from apps.desk.looking import services
from apps.requests.models import Particulars
from tests.audit.steps import EVENTS, event, look, table, take_over, text
from tests.book import desk_events
from tests.factories.cards import AT, make_card, make_request
from tests.factories.formal_losses import make_formal_loss
from tests.factories.people import make_colleague, make_holder, make_registration, make_reviewer

pytestmark = pytest.mark.django_db


def test_an_action_is_told_with_person_moment_case_and_facts(auditor):
    card_request = make_request(RequestStatus.ACCEPTED)
    second = take_over(card_request)
    first = desk_events().get().facts["from"]
    html = table(text(auditor.get(EVENTS)))
    assert moment(AT) in html
    assert f"李接手（{second.employee_number}）" in html
    assert "接手" in html
    assert reverse("admin:cards_cardrequest_change", args=[card_request.reference]) in html
    assert f"<div>事项：申请</div><div>原领办人工号：{first}</div>" in html


@pytest.mark.parametrize("kind", ["formal_loss", "guardianship"])
def test_an_action_leads_to_its_case_of_any_kind(auditor, kind):
    if kind == "formal_loss":
        card_request, name = make_formal_loss(), "replacement_formalloss"
    else:
        card_request, name = make_registration(make_holder()), "people_guardianship"
    take_over(card_request, at=AT + timedelta(days=2))
    html = table(text(auditor.get(EVENTS)))
    address = reverse(f"admin:{name}_change", args=[card_request.reference])
    assert f'href="{address}"' in html
    assert auditor.get(address).status_code == 200


def test_an_action_without_a_page_names_its_subject(auditor):
    event(REPORT.kind, ReportAction.RETRY, reference="回盘 7")
    assert "回盘 7" in table(text(auditor.get(EVENTS)))


def test_facts_are_words_and_no_json():
    told = facts.in_words(
        {"is_full": True, "rows": 1, "scope": ["甲", "乙"], "format": {"rows": 0}, "from": None}
    )
    assert told == [
        ("格式", "件数 0"),
        ("原领办人工号", "无"),
        ("完整号码", "是"),
        ("件数", "1"),
        ("范围", "甲、乙"),
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


def test_one_action_has_a_page_without_a_form(auditor):
    row = event(facts={"rows": 3}, reference="AAAA", reason="对账")
    html = text(auditor.get(reverse("admin:events_event_change", args=[row.pk])))
    assert "件数：3" in html
    assert "对账" in html
    assert "_save" not in html


def test_a_look_is_told_with_person_case_content_and_reason(auditor):
    card_request = make_request(RequestStatus.ACCEPTED)
    look(card_request)
    claim = make_registration(make_holder())
    services.disclose(subject=claim, what="证明影像", reason="核对姓名", by=make_reviewer(), at=AT)
    html = table(text(auditor.get(EVENTS)))
    for words in (card_request.reference, claim.reference, "社会保障号码", "电话核实", "核对姓名"):
        assert words in html
    assert reverse("admin:people_guardianship_change", args=[claim.reference]) in html


@pytest.mark.parametrize("role", [roles.REVIEWER, roles.SUPERVISOR, roles.ADMINISTRATOR])
def test_the_audit_is_for_auditors(client, role):
    client.force_login(make_colleague(role))
    assert client.get(EVENTS).status_code == 403


def test_an_auditor_reads_whether_a_card_was_usable(auditor):
    card = make_card(CardStatus.ACTIVE)
    assert auditor.get(reverse("loss_report:usable", args=[card.reference])).status_code == 200


def test_an_auditor_sees_the_portrait_of_a_case(auditor):
    card_request = make_request(RequestStatus.ACCEPTED)
    portrait = Particulars.objects.get(card_request=card_request).portrait
    portrait.storage.delete(portrait.name)  # that of another test
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
    assert f"{day(date(2027, 1, 4))}起：同城邮寄费 10.00 元 → 8.00 元" in html
    assert reverse("admin:regions_city_change", args=["370100"]) in html


def test_days_and_moments_that_the_book_keeps_read_as_on_every_page():
    told = facts.in_words(
        {"from_day": "2026-11-30", "since": "2026-12-05T16:00:00+00:00", "until": "2026-13-45"}
    )
    assert dict(told) == {
        "从哪一天": "2026年11月30日",
        "从（时刻）": moment(end_of(date(2026, 12, 5))),
        "到哪一天": "2026-13-45",
    }


def test_a_move_reads_from_which_status_to_which(auditor):
    make_card(CardStatus.ACTIVE)
    assert "封存 → 正常" in table(text(auditor.get(EVENTS, {"what": "card.ACTIVATE"})))
