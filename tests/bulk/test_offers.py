"""What the page of a bulk run offers: what the table and the policies allow, and nothing else."""

from datetime import timedelta

import pytest
from django.conf import settings

from apps.bulk import services
from apps.bulk.enums import BulkAction, RunAction
from apps.bulk.offers import DISCARD, offers
from apps.desk import roles
from tests.bulk.steps import LATER, SOON, begin, prepare, work_off
from tests.factories.cards import make_calm, make_request
from tests.factories.people import make_colleague, make_reviewer

pytestmark = pytest.mark.django_db

VERBS = {
    RunAction.START: services.start,
    RunAction.STOP: services.stop,
    RunAction.RECALL: services.recall,
    DISCARD: services.discard,
}


def offered(run, by, *, at=LATER):
    run.refresh_from_db()
    return offers(run, by=by, at=at, counts=run.rows.counts())


def actions(found):
    return [offer.action for offer in found]


def test_a_run_offers_what_comes_next_from_the_dry_run_to_taking_it_back(reviewer, settings):
    run = prepare(make_calm(), by=reviewer)
    assert actions(offered(run, reviewer).open) == [RunAction.START, DISCARD]
    assert offered(run, reviewer).main.words == "审核通过这 1 件"
    services.start(run=run, by=reviewer, at=LATER)
    assert actions(offered(run, reviewer).open) == [RunAction.STOP]
    work_off()
    assert actions(offered(run, reviewer, at=SOON).open) == [RunAction.RECALL]
    assert not offered(run, reviewer, at=SOON + settings.DECISION_UNDO_WINDOW).open


@pytest.mark.parametrize("stage", ["prepared", "running", "done"])
@pytest.mark.parametrize("who", ["its own", "a colleague", "an auditor"])
def test_what_is_open_can_be_done_and_what_is_closed_is_refused_in_the_same_words(
    reviewer, stage, who
):
    people = {"its own": lambda: reviewer, "a colleague": make_reviewer}
    by = people.get(who, lambda: make_colleague(roles.AUDITOR))()
    run = prepare(make_calm(), by=reviewer)
    if stage != "prepared":
        services.start(run=run, by=reviewer, at=LATER)
    if stage == "done":
        work_off(at=LATER)
    found = offered(run, by)
    assert found
    for offer in found.closed:
        with pytest.raises(type(offer.refusal)) as refusal:
            VERBS[offer.action](run=run, by=by, at=LATER)
        assert refusal.value.message == offer.why_not
    for offer in found.open[:1]:
        VERBS[offer.action](run=run, by=by, at=LATER)


def test_a_dry_run_that_is_too_old_or_empty_says_so_before_anybody_presses(reviewer):
    old = offered(
        prepare(make_calm(), by=reviewer), reviewer, at=LATER + settings.BULK_PREVIEW_LIFETIME
    )
    assert (old.of(RunAction.START).refusal.code, actions(old.open)) == ("expired", [DISCARD])
    empty = offered(prepare(make_request("ACCEPTED"), by=reviewer), reviewer)
    assert empty.of(RunAction.START).refusal.code == "nothing_to_do"


def test_a_rejection_in_bulk_is_taken_back_and_says_what_has_not_happened(reviewer):
    run = begin(make_calm(), by=reviewer, action=BulkAction.REJECT, reason="已经离职")
    work_off()
    (offer,) = offered(run, reviewer, at=SOON + timedelta(seconds=1)).open
    assert offer.action == RunAction.RECALL
    assert "款项也还没有退" in offer.hint
