"""转给同事, 请同事看: who holds the case then, who is told, and who never reads the notes."""

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.common.refusals import Refused
from apps.desk.claims import services as claims
from apps.desk.claims.live import claim_of
from apps.desk.models import Referral
from apps.desk.referrals import services
from apps.encryption import public_keys
from apps.events.models import Event
from apps.notices.models import Notice
from apps.notices.services import collect
from tests.book import desk_events
from tests.factories.cards import AT, make_request
from tests.factories.formal_losses import make_formal_loss
from tests.factories.people import make_holder, make_registration, make_reviewer, make_ward

pytestmark = pytest.mark.django_db

NOTE = "照片像是她妹妹，请帮忙看看"
LIST = reverse("admin:cards_cardrequest_changelist")
MAKE = {
    "request": lambda: make_request(RequestStatus.ACCEPTED, at=timezone.now()),
    "loss": lambda: make_formal_loss(at=timezone.now()),
    "child": lambda: make_registration(make_holder(), at=timezone.now()),
}


def url(subject, name="change"):
    label = f"{subject._meta.app_label}_{subject._meta.model_name}"
    return reverse(f"admin:{label}_{name}", args=[subject.reference])


def refer(desk, subject, to, kind="HAND_OVER", note=NOTE):
    data = {"refer-kind": kind, "refer-to": public_keys.of(to), "refer-note": note}
    return desk.post(url(subject, "refer"), data, follow=True).content.decode()


@pytest.fixture
def colleague(db):
    return make_holder(name="周同事", user=make_reviewer()).user


@pytest.mark.parametrize("make", MAKE.values(), ids=MAKE)
def test_what_is_handed_over_is_the_colleague_s_who_is_told(desk, reviewer, colleague, make):
    subject = make()
    claims.claim(subject=subject, by=reviewer, at=timezone.now())
    assert "已转给周同事" in refer(desk, subject, colleague)
    assert claim_of(subject, at=timezone.now()).by == colleague
    event = desk_events().get(action="HAND_OVER")
    assert (event.by, event.subject_id) == (reviewer, subject.pk)
    assert NOTE not in f"{event.reason}{event.facts}"
    collect(at=timezone.now(), limit=100)
    told = Notice.objects.filter(event=event)
    assert {notice.recipient for notice in told} == {colleague}
    assert NOTE in desk.get(url(subject)).content.decode()


def words(text, page):
    """An answer to the question that the `page` of a case shows."""
    form = page.context["answering"]
    return {"answer_colleague-text": text, "answer_colleague-asked_at": form["asked_at"].value()}


@pytest.mark.parametrize("make", MAKE.values(), ids=MAKE)
def test_a_colleague_who_is_asked_answers_and_the_asker_is_told(desk, reviewer, colleague, make):
    subject = make()
    claims.claim(subject=subject, by=reviewer, at=timezone.now())
    assert "已请周同事看" in refer(desk, subject, colleague, "ASK")
    assert claim_of(subject, at=timezone.now()).by == reviewer
    desk.force_login(colleague)
    assert "答复同事" in desk.get(url(subject)).content.decode()
    desk.post(url(subject, "answer_colleague"), words("是本人", desk.get(url(subject))))
    assert Referral.objects.get().answer == "是本人"
    desk.force_login(reviewer)
    page = desk.get(url(subject)).content.decode()
    assert "周同事答复" in page
    assert "是本人" in page
    collect(at=timezone.now(), limit=100)
    answered = desk_events().get(action="ANSWER_COLLEAGUE")
    assert {n.recipient for n in Notice.objects.filter(event=answered)} == {reviewer}


@pytest.mark.parametrize("make", MAKE.values(), ids=MAKE)
def test_who_answers_what_was_answered_keeps_the_words(desk, reviewer, colleague, make):
    subject = make()
    claims.claim(subject=subject, by=reviewer, at=timezone.now())
    refer(desk, subject, colleague, "ASK")
    desk.force_login(colleague)
    answer, page = url(subject, "answer_colleague"), desk.get(url(subject))
    desk.post(answer, words("是本人", page))
    again = desk.post(answer, words("像是她妹妹，请再看", page))
    assert again.status_code == 200
    html = again.content.decode()
    assert "这里没有等您答复的问题了" in html
    assert "像是她妹妹，请再看" in html
    assert Referral.objects.get().answer == "是本人"


def test_an_answer_is_for_the_question_that_the_page_showed(desk, reviewer, colleague):
    case, second = make_request(RequestStatus.ACCEPTED), make_reviewer()
    refer(desk, case, colleague, "ASK")
    desk.force_login(colleague)
    page = desk.get(url(case))
    at = timezone.now()
    later = services.ask(subject=case, to=colleague, note="地址对吗", by=second, at=at)
    desk.post(url(case, "answer_colleague"), words("照片是本人", page))
    assert Referral.objects.get(by=reviewer).answer == "照片是本人"
    later.refresh_from_db()
    assert later.answered_at is None
    assert "地址对吗" in desk.get(url(case)).content.decode()


def test_it_waits_in_a_list_of_the_colleague_until_it_is_decided(desk, reviewer, colleague):
    card_request = make_request(RequestStatus.ACCEPTED)
    other = make_request(RequestStatus.ACCEPTED)
    refer(desk, card_request, colleague, "ASK")
    desk.force_login(colleague)
    page = desk.get(LIST, {"held": "referred"}).content.decode()
    assert card_request.reference in page
    assert other.reference not in page
    assert "转给我、请我看的" in desk.get(reverse("admin:index")).content.decode()
    page = desk.get(url(card_request))
    desk.post(url(card_request, "answer_colleague"), words("是本人", page))
    assert card_request.reference not in desk.get(LIST, {"held": "referred"}).content.decode()


def test_the_applicant_never_reads_a_note(client, reviewer, colleague):
    card_request = make_request(RequestStatus.ACCEPTED)
    services.ask(subject=card_request, to=colleague, note=NOTE, by=reviewer, at=AT)
    collect(at=timezone.now(), limit=100)
    client.force_login(card_request.applicant)
    pages = [reverse("progress:detail", args=[card_request.reference]), reverse("my_data:index")]
    pages += [reverse("home:records"), reverse("home:messages")]
    for page in pages:
        answer = client.get(page).content.decode()
        assert NOTE not in answer
        assert "请同事看" not in answer
    copy = client.post(reverse("my_data:copy"), {"format": "json"})
    assert NOTE not in b"".join(copy).decode()


@pytest.mark.parametrize("make", MAKE.values(), ids=MAKE)
def test_colleagues_are_listed_where_the_link_leads_as_a_page_and_as_a_part(desk, colleague, make):
    subject = make()
    case = f"{url(subject)}?_changelist_filters=state%3Dall"
    assert "周同事" not in (page := desk.get(case).content.decode())
    address = f"{url(subject, 'refer')}?_changelist_filters=state%3Dall"
    assert f'href="{address}"' in page
    page = desk.get(address).content.decode()
    assert "周同事（" in page
    assert f'href="{case}"' in page
    part = desk.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "周同事（" in part
    assert "<html" not in part
    assert f'action="{address}"' in part


def test_nobody_refers_what_a_colleague_holds(desk, colleague):
    card_request = make_request(RequestStatus.ACCEPTED)
    claims.claim(subject=card_request, by=colleague, at=timezone.now())
    page = desk.get(url(card_request, "refer")).content.decode()
    assert "周同事已于" in page
    assert "refer-to" not in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"refer-to": ""}, "请选择一位同事。"),
        ({"refer-kind": "ASK", "refer-note": ""}, "请写明想请同事看什么。"),
        ({"refer-note": "长" * 501}, "最多 500 个字，请写得短一些。"),
        ({"refer-kind": "GIVE"}, "请选择怎样转。"),
    ],
)
def test_bad_input_is_told_beside_its_field(desk, colleague, change, sentence):
    card_request = make_request(RequestStatus.ACCEPTED)
    data = {
        "refer-kind": "HAND_OVER",
        "refer-to": public_keys.of(colleague),
        "refer-note": "请接着办",
    } | change
    page = desk.post(url(card_request, "refer"), data).content.decode()
    assert sentence in page
    assert not Referral.objects.exists()


def test_it_goes_to_nobody_who_may_not_decide_it(reviewer, colleague):
    child = make_ward(colleague.holder)
    own = make_request(RequestStatus.ACCEPTED, holder=child, by=colleague)
    card_request = make_request(RequestStatus.ACCEPTED)
    refused = {
        (own, colleague): "party_of_colleague",
        (card_request, reviewer): "myself",
        (card_request, make_holder(name="钱老师").user): "no_reviewer",
    }
    for (subject, to), words in refused.items():
        with pytest.raises(Refused, match=words):
            services.hand_over(subject=subject, to=to, note="", by=reviewer, at=AT)
    assert not Event.objects.filter(action="HAND_OVER").exists()


def test_what_a_colleague_holds_cannot_be_given_away(reviewer, colleague):
    card_request = make_request(RequestStatus.ACCEPTED)
    at = timezone.now()
    claims.claim(subject=card_request, by=make_reviewer(), at=at)
    with pytest.raises(Refused, match="held_by_other"):
        services.hand_over(subject=card_request, to=colleague, note="", by=reviewer, at=at)
