"""A small world with something behind every URL, for the tests that walk all of them."""

from dataclasses import dataclass

from django.apps import apps
from django.utils import timezone

from apps.cards.enums import CardStatus, RequestStatus
from apps.cards.models import Card, CardRequest
from apps.payments.models import Payment
from apps.people.models import Guardianship, Holder
from apps.verification.enums import Purpose
from apps.verification.models import Check
from apps.verification.services import begin
from tests.factories.cards import make_card, make_draft, make_request
from tests.factories.payments import make_paid, make_payable, make_payment
from tests.factories.people import make_claim, make_holder, make_ward


@dataclass
class World:
    """One person's things; everybody else is a stranger to them."""

    owner: Holder
    draft: CardRequest
    card: Card
    payment: Payment
    check: Check
    claim: Guardianship
    ward: Holder

    def arguments(self, name, args):
        """Values for the arguments of the URL `name`; None when nothing of the kind exists."""
        values = {argument: self._value(name, argument) for argument in args}
        return None if None in values.values() else values

    def _value(self, name, argument):
        if argument == "reference":
            return self._reference(name)
        if argument == "object_id":
            return self._first_pk(name)
        others = {
            "number": 1,
            "which": "portrait",
            "gateway": "sandbox",
            "app_label": "cards",
            "code": "370100",
            "kind": "service",
            "id": 1,
        }
        return others.get(argument)

    def _reference(self, name):
        owner_of = {
            "verification": self.check,
            "activation": self.card,
            "loss_report": self.card,
            "replacement": self.card,
            "children": self.claim,
        }
        if name in ("payments:detail", "payments:return"):
            return self.payment.reference
        if name.startswith("application:child_"):
            return self.ward.reference
        if name.startswith("admin:people_guardianship_"):
            return self.claim.reference
        return owner_of.get(name.split(":")[0], self.draft).reference

    @staticmethod
    def _first_pk(name):
        """The primary key of any row behind an admin URL such as admin:cards_card_change."""
        app_label, model_name = _model_of(name)
        if app_label is None:
            return 1
        row = apps.get_model(app_label, model_name)._default_manager.first()
        return row.pk if row else 1


def _model_of(name):
    path = name.removeprefix("admin:")
    for config in apps.get_app_configs():
        for model in config.get_models():
            if path.startswith(f"{config.label}_{model._meta.model_name}_"):
                return config.label, model._meta.model_name
    return None, None


def make_world():
    """Requests in every status, cards in every status, payments and a check, all through services.

    The owner has a draft; other people have the rest.
    """
    owner = make_holder()
    draft = make_draft(holder=owner)
    check = begin(
        holder=owner,
        by=owner.user,
        purpose=Purpose.APPLY,
        request=draft,
        next_url="/",
        at=timezone.now(),
    )
    ward = make_ward(owner)
    claim = make_claim(owner)
    for status in RequestStatus:
        if status != RequestStatus.DRAFT:
            make_request(status)
    cards = {status: make_card(status) for status in CardStatus}
    make_payable()
    make_payment()
    paid = make_paid()
    return World(
        owner=owner,
        draft=draft,
        card=cards[CardStatus.SEALED],
        payment=paid,
        check=check,
        claim=claim,
        ward=ward,
    )
