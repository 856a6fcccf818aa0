"""How far the new people of a roster have come, and who stands where."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.backoffice.roster import funnel
from apps.backoffice.roster.funnel import FunnelStep
from apps.cards.enums import CardStatus, RequestStatus
from apps.desk import roles
from apps.notices.models import OutboxMessage
from apps.people.models import User
from apps.roster import applying, invitations
from apps.roster.enums import RowKind, RowOutcome
from apps.roster.models import Invitation, RosterRow
from tests.factories.cards import AT, make_card, make_request
from tests.factories.people import make_colleague, make_holder, make_user
from tests.factories.rosters import make_upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor(client):
    supervisor = make_colleague(roles.SUPERVISOR)
    client.force_login(supervisor)
    return supervisor


@pytest.fixture
def upload(supervisor):
    return make_upload(by=supervisor, at=AT, is_applied=True)


def add(upload, holder=None):
    """`holder`, or somebody without a password, as new with `upload`."""
    holder = holder or make_holder(user=make_user(password=None))
    RosterRow.objects.create(
        upload=upload,
        line=2,
        kind=RowKind.CREATED,
        holder=holder,
        done_at=AT,
        outcome=RowOutcome.APPLIED,
    )
    return holder


def step_of(upload):
    return funnel.new_people(upload).get().step


def test_who_was_just_entered_waits_for_the_invitation(upload):
    holder = add(upload)
    assert step_of(upload) == FunnelStep.ADDED
    invitations.invite(user=holder.user, upload=upload, at=AT)
    assert step_of(upload) == FunnelStep.ADDED
    invitations.send_due(at=AT, limit=10)
    assert step_of(upload) == FunnelStep.INVITED
    User.objects.filter(pk=holder.user_id).update(last_login=AT)
    assert step_of(upload) == FunnelStep.SIGNED_IN


@pytest.mark.parametrize(
    ("status", "step"),
    [
        (RequestStatus.DRAFT, FunnelStep.STARTED),
        (RequestStatus.WITHDRAWN, FunnelStep.STARTED),
        (RequestStatus.LAPSED, FunnelStep.STARTED),
        (RequestStatus.SUBMITTED, FunnelStep.SUBMITTED),
        (RequestStatus.PAID, FunnelStep.PAID),
        (RequestStatus.ACCEPTED, FunnelStep.PAID),
        (RequestStatus.NEEDS_AMENDMENT, FunnelStep.PAID),
        (RequestStatus.REJECTED, FunnelStep.PAID),
        (RequestStatus.APPROVED, FunnelStep.APPROVED),
        (RequestStatus.PRODUCED, FunnelStep.PRODUCED),
        (RequestStatus.DISPATCHED, FunnelStep.PRODUCED),
        (RequestStatus.COLLECTED, FunnelStep.COLLECTED),
    ],
)
def test_a_request_stands_where_its_status_says(upload, status, step):
    add(upload, make_request(status).holder)
    assert step_of(upload) == step


def test_a_card_in_use_is_the_end(upload):
    add(upload, make_card(CardStatus.ACTIVE).holder)
    assert step_of(upload) == FunnelStep.ACTIVATED


def test_each_step_counts_those_who_came_at_least_so_far(upload):
    add(upload)
    add(upload, make_request(RequestStatus.ACCEPTED).holder)
    add(upload, make_card(CardStatus.ACTIVE).holder)
    bars = funnel.bars(upload)
    assert [bar.reached for bar in bars] == [3, 2, 2, 2, 2, 2, 1, 1, 1, 1]
    assert [bar.standing for bar in bars] == [1, 0, 0, 0, 0, 1, 0, 0, 0, 1]


def test_only_new_people_of_this_roster_count(upload):
    add(upload, make_holder())
    RosterRow.objects.update(kind=RowKind.UPDATED)
    assert funnel.bars(upload)[0].total == 0


def test_the_page_names_who_stands_at_a_step_masked(client, upload):
    holder = add(upload, make_request(RequestStatus.SUBMITTED).holder)
    page = reverse("admin:roster_rosterupload_progress", args=[upload.reference])
    html = client.get(page).content.decode()
    assert "停在「已提交」的人（1）" in html
    assert holder.user.employee_number in html
    assert holder.name not in html
    assert "停在「已启用」的人（0）" in client.get(page, {"step": 9}).content.decode()
    assert client.get(page, {"step": "x", "page": "x"}).status_code == 200


def test_a_supervisor_sends_the_invitation_again(client, upload):
    holder = add(upload)
    invitations.invite(user=holder.user, upload=upload, at=AT)
    invitations.send_due(at=AT, limit=10)
    first = Invitation.objects.get().token_hash
    resend = reverse("admin:roster_rosterupload_resend", args=[upload.reference, holder.reference])
    response = client.post(resend, follow=True)
    assert "重新发出" in response.content.decode()
    invitations.send_due(at=timezone.now() + timedelta(seconds=1), limit=10)
    assert OutboxMessage.objects.count() == 2
    assert Invitation.objects.get().token_hash != first


def test_only_a_supervisor_sends_again_and_only_to_people_of_the_roster(client, upload):
    holder, stranger = add(upload), make_holder()
    address = reverse(
        "admin:roster_rosterupload_resend", args=[upload.reference, stranger.reference]
    )
    assert client.post(address).status_code == 404
    client.force_login(make_colleague(roles.AUDITOR))
    address = address.replace(stranger.reference, holder.reference)
    assert client.post(address).status_code == 403
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("people", [2, 6])
def test_6_people_cost_as_many_queries_as_2(client, upload, people, django_assert_max_num_queries):
    for _ in range(people):
        add(upload)
    page = reverse("admin:roster_rosterupload_progress", args=[upload.reference])
    client.get(page)
    with django_assert_max_num_queries(13):
        client.get(page)
    assert applying.waiting_rows(upload).count() == 0
