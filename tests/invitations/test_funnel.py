"""How far people have come: every status of a request has one step, and figures are lists."""

import pytest

from apps.cards.enums import CardStatus, RequestStatus
from apps.desk import roles
from apps.invitations import funnel
from apps.invitations import services as invitations
from apps.invitations.funnel import FunnelStep
from apps.people.enums import IdType
from apps.people.models import Holder, User
from apps.roster import inviting
from apps.roster.enums import RowKind, RowOutcome
from apps.roster.models import RosterRow
from tests.factories.cards import AT, make_card, make_draft, make_request, submit
from tests.factories.payments import make_payable
from tests.factories.people import make_colleague, make_holder, make_user
from tests.factories.rosters import add_new, make_upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def upload():
    return make_upload(by=make_colleague(roles.SUPERVISOR), at=AT, is_applied=True)


def step_of(holder):
    return funnel.with_step(Holder.objects.filter(pk=holder.pk)).get().step


def test_who_was_just_entered_waits_for_the_invitation(upload):
    holder = add_new(upload, make_holder(user=make_user(password=None)))
    assert step_of(holder) == FunnelStep.ADDED
    inviting.invite(user=holder.user, upload=upload, at=AT)
    assert step_of(holder) == FunnelStep.ADDED
    invitations.send_due(at=AT, limit=10)
    assert step_of(holder) == FunnelStep.INVITED
    User.objects.filter(pk=holder.user_id).update(last_login=AT)
    assert step_of(holder) == FunnelStep.SIGNED_IN


STEP_OF = {
    RequestStatus.DRAFT: FunnelStep.DRAFT,
    RequestStatus.DISCARDED: FunnelStep.SIGNED_IN,
    RequestStatus.WITHDRAWN: FunnelStep.SIGNED_IN,
    RequestStatus.LAPSED: FunnelStep.SIGNED_IN,
    RequestStatus.SUBMITTED: FunnelStep.HANDED_IN,
    RequestStatus.PAID: FunnelStep.IN_REVIEW,
    RequestStatus.ACCEPTED: FunnelStep.IN_REVIEW,
    RequestStatus.NEEDS_AMENDMENT: FunnelStep.AMENDMENT,
    RequestStatus.REJECTED: FunnelStep.REJECTED,
    RequestStatus.APPROVED: FunnelStep.IN_PRODUCTION,
    RequestStatus.PRODUCED: FunnelStep.IN_PRODUCTION,
    RequestStatus.DISPATCHED: FunnelStep.SENT,
    RequestStatus.COLLECTED: FunnelStep.RECEIVED,
}


@pytest.mark.parametrize("status", RequestStatus)
def test_a_request_stands_where_its_status_says(status):
    assert step_of(make_request(status).holder) == STEP_OF[status]


def test_an_address_makes_a_submitted_request_an_unpaid_one():
    assert step_of(make_payable().holder) == FunnelStep.UNPAID


def test_a_card_in_use_is_the_end_and_a_card_elsewhere_beside_the_way():
    assert step_of(make_card(CardStatus.ACTIVE).holder) == FunnelStep.ACTIVATED
    assert step_of(make_holder(has_card_elsewhere=True)) == FunnelStep.ELSEWHERE


@pytest.mark.parametrize(
    ("status", "step"),
    [
        (None, FunnelStep.COUNTER),
        (RequestStatus.DRAFT, FunnelStep.COUNTER),
        (RequestStatus.REJECTED, FunnelStep.COUNTER),
        (RequestStatus.ACCEPTED, FunnelStep.IN_REVIEW),
    ],
)
def test_who_may_not_apply_online_stands_beside_the_way(status, step):
    holder = make_holder(id_type=IdType.PERMANENT_RESIDENT, nationality="FRA")
    if status:
        make_request(status, holder=holder)
    assert step_of(holder) == step


def test_who_begins_anew_after_a_rejection_stands_at_the_new_request():
    holder = make_request(RequestStatus.REJECTED).holder
    draft = make_draft(holder=holder)
    assert step_of(holder) == FunnelStep.DRAFT
    submit(draft, at=AT)
    assert step_of(holder) == FunnelStep.HANDED_IN


def test_every_figure_is_the_length_of_the_list_it_leads_to(django_assert_num_queries):
    for status in RequestStatus:
        make_request(status)
    make_payable()
    make_card(CardStatus.ACTIVE)
    make_holder(has_card_elsewhere=True)
    everybody = Holder.objects.employed()
    with django_assert_num_queries(1):
        bars = funnel.bars(everybody)
    for bar in bars:
        assert funnel.standing_at(everybody, bar.step).count() == bar.standing
    assert sum(bar.standing for bar in bars) == everybody.count() == bars[0].total + 2
    on_the_way = [bar for bar in bars if not bar.step.is_aside]
    for place, bar in enumerate(on_the_way):
        assert bar.reached == sum(later.standing for later in on_the_way[place:])


def test_only_new_people_of_this_roster_count(upload):
    add_new(upload, make_holder())
    updated = make_holder()
    RosterRow.objects.create(
        upload=upload,
        line=3,
        kind=RowKind.UPDATED,
        holder=updated,
        done_at=AT,
        outcome=RowOutcome.APPLIED,
    )
    assert funnel.bars(funnel.new_people(upload))[0].total == 1
