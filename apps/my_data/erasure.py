"""What people may have erased before its term is over, and who does it.

Everything else says in the table of personal data why it stays.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.common.refusals import Refused
from apps.events import services as events
from apps.events.enums import Channel, Role
from apps.guardianships import services as guardianships
from apps.my_data.event_kinds import MY_DATA, MyDataAction
from apps.notices import retention as notices
from apps.notices.models import Notice
from apps.people import appearance
from apps.people.models import UnsentForm
from apps.requests import retention
from apps.requests import services as requests
from apps.staff_photos.models import OfferedPortrait
from apps.staff_photos.services import withdraw_offers


@dataclass(frozen=True)
class Erasable:
    """`count` and `erase` get the persons, the reader (an account) and the moment."""

    name: str
    label: str
    after: str
    count: Callable[[list, Any, Any], int]
    erase: Callable[[list, Any, Any], object]


def _drafts(persons):
    return CardRequest.objects.filter(holder__in=persons, status=RequestStatus.DRAFT)


def _discard_drafts(persons, reader, at):
    for draft in _drafts(persons).select_related("holder"):
        requests.discard(card_request=draft, by=reader, at=at)


def _forms(reader):
    return UnsentForm.objects.filter(account=reader)


ERASABLE = (
    Erasable(
        "drafts",
        "没有交的申请草稿，连同照片",
        "申请要从头填",
        lambda persons, reader, at: _drafts(persons).count(),
        _discard_drafts,
    ),
    Erasable(
        "pictures",
        "已经办结的申请里的照片",
        "人脸核验没有别的照片可比时，改用短信验证码",
        lambda persons, reader, at: retention.pictures_of(persons).count(),
        lambda persons, reader, at: retention.erase_pictures(holders=persons, at=at),
    ),
    Erasable(
        "offered_portraits",
        "单位给您拍的证件照",
        "申请时要自己上传照片",
        lambda persons, reader, at: OfferedPortrait.objects.filter(holder__in=persons).count(),
        lambda persons, reader, at: withdraw_offers(holders=persons, at=at),
    ),
    Erasable(
        "proofs",
        "已经有决定的监护证明影像",
        "监护关系不受影响",
        lambda persons, reader, at: guardianships.proofs_of(user=reader, at=at).count(),
        lambda persons, reader, at: guardianships.erase_proofs(user=reader, at=at),
    ),
    Erasable(
        "messages",
        "看过的消息",
        "办理记录还在，只是没有当时的原文",
        lambda persons, reader, at: Notice.objects.read_by(reader).count(),
        lambda persons, reader, at: notices.erase_read(user=reader, at=at),
    ),
    Erasable(
        "forms",
        "登录过期时留下、没有交的表单",
        "那几页要重新填",
        lambda persons, reader, at: _forms(reader).count(),
        lambda persons, reader, at: _forms(reader).delete(),
    ),
    Erasable(
        "look",
        "账户里的配色和版本",
        "按浏览器的设置显示",
        lambda persons, reader, at: int(bool(reader.theme or reader.edition)),
        lambda persons, reader, at: appearance.forget_look(user=reader),
    ),
)


def offered(persons, *, reader, at):
    """(`Erasable`, how many there are) of all that there is something of."""
    counted = [(each, each.count(persons, reader, at)) for each in ERASABLE]
    return [(each, number) for each, number in counted if number]


@transaction.atomic
def erase(*, names, persons, by, at):
    """Erase what is named in `names` of `persons`, whom `by` may act for. Returns the labels.

    Raises `Refused` when nothing is chosen, or nothing of it is left.
    """
    chosen = [(each, n) for each, n in offered(persons, reader=by, at=at) if each.name in names]
    if not chosen:
        raise Refused("请勾选要删除的内容。已经删除的，不用再删。", code="nothing")
    own = getattr(by, "holder", None)
    events.record(
        kind=MY_DATA,
        action=MyDataAction.ERASE,
        by=by,
        role=Role.HOLDER,
        at=at,
        channel=Channel.WEB,
        subject_id=by.pk,
        reference=by.employee_number,
        holder_id=own and own.pk,
        facts={"erased": {each.name: number for each, number in chosen}},
    )
    for each, _ in chosen:
        each.erase(persons, by, at)
    return [each.label for each, _ in chosen]
