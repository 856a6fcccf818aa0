"""What may be changed of who somebody is, by whom, and when it has to wait."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q

from apps.cards.enums import CARD_IN_HAND, REQUEST_IN_FLIGHT, RequestStatus
from apps.cards.models import Card, CardRequest
from apps.common.moments import day_of
from apps.common.refusals import Refused
from apps.common.rules import rule_text
from apps.encryption.fields import blind_indexes
from apps.guardianships.policies import MOST_GUARDIANS
from apps.my_data.models import Correction
from apps.people import documents
from apps.people.enums import IdType
from apps.people.models import Guardianship, Holder, User
from apps.people.permissions import is_party, party_sentence
from apps.people.policies import is_too_near_in_age
from apps.person_changes.enums import PersonChangeKind
from apps.person_changes.models import PersonChange
from apps.typed_text import id_numbers

_PARENT_AGE = (
    f"父母没有比孩子大 {settings.PARENT_OLDER_BY_YEARS} 岁。请核对号码，和已确认的子女登记。"
)
_OTHER_DOCUMENT = re.compile(r"[0-9A-Z]{5,18}")


class NumberRefused(Refused):
    """The new number cannot be that of this person; the sentence stands beside the number."""


class RecordRefused(Refused):
    """The second record cannot be merged; the sentence stands beside it."""


def normalised(kind, number):
    """`number` as it is stored."""
    if kind == PersonChangeKind.EMPLOYEE_NUMBER:
        return User.normalize_username(number.strip())
    return id_numbers.normalise(number)


def check_may_decide(change, *, by):
    """Raise `Refused` (own, party) unless `by` may decide on `change`."""
    if change.proposed_by_id == by.pk:
        raise Refused("这是您提出的，要由另一位同事确认。", code="own")
    check_no_party(*change.persons, by=by)


def check_no_party(*persons, by):
    """Raise `Refused` (party) when `by` is one of `persons`, or a guardian of one."""
    if any(is_party(by, person) for person in persons):
        raise Refused(party_sentence(what="记录", verb="更正"), code="party")


def check_free(*persons, at):
    """Raise `Refused` (waiting) when a change of one of `persons` waits for confirmation."""
    if PersonChange.objects.naming(*persons).waiting(at=at).exists():
        raise Refused("这个人已有一条等待确认的更正，请先办完那一条。", code="waiting")


def check_change(kind, *, holder, other, new_number, at):
    """Raise `Refused` unless the change can be made as things are at the moment `at`."""
    for person in (holder, other):
        if person is not None and person.merged_into_id:
            raise Refused("这条记录已并入另一条，请更正那一条。", code="merged")
    if kind == PersonChangeKind.EMPLOYEE_NUMBER:
        _check_employee_number(holder, new_number)
    elif kind == PersonChangeKind.ID_NUMBER:
        _check_id_number(holder, new_number, at=at)
    else:
        _check_merge(holder, other, at=at)


# --- Numbers --------------------------------------------------------------------------------------


def _check_employee_number(holder, number):
    if holder.user is None:
        raise Refused("这个人没有账户，也就没有工号。", code="no_account")
    if holder.user.is_superuser:
        raise Refused("这是超级管理员的账户，请系统管理员单独办理。", code="protected")
    if not number or len(number) > 20:
        raise NumberRefused("请填写新的工号，最多 20 个字符。", code="number")
    if number == holder.user.employee_number:
        raise NumberRefused("新的工号与现在的一样。", code="same")
    if User.objects.filter(employee_number=number).exists():
        raise NumberRefused(
            "这个工号已有账户。两条记录是同一个人的，请改为「合并两条记录」。", code="taken"
        )


def _check_id_number(holder, number, *, at):
    _check_structure(holder, number, at=at)
    if number == holder.id_number:
        raise NumberRefused("新的号码与现在的一样。", code="same")
    if Holder.objects.filter(id_number_index__in=blind_indexes(number)).exists():
        raise NumberRefused(
            "这个号码已登记给另一条记录。两条记录是同一个人的，请改为「合并两条记录」。",
            code="taken",
        )
    _check_age(holder, number, at=at)
    check_none_in_production(holder)
    _check_requests_of(holder, documents.of_number(number))


def _check_requests_of(holder, document):
    """Raise `NumberRefused` when `holder` has handed in a request that `document` does not allow.

    `document` is the one after the change, None for one of another structure.
    """
    handed_in = set(REQUEST_IN_FLIGHT) - {RequestStatus.DRAFT}
    is_allowed = document is not None and document.is_of_a_citizen
    if not is_allowed and _has(CardRequest, holder, handed_in, card=None):
        raise NumberRefused(
            "更正以后，登记的证件不是居民身份证，不能网上申领，而这个人有一件在办的申请。"
            "请先把那件申请办成不通过，或请本人撤销，再更正。",
            code="other_document",
        )


def _check_structure(holder, number, *, at):
    told = id_numbers.told_by(number)
    if told is None and holder.id_type != IdType.RESIDENT and _OTHER_DOCUMENT.fullmatch(number):
        return
    try:
        id_numbers.check(number, day=day_of(at))
    except ValidationError as error:
        raise NumberRefused("".join(error.messages), code="number") from None


def _check_age(holder, number, *, at):
    told = id_numbers.told_by(number)
    years = id_numbers.age(told.birth_date, day=day_of(at)) if told else None
    if holder.user_id and years is not None and years < settings.GUARDIAN_UNTIL_AGE:
        raise NumberRefused(
            f"按这个号码，本人未满{rule_text('GUARDIAN_UNTIL_AGE')}，不能有自己的账户。请核对。",
            code="too_young",
        )
    if told and not _fits_family([holder], told.birth_date):
        raise NumberRefused(f"按这个号码，{_PARENT_AGE}", code="parent_age")


def _fits_family(records, born):
    """Whether the person behind `records`, born on `born`, fits their parents and children.

    Counts the guardianships that HR has confirmed.
    """
    confirmed = Guardianship.objects.confirmed()
    bonds = confirmed.filter(Q(guardian__in=records) | Q(ward__in=records))
    return not any(
        is_too_near_in_age(born, each.ward.birth_date)
        if each.guardian in records
        else is_too_near_in_age(each.guardian.birth_date, born)
        for each in bonds.select_related("guardian", "ward")
    )


def check_none_in_production(holder):
    """Raise `Refused` (in_production) while a card with the present number is being made."""
    if CardRequest.objects.filter(holder=holder, status=RequestStatus.APPROVED).exists():
        raise Refused(
            "制卡中心正在按原来的号码制卡。请等卡制成，或撤回审核决定，再更正。",
            code="in_production",
        )


# --- Two records of one person --------------------------------------------------------------------


def _check_merge(kept, ended, *, at):
    if ended is None or ended == kept:
        raise RecordRefused("请填写另一条记录。", code="same")
    if ended.user is not None and (ended.user.is_staff or ended.user.is_superuser):
        raise RecordRefused(
            "要并入的记录有审核后台的账户。请保留那一条，或请系统管理员先取消它的角色。",
            code="staff",
        )
    _check_cards(kept, ended)
    _check_guardians(kept, ended, at=at)
    asked = [
        set(Correction.objects.open().filter(holder=each).values_list("topic", "asked_by"))
        for each in (kept, ended)
    ]
    if asked[0] & asked[1]:
        raise RecordRefused("两条记录有相同的更正请求在等答复，请先答复一条。", code="corrections")


def _check_cards(kept, ended):
    cards = [_has(Card, each, CARD_IN_HAND) for each in (kept, ended)]
    requests = [_has(CardRequest, each, REQUEST_IN_FLIGHT) for each in (kept, ended)]
    if all(cards):
        raise RecordRefused(
            "两条记录都有没注销的社保卡。一个人只能有一张，请先注销一张。", code="two_cards"
        )
    if all(requests):
        raise RecordRefused(
            "两条记录都有在办的申请。一个人同时只能办一件，请先办完或撤销一件。",
            code="two_requests",
        )
    if (cards[0] and requests[1]) or (cards[1] and requests[0]):
        raise RecordRefused(
            "一条记录有社保卡，另一条有在办的申请。请先办完或撤销那件申请。",
            code="card_and_request",
        )
    check_none_in_production(ended)
    _check_requests_of(ended, documents.of_holder(kept))


def _has(model, holder, statuses, **more):
    return model.objects.filter(holder=holder, status__in=statuses, **more).exists()


def _check_guardians(kept, ended, *, at):
    both = [kept, ended]
    standing = Guardianship.objects.not_refused()
    if standing.filter(guardian__in=both, ward__in=both).exists():
        raise RecordRefused("一条记录是另一条的监护人，不是同一个人。请核对。", code="family")
    guardians = Guardianship.objects.confirmed().filter(ward__in=both).values("guardian")
    if guardians.distinct().count() > MOST_GUARDIANS:
        raise RecordRefused(
            f"合并以后会有超过 {MOST_GUARDIANS} 位监护人。请先核对登记。", code="guardians"
        )
    if not _fits_family(both, kept.birth_date):
        raise RecordRefused(f"合并以后，{_PARENT_AGE}", code="parent_age")
