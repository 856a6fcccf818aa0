"""The risks of a request, each as a rule for one request and as a condition of the database.

They are shown with the request and exclude it from bulk approval. They are computed when they are
needed and not stored.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Exists, F, OuterRef, Q

from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.lifecycle import APPLICANT, REQUEST
from apps.cards.models import CardRequest
from apps.delivery.models import Shipment
from apps.events.models import Event
from apps.inquiries.models import Inquiry
from apps.requests.models import PictureMark
from apps.risks.differences import compared, differing, differs
from apps.verification.enums import GOOD, CheckMethod, CheckOutcome
from apps.verification.models import Check

# The moves by which an applicant, and nobody else, hands the same request in again.
HANDED_IN_AGAIN = [
    action
    for action, move in REQUEST.moves.items()
    if move.target == RequestStatus.ACCEPTED and move.by <= set(APPLICANT)
]


@dataclass(frozen=True)
class Facts:
    """What the rules read of one request."""

    card_request: CardRequest
    shipment: Shipment | None
    checks: list[Check]
    actions: set[str]
    is_asked: bool
    is_picture_of_others: bool

    @property
    def people(self):
        """The person, and the guardian who acts."""
        guardian = self.card_request.particulars.guardian
        return [self.card_request.holder, *([guardian] if guardian else [])]


@dataclass(frozen=True)
class Risk:
    """`label` is a short name for a tag or a filter, `text` what the reviewer should look at.

    `applies` judges the `Facts` of a request, `condition` returns the same as a condition on
    requests.
    """

    code: str
    label: str
    text: str
    applies: Callable[[Facts], bool]
    condition: Callable[[], Q]


def _with_event(*actions):
    return Q(
        Exists(Event.objects.of_kind(REQUEST).filter(subject_id=OuterRef("pk"), action__in=actions))
    )


def _with_check(**conditions):
    return Q(Exists(Check.objects.filter(card_request=OuterRef("pk"), **conditions)))


def _is_outside_the_province(facts):
    sent_to = facts.shipment and facts.shipment.city
    return bool(sent_to) and sent_to.province_id != facts.card_request.city.province_id


def _outside_the_province():
    elsewhere = Shipment.objects.filter(card_request=OuterRef("pk"), city__isnull=False).exclude(
        city__province=F("card_request__city__province")
    )
    return Q(Exists(elsewhere))


def _further():
    """What the roster knows, apart from the phone: that is a risk of its own."""
    return [declared for name, declared in compared().items() if name != "phone"]


def _differs_from_the_roster(facts):
    return facts.card_request.particulars.forgotten_at is None and any(
        differs(declared, facts.card_request) for declared in _further()
    )


def _has_another_phone(facts):
    given = facts.card_request.particulars
    return bool(given.phone) and differs(compared()["phone"], facts.card_request)


def _has_no_roster_photo(facts):
    """A child is in no roster: that it is one is a risk of its own."""
    row = facts.card_request
    return row.particulars.guardian_id is None and not row.holder.reference_photo


def same_picture(card_request):
    """The marks of the picture of `card_request` that was handed in for somebody else too."""
    return PictureMark.objects.current().of_others_too().filter(card_request=card_request)


# In the order in which they are shown.
RISKS = {
    risk.code: risk
    for risk in (
        Risk(
            "GUARDIAN",
            "监护人代办",
            "由监护人代办，请核对监护关系和证明材料",
            lambda facts: facts.card_request.particulars.guardian_id is not None,
            lambda: Q(particulars__guardian__isnull=False),
        ),
        Risk(
            "DECEASED",
            "已登记去世",
            "人事名册里登记本人或代办的监护人已经去世，请先与人事处核实",
            lambda facts: any(person.deceased_date for person in facts.people),
            lambda: (
                Q(holder__deceased_date__isnull=False)
                | Q(particulars__guardian__deceased_date__isnull=False)
            ),
        ),
        Risk(
            "LEFT",
            "已离职",
            "本人或代办的监护人已经离职，请先与人事处核实还能不能由本单位办理",
            lambda facts: any(person.left_date for person in facts.people),
            lambda: (
                Q(holder__left_date__isnull=False)
                | Q(particulars__guardian__left_date__isnull=False)
            ),
        ),
        Risk(
            "UNCERTAIN_CHECK",
            "核验待判断",
            "身份核验相似度不确定，请对照照片判断",
            lambda facts: any(check.outcome == CheckOutcome.UNCERTAIN for check in facts.checks),
            lambda: _with_check(outcome=CheckOutcome.UNCERTAIN),
        ),
        Risk(
            "FACE_NOT_COMPARED",
            "没有比对人脸",
            "身份核验没有比对过人脸，请对照照片判断是不是本人",
            lambda facts: (
                not any(
                    check.method == CheckMethod.FACE and check.outcome in GOOD
                    for check in facts.checks
                )
            ),
            lambda: ~_with_check(method=CheckMethod.FACE, outcome__in=GOOD),
        ),
        Risk(
            "NO_ROSTER_PHOTO",
            "名册没有照片",
            "人事名册里没有本人的照片，不能比对，请核对是不是本人",
            _has_no_roster_photo,
            lambda: Q(particulars__guardian=None, holder__reference_photo=""),
        ),
        Risk(
            "SAME_PICTURE",
            "照片交给别人用过",
            "同一个照片文件以前给别人交过（那张可能已经删除），请核对照片上是不是本人",
            lambda facts: facts.is_picture_of_others,
            lambda: Q(Exists(same_picture(OuterRef("pk")))),
        ),
        Risk(
            "PORTRAIT_IS_CLOSE",
            "照片接近标准界限",
            "照片量得的尺寸接近标准的界限，或有一项要由您判断，请看照片上的标准线",
            lambda facts: facts.card_request.particulars.is_portrait_close,
            lambda: Q(particulars__is_portrait_close=True),
        ),
        Risk(
            "ROSTER_DIFFERS",
            "与名册不一致",
            "填写的内容与人事名册或登记的不一致，请看逐项对照里标出的各项",
            _differs_from_the_roster,
            lambda: (
                Q(particulars__forgotten_at__isnull=True)
                & reduce(or_, (differing(declared) for declared in _further()))
            ),
        ),
        Risk(
            "PHONE_CHANGED",
            "手机号有变",
            "手机号与人事名册登记的不同",
            _has_another_phone,
            lambda: Q(particulars__phone_index__isnull=False) & differing(compared()["phone"]),
        ),
        Risk(
            "OUTSIDE_PROVINCE",
            "寄往省外",
            "收件地址不在发卡地区的省内",
            _is_outside_the_province,
            _outside_the_province,
        ),
        Risk(
            "RESUBMITTED",
            "修改后重新提交",
            "申请人修改后重新提交，请核对改了什么",
            lambda facts: not facts.actions.isdisjoint(HANDED_IN_AGAIN),
            lambda: _with_event(*HANDED_IN_AGAIN),
        ),
        Risk(
            "FAILED",
            "制卡失败退回",
            "制卡中心没有做成这张卡，请看退回的原因",
            lambda facts: RequestAction.FAIL in facts.actions,
            lambda: _with_event(RequestAction.FAIL),
        ),
        Risk(
            "ASKED",
            "请求修改",
            "申请人请求修改，还没有答复",
            lambda facts: facts.is_asked,
            lambda: Q(Exists(Inquiry.objects.open().filter(card_request=OuterRef("pk")))),
        ),
    )
}
