"""What can be done about a request on its progress page: the offers of all matters in one list.

The progress page adds 确认领卡. The matters offer what comes after the end (启用, 重新申请).
"""

from dataclasses import replace
from functools import partial

from apps.activation.offers import to_activate
from apps.activation.refusals import NotOpenHere
from apps.application import offers as application
from apps.cards.enums import RequestAction
from apps.cards.permissions import role_of_visible
from apps.common.addresses import row_url
from apps.lifecycle.offers import Offer, Offers, offer
from apps.replacement import offers as replacement
from apps.requests import registry
from apps.requests.policies import check_collectable

COLLECT = RequestAction.COLLECT


def offers(card_request, *, by, at) -> Offers:
    """The offers of `card_request` for `by`, who sees it.

    Select `application.offers.RELATED` along.
    """
    return offers_to(role_of_visible(by, card_request.holder), card_request, at=at)


def offers_to(role, card_request, *, at) -> Offers:
    """The offers of `card_request` for `role`. Costs no query."""
    collect = offer(
        card_request,
        COLLECT,
        words="确认领卡",
        url=row_url("progress:collect", card_request.reference),
        role=role,
        at=at,
        checks=(partial(check_collectable, card_request),),
        is_main=True,
        is_post=True,
    )
    return Offers([*application.offers_to(role, card_request, at=at), collect])


def main_of(offered, *, standing):
    """The main one of the open offers, in words that name what is asked; None without one.

    `standing` is the `RequestStanding` of the request.
    """
    main = offered.main
    if main is not None and standing.is_stopped and main.action == application.FILL_IN:
        return replace(main, words="打开草稿看怎么办")
    if main is None or main.action != application.AMEND or len(standing.asked) != 1:
        return main
    (name,) = standing.asked
    return replace(main, words=_ASKED.get(name) or f"改{registry.get(name).label}")


_ASKED = {"portrait": "重拍照片"}


def way_out_of(offered):
    """The other thing to do about a request, beside the main one; None without one."""
    found = [offered.of(action) for action in (application.DISCARD, application.WITHDRAW)]
    ship = offered.of(application.SHIP)
    found.append(None if ship.is_main else ship)
    return next((one for one in found if one is not None and one.is_open), None)


def next_of_each(requests, *, by, at, standings) -> dict[int, Offer]:
    """Request pk → the one thing to do with it, for those that have one: one query for all.

    `by` sees the requests; `standings` are theirs (`waiting.standing`). Select
    `application.offers.RELATED`, `card__city`, `card__holder` and `card__card_request` along.
    """
    received = [card_request for card_request in requests if card_request.is_collected]
    activations = to_activate([row.card for row in received], by=by, at=at) if received else []
    found = {
        row.pk: activate
        for row, activate in zip(received, activations, strict=True)
        if activate.is_open
    }
    for card_request in requests:
        offered = offers_to(role_of_visible(by, card_request.holder), card_request, at=at)
        main = main_of(offered, standing=standings[card_request.pk])
        if main is not None:
            found[card_request.pk] = main
    return found


def afterwards(card_request, *, by, at) -> Offer | None:
    """The next step after a request has ended, as an open or closed offer; None without one.

    Select `holder`, `old_card__holder`, `card__holder`, `card__city` and `card__card_request`
    along.
    """
    if card_request.ended_without_card:
        again = _to_begin_again(card_request, by=by, at=at)
        return replace(again, words="重新申请", hint="", is_main=False)
    if card_request.is_collected:
        (activate,) = to_activate([card_request.card], by=by, at=at)
        if activate.is_open or isinstance(activate.refusal, NotOpenHere):
            return activate
    return None


def _to_begin_again(card_request, *, by, at):
    if card_request.is_replacement:
        return replacement.offers(card_request.old_card, by=by, at=at).of(replacement.BEGIN)
    holder = card_request.holder
    return application.to_begin_for([holder], by=by, at=at)[holder.pk]
