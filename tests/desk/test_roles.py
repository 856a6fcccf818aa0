"""Each role on each URL of the admin, against one table, and what nobody is shown without a look.

"May" means that the answer is neither 403 nor the way to the sign-in page: whoever may may still be
told that the method is wrong, that the form is empty, or that there is nothing.
"""

import logging
from fnmatch import fnmatchcase
from http.cookies import SimpleCookie

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import transaction
from django.urls import reverse

from apps.cards.models import Card
from apps.delivery.models import Shipment
from apps.desk import roles
from apps.desk.event_kinds import LineAction
from apps.people.models import Holder
from tests.book import desk_events
from tests.factories.cards import COMPLETE
from tests.test_strangers import named_urls
from tests.whole_world import EVERYBODY, ROOT, make_whole_world, member_of_staff

pytestmark = pytest.mark.django_db

ALL = {*EVERYBODY}
NOBODY: set[str] = set()
ONLY_ROOT = {ROOT}
READERS = {roles.REVIEWER, roles.SUPERVISOR, roles.AUDITOR, ROOT}
REVIEWERS = {roles.REVIEWER, roles.SUPERVISOR, ROOT}
SUPERVISORS = {roles.SUPERVISOR, ROOT}
AUDITORS = {roles.AUDITOR, ROOT}
ACCOUNTS = {roles.ADMINISTRATOR, ROOT}

# (names of URLs, who may GET, who may POST). The first line that fits a name counts; so what is
# special stands above what is general. A list that somebody reads may be posted to: it is a list.
MAY = [
    ("admin:index", ALL, ALL),
    ("admin:app_list", ALL, ALL),
    ("admin:jsi18n", ALL, ALL),
    ("admin:view_on_site", ALL, ALL),
    ("admin:logout", ALL, ALL),
    ("admin:password_change", ALL, ALL),
    ("admin:password_change_done", ALL, ALL),
    ("admin:login", NOBODY, NOBODY),  # who is signed in and comes here lacks the right to go on
    ("admin:autocomplete", AUDITORS, ALL),
    # Requests
    ("admin:cards_cardrequest_changelist", READERS, READERS),
    ("admin:cards_cardrequest_change", READERS, READERS),
    ("admin:cards_cardrequest_disclose", READERS, READERS),
    ("admin:cards_cardrequest_portrait", READERS, READERS),
    ("admin:cards_cardrequest_portrait_before", READERS, READERS),
    ("admin:cards_cardrequest_reference_photo", READERS, READERS),
    ("admin:cards_cardrequest_preview_*", REVIEWERS, REVIEWERS),
    ("admin:cards_cardrequest_next", REVIEWERS, REVIEWERS),
    ("admin:cards_cardrequest_claim", REVIEWERS, REVIEWERS),
    ("admin:cards_cardrequest_release", REVIEWERS, REVIEWERS),
    ("admin:cards_cardrequest_take_over", REVIEWERS, REVIEWERS),
    ("admin:cards_cardrequest_approve", REVIEWERS, REVIEWERS),
    ("admin:cards_cardrequest_request_amendment", REVIEWERS, REVIEWERS),
    ("admin:cards_cardrequest_reject", REVIEWERS, REVIEWERS),
    ("admin:cards_cardrequest_recall", REVIEWERS, REVIEWERS),
    # Decisions in bulk
    ("admin:bulk_bulkrun_changelist", READERS, READERS),
    ("admin:bulk_bulkrun_change", READERS, READERS),
    ("admin:bulk_bulkrun_*", REVIEWERS, REVIEWERS),
    # The phrasebook
    ("admin:review_phrase_changelist", READERS, READERS),
    # A phrase stands whole in the list: its page is the form.
    ("admin:review_phrase_*", SUPERVISORS, SUPERVISORS),
    # Formal losses
    ("admin:replacement_formalloss_changelist", READERS, READERS),
    ("admin:replacement_formalloss_change", READERS, READERS),
    ("admin:replacement_formalloss_next", REVIEWERS, REVIEWERS),
    ("admin:replacement_formalloss_claim", REVIEWERS, REVIEWERS),
    ("admin:replacement_formalloss_release", REVIEWERS, REVIEWERS),
    ("admin:replacement_formalloss_take_over", REVIEWERS, REVIEWERS),
    ("admin:replacement_formalloss_confirm", REVIEWERS, REVIEWERS),
    ("admin:replacement_formalloss_refuse", REVIEWERS, REVIEWERS),
    ("admin:replacement_formalloss_withdraw", REVIEWERS, REVIEWERS),
    # Guardianships
    ("admin:people_guardianship_changelist", READERS, READERS),
    ("admin:people_guardianship_change", READERS, READERS),
    ("admin:people_guardianship_disclose", READERS, READERS),
    ("admin:people_guardianship_proof", READERS, READERS),
    ("admin:people_guardianship_next", REVIEWERS, REVIEWERS),
    ("admin:people_guardianship_claim", REVIEWERS, REVIEWERS),
    ("admin:people_guardianship_release", REVIEWERS, REVIEWERS),
    ("admin:people_guardianship_take_over", REVIEWERS, REVIEWERS),
    ("admin:people_guardianship_confirm", REVIEWERS, REVIEWERS),
    ("admin:people_guardianship_refuse", REVIEWERS, REVIEWERS),
    # Exports
    ("admin:exports_export_changelist", READERS, READERS),
    ("admin:exports_export_change", READERS, READERS),
    ("admin:exports_export_new", REVIEWERS, REVIEWERS),
    ("admin:exports_export_file", REVIEWERS, REVIEWERS),
    # The bureau
    ("admin:bureau_productionbatch_changelist", READERS, READERS),
    ("admin:bureau_productionbatch_change", READERS, READERS),
    ("admin:bureau_productionbatch_retry", SUPERVISORS, SUPERVISORS),
    ("admin:bureau_bureaureport_changelist", READERS, READERS),
    ("admin:bureau_bureaureport_retry", SUPERVISORS, SUPERVISORS),
    ("admin:bureau_bureaufile_changelist", READERS, READERS),
    ("admin:bureau_bureaufile_change", READERS, READERS),
    ("admin:bureau_bureaufile_*", SUPERVISORS, SUPERVISORS),
    ("admin:bureau_quarantinedline_changelist", READERS, READERS),
    ("admin:bureau_quarantinedline_change", READERS, READERS),
    ("admin:bureau_quarantinedline_look", READERS, READERS),
    ("admin:bureau_quarantinedline_*", SUPERVISORS, SUPERVISORS),
    # The roster
    ("admin:roster_rosterupload_changelist", SUPERVISORS | AUDITORS, SUPERVISORS | AUDITORS),
    ("admin:roster_rosterupload_change", SUPERVISORS | AUDITORS, SUPERVISORS | AUDITORS),
    ("admin:roster_rosterupload_template", SUPERVISORS | AUDITORS, SUPERVISORS | AUDITORS),
    ("admin:roster_rosterupload_problems", SUPERVISORS | AUDITORS, SUPERVISORS | AUDITORS),
    ("admin:roster_rosterupload_progress", SUPERVISORS | AUDITORS, SUPERVISORS | AUDITORS),
    ("admin:roster_rosterupload_*", SUPERVISORS, SUPERVISORS),
    # Accounts
    ("admin:people_user_changelist", AUDITORS | ACCOUNTS, AUDITORS | ACCOUNTS),
    ("admin:people_user_history", AUDITORS | ACCOUNTS, AUDITORS | ACCOUNTS),
    ("admin:people_user_change", AUDITORS | ACCOUNTS, ACCOUNTS),
    ("admin:people_user_add", ACCOUNTS, ACCOUNTS),
    ("admin:auth_user_password_change", ACCOUNTS, ACCOUNTS),
    ("admin:people_user_delete", NOBODY, NOBODY),
    ("admin:auth_group_add", ONLY_ROOT, ONLY_ROOT),
    ("admin:auth_group_change", AUDITORS, ONLY_ROOT),
    ("admin:auth_group_delete", ONLY_ROOT, ONLY_ROOT),
    # People
    ("admin:people_holder_changelist", SUPERVISORS | AUDITORS, SUPERVISORS | AUDITORS),
    ("admin:people_holder_history", SUPERVISORS | AUDITORS, SUPERVISORS | AUDITORS),
    ("admin:people_holder_change", SUPERVISORS | AUDITORS, SUPERVISORS),
    ("admin:people_holder_disclose", SUPERVISORS | AUDITORS, SUPERVISORS | AUDITORS),
    # Regions and rules
    ("admin:regions_city_changelist", READERS, READERS),
    ("admin:regions_city_change", READERS, READERS),
    ("admin:regions_city_*", SUPERVISORS, SUPERVISORS),
    ("admin:regions_bank_change", AUDITORS, NOBODY),
    ("admin:regions_bank_add", NOBODY, NOBODY),
    ("admin:regions_bank_delete", NOBODY, NOBODY),
    ("admin:regions_*_add", ONLY_ROOT, ONLY_ROOT),
    ("admin:regions_*_change", AUDITORS, ONLY_ROOT),
    ("admin:regions_*_delete", ONLY_ROOT, ONLY_ROOT),
    # The book of events
    ("admin:events_event_change*", AUDITORS, AUDITORS),
    # Everything else is for auditors to read, and nobody adds, changes or deletes it.
    ("admin:*_changelist", AUDITORS, AUDITORS),
    ("admin:*_history", AUDITORS, AUDITORS),
    ("admin:*_change", AUDITORS, NOBODY),
    ("admin:*_add", NOBODY, NOBODY),
    ("admin:*_delete", NOBODY, NOBODY),
]

ADMIN_URLS = [(name, args) for name, args in named_urls() if name.startswith("admin:")]
# What a page needs before it answers at all.
QUERIES = {
    "admin:autocomplete": {
        "app_label": "regions",
        "model_name": "city",
        "field_name": "province",
    }
}
# Fields of all kinds of forms at once, so that a form which is read too early would be filled in.
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
# Pages that are nothing but a form; what they hold stands in a list.
FORMS_ONLY = {"admin:auth_user_password_change", "admin:review_phrase_change"}
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


@pytest.fixture(autouse=True)
def silent():
    """Each refusal would be logged with its traceback."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def is_let_in(response):
    is_sign_in = response.status_code == 302 and "login" in response["Location"]
    return not is_sign_in and response.status_code != 403


def answers(client, world, method):
    """(name, response) of every URL of the admin, each undone before the next one."""
    signed_in = SimpleCookie(client.cookies)
    for name, args in ADMIN_URLS:
        data = QUERIES.get(name)
        with transaction.atomic():
            response = getattr(client, method)(address(world, name, args), data)
            transaction.set_rollback(True)
        client.cookies = SimpleCookie(signed_in)
        yield name, response


def test_every_url_of_the_admin_stands_in_the_table():
    assert [name for name, _ in ADMIN_URLS if line_of(name) is None] == []


def test_every_line_of_the_table_names_a_url():
    used = [line_of(name) for name, _ in ADMIN_URLS]
    assert [line[0] for line in MAY if line not in used] == []


def test_there_is_a_row_of_everything_that_the_admin_shows(world):
    empty = [
        model._meta.label for model in admin.site._registry if not model._default_manager.exists()
    ]
    assert empty == []


@pytest.mark.parametrize(
    "role",
    [
        pytest.param(role, marks=[] if role == roles.AUDITOR else pytest.mark.slow)
        for role in EVERYBODY
    ],
)
def test_a_role_may_exactly_what_the_table_says(client, world, role):
    client.force_login(member_of_staff(role))
    wrong = []
    for column, method in enumerate(("get", "post"), start=1):
        for name, response in answers(client, world, method):
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
    assert {event.action for event in events} <= {LineAction.LOOK}


@pytest.mark.slow
def test_an_auditor_reads_every_list_and_every_kind_of_row(client, world):
    client.force_login(member_of_staff(roles.AUDITOR))
    unread = []
    for name, args in ADMIN_URLS:
        if not name.endswith(("_changelist", "_change")) or name in FORMS_ONLY:
            continue
        response = client.get(address(world, name, args))
        if response.status_code != 200:
            unread.append(f"{name} answered {response.status_code}")
    assert unread == []


def personal_data():
    """What no page may show before a look is written down, and the names that lists mask."""
    holders = list(Holder.objects.all())
    numbers = {value for h in holders for value in (h.id_number, h.phone, h.address) if value}
    numbers |= {COMPLETE["phone"], COMPLETE["address"]}
    for shipment in Shipment.objects.all():
        numbers |= {value for value in (shipment.phone, shipment.address) if value}
    numbers |= {card.card_number for card in Card.objects.all()}
    return numbers, {holder.name for holder in holders}


@pytest.mark.parametrize(
    "role",
    [
        roles.AUDITOR,
        pytest.param(roles.SUPERVISOR, marks=pytest.mark.slow),
        pytest.param(ROOT, marks=pytest.mark.slow),
    ],
)
def test_no_page_shows_a_number_and_no_list_a_name_before_a_look(client, world, role):
    client.force_login(member_of_staff(role))
    numbers, names = personal_data()
    shown = []
    for name, response in answers(client, world, "get"):
        if response.status_code != 200 or response.streaming:
            continue
        html = response.content.decode()
        forbidden = numbers | names if name.endswith("_changelist") else numbers
        shown += [f"{name} shows {value}" for value in forbidden if value in html]
    assert shown == []
