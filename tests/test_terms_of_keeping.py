"""What the agreements promise to delete after a term stays to the last day of it, and not longer.

Each line makes something that is kept, and returns its last day and whether the sweep takes it.
"""

from datetime import timedelta

import pytest
from django.conf import settings

from apps.bureau import quarantine
from apps.bureau.models import QuarantinedLine
from apps.bureau.retention import forget_lines, forget_reports
from apps.cards.enums import RequestStatus
from apps.common.moments import day_of, last_day_of
from apps.delivery.retention import forget_shipments
from apps.guardianships import services as guardianships
from apps.inquiries.retention import forget_texts
from apps.my_data import closing
from apps.my_data import services as my_data
from apps.my_data.retention import forget_consents, forget_corrections
from apps.notices.enums import NoticeStatus
from apps.notices.models import Notice
from apps.notices.retention import forget_texts_of_notices
from apps.people.consents import CARD_KINDS
from apps.people.models import GuardianshipProof
from apps.people.services import end_employment, record_consent
from apps.replacement.retention import forget_texts_of_losses
from apps.requests import picture_marks, retention
from apps.requests.models import Particulars
from apps.staff_photos.retention import forget_offers
from apps.verification.enums import Purpose
from apps.verification.models import FaceTry
from apps.verification.retention import forget_face_tries
from tests.deadlines import assert_kept_to_its_end, undone
from tests.factories.bureau import HEARD, csv_lines, hear, made, make_orders, receive
from tests.factories.cards import AT, collect, dispatch, make_draft, make_request, produce
from tests.factories.checks import pass_check
from tests.factories.formal_losses import confirm, make_formal_loss
from tests.factories.inquiries import make_inquiry
from tests.factories.offers import make_offer
from tests.factories.payments import make_addressed
from tests.factories.people import make_holder, make_registration, make_reviewer

pytestmark = pytest.mark.django_db


def kept(make, forget, period):
    """What the agreements promise to delete after a `period` of days is kept to the last one."""

    def keeping():
        since = make()
        return last_day_of(day_of(since), getattr(settings, period)), lambda at: {
            undone(lambda: forget(at=at, limit=10))
        }

    keeping.__name__ = f"keeping_for_{period.lower()}_{make.__name__}"
    return keeping


def an_ended_request():
    return make_addressed(RequestStatus.COLLECTED, at=AT).status_since


def a_request_without_its_picture():
    card_request = make_request(RequestStatus.REJECTED, at=AT)
    Particulars.objects.update(portrait="", portrait_source="")
    return card_request.status_since


def a_picture_that_was_handed_in():
    card_request = make_draft(at=AT)
    picture_marks.note(card_request=card_request, picture=b"one", at=AT)
    picture_marks.hand_in(card_request=card_request, at=AT)
    return AT


def a_trace_of_a_picture():
    picture_marks.note_traces(holder=make_holder(), traces=["x"], at=AT)
    return AT


def a_request_with_an_inquiry():
    card_request = make_request(RequestStatus.APPROVED, at=AT)
    make_inquiry(card_request, at=AT)
    for step in (produce, dispatch, collect):
        step(card_request, at=AT + timedelta(hours=1))
    return card_request.status_since


def an_abandoned_draft():
    make_draft(at=AT)
    return AT


def a_decided_registration():
    registration = make_registration(make_holder(), at=AT)
    guardianships.confirm(guardianship=registration, by=make_reviewer(), at=AT)
    return AT


def deleted_proofs(*, at, limit):
    before = GuardianshipProof.objects.count()
    guardianships.delete_old_proofs(at=at, limit=limit)
    return before - GuardianshipProof.objects.count()


def a_face_try():
    holder = make_holder()
    check = pass_check(holder=holder, by=holder.user, purpose=Purpose.ACTIVATE, at=AT)
    FaceTry.objects.create(of_check=check, at=AT)
    return AT


def a_read_message():
    card_request = make_request(RequestStatus.ACCEPTED, at=AT)
    Notice.objects.create(
        event=card_request.events.last(),
        holder=card_request.holder,
        recipient=card_request.applicant,
        channel="PORTAL",
        text="已受理",
        created_at=AT,
        sent_at=AT,
        status=NoticeStatus.SENT,
    )
    return AT


def a_decided_loss():
    loss = make_formal_loss()
    confirm(loss)
    return loss.status_since


def an_applied_report():
    hear(made(make_orders(1)[0]))
    return HEARD


def a_settled_line():
    receive(csv_lines("不成样子"))
    quarantine.dismiss(
        line=QuarantinedLine.objects.get(), reason="重复", by=make_reviewer(), at=HEARD
    )
    return HEARD


def an_offered_portrait():
    make_offer(make_holder(), at=AT)
    return AT


def an_answered_correction():
    holder = make_holder()
    asked = my_data.ask(holder=holder, topic="IDENTITY", text="民族", by=holder.user, at=AT)
    my_data.answer(correction=asked, is_corrected=True, text="已改", by=make_reviewer(), at=AT)
    return AT


def somebody_who_left():
    holder = make_holder()
    end_employment(holder=holder, by=None, at=AT)
    return AT


def somebody_whose_account_is_closed():
    since = somebody_who_left()
    closing.close_due(at=AT + timedelta(days=90), limit=10)
    return since


def a_consent():
    holder = make_holder()
    record_consent(user=holder.user, holder=holder, kinds=CARD_KINDS, ip=None, at=AT)
    return AT


def kept_for_years(make, forget, years):
    """As `kept`, where the rule is a number of years."""

    def keeping():
        since = make()
        period = timedelta(days=365 * getattr(settings, years))
        return last_day_of(day_of(since), period), lambda at: {
            undone(lambda: forget(at=at, limit=10))
        }

    keeping.__name__ = f"keeping_for_{years.lower()}_{make.__name__}"
    return keeping


DEADLINES = [
    kept(a_read_message, forget_texts_of_notices, "NOTICE_RETENTION"),
    kept(a_decided_loss, forget_texts_of_losses, "LOSS_TEXT_RETENTION"),
    kept(an_applied_report, forget_reports, "REPORT_RETENTION"),
    kept(a_settled_line, forget_lines, "REPORT_RETENTION"),
    kept(an_answered_correction, forget_corrections, "CORRECTION_RETENTION"),
    kept(somebody_who_left, closing.close_due, "ACCOUNT_CLOSED_AFTER"),
    kept(somebody_whose_account_is_closed, closing.forget_left, "LEFT_RETENTION"),
    kept_for_years(a_consent, forget_consents, "CONSENT_KEPT_YEARS"),
    kept(a_request_without_its_picture, retention.forget_particulars, "DATA_RETENTION"),
    kept(an_ended_request, forget_shipments, "DATA_RETENTION"),
    kept(a_request_with_an_inquiry, forget_texts, "DATA_RETENTION"),
    kept(an_ended_request, retention.forget_portraits, "PORTRAIT_RETENTION"),
    kept(a_picture_that_was_handed_in, retention.forget_picture_marks, "PICTURE_MARK_RETENTION"),
    kept(an_offered_portrait, forget_offers, "OFFERED_PORTRAIT_RETENTION"),
    kept(a_trace_of_a_picture, retention.forget_picture_traces, "PICTURE_MARK_RETENTION"),
    kept(a_decided_registration, deleted_proofs, "PROOF_RETENTION"),
    kept(an_abandoned_draft, retention.forget_drafts, "DRAFT_RETENTION"),
    kept(a_face_try, forget_face_tries, "FACE_TRY_RETENTION"),
]


@pytest.mark.parametrize("deadline", DEADLINES, ids=lambda deadline: deadline.__name__)
def test_it_is_kept_to_the_last_day_of_its_term(deadline):
    assert_kept_to_its_end(deadline)
