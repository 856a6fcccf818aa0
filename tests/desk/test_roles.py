"""Each role on each URL of the admin, against one table, and what nobody is shown without a look.

"May" means that the answer is neither 403 nor a redirect to the sign-in page. It may still say that
the method is wrong, that the form is empty, or that there is nothing.
"""

from fnmatch import fnmatchcase
from http.cookies import SimpleCookie

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import transaction
from django.urls import reverse

from apps.desk import roles
from apps.desk.event_kinds import DeskLineAction
from apps.events.models import Event
from tests import seen_data
from tests.book import desk_events
from tests.desk.may import MAY
from tests.test_strangers import named_urls
from tests.whole_world import EVERYBODY, make_whole_world, member_of_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("silent")]

ADMIN_URLS = [(name, args) for name, args in named_urls() if name.startswith("admin:")]
# Fields of all forms at once: if a view read its form before checking permissions, it would pass.
FILLED_IN = {
    "q": "张",
    "action": "delete_selected",
    "_selected_action": "1",
    "post": "yes",
    "_save": "保存",
    "reason": "核对",
    "disclosure-reason": "核对",
    "status_since": "2026-11-23T02:03:00+00:00",
    "approve-status_since": "2026-11-23T02:03:00+00:00",
    "format": "CSV",
    "content": "masked",
}
# Pages that are only a form; their content is in a list.
FORMS_ONLY = {
    "admin:auth_user_password_change",
    "admin:phrasebook_phrase_change",
    "admin:saved_lists_savedlist_change",
}
# How the portal runs, which is for its operators.
OPERATORS_ONLY = {"admin:operations_alarm_changelist"}
# Where cards change hands. An auditor reads each step in the book.
HANDERS_ONLY = "admin:handout_"
# What an auditor's click writes down.
WRITTEN_BY_A_LOOK = {"events.Event"}


def line_of(name):
    return next((line for line in MAY if fnmatchcase(name, line[0])), None)


def address(world, name, args):
    values = world.arguments(name, args)
    assert values is not None, f"{name}: tests.world knows no value for {args}"
    return reverse(name, kwargs=values)


@pytest.fixture(scope="module")
def prepared_world(prepared):
    yield from prepared(make_whole_world)


@pytest.fixture
def world(db, prepared_world):
    return prepared_world


def is_let_in(response):
    is_sign_in = response.status_code == 302 and "login" in response["Location"]
    return not is_sign_in and response.status_code != 403


def answers(client, world, method):
    """(name, response) of every URL of the admin, each undone before the next one."""
    signed_in = SimpleCookie(client.cookies)
    for name, args in ADMIN_URLS:
        with transaction.atomic():
            response = getattr(client, method)(address(world, name, args))
            transaction.set_rollback(True)
        client.cookies = SimpleCookie(signed_in)
        yield name, response


@pytest.fixture(scope="module")
def pages():
    """What each role got at each URL by GET, as {role: [(name, response)]}, filled by `read`."""
    return {}


def read(client, world, pages, role):
    """(name, response) of every URL of the admin for a client in `role`, asked once a module."""
    if role not in pages:
        client.force_login(member_of_staff(role))
        pages[role] = list(answers(client, world, "get"))
    return pages[role]


def test_every_url_of_the_admin_stands_in_the_table():
    assert [name for name, _ in ADMIN_URLS if line_of(name) is None] == []


def test_every_line_of_the_table_names_a_url():
    used = [line_of(name) for name, _ in ADMIN_URLS]
    assert [line[0] for line in MAY if line not in used] == []


@pytest.mark.slow
def test_there_is_a_row_of_everything_that_the_admin_shows(world):
    empty = [
        model._meta.label for model in admin.site._registry if not model._default_manager.exists()
    ]
    assert empty == []


@pytest.mark.slow
@pytest.mark.parametrize("role", EVERYBODY)
def test_a_role_may_exactly_what_the_table_says(client, world, pages, role):
    wrong = []
    read_pages = read(client, world, pages, role)
    client.force_login(member_of_staff(role))
    posted = answers(client, world, "post")
    for column, method, answered in ((1, "get", read_pages), (2, "post", posted)):
        for name, response in answered:
            if response.status_code >= 500:
                wrong.append(f"{method} {name} answered {response.status_code}")
            elif is_let_in(response) != (role in line_of(name)[column]):
                wrong.append(f"{method} {name}: {response.status_code}")
    assert wrong == []


def everything():
    """Every row of every model but sessions, as text."""
    return {
        model._meta.label: sorted(str(row) for row in model._default_manager.values())
        for model in apps.get_models()
        if model._meta.label != "sessions.Session"
    }


@pytest.mark.slow
def test_an_auditor_changes_nothing_anywhere(client, world):
    client.force_login(member_of_staff(roles.AUDITOR))
    before = everything()
    for name, args in ADMIN_URLS:
        if name != "admin:logout":
            client.post(address(world, name, args), FILLED_IN)
    after = everything()
    changed = {label for label, rows in after.items() if rows != before[label]}
    assert changed <= WRITTEN_BY_A_LOOK
    assert changed, "a look is written down"
    events = desk_events().filter(by__groups__name=roles.AUDITOR)
    assert {event.action for event in events} <= {DeskLineAction.LOOK}


@pytest.mark.slow
def test_an_auditor_reads_every_list_and_every_kind_of_row(client, world):
    client.force_login(member_of_staff(roles.AUDITOR))
    unread = []
    for name, args in ADMIN_URLS:
        if not name.endswith(("_changelist", "_change")) or name in FORMS_ONLY | OPERATORS_ONLY:
            continue
        if name.startswith(HANDERS_ONLY):
            continue
        response = client.get(address(world, name, args))
        if response.status_code != 200:
            unread.append(f"{name} answered {response.status_code}")
    assert unread == []


@pytest.mark.parametrize(
    "role",
    [
        pytest.param(role, marks=[] if role == roles.FINANCE else pytest.mark.slow)
        for role in EVERYBODY
    ],
)
def test_no_page_shows_more_than_the_table_of_masks(client, world, pages, role):
    held = seen_data.values()
    assert all(held.values()), "there is something of everything to leak"
    shown = []
    for name, response in read(client, world, pages, role):
        if response.status_code == 200 and not response.streaming:
            shown += seen_data.leaks(name, response.content.decode(), held)
    assert shown == []


LOOKS = [
    ("admin:cards_cardrequest_disclose", lambda world: world.card_request.particulars.id_number),
    ("admin:people_guardianship_disclose", lambda world: world.claim.ward.id_number),
    ("admin:replacement_formalloss_disclose", lambda world: world.loss.declared_by.holder.phone),
    ("admin:people_holder_disclose", lambda world: world.owner.id_number),
]


@pytest.mark.parametrize(("name", "value"), LOOKS)
def test_what_the_table_opens_after_a_look_is_shown_with_its_event(client, world, name, value):
    client.force_login(member_of_staff(roles.SUPERVISOR))
    where, full = address(world, name, ["reference"]), value(world)
    before = Event.objects.looks().count()
    refused = client.post(where, {"reason": "", "disclosure-reason": ""}).content.decode()
    assert full not in refused
    assert Event.objects.looks().count() == before
    assert full in client.post(where, FILLED_IN).content.decode()
    assert Event.objects.looks().count() == before + 1
