"""A small world with something behind every URL, for the tests that walk all of them."""

import io
from dataclasses import dataclass, field
from datetime import date

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.http import QueryDict
from django.utils import timezone

from apps.bulk import checks
from apps.bulk import services as bulk
from apps.bulk.contact_sheet import services as sheets
from apps.bulk.enums import BulkAction
from apps.bulk.models import BulkRun
from apps.cards.enums import CardStatus, RequestStatus
from apps.cards.models import Card, CardRequest
from apps.common.moments import day_of
from apps.desk import roles
from apps.exports import services as exports
from apps.exports.enums import ExportFormat
from apps.exports.models import Export
from apps.invitations.funnel import FunnelStep
from apps.notices import table
from apps.notices_desk import services as wordings
from apps.notices_desk.book import Words
from apps.onboarding import services as onboarding
from apps.onboarding.models import ReminderRun
from apps.payments.models import Payment
from apps.people.models import Guardianship, Holder
from apps.photo_import import services as photos
from apps.photo_import.models import PhotoArchive
from apps.phrasebook.models import Phrase
from apps.replacement.models import FormalLoss
from apps.review import queue
from apps.review.filters import RequestFilter
from apps.roster import applying
from apps.roster import services as rosters
from apps.roster.models import RosterUpload
from apps.saved_lists import services as saved_lists
from apps.saved_lists.models import SavedList
from apps.staff_photos.enums import PhotoPurpose
from apps.verification.models import Check
from tests.factories.cards import make_calm, make_card, make_draft, make_request
from tests.factories.checks import begin as begin_check
from tests.factories.formal_losses import make_formal_loss
from tests.factories.payments import make_paid, make_payable, make_payment
from tests.factories.people import (
    make_colleague,
    make_holder,
    make_id_number,
    make_registration,
    make_reviewer,
    make_ward,
)
from tests.photo_import.archives import picture, zipped


@dataclass
class World:
    """The rows of one person. Everybody else has no access to them."""

    owner: Holder
    draft: CardRequest
    card: Card
    payment: Payment
    check: Check
    claim: Guardianship
    ward: Holder
    card_request: CardRequest
    loss: FormalLoss
    export: Export
    phrase: Phrase
    saved_list: SavedList
    bulk_run: BulkRun
    roster: RosterUpload
    reminder_run: ReminderRun
    photo_archive: PhotoArchive
    # Rows behind further pages of the desk, by the beginning of the names of their URLs.
    more: dict[str, Model] = field(default_factory=dict)

    def arguments(self, name, args):
        """Values for the arguments of the URL `name`; None when nothing of the kind exists."""
        values = {argument: self._value(name, argument) for argument in args}
        return None if None in values.values() else values

    def _value(self, name, argument):
        if name == "admin:roster_rosterupload_template":
            return "csv"
        if argument == "reference":
            return self._reference(name)
        if argument == "object_id":
            return self._first_pk(name)
        others = {
            "number": 1,
            "which": "portrait",
            "slug": "code",
            "topic": "phone",
            "gateway": "sandbox",
            "app_label": "cards",
            "id": self.owner.user.pk,
            "content_type_id": ContentType.objects.get_for_model(CardRequest).pk,
            "person": self.owner.reference,
            "code": "370100",
            "year": day_of(timezone.now()).year,
            "kind": "service",
            "receiver": "main",
            "key": "card.RETIRE",
        }
        return others.get(argument)

    def _reference(self, name):
        owner_of = {
            "verification": self.check,
            "activation": self.card,
            "loss_report": self.card,
            "replacement": self.card,
            "children": self.claim,
            "home": self.card,
        }
        if name in ("payments:detail", "payments:return"):
            return self.payment.reference
        if name.startswith("application:child_"):
            return self.ward.reference
        # What the desk has pages for, by the beginning of their names.
        desk = {
            "admin:cards_cardrequest_": self.card_request,
            "admin:replacement_formalloss_": self.loss,
            "admin:people_guardianship_": self.claim,
            "admin:exports_export_": self.export,
            "admin:phrasebook_phrase_": self.phrase,
            "admin:saved_lists_savedlist_": self.saved_list,
            "admin:bulk_bulkrun_": self.bulk_run,
            "admin:onboarding_reminderrun_": self.reminder_run,
            "admin:roster_rosterupload_photos_": self.photo_archive,
            "admin:roster_rosterupload_": self.roster,
            "admin:people_holder_": self.owner,
        }
        for prefix, row in {**desk, **self.more}.items():
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


def _make_bulk_run():
    """Everything that waits, to be approved in bulk and not worked off yet."""
    by, at = make_reviewer(), timezone.now()
    waiting = list(queue.waiting().select_related(*checks.RELATED))
    sheets.show(sheet=sheets.open_sheet(requests=waiting, by=by, at=at), by=by, at=at)
    run = bulk.prepare(
        requests=waiting,
        action=BulkAction.APPROVE,
        what={},
        chosen="",
        by=by,
        at=at,
    )
    bulk.start(run=run, by=by, at=at)
    return run


def make_world():
    """Requests in every status, cards in every status, payments and a check, all through services.

    The owner has a draft; other people have the rest.
    """
    owner = make_holder()
    draft = make_draft(holder=owner)
    check = begin_check(owner, card_request=draft, at=timezone.now())
    ward = make_ward(owner)
    claim = make_registration(owner)
    requests = {
        status: make_request(status) for status in RequestStatus if status != RequestStatus.DRAFT
    }
    make_calm()
    cards = {status: make_card(status) for status in CardStatus}
    make_payable()
    make_payment()
    paid = make_paid()
    _word_a_message()
    return World(
        owner=owner,
        draft=draft,
        card=cards[CardStatus.SEALED],
        payment=paid,
        check=check,
        claim=claim,
        ward=ward,
        card_request=requests[RequestStatus.ACCEPTED],
        loss=make_formal_loss(card=cards[CardStatus.ACTIVE]),
        export=_make_export(),
        phrase=Phrase.objects.create(topic="phone", text="号码是别人的", position=9),
        saved_list=_save_list(),
        bulk_run=_make_bulk_run(),
        roster=make_roster(),
        photo_archive=make_photo_archive(),
        reminder_run=_make_reminder_run(),
    )


def _make_reminder_run():
    """Everybody who fills in a form, to be reminded and not told yet."""
    by, at = make_reviewer(), timezone.now()
    people = Holder.objects.filter(user__isnull=False)
    run = onboarding.prepare(
        people=people, step=FunnelStep.DRAFT, chosen="全校", query="all", by=by, at=at
    )
    onboarding.start(run=run, seen=run.rows.waiting().count(), by=by, at=at)
    return run


def _word_a_message():
    """A second version of what is told when a card is retired."""
    at = timezone.now()
    wordings.add_version(
        message=table.by_key("card.RETIRE"),
        words=Words("{谁的}旧社保卡 {卡号} 已经注销。{如果 写了原因}原因：{原因}。{完}"),
        base=0,
        reason="说得短一些",
        applies_from=at + wordings.BEGINS_AFTER,
        by=make_colleague(roles.SUPERVISOR),
        at=at,
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


def _save_list():
    """One of the team."""
    by, at = make_colleague(roles.SUPERVISOR), timezone.now()
    shown = {"name": "补领的", "query": "matter=LOST", "is_shared": True, "is_first": False}
    return saved_lists.save_list(**shown, by=by, at=at)


def make_roster():
    """A roster with one new person, whose row still waits to be applied."""
    at = timezone.now()
    number = make_id_number(birth_date=date(1979, 3, 3))
    roster, _ = rosters.take_in(
        content=f"工号,姓名,社会保障号码\nW1,张超,{number}\n".encode(),
        is_complete=False,
        by=make_colleague(roles.SUPERVISOR),
        at=at,
    )
    rosters.prepare(upload=roster, at=at)
    roster.refresh_from_db()
    applying.apply(upload=roster, typed_count=None, by=roster.by, at=at)
    return roster


def make_photo_archive():
    """Photos of two people, one of them unknown, that nobody has looked at yet."""
    files = {f"{make_holder().user.employee_number}.jpg": picture(), "other.jpg": picture()}
    return photos.take_in(
        file=io.BytesIO(zipped(files)),
        purpose=PhotoPurpose.REFERENCE,
        by=make_colleague(roles.SUPERVISOR),
        at=timezone.now(),
    )
