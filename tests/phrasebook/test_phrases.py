"""The phrasebook: read by all reviewers, changed by supervisors, every change on record."""

import pytest
from django.urls import reverse

from apps.desk import roles
from apps.phrasebook import services
from apps.phrasebook.models import REJECTION, Phrase, topics
from apps.requests import registry
from tests.book import desk_events
from tests.factories.cards import AT
from tests.factories.people import make_colleague
from tests.shown import send

pytestmark = pytest.mark.django_db

LIST = reverse("admin:phrasebook_phrase_changelist")


@pytest.fixture
def supervisor():
    return make_colleague(roles.SUPERVISOR)


@pytest.fixture
def book(client, supervisor):
    """A browser in which the supervisor is signed in."""
    client.force_login(supervisor)
    return client


def url(name, phrase):
    return reverse(f"admin:phrasebook_phrase_{name}", args=[phrase.reference])


def texts(topic):
    return list(Phrase.objects.filter(topic=topic).offered().values_list("text", flat=True))


def last_event():
    return desk_events().order_by("-pk").first()


def test_the_book_begins_with_a_sentence_for_every_topic():
    assert set(registry.amendable()) < set(topics())
    assert set(Phrase.objects.values_list("topic", flat=True)) == set(topics())


def test_a_supervisor_adds_a_phrase_at_the_end(book, supervisor):
    address = reverse("admin:phrasebook_phrase_add", args=["phone"])
    assert book.post(address, {"text": " 手机号是别人的 "}).url == LIST
    assert texts("phone")[-1] == "手机号是别人的"
    event = last_event()
    assert (event.by, event.action) == (supervisor, "CHANGE")
    assert event.facts["to"] == "手机号是别人的"


def test_the_same_sentence_twice_is_refused_and_what_was_typed_stays(book):
    phrase = Phrase.objects.filter(topic="phone").first()
    address = reverse("admin:phrasebook_phrase_add", args=["phone"])
    page = book.post(address, {"text": phrase.text}).content.decode()
    assert "这里已经有同样的一句" in page
    assert f'value="{phrase.text}"' in page
    assert Phrase.objects.filter(topic="phone", text=phrase.text).count() == 1


@pytest.mark.parametrize(("text", "sentence"), [("  ", "请填写"), ("长" * 201, "最多 200 个字")])
def test_a_phrase_without_words_or_with_too_many_is_shown_again(book, text, sentence):
    answer = book.post(reverse("admin:phrasebook_phrase_add", args=["phone"]), {"text": text})
    assert sentence in answer.content.decode()


def test_an_unknown_topic_is_not_found(book):
    address = reverse("admin:phrasebook_phrase_add", args=["weather"])
    assert book.post(address, {"text": "x"}).status_code == 404


def test_an_edited_phrase_leaves_the_old_words_on_record(book):
    phrase = Phrase.objects.filter(topic=REJECTION).first()
    assert phrase.text in book.get(url("change", phrase)).content.decode()
    assert send(book, url("change", phrase), {"text": "新的一句"}).url == LIST
    assert last_event().facts | {"old": phrase.text, "to": "新的一句"} == last_event().facts
    page = book.get(LIST).content.decode()
    assert f"<del>{phrase.text}</del>" in page


def test_an_edit_into_another_phrase_of_the_topic_is_refused(supervisor):
    first, second = Phrase.objects.filter(topic=REJECTION)[:2]
    with pytest.raises(services.Duplicate):
        services.edit(phrase=first, text=second.text, was=first.text, by=supervisor, at=AT)


def test_saying_the_same_again_is_no_change(supervisor):
    phrase = Phrase.objects.first()
    services.edit(phrase=phrase, text=phrase.text, was="", by=supervisor, at=AT)
    assert last_event() is None


def test_a_deactivated_phrase_is_offered_no_longer_and_can_come_back(book):
    phrase = Phrase.objects.filter(topic="phone").first()
    for _ in range(2):
        book.post(url("deactivate", phrase))
    assert phrase.text not in texts("phone")
    assert "已停用" in book.get(LIST).content.decode()
    book.post(url("reactivate", phrase))
    assert phrase.text in texts("phone")
    assert desk_events().count() == 2


def test_phrases_move_within_their_topic_and_stop_at_its_ends(book):
    first, second, *rest = texts("portrait")
    phrase = Phrase.objects.get(text=second)
    book.post(url("move_up", phrase))
    assert texts("portrait") == [second, first, *rest]
    book.post(url("move_up", phrase))
    assert texts("portrait") == [second, first, *rest]
    book.post(url("move_down", phrase))
    assert texts("portrait") == [first, second, *rest]
    assert desk_events().count() == 2


@pytest.mark.parametrize("role", [roles.REVIEWER, roles.AUDITOR])
def test_others_read_the_book_and_change_nothing(client, role):
    client.force_login(make_colleague(role))
    phrase = Phrase.objects.first()
    page = client.get(LIST).content.decode()
    assert phrase.text in page
    assert "添加一句" not in page
    for name in ("change", "deactivate", "reactivate", "move_up", "move_down"):
        assert client.post(url(name, phrase), {"text": "x"}).status_code == 403
    address = reverse("admin:phrasebook_phrase_add", args=["phone"])
    assert client.post(address, {"text": "x"}).status_code == 403


def test_the_administrator_of_accounts_has_no_business_here(client):
    client.force_login(make_colleague(roles.ADMINISTRATOR))
    assert client.get(LIST).status_code == 403


def test_the_list_costs_the_same_for_any_number_of_phrases(book, django_assert_max_num_queries):
    for number in range(40):
        Phrase.objects.create(topic="phone", text=f"第 {number} 句", position=number)
    with django_assert_max_num_queries(10):
        book.get(LIST)
