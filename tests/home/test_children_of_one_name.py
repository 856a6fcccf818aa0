"""Two children of the same name are told apart wherever their parent reads of them."""

from datetime import date

import pytest
from django.urls import reverse

from apps.cards.enums import CardStatus, RequestStatus
from apps.guardianships import services as guardianships
from apps.notices import services as notices
from apps.notices.models import Notice
from apps.people.enums import Sex
from apps.typed_text.id_numbers import check_character
from tests.factories.cards import make_card, make_request
from tests.factories.moments import ago
from tests.factories.payments import make_addressed
from tests.factories.people import make_holder, make_registration, make_reviewer, make_ward

pytestmark = pytest.mark.django_db

PAGES = [
    "home:home",
    "home:records",
    "progress:list",
    "my_data:index",
    "my_data:correct",
    "application:guide_for_child",
    "children:list",
]


def page(client, parent, name, *arguments, **query):
    client.force_login(parent.user)
    return client.get(reverse(name, args=arguments), query, follow=True).content.decode()


def tail(child):
    return f"*乐（尾号 {child.id_number[-4:]}）"


@pytest.mark.parametrize("name", PAGES)
def test_children_of_one_name_are_told_apart(client, name):
    parent = make_holder()
    one = make_ward(parent, birth_date=date(2015, 3, 1))
    alone = page(client, parent, name)
    other = make_ward(parent, birth_date=date(2019, 9, 9))
    both = page(client, parent, name)
    assert "*乐" in alone
    assert "尾号" not in alone
    for child in (one, other):
        assert tail(child) in both


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (CardStatus.SEALED, "activation:guide"),
        (CardStatus.ACTIVE, "loss_report:guide"),
        (CardStatus.LOST, "replacement:guide"),
        (CardStatus.ACTIVE, "progress:list"),
        (CardStatus.ACTIVE, "home:records"),
        (CardStatus.SEALED, "home:home"),
    ],
)
def test_their_cards_are_told_apart(client, status, name):
    parent = make_holder()
    pair = [make_ward(parent), make_ward(parent)]
    for child in pair:
        make_card(status, holder=child, by=parent.user, at=ago(days=2))
    html = page(client, parent, name)
    for child in pair:
        assert tail(child) in html


def test_a_request_says_for_which_of_them_it_is(client):
    parent = make_holder()
    pair = [make_ward(parent), make_ward(parent)]
    asked = make_addressed(RequestStatus.SUBMITTED, holder=pair[0], by=parent.user, at=ago(hours=2))
    for name in ("progress:detail", "payments:pay"):
        html = page(client, parent, name, asked.reference)
        assert tail(pair[0]) in html
        assert tail(pair[1]) not in html


def test_messages_say_which_of_them(client):
    parent = make_holder()
    pair = [make_ward(parent), make_ward(parent), make_ward(parent, sex=Sex.MALE)]
    for child in pair:
        make_request(RequestStatus.ACCEPTED, holder=child, by=parent.user, at=ago(hours=2))
    notices.collect(at=ago(hours=1), limit=100)
    notices.send_due(at=ago(hours=1), limit=100)
    texts = "".join(notice.text for notice in Notice.objects.filter(recipient=parent.user))
    html = page(client, parent, "home:messages")
    for child in pair:
        assert f"您子女*乐（身份证尾号 {child.id_number[-4:]}）的" in texts
        assert f"子女 {tail(child)}" in html


def test_a_batch_of_messages_reads_the_families_once(django_assert_max_num_queries):
    numbers = []
    for children in (2, 5):
        parent = make_holder()
        for _ in range(children):
            child = make_ward(parent)
            make_request(RequestStatus.ACCEPTED, holder=child, by=parent.user, at=ago(hours=2))
        notices.collect(at=ago(hours=1), limit=100)
        with django_assert_max_num_queries(200) as asked:
            notices.send_due(at=ago(hours=1), limit=100)
        sql = [query["sql"] for query in asked.captured_queries]
        of_guardians = [each for each in sql if 'WHERE "people_holder"."user_id" ' in each]
        numbers.append(len(of_guardians))
    # Of the messages, and of those about registrations.
    assert numbers == [2, 2]


def alike(parent, *born):
    """Children of one name whose numbers have the same end: of two areas, or of two days."""
    made, numbers = [], {}
    for birth_date in born:
        for area in range(370000, 379999):
            first17 = f"{area}{birth_date:%Y%m%d}018"
            number = first17 + check_character(first17)
            if number.endswith("X") and number not in numbers.values():
                break
        child = make_ward(parent, birth_date=birth_date)
        numbers[child.pk] = child.id_number = number
        child.save(update_fields=["id_number"])
        made.append(child)
    return made


@pytest.mark.parametrize(
    ("born", "words"),
    [
        ((date(2015, 3, 1), date(2019, 9, 9)), ["，2015年3月1日生", "，2019年9月9日生"]),
        (
            (date(2015, 3, 1), date(2015, 3, 1)),
            ["，2015年3月1日生", "，2015年3月1日生，第 2 个登记"],
        ),
    ],
)
def test_children_whose_numbers_end_alike_are_told_apart_too(client, born, words):
    parent = make_holder()
    one, other = alike(parent, *born)
    for child in (one, other):
        make_request(RequestStatus.ACCEPTED, holder=child, by=parent.user, at=ago(hours=2))
    notices.collect(at=ago(hours=1), limit=100)
    notices.send_due(at=ago(hours=1), limit=100)
    texts = "".join(notice.text for notice in Notice.objects.filter(recipient=parent.user))
    both = "".join(page(client, parent, name) for name in PAGES)
    for end in words:
        assert f"*乐（尾号 018X{end}）" in both
        assert f"*乐（身份证尾号 018X{end}）" in texts


def test_another_parent_and_a_refused_registration_make_no_difference(client):
    parent, other = make_holder(), make_holder()
    child = make_ward(parent)
    make_ward(other)
    wrong = make_registration(parent)
    guardianships.refuse(
        guardianship=wrong, reason="号码抄错了", by=make_reviewer(), at=ago(days=1)
    )
    assert tail(child) not in page(client, parent, "home:home")


def test_a_child_with_another_name_keeps_the_short_form(client):
    parent = make_holder()
    make_ward(parent)
    other = make_ward(parent)
    type(other).objects.filter(pk=other.pk).update(name="张宁")
    assert "尾号" not in page(client, parent, "home:home")
