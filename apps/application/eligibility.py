"""申领资格预校验: may this person apply for a first card here, and if not, what to do instead.

The upstream answers (人员不存在, 重复申请, 不允许办理) are split where the next step differs. The
fourth, 人员无法核实, cannot arise: name and ID number are those of the roster and are not typed.
Nothing is answered about anybody but the person who is signed in and the children whose guardian
that person is.
"""

from django.conf import settings
from django.urls import reverse

from apps.application.enums import Ineligibility
from apps.cards.enums import CardStatus
from apps.cards.models import Card, CardRequest
from apps.cards.policies import why_not_replaced_online
from apps.common.addresses import page_url, row_url
from apps.common.moments import day_of
from apps.common.refusals import Refused
from apps.common.rules import rule_text
from apps.handout import standing as unit
from apps.people import documents, policies
from apps.people.models import Holder
from apps.queries.prepared import PreparedQuery
from apps.regions import wording
from apps.regions.enums import Service
from apps.typed_text import id_numbers


class NotEligible(Refused):
    """`code` is an `Ineligibility`. Without a `next_step` the page links to the help desk.

    The message for somebody who applies begins with the official answer. A page that says without
    being asked why nothing can be begun shows the `sentence` only (`unasked`).
    """

    def __init__(self, sentence, code, next_step=None, *, row=None):
        upstream = Ineligibility(code).upstream
        words = f"{upstream}：{sentence}" if upstream else sentence
        super().__init__(words, code, next_step, row=row)
        self.sentence = sentence

    def unasked(self):
        """This refusal without the official answer, for somebody who has not applied."""
        self.message = self.sentence
        return self


class AlreadyRunning(NotEligible):
    """A request is in flight, and `next_step` leads to it.

    `card_request` is that request. `main` is the first thing to do with it, None while it waits for
    others.
    """

    card_request: CardRequest | None = None
    main = None


def check(*, user, city, bank, at):
    """The draft that `user` should go on with, or None when a new one may be opened.

    Name and ID number are those of the roster. Raises `NotEligible` with the first reason found.
    """
    holder = holder_of(user)
    check_old_enough(holder.birth_date, at=at)
    return _check_holder(holder, city=city, bank=bank, at=at)


def check_for_ward(*, ward, city, bank, at):
    """As `check`, for a child: `ward` is one that a guardian may act for."""
    if ward.own_from_date <= day_of(at):
        raise NotEligible(
            f"孩子已满{rule_text('GUARDIAN_UNTIL_AGE')}，要由孩子本人申领，您不能再代办。"
            "孩子本人的账户请到人事处开通。",
            code=Ineligibility.OF_AGE,
        )
    return _check_holder(ward, city=city, bank=bank, at=at)


def _check_holder(holder, *, city, bank, at):
    check_person(holder, at=at)
    _check_cards(holder, at=at)
    draft = own_draft(holder, at=at)
    check_destination(city=city, bank=bank, at=at)
    return draft


def _who(holder, *, at):
    """What a sentence calls the person: up to the 16th birthday it is the guardians who read it."""
    return "您" if holder.is_of_age(at) else "孩子"


def holder_of(user):
    """The person behind the account. Raises `NotEligible` when the roster has none."""
    holder = Holder.objects.filter(user=user).first()
    if holder is None:
        raise unknown_person()
    return holder


def unknown_person():
    """The refusal for an account that belongs to nobody in the roster."""
    return NotEligible(
        "人事名册里没有您。请先到人事处登记，再来申领。",
        code=Ineligibility.UNKNOWN_PERSON,
    )


def check_old_enough(birth_date, *, at, is_asked_by_parent=True):
    """Raise `NotEligible` for somebody born on `birth_date` who may not apply alone at `at`.

    A parent is led to the page for children.
    """
    for_parents = ("代未成年子女办理", page_url("application:guide_for_child"))
    if id_numbers.age(birth_date, day=day_of(at)) < settings.GUARDIAN_UNTIL_AGE:
        raise NotEligible(
            f"未满{rule_text('GUARDIAN_UNTIL_AGE')}的，不能自己申领，请由父亲或母亲代为办理。",
            code=Ineligibility.MINOR,
            next_step=for_parents if is_asked_by_parent else None,
        )


def check_person(holder, *, at):
    """Raise `NotEligible` when the roster says something of `holder` that forbids a card."""
    document = documents.of_holder(holder)
    if not document.is_of_a_citizen:
        raise NotEligible(
            documents.where_instead(document, whose=_who(holder, at=at)),
            code=Ineligibility.OTHER_DOCUMENT,
        )
    if holder.deceased_date is not None:
        raise NotEligible(
            "人事名册里登记为已去世。登记有误的，请联系人事处更正。",
            code=Ineligibility.DECEASED,
        )
    check_employed(holder)
    if holder.has_card_elsewhere:
        raise NotEligible(
            f"{_who(holder, at=at)}在省内其他地区已有社保卡，一人只能有一张。"
            "要换到这里，请先在原发卡地注销。",
            code=Ineligibility.CARD_ELSEWHERE,
            next_step=("查询各地开通情况", page_url("regions:areas")),
        )


def check_employed(holder):
    """Raise `NotEligible` when `holder`, who can still sign in, has left the unit."""
    if holder.left_date is not None:
        raise NotEligible(policies.LEFT, code=Ineligibility.LEFT)


# Status of a card → code, what is so, what to do instead, and (words, URL name) of where.
_CARD_ANSWERS = {
    CardStatus.SEALED: (
        Ineligibility.CARD_SEALED,
        "{who}的社保卡已经制成，还没有启用，不用再申领。",
        "",
        ("去启用社保卡", "activation:guide"),
    ),
    CardStatus.ACTIVE: (
        Ineligibility.CARD_IN_HAND,
        "{who}已有正常使用的社保卡，一人只能有一张。",
        "卡坏了或丢了，请办理补换。",
        ("办理补换", "replacement:guide"),
    ),
    CardStatus.SUSPENDED: (
        Ineligibility.CARD_SUSPENDED,
        "{who}的社保卡正在临时挂失，找到了请解除挂失。",
        "找不到请办理正式挂失后补换。",
        ("去解除挂失", "loss_report:guide"),
    ),
    CardStatus.LOST: (
        Ineligibility.CARD_LOST,
        "{who}的社保卡已正式挂失，要办补换，不能重新申领。",
        "",
        ("去补换", "replacement:guide"),
    ),
}


_CARDS = PreparedQuery(lambda holder: Card.objects.filter(holder=holder), holder=Holder)


def _check_cards(holder, *, at):
    held = {card.status_at(at) for card in _CARDS.read(holder=holder.pk)}
    check_held(holder, held, at=at)


def check_held(holder, held, *, at):
    """Raise `NotEligible` when `held`, the statuses of the cards of `holder`, forbid another.

    Somebody who is too young to replace a card online is told where it is replaced.
    """
    closed = why_not_replaced_online(holder, at=at)
    for status, (answer, fact, advice, (label, url_name)) in _CARD_ANSWERS.items():
        if status not in held:
            continue
        leads_nowhere = closed and url_name == "replacement:guide"
        is_about_replacing = closed and status != CardStatus.SEALED
        raise NotEligible(
            fact.format(who=_who(holder, at=at)) + (closed if is_about_replacing else advice),
            code=answer,
            next_step=None if leads_nowhere else (label, reverse(url_name)),
        )


def own_draft(holder, *, at):
    """The holder's own draft, or None. Raises `NotEligible` for a request that has gone further."""
    card_request = CardRequest.objects.in_flight().filter(holder=holder).first()
    if card_request is None:
        return None
    if card_request.is_draft and not card_request.is_replacement:
        return card_request
    next_step = ("查看这件申请", card_request.get_absolute_url())
    raise duplicate(card_request, holder, next_step=next_step, at=at)


def duplicate(card_request, holder, *, next_step, at):
    """The refusal of a second request while `card_request` of `holder` is in flight."""
    refusal = AlreadyRunning(
        f"{_who(holder, at=at)}已有一件在办的{card_request.get_kind_display()}，"
        f"现在是「{unit.stage_of(card_request, at=at)}」。同一时间只能办一件。",
        code=Ineligibility.DUPLICATE,
        next_step=next_step,
        row=card_request,
    )
    refusal.card_request = card_request
    return refusal


def check_again(*, card_request, at):
    """Judge once more, at submission, what could have changed since the precheck."""
    check_person(card_request.holder, at=at)
    _check_cards(card_request.holder, at=at)
    check_destination(
        city=card_request.city,
        bank=card_request.bank,
        at=at,
        elsewhere=("换一个地区或银行", _precheck_url(card_request.holder, at=at)),
    )


def asks_again(*, card_request):
    """What `check_again` asks for, to be read together with others."""
    place = {"city": card_request.city_id, "bank": card_request.bank_id}
    return [
        _CARDS.asks(holder=card_request.holder_id),
        wording.asks_both_openness(**place, service=Service.APPLY),
    ]


def _precheck_url(holder, *, at):
    """Where city and bank of a draft are changed."""
    if holder.is_of_age(at):
        return page_url("application:precheck")
    return row_url("application:child_precheck", holder.reference)


def check_destination(*, city, bank, at, elsewhere=None):
    """Raise `NotEligible` unless `bank` issues cards in `city` at the moment `at`.

    `elsewhere` (words, URL) is where another one is chosen, the open areas without it.
    """
    day = day_of(at)
    areas = page_url("regions:areas")
    service, issuing = wording.both_openness(city=city, bank=bank, service=Service.APPLY, day=day)
    if not service.is_open:
        raise NotEligible(
            f"{service.why_not(where=city.name, what='网上申领')}。"
            "请换一个地区，或到当地社保卡服务网点办理。",
            code=Ineligibility.CITY_NOT_OPEN,
            next_step=elsewhere or ("社保卡跨省通办开通地区", areas),
        )
    if not bank.has_nationwide_branches:
        raise NotEligible(
            f"{bank.name}没有全国性服务网点，不能在网上申领它的社保卡。请换一家银行。",
            code=Ineligibility.BANK_NOT_NATIONWIDE,
            next_step=elsewhere or ("查看可选的银行", areas),
        )
    if not issuing.is_open:
        why = issuing.why_not(where=f"{bank.name}在{city.name}", what="社保卡", never="没有开通")
        raise NotEligible(
            f"{why}。请换一家银行，或换一个地区。",
            code=Ineligibility.BANK_NOT_IN_CITY,
            next_step=elsewhere or ("查看可选的银行", areas),
        )
