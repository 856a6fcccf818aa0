"""A small world with something behind every URL, for the tests that walk all of them."""

from dataclasses import dataclass

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.http import QueryDict
from django.utils import timezone

from apps.cards.enums import CardStatus, RequestStatus
from apps.cards.models import Card, CardRequest
from apps.payments.models import Payment
from apps.people.models import Guardianship, Holder
from apps.replacement.models import FormalLoss
from apps.review.exports import services as exports
from apps.review.filters import RequestFilter
from apps.review.models import Export
from apps.review.models.export import ExportFormat
from apps.verification.enums import Purpose
from apps.verification.models import Check
from apps.verification.services import begin
from tests.factories.cards import make_card, make_draft, make_request
from tests.factories.formal_losses import make_formal_loss
from tests.factories.payments import make_paid, make_payable, make_payment
from tests.factories.people import make_claim, make_holder, make_reviewer, make_ward


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
    case: CardRequest
    loss: FormalLoss
    export: Export

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
            "id": self.owner.user.pk,
            "content_type_id": ContentType.objects.get_for_model(CardRequest).pk,
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
        # What the desk has pages for, by the beginning of their names.
        desk = {
            "admin:cards_cardrequest_": self.case,
            "admin:replacement_formalloss_": self.loss,
            "admin:people_guardianship_": self.claim,
            "admin:review_export_": self.export,
        }
        for prefix, row in desk.items():
            if name.startswith(prefix):
                return row.reference
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
    requests = {
        status: make_request(status) for status in RequestStatus if status != RequestStatus.DRAFT
    }
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
        case=requests[RequestStatus.ACCEPTED],
        loss=make_formal_loss(card=cards[CardStatus.ACTIVE]),
        export=_make_export(),
    )


def _make_export():
    """One that waits for the worker."""
    form = RequestFilter(QueryDict("stage=all"))
    form.is_valid()
    return exports.order(
        form=form,
        format=ExportFormat.XLSX,
        is_full=False,
        reason="",
        by=make_reviewer(),
        at=timezone.now(),
    )
