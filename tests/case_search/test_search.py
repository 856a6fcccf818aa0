"""What is searched for in the list of requests, what it finds, and where it never stands."""

import pytest
from django.contrib.auth import get_user
from django.urls import reverse

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.case_search.search import search
from apps.desk.event_kinds import HOLDER
from apps.events.models import Event
from tests.factories.cards import make_request
from tests.factories.payments import make_payment
from tests.factories.people import make_holder, make_ward

pytestmark = pytest.mark.django_db

LIST = reverse("admin:cards_cardrequest_changelist")


def found(desk, term):
    return [row.card_request.reference for row in desk.post(LIST, {"q": term}).context["rows"]]


@pytest.mark.parametrize("term", ["X2026-11-29", " x2026-11-29", "Ｘ2026-11-29"])
def test_a_tracking_number_is_found_as_the_carrier_writes_it(term):
    sent = make_request(RequestStatus.DISPATCHED)
    CardRequest.objects.filter(pk=sent.pk).update(tracking_number="X2026-11-29")
    assert search(term) == ([sent.pk], False)
    assert search("X2026-11-30") == ([], False)


@pytest.mark.parametrize(
    "term",
    [
        lambda card_request: card_request.reference.lower(),
        lambda card_request: f" {card_request.applicant.employee_number.lower()} ",
        lambda card_request: card_request.holder.id_number,
        lambda card_request: (
            f"{card_request.holder.id_number[:6]} {card_request.holder.id_number[6:]}"
        ),
        lambda card_request: card_request.holder.id_number[-4:],
        lambda card_request: "欧阳•娜娜",
        lambda card_request: "欧阳",
    ],
    ids=["reference", "employee number", "ID number", "in groups", "last four", "name", "prefix"],
)
def test_a_search_finds_in_every_status_by(desk, term):
    make_request(RequestStatus.ACCEPTED)
    wanted = make_request(RequestStatus.REJECTED, holder=make_holder(name="欧阳·娜娜"))
    assert found(desk, term(wanted)) == [wanted.reference]


@pytest.mark.sampled
@pytest.mark.parametrize(
    "term",
    [
        lambda card_request: card_request.holder.id_number[:14],
        lambda card_request: card_request.holder.id_number[-5:],
        lambda card_request: card_request.holder.id_number[:4],
        lambda card_request: card_request.holder.phone[:10],
        lambda card_request: card_request.holder.phone[-8:],
        lambda card_request: "娜娜",
        lambda card_request: "%",
        lambda card_request: "·",
    ],
)
def test_a_search_does_not_find_by_another_part(desk, term):
    card_request = make_request(RequestStatus.ACCEPTED, holder=make_holder(name="欧阳·娜娜"))
    assert found(desk, term(card_request)) == []


def test_a_guardian_is_found_with_the_request_of_the_child(desk):
    guardian = make_holder(name="王大力")
    card_request = make_request(
        RequestStatus.ACCEPTED, holder=make_ward(guardian), by=guardian.user
    )
    assert found(desk, "王大力") == [card_request.reference]
    assert found(desk, guardian.user.employee_number) == [card_request.reference]


def test_who_was_renamed_since_is_found_by_both_names(desk):
    card_request = make_request(RequestStatus.ACCEPTED, holder=make_holder(name="李丽"))
    card_request.holder.name = "李莉"
    card_request.holder.save()
    assert found(desk, "李丽") == found(desk, "李莉") == [card_request.reference]


def test_a_draft_is_not_found(desk):
    draft = make_request(RequestStatus.DRAFT)
    assert found(desk, draft.reference) == []


def test_more_than_fit_are_cut_and_said_to_be_more(desk):
    for _ in range(3):
        make_request(RequestStatus.ACCEPTED)
    pks, has_more = search("张", most=2)
    assert (len(pks), has_more) == (2, True)
    assert search("张", most=3)[1] is False


@pytest.mark.sampled
@pytest.mark.parametrize(
    "term", ["", "   ", "\x00", "\u200b\ufeff", "长" * 61, "'; DROP", "\U0010ffff", "-" * 60]
)
def test_odd_terms_find_nothing_and_break_nothing(desk, term):
    make_request(RequestStatus.ACCEPTED)
    response = desk.post(LIST, {"q": term})
    assert response.status_code == 200
    assert response.context["rows"] == []


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("stored", "terms"),
    [
        ("张超", ["张\x00超", "\u202a张\u00a0超\u202c", "张\u200d超", "张　超"]),
        ("张文长", ["张⽂⻓", "张⽂"]),
        (
            "JEAN-PIERRE EXAMPLE",
            ["ＪＥＡＮ－ＰＩＥＲＲＥ", "jean pierre", "Example Jean–Pierre", "jeanpierre ex"],
        ),
        ("O'EXAMPLE PATRICK", ["o’example", "OEXAMPLE", "Patrick O`Example", "O EXAMPLE"]),
        ("José García", ["JOSE", "jose\u0301 garci\u0301a", "GARCIA JOSE"]),
        ("JOSE GARCIA", ["José", "JOSÉ GARCÍA"]),
        ("Hans Müller", ["Hans Mueller", "müller hans", "MUELLER HANS", "hans muller"]),
        ("Åsa Łukasz", ["asa lukasz", "A\u030asa"]),
        ("阿卜杜·买买提", ["阿卜杜买买提", "阿卜杜.买", "阿卜杜・买买提", "阿卜杜。买买提"]),
        ("ヤマダハナコ", ["ﾔﾏﾀﾞ ﾊﾅｺ"]),
    ],
)
def test_a_name_is_found_in_every_usual_spelling(desk, stored, terms):
    make_request(RequestStatus.ACCEPTED, holder=make_holder(name="李丽"))
    wanted = make_request(RequestStatus.ACCEPTED, holder=make_holder(name=stored))
    for term in terms:
        assert found(desk, term) == [wanted.reference], term


def test_what_is_searched_for_stands_in_no_address(desk):
    make_request(RequestStatus.ACCEPTED)
    page = desk.post(LIST, {"q": "张超"}).content.decode()
    assert "q=" not in page
    assert "%E5%BC%A0" not in page


def test_a_search_keeps_what_was_typed_and_shows_no_more_than_the_masks(desk):
    card_request = make_request(RequestStatus.ACCEPTED)
    page = desk.post(LIST, {"q": card_request.holder.id_number[-4:]}).content.decode()
    assert f'value="{card_request.holder.id_number[-4:]}"' in page
    assert "张超" not in page
    assert card_request.holder.id_number not in page


def looks():
    return list(Event.objects.of_kind(HOLDER).order_by("pk"))


@pytest.mark.parametrize(
    ("term", "what"),
    [
        (lambda card_request: card_request.holder.phone, "手机号"),
        (lambda card_request: f"+86 {card_request.holder.phone}", "手机号"),
        (lambda card_request: card_request.card.card_number.lower(), "社保卡号"),
        (lambda card_request: card_request.holder.id_number, "社会保障号码"),
    ],
    ids=["phone", "phone with country code", "card number", "ID number"],
)
def test_a_person_s_own_number_finds_and_is_a_look(desk, term, what):
    make_request(RequestStatus.COLLECTED)
    wanted = make_request(RequestStatus.COLLECTED)
    assert found(desk, term(wanted)) == [wanted.reference]
    (look,) = looks()
    assert (look.holder_id, look.by) == (wanted.holder_id, get_user(desk))
    assert (look.action, look.facts) == ("LOOK", {"what": f"按{what}查找"})


def test_a_number_that_nobody_has_is_recorded_as_well(desk):
    assert found(desk, "13712345678") == []
    (look,) = looks()
    assert (look.holder_id, look.facts) == (
        None,
        {"what": "按手机号查找、按社会保障号码查找，没有找到"},
    )


def test_a_public_number_finds_and_is_no_look(desk):
    sent, ordered = make_request(RequestStatus.DISPATCHED), make_payment()
    assert found(desk, sent.tracking_number) == [sent.reference]
    assert found(desk, ordered.reference) == [ordered.card_request.reference]
    assert looks() == []
    assert found(desk, sent.tracking_number[:-1]) == []


def test_the_phone_of_a_guardian_finds_the_child_s_request(desk):
    guardian = make_holder()
    wanted = make_request(RequestStatus.ACCEPTED, holder=make_ward(guardian), by=guardian.user)
    assert found(desk, guardian.phone) == [wanted.reference]
