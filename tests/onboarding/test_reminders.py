"""People who stand at one step are reminded: the dry run, the run, and who is left out."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.cards.enums import CardStatus, RequestStatus
from apps.cards.models import CardRequest
from apps.cards.services import leave
from apps.common.deadlines import Deadline
from apps.common.refusals import Refused
from apps.desk import roles
from apps.events.models import Event
from apps.invitations import services as invitations
from apps.invitations.funnel import FunnelStep
from apps.notices import services as notices
from apps.notices.models import Notice, OutboxMessage
from apps.onboarding import reminders, services
from apps.onboarding.enums import ReminderAction, ReminderOutcome, ReminderRunStatus
from apps.onboarding.event_kinds import REMINDER
from apps.onboarding.models import ReminderRun
from apps.people.models import Holder, User
from apps.people.services import end_employment
from apps.roster import inviting
from apps.roster.models import Invitation
from apps.typed_text.id_numbers import check_character
from tests.factories.cards import AT, discard, make_card, make_draft, make_request
from tests.factories.people import make_colleague, make_holder, make_reviewer, make_user
from tests.factories.rosters import make_upload

pytestmark = pytest.mark.django_db
# Noon, and longer after AT than anybody was told anything.
LATER = AT + timedelta(days=9)


@pytest.fixture
def reviewer():
    return make_reviewer()


def prepare(by, step=FunnelStep.DRAFT, *, at=LATER):
    everybody = Holder.objects.filter(user__isnull=False)
    return services.prepare(
        people=everybody, step=step, chosen="全校在职人员", query="all", by=by, at=at
    )


def start(run, by, *, at=LATER):
    services.start(run=run, seen=run.rows.waiting().count(), by=by, at=at)


def work(at=LATER):
    return reminders.work_off(at=at, deadline=Deadline(60))


def reminded():
    return list(Event.objects.of_kind(REMINDER).order_by("pk").values_list("action", "holder_id"))


def why(run, holder):
    return run.rows.get(holder=holder).reason


def test_nobody_is_told_before_it_is_confirmed_and_everybody_once_after_it(reviewer):
    holders = {make_draft().holder_id for _ in range(3)}
    run = prepare(reviewer)
    assert run.rows.counts() == {ReminderOutcome.WAITING: 3}
    assert work() == 0
    assert reminded() == []
    start(run, reviewer)
    assert work() == 3
    assert {holder for _, holder in reminded()} == holders
    assert work() == 0
    assert len(reminded()) == 3
    run.refresh_from_db()
    assert run.status == ReminderRunStatus.DONE


def test_the_second_click_does_nothing_twice(reviewer):
    make_draft()
    run = prepare(reviewer)
    start(run, reviewer)
    for _ in range(2):
        with pytest.raises(Refused, match="wrong_status"):
            start(run, reviewer)
        work()
    assert len(reminded()) == 1


def test_what_is_confirmed_is_what_was_shown(reviewer):
    make_draft()
    run = prepare(reviewer)
    with pytest.raises(Refused, match="not_as_shown"):
        services.start(run=run, seen=2, by=reviewer, at=LATER)
    with pytest.raises(Refused, match="not_yours"):
        start(run, make_reviewer())
    with pytest.raises(Refused, match="expired"):
        start(run, reviewer, at=LATER + timedelta(days=1))


def test_nobody_is_reminded_twice_within_the_gap(reviewer, settings):
    holder = make_draft().holder
    start(prepare(reviewer), reviewer)
    work()
    again = prepare(reviewer, at=LATER + timedelta(hours=1))
    assert "已经告诉过" in why(again, holder)
    after = LATER + settings.REMINDER_GAP
    start(prepare(reviewer, at=after), reviewer, at=after)
    assert work(at=after) == 1


def test_two_runs_for_the_same_people_tell_them_once(reviewer):
    holder = make_draft().holder
    first, second = prepare(reviewer), prepare(reviewer)
    start(first, reviewer)
    start(second, reviewer)
    assert work() == 1
    assert "已经告诉过" in why(second, holder)


def test_who_was_told_of_the_same_matter_lately_is_left_out(reviewer):
    holder = make_request(RequestStatus.NEEDS_AMENDMENT, at=AT).holder
    run = prepare(reviewer, FunnelStep.AMENDMENT, at=AT + timedelta(days=1))
    assert "已经告诉过" in why(run, holder)
    assert prepare(reviewer, FunnelStep.AMENDMENT).rows.waiting().count() == 1


def test_each_of_those_who_cannot_be_told_has_a_reason(reviewer, settings):
    left, silent, refusing, away = (make_draft().holder for _ in range(4))
    Holder.objects.filter(pk=silent.pk).update(phone="", phone_index=None)
    notices.choose_way(user=refusing.user, way="SMS", wants_reminders=False, at=AT)
    type(away.user).objects.filter(pk=away.user_id).update(is_active=False)
    end_employment(holder=left, by=None, at=AT)
    run = prepare(reviewer)
    assert why(run, left) == "已离职"
    assert "手机号" in why(run, silent)
    assert why(run, refusing) == "本人关闭了提醒"
    assert why(run, away) == "没有可以登录的账户"
    assert run.rows.waiting().count() == 0
    with pytest.raises(Refused, match="nothing_to_do"):
        start(run, reviewer)


def test_nobody_is_reminded_of_what_their_document_forbids(reviewer):
    """Entered as of a citizen before the number was looked at."""
    number = "81000019850615001"
    holder = make_holder(id_number=number + check_character(number))
    User.objects.filter(pk=holder.user_id).update(last_login=AT)
    assert "不是居民身份证" in why(prepare(reviewer, FunnelStep.SIGNED_IN), holder)


def test_who_moved_on_or_left_after_the_dry_run_is_not_told(reviewer):
    moved, left, stays = make_draft(), make_draft(), make_draft()
    run = prepare(reviewer)
    start(run, reviewer)
    discard(moved, at=LATER)
    end_employment(holder=left.holder, by=None, at=LATER)
    assert work() == 1
    assert reminded() == [(ReminderAction.FINISH_DRAFT, stays.holder_id)]
    assert why(run, moved.holder) == "已经不在这一步"
    assert why(run, left.holder) == "已离职"


def test_the_message_goes_out_once_and_not_after_it_was_done(reviewer):
    slow, quick = make_draft(), make_draft()
    start(prepare(reviewer), reviewer)
    work()
    notices.collect(at=LATER, limit=100)
    discard(quick, at=LATER)
    for _ in range(2):
        notices.collect(at=LATER, limit=100)
        notices.send_due(at=LATER + timedelta(days=1), limit=100)
    texts = [row.text for row in OutboxMessage.objects.all() if "填了一半" in row.text]
    assert len(texts) == 1
    sent = Notice.objects.filter(event__subject_kind=REMINDER.name, sent_at__isnull=False)
    assert {notice.holder_id for notice in sent} == {slow.holder_id}
    given_up = Notice.objects.filter(holder=quick.holder, event__subject_kind=REMINDER.name)
    assert {notice.last_error for notice in given_up} == {"已经办了，不再提醒"}


def test_who_has_not_used_the_invitation_gets_a_new_link(reviewer):
    holder = make_holder(user=make_user(password=None))
    upload = make_upload(by=make_colleague(roles.SUPERVISOR), at=AT, is_applied=True)
    inviting.invite(user=holder.user, upload=upload, at=AT)
    invitations.send_due(at=AT, limit=10)
    first = Invitation.objects.get().token_hash
    soon = prepare(reviewer, FunnelStep.INVITED, at=AT + timedelta(days=1))
    assert "已经告诉过" in why(soon, holder)
    start(prepare(reviewer, FunnelStep.INVITED), reviewer)
    assert work() == 1
    invitations.send_due(at=LATER, limit=10)
    assert Invitation.objects.get().token_hash not in (first, None)
    assert reminded() == [(ReminderAction.INVITE, holder.pk)]
    assert not Notice.objects.filter(event__subject_kind=REMINDER.name).exists()


def test_a_step_that_waits_for_others_has_nobody_to_remind(reviewer):
    make_request(RequestStatus.ACCEPTED)
    with pytest.raises(Refused, match="step"):
        prepare(reviewer, FunnelStep.IN_REVIEW)
    with pytest.raises(Refused, match="nobody"):
        prepare(reviewer, FunnelStep.SENT)


def test_six_people_cost_as_many_queries_as_two(reviewer, django_assert_max_num_queries):
    for number in (2, 6):
        for _ in range(number):
            make_draft()
        run = prepare(reviewer)
        start(run, reviewer)
        with django_assert_max_num_queries(32):
            assert work() == number


def test_a_run_is_deleted_after_its_time_unless_it_is_under_way(reviewer):
    make_draft()
    dry, running = prepare(reviewer), prepare(reviewer)
    start(running, reviewer)
    services.forget_runs(before=LATER + timedelta(seconds=1), limit=10)
    assert list(ReminderRun.objects.all()) == [running]
    assert dry.pk != running.pk


# --- Without anybody asking -----------------------------------------------------------------------


def remind(at):
    return reminders.remind_due(at=at, deadline=Deadline(60))


WAYS = [
    (RequestStatus.DRAFT, "REMIND_DRAFT_AFTER", ReminderAction.FINISH_DRAFT),
    (RequestStatus.SUBMITTED, "REMIND_UNPAID_AFTER", ReminderAction.GIVE_ADDRESS),
    (RequestStatus.DISPATCHED, "REMIND_SENT_AFTER", ReminderAction.RECEIVE),
    (RequestStatus.COLLECTED, "REMIND_SEALED_AFTER", ReminderAction.ACTIVATE),
]


@pytest.mark.parametrize(("status", "rule", "action"), WAYS)
def test_a_rule_reminds_once_when_its_time_has_come(status, rule, action, settings):
    card_request = make_request(status)
    due = card_request.status_since + getattr(settings, rule)
    assert remind(due - timedelta(seconds=1)) == 0
    assert remind(due) == 1
    assert reminded() == [(action, card_request.holder_id)]
    assert remind(due) == remind(due + settings.REMINDER_GAP) == 0


@pytest.mark.parametrize(("status", "rule", "action"), WAYS)
def test_old_matters_are_not_woken_up(status, rule, action, settings):
    since = make_request(status).status_since
    assert remind(since + getattr(settings, rule) + settings.REMINDER_REACH) == 0


def test_an_amendment_is_reminded_of_the_day_before_its_last_one():
    card_request = make_request(RequestStatus.NEEDS_AMENDMENT)
    due_date = card_request.amendments.get().due_date
    noon = timezone.make_aware(timezone.datetime(due_date.year, due_date.month, due_date.day, 12))
    assert remind(noon - timedelta(days=2)) == 0
    assert remind(noon - timedelta(days=1)) == 1
    assert remind(noon) == 0
    assert reminded() == [(ReminderAction.AMEND, card_request.holder_id)]


def test_a_card_that_is_in_use_and_people_who_left_are_left_alone(settings):
    make_card(CardStatus.ACTIVE)
    draft = make_draft()
    end_employment(holder=draft.holder, by=None, at=AT)
    assert remind(AT + settings.REMIND_SEALED_AFTER + timedelta(hours=1)) == 0


def test_who_left_is_reminded_of_what_they_may_still_finish(settings):
    """Without it the request of somebody who has just left would lapse unheard."""
    unpaid, draft = make_request(RequestStatus.SUBMITTED), make_draft()
    for card_request in (unpaid, draft):
        leave(holder=card_request.holder, by=None, at=AT)
    assert remind(AT + settings.REMIND_DRAFT_AFTER + timedelta(minutes=5)) == 1
    assert reminded() == [(ReminderAction.GIVE_ADDRESS, unpaid.holder_id)]


def test_an_unopened_invitation_is_sent_again_once(settings):
    holder = make_holder(user=make_user(password=None))
    upload = make_upload(by=make_colleague(roles.SUPERVISOR), at=AT, is_applied=True)
    inviting.invite(user=holder.user, upload=upload, at=AT)
    invitations.send_due(at=AT, limit=10)
    due = AT + settings.REMIND_INVITATION_AFTER
    assert remind(due - timedelta(seconds=1)) == 0
    assert remind(due) == 1
    invitations.send_due(at=due, limit=10)
    assert remind(due + settings.REMIND_INVITATION_AFTER) == 0
    assert OutboxMessage.objects.count() == 2


def test_who_switched_reminders_off_hears_only_the_obligatory_ones(settings):
    draft, unpaid = make_draft(), make_request(RequestStatus.SUBMITTED)
    for card_request in CardRequest.objects.all():
        notices.choose_way(user=card_request.applicant, way="SMS", wants_reminders=False, at=AT)
    at = AT + settings.REMIND_DRAFT_AFTER + timedelta(minutes=5)
    assert remind(at) == 2
    notices.collect(at=at, limit=100)
    told = Notice.objects.filter(event__subject_kind=REMINDER.name)
    assert {notice.holder_id for notice in told} == {unpaid.holder_id} != {draft.holder_id}


def test_a_reviewer_is_not_asked_to_remind_who_a_rule_has_just_reminded(reviewer, settings):
    draft = make_draft()
    at = AT + settings.REMIND_DRAFT_AFTER
    remind(at)
    assert "已经告诉过" in why(prepare(reviewer, at=at + timedelta(hours=1)), draft.holder)
