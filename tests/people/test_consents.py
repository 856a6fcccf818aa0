"""Agreements: the texts, their versions, and the record that somebody agreed."""

import re
from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest
from django.db import connection
from django.template import loader
from django.urls import reverse

from apps.common import integrity
from apps.common.integrity import About
from apps.common.rules import rule_text
from apps.people import consents, services
from apps.people.enums import ConsentKind
from tests.factories.people import make_holder, make_ward
from tests.guards import without_guards

AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)

# Whoever changes a text writes the new day in apps.people.consents and the new version here: people
# agree to the text of a version, and the record names only the version.
VERSIONS = {
    ConsentKind.SERVICE: "2026-11-29-d1aad4da",
    ConsentKind.PRIVACY: "2026-11-30-164ef564",
    ConsentKind.SENSITIVE: "2026-11-24-3cddd9b7",
    ConsentKind.FACE: "2026-11-30-7da8e319",
    ConsentKind.THIRD_PARTY: "2026-11-29-de5e16d0",
    ConsentKind.CHILDREN: "2026-11-29-dbdbc238",
}


@pytest.mark.parametrize("kind", ConsentKind)
def test_a_changed_text_has_a_new_version(kind):
    assert consents.version(kind) == VERSIONS[kind]


@pytest.mark.parametrize("kind", ConsentKind)
def test_every_rule_that_a_text_names_changes_its_words_and_its_version(settings, kind):
    source = loader.get_template(f"people/consents/{kind.lower()}.html").template.source
    names = set(re.findall(r'{% rule "(\w+)"', source)) | {"ANSWER_WORKING_DAYS"}
    before, text = consents.version(kind), consents.text(kind)
    for name in names:
        old = getattr(settings, name)
        setattr(settings, name, old * 7)
        assert rule_text(name, gap=" ") in consents.text(kind)
        assert rule_text(name, gap=" ") not in text
        assert consents.version(kind) != before
        setattr(settings, name, old)
    assert consents.version(kind) == before


def test_another_operator_is_another_version(settings):
    before = consents.version(ConsentKind.PRIVACY)
    settings.PORTAL_OPERATOR = {"name": "某某大学人事处", "contact": "行政楼 101 室"}
    assert consents.version(ConsentKind.PRIVACY) != before


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ConsentKind)
def test_every_text_is_open_to_everybody_with_version_and_operator(client, settings, kind):
    settings.PORTAL_OPERATOR = {"name": "某某大学人事处", "contact": "行政楼 101 室"}
    response = client.get(reverse("people:consent_text", args=[kind.lower()]))
    page = response.content.decode()
    assert response.status_code == 200
    for words in (kind.label, consents.version(kind), "某某大学人事处", "行政楼 101 室", "12333"):
        assert words in page


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["nothing", "layout", "service-x"])
def test_another_name_is_not_found(client, kind):
    assert client.get(f"/agreements/{kind}/").status_code == 404


@pytest.mark.parametrize(
    ("kind", "duties"),
    [
        (ConsentKind.PRIVACY, ["用途", "保存多久", "交给谁", "更正", "撤回", "删除"]),
        (ConsentKind.SENSITIVE, ["为什么必须", "影响", "可以不同意", "撤回"]),
        (ConsentKind.FACE, ["不是唯一的方式", "手机验证码", "立即删除", "撤回"]),
        (ConsentKind.THIRD_PARTY, ["发卡银行", "制卡商", "寄递企业", "可以不同意"]),
        (ConsentKind.CHILDREN, ["有权拒绝", "14 周岁", "专人", "每年审计", "拒绝的后果"]),
    ],
)
def test_a_text_says_what_the_law_wants_said(kind, duties):
    text = re.sub(r"<[^>]+>", "", consents.text(kind))
    assert [duty for duty in duties if duty not in text] == []


@pytest.mark.django_db
def test_a_consent_is_stored_with_version_moment_person_and_address():
    holder = make_holder()
    services.record_consent(
        user=holder.user, holder=holder, kinds=[ConsentKind.FACE], ip="192.0.2.7", at=AT
    )
    consent = holder.consents.get()
    assert (consent.user, consent.kind, consent.given_at) == (holder.user, "FACE", AT)
    assert (consent.text_version, consent.ip) == (VERSIONS[ConsentKind.FACE], "192.0.2.7")


@pytest.mark.django_db
def test_who_agreed_to_an_older_text_is_asked_again(settings):
    holder = make_holder()
    kinds = [ConsentKind.SERVICE, ConsentKind.PRIVACY]
    assert not services.has_consented(user=holder.user, holder=holder, kinds=kinds)
    services.record_consent(user=holder.user, holder=holder, kinds=kinds, ip=None, at=AT)
    assert services.has_consented(user=holder.user, holder=holder, kinds=kinds)
    settings.DATA_RETENTION *= 2
    assert not services.has_consented(user=holder.user, holder=holder, kinds=kinds)


@pytest.mark.django_db
def test_a_consent_for_oneself_is_none_for_the_child():
    guardian = make_holder()
    ward = make_ward(guardian)
    kinds = [ConsentKind.CHILDREN]
    services.record_consent(user=guardian.user, holder=guardian, kinds=kinds, ip=None, at=AT)
    assert not services.has_consented(user=guardian.user, holder=ward, kinds=kinds)


def wrong():
    return [*chain(*integrity.verify(at=AT + timedelta(days=30), about=(About.ROWS,)).values())]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM people_consent WHERE kind = 'FACE'",
        "UPDATE people_consent SET given_at = '2026-01-01 00:00:00+00' WHERE kind = 'FACE'",
        "UPDATE people_consent SET text_version = '2020-01-01-00000000' WHERE kind = 'FACE'",
        "UPDATE people_consent SET withdrawn_at = given_at WHERE kind = 'FACE'",
        "UPDATE people_consent SET withdrawn_at = NULL WHERE kind = 'SERVICE'",
        "UPDATE people_consenttext SET words = '另一篇' WHERE kind = 'FACE'",
        "INSERT INTO people_consent (kind, text_version, given_at, user_id, holder_id)"
        " SELECT 'SENSITIVE', text_version, given_at, user_id, holder_id FROM people_consent"
        " WHERE kind = 'FACE'",
    ],
)
def test_a_consent_that_differs_from_the_sealed_book_is_named(change):
    holder = make_holder()
    kinds = [ConsentKind.FACE, ConsentKind.SERVICE]
    services.record_consent(user=holder.user, holder=holder, kinds=kinds, ip=None, at=AT)
    later = {"by": holder.user, "at": AT + timedelta(hours=1)}
    services.withdraw_consent(holder=holder, kind=ConsentKind.SERVICE, **later)
    assert wrong() == []
    with without_guards(), connection.cursor() as cursor:
        cursor.execute(change)
    assert len(wrong()) >= 1
