"""Two records of one person become one: all that can be changed points to the one that stays.

What the database lets nobody change (consents, discrepancies, the book of events) still names the
record of that time; pages read both (`HolderQuerySet.records_of`).
"""

from functools import partial

from django.apps import apps
from django.db.models import Exists, OuterRef

from apps.cards.enums import REQUEST_IN_FLIGHT
from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.events.enums import Channel, Role
from apps.guardianships import services as guardianships
from apps.handout import handing
from apps.lifecycle import engine
from apps.notices.models import Notice
from apps.people.enums import GuardianshipAction
from apps.people.event_kinds import HolderAction
from apps.people.masked_changes import changes_of
from apps.people.models import NO_CONTACT, Guardianship, User
from apps.people.services import end_sessions, record_change, record_update
from apps.requests.models import DiscardedFile, Particulars

# Columns that name a person: those that follow …
FOLLOWS = (
    ("cards.Card", "holder"),
    ("cards.CardRequest", "holder"),
    ("handout.BoxCard", "holder"),
    ("my_data.Correction", "holder"),
    ("notices.Notice", "holder"),
    ("people.Guardianship", "guardian"),
    ("people.Guardianship", "ward"),
    ("people.Holder", "merged_into"),
    ("photo_import.ArchivedPicture", "holder"),
    ("requests.Particulars", "guardian"),
    ("requests.PictureMark", "holder"),
    ("requests.PictureTrace", "holder"),
    ("staff_photos.OfferedPortrait", "holder"),
    ("verification.Check", "holder"),
)
# … and those that stay, each with the reason.
STAYS = {
    ("payments.Discrepancy", "holder"): "the database guards it; money is read by the request",
    ("people.Consent", "holder"): "the database guards it; consents name who agreed at that time",
    ("onboarding.ReminderRow", "holder"): "a list of who was reminded, deleted after its term",
    ("person_changes.PersonChange", "holder"): "says which record was changed",
    ("person_changes.PersonChange", "other"): "says which record was merged",
    ("roster.RosterRow", "holder"): "what a file did to the record of that time",
}
# Of the account that nobody can sign in to any more: what it still has to do.
FOLLOWS_ACCOUNT = (
    ("cards.CardRequest", "applicant"),
    ("handout.BoxCard", "proxy"),
    ("handout.Department", "contact"),
)
# What is taken from the record that ends where the one that stays has nothing.
_FILLED = ("phone", "address", "ethnicity", "occupation", "department", "reference_photo")
_IDENTITY = ("name", "id_type", "id_number", "sex", "birth_date", "nationality")
SAME_CHILD = "两条记录是同一个人，登记了同一个孩子，保留另一条登记。"


def merge(*, kept, ended, by, at):
    """Move all that is `ended`'s to `kept`, and end the record and its account.

    Call it in the transaction of the move, with both rows locked.
    """
    stays = _end_double_registrations(kept, ended, by=by, at=at)
    for label, column in FOLLOWS:
        rows = apps.get_model(label)._default_manager.filter(**{column: ended.pk})
        if rows.model is Guardianship:
            rows = rows.exclude(pk__in=stays)
        rows.update(**{column: kept.pk})
    _take_identity(kept)
    guardianships.follow_identity(holder=kept, by=by, at=at)
    handing.follow_birth_date(holder=kept)
    _end_record(kept, ended, by=by, at=at)


def _end_double_registrations(kept, ended, *, by, at):
    """Of two registrations of one child by the two records, the confirmed one stays.

    Returns the keys of those that ended long ago and cannot follow beside the other one.
    """
    stays = []
    for near, far in (("guardian", "ward"), ("ward", "guardian")):
        standing = Guardianship.objects.not_refused().filter(**{f"{near}__in": [kept, ended]})
        found: dict[int, list[Guardianship]] = {}
        for each in standing.order_by("pk"):
            found.setdefault(getattr(each, f"{far}_id"), []).append(each)
        for pair in found.values():
            first, *doubles = sorted(
                pair, key=partial(_rank, near=f"{near}_id", kept=kept.pk, at=at)
            )
            for double in doubles:
                if not engine.is_allowed(double, GuardianshipAction.MERGE, role=Role.STAFF, at=at):
                    if getattr(double, f"{near}_id") == ended.pk:
                        stays.append(double.pk)
                        continue
                    # By its birth date the record that stays is grown up, the other one is not.
                    double = first
                engine.move(
                    double,
                    GuardianshipAction.MERGE,
                    by=by,
                    role=Role.STAFF,
                    at=at,
                    channel=Channel.ADMIN,
                    reason=SAME_CHILD,
                    refusal_reason=SAME_CHILD,
                )
    return stays


def _rank(each, *, near, kept, at):
    """The confirmed one comes first, then the one that is over, then that of the record `kept`."""
    return not each.is_confirmed_at(at), each.is_waiting, getattr(each, near) != kept


def _take_identity(kept):
    """Requests that are not made into a card yet bear the number of the record that stays."""
    values = {name: getattr(kept, name) for name in _IDENTITY}
    own = CardRequest.objects.filter(holder=kept, status__in=REQUEST_IN_FLIGHT, card=None)
    Particulars.objects.filter(card_request__in=own, forgotten_at=None).update(**values)


def _end_record(kept, ended, *, by, at):
    missing = {name: getattr(ended, name) for name in _FILLED if not getattr(kept, name)}
    if ended.reference_photo and "reference_photo" not in missing:
        DiscardedFile.objects.create(
            name=ended.reference_photo.name, discarded_at=at, next_try_at=at
        )
    values = NO_CONTACT | {"merged_into": kept, "forgotten_at": at}
    account = ended.user
    if account is not None and kept.user is None:
        values["user"], missing["user"] = None, account
    elif account is not None:
        values["left_date"] = day_of(at)  # apps.my_data.closing closes the account later
        _end_account(account, kept.user, at=at)
    _save(ended, values)
    if missing:
        before = {name: getattr(kept, name) for name in missing}
        _save(kept, missing)
        _record_filled(kept, missing, before, by=by, at=at)


def _record_filled(kept, filled, before, *, by, at):
    """Write down what `kept` took over. A phone that came with its account is no new one for it."""
    record = partial(record_change, action=HolderAction.CHANGE, holder=kept, by=by, at=at)
    if "reference_photo" in filled:
        record(facts={"fields": ["reference_photo"]})
    told = {name: filled[name] for name in filled if name not in ("reference_photo", "user")}
    if "user" in filled:
        told["user_id"], before["user_id"] = kept.user_id, None
        record(facts=changes_of(before, told))
    elif told:
        record_update(holder=kept, changes=told, before=before, by=by, at=at)


def _save(holder, values):
    for name, value in values.items():
        setattr(holder, name, value)
    holder.save(update_fields=values)


def _end_account(account, kept, *, at):
    """Nobody signs in to `account` any more; what it was asked to do is `kept`'s."""
    User.objects.filter(pk=account.pk).update(is_active=False)
    for label, column in FOLLOWS_ACCOUNT:
        rows = apps.get_model(label)._default_manager.filter(**{column: account.pk})
        rows.update(**{column: kept.pk})
    told = Notice.objects.filter(
        recipient=kept, event=OuterRef("event"), channel=OuterRef("channel")
    )
    Notice.objects.filter(~Exists(told), recipient=account).update(recipient=kept)
    end_sessions(users={account.pk}, at=at)
