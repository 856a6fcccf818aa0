"""What is allowed now in the matter of a card, beyond the tables of moves."""

from functools import partial

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from apps.cards.permissions import MayNotReview, check_is_reviewer
from apps.common.moments import day_of
from apps.common.rules import rule_text
from apps.people.permissions import is_party, party_sentence
from apps.regions.enums import Service
from apps.regions.wording import openness_by_city
from apps.typed_text.id_numbers import age


def check_is_no_party(user, subject, *, what="申请", verb="审核"):
    """Raise `MayNotReview` when `user` is too near to `subject` (`people.permissions.is_party`).

    `what` is the Chinese word for the case, `verb` the one for what `user` may not do with it.
    """
    if is_party(user, subject):
        raise party_refusal(what=what, verb=verb)


def party_refusal(*, what="申请", verb="审核"):
    """The `MayNotReview` for somebody who is too near to a case."""
    return MayNotReview(party_sentence(what=what, verb=verb), code="party")


def check_may_review(user, card_request):
    """Raise `MayNotReview` unless `user` is a reviewer who is not too near to `card_request`."""
    check_is_reviewer(user)
    check_is_no_party(user, card_request)


def why_not_replaced_online(holder, *, at):
    """Why a card of `holder` is not replaced online at `at`, and where it is; "" from 18 on.

    Every page that speaks of 补换 says it first.
    """
    if age(holder.birth_date, day=day_of(at)) >= settings.REPLACEMENT_FROM_AGE:
        return ""
    return (
        f"未满{rule_text('REPLACEMENT_FROM_AGE')}的，不能在网上补换社保卡。请由父亲或母亲陪同，"
        "带户口簿、监护人身份证（本人有身份证的也带上）到发卡银行网点或社会保障卡服务网点办理。"
    )


def why_not_replaced_here(card, *, at, opened=None):
    """Why the new card is not applied for online after a formal loss, and where it is; "" if it is.

    `opened` saves a query: city pk → the `Openness` of 补换 (`openness_where_issued`).
    """
    if closed := why_not_replaced_online(card.holder, at=at):
        return closed
    opened = openness_where_issued([card], Service.REPLACE, at=at) if opened is None else opened
    standing = opened[card.city_id]
    if standing.is_open:
        return ""
    why = standing.why_not(where=card.city.name, what="网上补换")
    return f"{why}。正式挂失以后，新卡要带身份证到当地发卡银行网点或社会保障卡服务网点办理。"


def openness_where_issued(cards, service, *, at):
    """City pk → the `Openness` of `service` there at `at`, for the cities of `cards`.

    Costs a query when the first of them is looked up: most cards are judged without it.
    """
    cities = {card.city_id for card in cards}
    return SimpleLazyObject(partial(openness_by_city, cities, service, day=day_of(at)))
