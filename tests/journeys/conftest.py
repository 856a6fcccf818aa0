"""The people of the stories, and the outside parties."""

from copy import deepcopy
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.common.integrity import About
from apps.gateways import wire
from tests.factories.cards import make_request
from tests.factories.people import make_holder, make_reviewer
from tests.factories.regions import make_bank, make_city, make_county
from tests.journeys.steps import agree, reach_form, ship
from tests.journeys.visitor import Visitor
from tests.soundness import assert_sound
from tests.verification.samples import PERSON, encoded, person


@pytest.fixture(params=["plain", pytest.param("htmx", marks=pytest.mark.slow)])
def me(request, db):
    """The applicant's browser, once without scripts and once with htmx."""
    return Visitor(htmx=request.param == "htmx").open("/")


@pytest.fixture
def visitor(db):
    """A browser without scripts, at the sign-in page."""
    return Visitor().open("/accounts/login/")


def make_town():
    """济南 mails to itself for 10 yuan; 淄博 offers another bank."""
    jinan = make_city(banks=[make_bank(), make_bank("95588", "中国工商银行")])
    make_county(city=jinan)
    make_county("370303", "张店区", city=make_city("370300", "淄博市"))
    return jinan


def make_member_of_staff():
    photo = ContentFile(encoded(person(PERSON, size=(480, 600))), name="roster.jpg")
    return make_holder(reference_photo=photo)


@pytest.fixture(scope="module")
def prepared_town(prepared):
    """The town, and somebody who works there."""
    yield from prepared(lambda: (make_town(), make_member_of_staff()))


@pytest.fixture
def town(db, prepared_town):
    return deepcopy(prepared_town[0])


@pytest.fixture
def holder(db, prepared_town):
    """A member of the staff whose photo HR has on file."""
    return deepcopy(prepared_town[1])


@pytest.fixture(scope="module")
def prepared_precheck(prepared, prepared_town):
    door = Visitor().open("/accounts/login/")
    yield from prepared(lambda: agree(door.sign_in(prepared_town[1].user)))


@pytest.fixture
def at_precheck(db, prepared_precheck):
    """The holder before 申领资格预校验."""
    return prepared_precheck.twin()


@pytest.fixture(scope="module")
def prepared_form(prepared, prepared_town):
    yield from prepared(lambda: reach_form(Visitor(), prepared_town[1]))


@pytest.fixture
def at_form(db, prepared_form):
    """The holder before the open form of an 申领."""
    return prepared_form.twin()


@pytest.fixture(scope="module")
def prepared_shipment(prepared, prepared_town):
    def make():
        holder = prepared_town[1]
        an_hour_ago = timezone.now() - timedelta(hours=1)
        card_request = make_request(RequestStatus.SUBMITTED, holder=holder, at=an_hour_ago)
        visitor = Visitor().open("/accounts/login/").sign_in(holder.user)
        return ship(visitor.open(card_request.get_absolute_url()).follow("去补充收件信息"))

    yield from prepared(make)


@pytest.fixture
def shipped(db, prepared_shipment):
    """The holder before 领卡和缴费, filled in. Other stories cover the way up to there."""
    return prepared_shipment.twin()


@pytest.fixture
def reviewer(db):
    """A reviewer's browser, at the admin."""
    account = make_reviewer()
    return Visitor().open("/admin/").sign_in(account)


@pytest.fixture(autouse=True)
def sound(db, filed_portrait):
    """Check at the end of every story that the data is consistent."""
    yield
    assert_sound(about=[About.ROWS, About.FILES])


@pytest.fixture(autouse=True)
def line(monkeypatch):
    """Connects portal and cashier without a socket; signatures and forms are real.

    The calls that were made, as (path, fields).
    """
    calls = []

    def post_form(url, fields):
        path = urlsplit(url).path
        calls.append((path, fields))
        response = Client().post(path, fields)
        if response.status_code != 200:
            raise wire.WireError(f"answered {response.status_code}")
        return response.content.decode()

    monkeypatch.setattr(wire, "post_form", post_form)
    return calls


@pytest.fixture
def firm_decisions(settings):
    """Decisions that nobody can take back: what follows from them follows at once."""
    settings.DECISION_UNDO_WINDOW = timedelta(0)


@pytest.fixture
def quick_bureau(settings, firm_decisions):
    """A card bureau that makes and sends a card while one waits, at once after the approval."""
    settings.SIMULATED_BUREAU_PRODUCTION = settings.SIMULATED_BUREAU_DISPATCH = 0 * (
        settings.SIMULATED_BUREAU_PRODUCTION
    )
