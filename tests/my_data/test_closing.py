"""People who left: what ends first, what ends with the account, what is emptied later."""

from datetime import timedelta

import pytest
from django.conf import settings

from apps.cards.enums import CardStatus, RequestStatus
from apps.common.moments import day_of, end_of, last_day_of
from apps.events.models import Event
from apps.my_data import closing, services
from apps.my_data.event_kinds import MY_DATA, MyDataAction
from apps.my_data.retention import forget_consents
from apps.people.consents import CARD_KINDS
from apps.people.models import Consent, Holder
from apps.people.services import end_employment, enter_staff_member, record_consent
from apps.requests.models import Particulars
from apps.staff_photos.models import OfferedPortrait
from tests.factories.cards import AT, make_card, make_draft, make_request
from tests.factories.formal_losses import make_formal_loss
from tests.factories.offers import make_offer
from tests.factories.people import make_holder, make_registration, make_reviewer

pytestmark = pytest.mark.django_db
LONG_AFTER = AT + timedelta(days=40 * 31)


def leave(holder):
    end_employment(holder=holder, by=None, at=AT)
    holder.refresh_from_db()
    return holder


def a_running_request():
    return make_request(RequestStatus.ACCEPTED, at=AT).holder


def a_waiting_loss():
    return make_formal_loss(card=make_card(CardStatus.ACTIVE)).card.holder


def a_waiting_registration():
    return make_registration(make_holder(), at=AT).guardian


def an_unanswered_correction():
    holder = make_holder()
    services.ask(holder=holder, topic="IDENTITY", text="民族", by=holder.user, at=AT)
    return holder


OPEN = [a_running_request, a_waiting_loss, a_waiting_registration, an_unanswered_correction]


@pytest.mark.parametrize("matter", OPEN, ids=lambda matter: matter.__name__)
def test_an_account_waits_for_the_end_of_what_is_open(matter):
    leave(matter())
    assert closing.close_due(at=LONG_AFTER, limit=10) == 0
    assert Holder.objects.filter(closed_at__isnull=False).count() == 0


def test_an_account_ends_once_and_with_it_what_it_could_do():
    holder = make_holder(user=make_reviewer())
    draft = make_draft(holder=holder, at=AT)
    stays = make_holder()
    make_offer(holder, at=AT)
    leave(holder)
    assert closing.close_due(at=LONG_AFTER, limit=10) == 1
    assert closing.close_due(at=LONG_AFTER, limit=10) == 0
    holder.refresh_from_db()
    user = type(holder.user).objects.get(pk=holder.user_id)
    assert not user.has_usable_password()
    assert (user.is_active, user.is_staff) == (False, False)
    assert not user.groups.exists()
    assert Particulars.objects.get(card_request=draft).phone == ""
    assert not OfferedPortrait.objects.exists()
    assert holder.phone
    (event,) = Event.objects.of_kind(MY_DATA)
    assert (event.action, event.holder_id) == (MyDataAction.CLOSE, holder.pk)
    assert stays.user.has_usable_password()


def test_who_left_long_ago_cannot_be_reached_and_is_still_known():
    holder = leave(make_holder())
    name, number = holder.name, holder.id_number
    closing.close_due(at=AT + timedelta(days=40), limit=10)
    due = end_of(last_day_of(day_of(AT), settings.LEFT_RETENTION))
    assert closing.forget_left(at=due - timedelta(seconds=1), limit=10) == 0
    assert closing.forget_left(at=due, limit=10) == 1
    assert closing.forget_left(at=due, limit=10) == 0
    holder.refresh_from_db()
    assert (holder.name, holder.id_number) == (name, number)
    assert {holder.phone, holder.address, holder.department, holder.ethnicity} == {""}
    assert holder.phone_index is None


def test_who_comes_back_begins_anew():
    holder = leave(make_holder())
    closing.close_due(at=LONG_AFTER, limit=10)
    closing.forget_left(at=LONG_AFTER, limit=10)
    enter_staff_member(
        employee_number=holder.user.employee_number,
        id_number=holder.id_number,
        particulars={"phone": "13811112222", "department": "信息学院"},
        by=None,
        at=LONG_AFTER,
    )
    holder.refresh_from_db()
    assert (holder.closed_at, holder.forgotten_at, holder.left_date) == (None, None, None)
    assert holder.phone == "13811112222"
    assert type(holder.user).objects.get(pk=holder.user_id).is_active


def test_a_consent_stays_as_long_as_what_it_was_given_for():
    card_request = make_request(RequestStatus.COLLECTED, at=AT)
    holder = card_request.holder
    record_consent(user=holder.user, holder=holder, kinds=CARD_KINDS, ip=None, at=AT)
    number = Consent.objects.count()
    assert number >= len(CARD_KINDS)
    assert forget_consents(at=AT + timedelta(days=4 * 366), limit=100) == 0
    Particulars.objects.filter(card_request=card_request).update(saved_at=None, saved_by=None)
    assert forget_consents(at=AT + timedelta(days=4 * 366), limit=100) == number
    assert forget_consents(at=AT + timedelta(days=4 * 366), limit=100) == 0
