"""Random walks over the verbs of a request, its card and the card's losses, beside a small model.

The model says which verb is allowed in which status, what it leads to, how many events it writes,
and who may do what. Verbs that it forbids are tried as well: they must be refused and leave
everything as it was.
"""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from apps.activation import services as activation
from apps.cards.enums import ReplacementReason, RequestAction
from apps.cards.models import Card
from apps.common.refusals import Refused
from apps.events.enums import AS_WORKER
from apps.events.models import Event
from apps.lifecycle import engine
from apps.loss_report import expiry
from apps.loss_report import services as losses
from apps.recall import services as recalling
from apps.replacement import services as replacement
from apps.requests import services as requests
from apps.seals import checking
from apps.seals import services as seals
from apps.verification.enums import Purpose
from tests.factories import cards as steps
from tests.factories import recorded
from tests.factories.cards import AT, make_draft
from tests.factories.checks import pass_check
from tests.factories.formal_losses import declare
from tests.factories.loss_reports import report
from tests.factories.people import make_reviewer
from tests.lifecycle.card_model import (
    BEGINNINGS,
    CARD,
    ENDS,
    LETTERS,
    MAY_CARD,
    MAY_REQUEST,
    REQUEST,
    VERBS,
    WINDOW,
    Model,
)
from tests.soundness import assert_sound


class Walk(RuleBasedStateMachine):
    """One holder's request, from the draft on. Each example ends with a rollback.

    `walked` are (verb, status) of every move of all examples.
    """

    walked: set[tuple[str, str]] = set()

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.first_event = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self.at, self.model = AT, Model()

    @initialize(way=st.sampled_from(BEGINNINGS))
    def begin(self, way):
        self.row = make_draft(at=self.at)
        self.holder = self.row.holder
        for verb in way:
            self.attempt(verb)

    def teardown(self):
        seals.seal(at=self.at)
        assert checking.verify().findings == []
        assert_sound()
        transaction.savepoint_rollback(self.savepoint)

    # --- Steps ------------------------------------------------------------------------------------

    @rule(data=st.data())
    def go_on(self, data):
        """Something that is allowed."""
        allowed = self.allowed(lambda verb: verb not in ENDS)
        if allowed:
            self.attempt(data.draw(st.sampled_from(allowed)))

    @precondition(lambda self: self.allowed(ENDS.__contains__))
    @rule(data=st.data())
    def end(self, data):
        self.attempt(data.draw(st.sampled_from(self.allowed(ENDS.__contains__))))

    def allowed(self, of):
        return [verb for verb in VERBS if of(verb) and self.model.allows(verb, self.at)]

    @rule(verb=st.sampled_from(VERBS))
    def try_anything(self, verb):
        self.attempt(verb)

    @precondition(lambda self: self.nearly_allowed())
    @rule(data=st.data())
    def try_what_only_a_condition_forbids(self, data):
        self.attempt(data.draw(st.sampled_from(self.nearly_allowed())))

    def nearly_allowed(self):
        """The verbs that fit the statuses and are not allowed."""
        statuses = (self.model.request, REQUEST), (self.model.card_at(self.at), CARD)
        fit = {verb for status, table in statuses for verb in VERBS if (verb, status) in table}
        return sorted(verb for verb in fit if not self.model.allows(verb, self.at))

    @rule(hours=st.integers(min_value=1, max_value=80))
    def wait(self, hours):
        self.at += timedelta(hours=hours)

    @precondition(lambda self: self.model.card_at(self.at) == "SUSPENDED")
    @rule(seconds=st.integers(min_value=-1, max_value=1), is_swept=st.booleans())
    def come_to_the_end_of_the_suspension(self, seconds, is_swept):
        self.at = max(self.at, self.model.ends_at + timedelta(seconds=seconds))
        if is_swept:
            self.sweep()

    @precondition(lambda self: self.model.decided is not None)
    @rule(seconds=st.integers(min_value=-1, max_value=1))
    def come_to_the_end_of_a_recall(self, seconds):
        """The verb comes a minute later, as every one."""
        end = self.model.decided[1] + WINDOW - timedelta(minutes=1)
        self.at = max(self.at, end + timedelta(seconds=seconds))
        self.attempt("recall")

    @rule()
    def sweep(self):
        """The worker writes down which suspensions have ended."""
        expiry.expire_due(at=self.at, deadline=None)
        self.model.write_down(self.at)

    def attempt(self, verb):
        self.at += timedelta(minutes=1)
        is_allowed = self.model.allows(verb, self.at)
        try:
            with transaction.atomic():
                getattr(self, f"_{verb}")()
        except Refused:
            assert not is_allowed, f"{verb} was refused"
        else:
            assert is_allowed, f"{verb} was not refused"
            before = self.model.request, self.model.card_at(self.at)
            self.walked |= {(verb, status) for status in before}
            self.model.do(verb, self.at)

    @rule()
    def begin_another(self):
        """A first request beside what there is; taken back where it is allowed."""
        at, is_allowed = self.at + timedelta(minutes=1), self.model.may_begin()
        savepoint = transaction.savepoint()
        try:
            make_draft(holder=self.holder, at=at)
        except Refused:
            assert not is_allowed, "another request was refused"
        else:
            assert is_allowed, "another request was not refused"
        transaction.savepoint_rollback(savepoint)

    # --- What must be true after each step --------------------------------------------------------

    @invariant()
    def statuses_are_those_of_the_model(self):
        if not hasattr(self, "row"):
            return
        self.row.refresh_from_db()
        assert self.row.status == self.model.request
        card = self.card()
        assert (card and card.status_at(self.at)) == self.model.card_at(self.at)
        if card is not None:
            assert (card.suspended_until is not None) == (self.model.card == "SUSPENDED")

    @invariant()
    def each_role_may_do_what_the_model_says(self):
        if not hasattr(self, "row"):
            return
        self.row.refresh_from_db()
        card = self.card()
        for role in LETTERS:
            for action, _, _ in MAY_REQUEST:
                may = engine.is_allowed(self.row, action, role=role, at=self.at)
                assert may == self.model.may(action, role, self.at)[0], (action, role)
            for action, _, _ in MAY_CARD if card else ():
                may = engine.is_allowed(card, action, role=role, at=self.at)
                assert may == self.model.may(action, role, self.at)[1], (action, role)

    @invariant()
    def each_move_wrote_its_event(self):
        if not hasattr(self, "row"):
            return
        events = Event.objects.filter(pk__gt=self.first_event, holder_id=self.holder.pk)
        lives = events.filter(subject_kind__in=["request", "card", "loss_report", "formal_loss"])
        told = list(lives.order_by("pk"))
        assert len(told) == self.model.events, told
        last: dict[tuple, str] = {}
        for event in told:  # each begins where the one before of the same row has ended
            row = event.subject_kind, event.subject_id
            assert event.from_status == last.get(row, ""), event
            last[row] = event.to_status
        assert last["request", self.row.pk] == self.model.request

    # --- The verbs --------------------------------------------------------------------------------

    def card(self):
        """The newest one: an older one is lost or retired."""
        return Card.objects.filter(holder=self.holder).order_by("-pk").first()

    def card_or_refuse(self):
        card = self.card()
        if card is None:
            raise Refused("没有卡", code="none")
        return card

    def _submit(self):
        if self.model.replaces:
            replacement.check_again(card_request=self.row, at=self.at)
        steps.submit(self.row, at=self.at)

    def _replace(self):
        card = self.card_or_refuse()
        self.row = replacement.open_draft(
            card=card,
            reason=ReplacementReason.LOST,
            city=card.city,
            bank=card.bank,
            by=self.holder.user,
            at=self.at,
        )
        complete = {"card_request": self.row, "values": steps.COMPLETE, "by": self.holder.user}
        requests.save_draft(**complete, at=self.at)

    def _discard(self):
        steps.discard(self.row, at=self.at)

    def _withdraw(self):
        steps.withdraw(self.row, at=self.at)

    def _lapse(self):
        steps.lapse(self.row, at=self.at)

    def _pay(self):
        steps.pay(self.row, at=self.at)

    def _accept(self):
        steps.accept(self.row, at=self.at)

    def _ask(self):
        steps.ask(self.row, at=self.at)

    def _amend(self):
        values = {"phone": "13800138001"}
        requests.amend(card_request=self.row, values=values, by=self.row.applicant, at=self.at)

    def _approve(self):
        steps.approve(self.row, at=self.at)

    def _reject(self):
        steps.reject(self.row, at=self.at)

    def _recall(self):
        recalling.recall(card_request=self.row, by=make_reviewer(), at=self.at)

    def _fail(self):
        engine.move(self.row, RequestAction.FAIL, at=self.at, reason="打印失败", **AS_WORKER)

    def _produce(self):
        if self.card() is not None and not self.model.replaces:
            raise Refused("已有卡", code="made")
        steps.produce(self.row, at=self.at)

    def _dispatch(self):
        steps.dispatch(self.row, at=self.at)

    def _collect(self):
        steps.collect(self.row, at=self.at)

    def _passed(self, purpose):
        by = self.holder.user
        pass_check(holder=self.holder, by=by, purpose=purpose, at=self.at)
        return {"by": by, "at": self.at}

    def _activate(self):
        activation.activate(card=self.card_or_refuse(), **self._passed(Purpose.ACTIVATE))

    def _report(self):
        report(self.card_or_refuse(), at=self.at)

    def _lift(self):
        losses.lift(card=self.card_or_refuse(), **self._passed(Purpose.LOSS_REPORT))

    def _lose(self):
        loss = declare(self.card_or_refuse(), at=self.at)
        replacement.confirm(loss=loss, by=make_reviewer(), at=self.at)

    def _find(self):
        card = self.card_or_refuse()
        loss = card.formal_losses.order_by("-pk").first()
        if loss is None:
            raise Refused("没有挂失", code="none")
        replacement.withdraw(loss=loss, reason="卡找到了", by=make_reviewer(), at=self.at)


def walk(machine, *, examples):
    """Walk `examples` times, always the same ways. Raises what the first failing walk raises."""
    recorded.now.is_patched = True  # rows that are repeated would outlive a rollback
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=20,
            phases=[Phase.generate],  # to make a failure shorter takes minutes
            derandomize=True,
            database=None,
            deadline=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.slow
@pytest.mark.django_db
def test_the_lives_of_a_card_agree_with_a_model_of_them():
    walk(Walk, examples=70)
    missing = {*REQUEST, *CARD} - Walk.walked
    assert len(missing) <= 8, missing
