"""What is under way for a user and the children: each thing with its number, action and day.

The first page says the soonest due one under the card, and lists the rest.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain

from apps.cards import errands as card_errands
from apps.cards.permissions import role_of_visible
from apps.common.addresses import page_url
from apps.common.moments import day_of
from apps.common.templatetags.formats import day
from apps.delivery.models import shipment_at
from apps.guardianships.lateness import DECISION
from apps.handout import standing as unit
from apps.handout.offers import to_show_code
from apps.lateness.promises import promised_days
from apps.people.models import Holder
from apps.progress.offers import main_of, offers_to, way_out_of
from apps.queries.together import read_together
from apps.requests.policies import asks_submittable
from apps.requests.promises import running_times
from apps.waiting import card_face, countdown
from apps.waiting.card_face import CardFace
from apps.waiting.countdown import Countdown, Turn
from apps.waiting.standing import standings
from apps.waiting.status_words import REVIEWED
from apps.waiting.way import RequestWay, way

# How long a refused registration of a child is shown among what waits for the user.
REFUSAL_SHOWN = timedelta(days=30)


@dataclass(frozen=True)
class Errand:
    """One thing under way: what it is, for whom, until when, and where it leads.

    `name` is that of the person where it is not the one of `holder`. `by_when` says the day by
    which somebody acts; once it is over, it is the `overdue_date`, and the new day the
    `expected_date`. `go` are the words of the main action at `url`, which is posted to with
    `is_post`; `way_out` (words, address) is the other one. `face` is the look of the card while
    there is none yet, and `progress` the page of its request; with `is_quiet` there is nothing to
    do.
    """

    holder: Holder
    title: str
    text: str
    go: str
    url: str
    name: str = ""
    by_when: str = ""
    due_date: date | None = None
    overdue_date: date | None = None
    expected_date: date | None = None
    is_post: bool = False
    way_out: tuple[str, str] | None = None
    waits_for_user: bool = True
    is_quiet: bool = False
    turn: Turn | None = None
    face: CardFace | None = None
    progress: str = ""
    countdown: Countdown | None = None
    way: RequestWay | None = None

    @property
    def page(self):
        """The page about it, where the main action is posted from a button there."""
        return self.progress if self.is_post else self.url


def errands(user, family, requests, cards, *, at):
    """All that is under way for the user and the children, the soonest due first.

    `requests` and `cards` are those of the `family` (`first_page.matters`).
    """
    judged = list(_judged(user, requests, at=at))
    found = [_of_request(*one, at=at) for one in judged]
    # A draft that cannot be submitted takes no card's place: the loss was withdrawn, say.
    running = {one.holder_id for one, now, *_ in judged if not now.is_stopped}
    found += _of_cards(user, cards, running, at=at)
    registrations = _undecided(family.registrations, at=at)
    waiting = [registration for registration in registrations if registration.is_waiting]
    days = promised_days(DECISION, waiting, at=at)
    found += [_waiting_registration(row, days[row.pk]) for row in waiting]
    found += [_refused_registration(row) for row in registrations if not row.is_waiting]
    return sorted(found, key=lambda errand: errand.due_date or date.max)


def in_pocket(who, found):
    """Of the errands `found`, the one to say under the card of `who`; None without one.

    What waits for the user goes before what waits for others, and that before what is only so.
    """
    own = [errand for errand in found if errand.holder == who and not errand.name]
    return min(own, key=lambda errand: (not errand.waits_for_user, errand.is_quiet), default=None)


def _judged(user, requests, *, at):
    """Each of `requests`, who has to act on it, its way, what the user may do, and its look."""
    shipments = {card_request.pk: shipment_at(card_request, at) for card_request in requests}
    times = running_times(requests)
    asked = (asks_submittable(each) for each in requests if each.is_draft)
    with read_together(*chain.from_iterable(asked)):
        found = standings(requests, shipments=shipments, at=at, times=times)
    in_boxes = unit.rows_of(requests)
    for card_request in requests:
        box_card = in_boxes.get(card_request.pk)
        now = unit.at_the_unit(found[card_request.pk], box_card, at=at)
        role = role_of_visible(user, card_request.holder)
        offered = offers_to(role, card_request, at=at)
        its_way = way(card_request, times.get(card_request.pk), at=at)
        its_way = unit.way_to_unit(its_way, box_card, at=at)
        main = to_show_code(box_card, at=at) or main_of(offered, standing=now)
        face = card_face.of_request(card_request, way=its_way, at=at)
        face = unit.face_at_the_unit(face, box_card, at=at)
        yield card_request, now, its_way, offered, main, face


def _of_request(card_request, standing, its_way, offered, main, face, *, at):
    progress = card_request.get_absolute_url()
    shipment = shipment_at(card_request, at)
    return Errand(
        holder=card_request.holder,
        title=standing.title,
        text=standing.text,
        go=main.words if main else "看制卡进度",
        url=main.url if main else progress,
        is_post=main is not None and main.is_post,
        by_when=standing.by_when,
        due_date=standing.due_date,
        overdue_date=standing.due_date if standing.is_overdue else None,
        way_out=_way_out(offered, main, standing, progress),
        waits_for_user=standing.waits_for_applicant,
        turn=countdown.turn(card_request, standing=standing, shipment=shipment),
        progress=progress,
        face=face,
        countdown=countdown.of_request(
            card_request, standing=standing, way=its_way, shipment=shipment, at=at
        ),
        way=its_way,
    )


def _way_out(offered, main, standing, progress):
    """The other thing to do: another offer, else, beside `main`, the page that says more."""
    if standing.asked:
        return "看原因", progress
    other = way_out_of(offered)
    if other is not None:
        return other.words, other.url
    return ("看制卡进度", progress) if main is not None else None


def _of_cards(user, cards, running, *, at):
    """What the matters say about the cards; `running` are the holders with a request in flight."""
    said = card_errands.of_cards(cards, by=user, at=at)
    ways_out = {one.card.pk: (one.go, one.url) for one in said if one.is_way_out}
    for one in said:
        if one.is_way_out or (one.card.holder_id in running and not one.stands_beside_request):
            continue
        errand = _of_card(one, at=at)
        yield replace(errand, way_out=errand.way_out or ways_out.get(one.card.pk))


def _of_card(errand, *, at):
    end = errand.ends_at
    return Errand(
        holder=errand.card.holder,
        title=errand.title,
        text=errand.text,
        go=errand.go,
        url=errand.url,
        way_out=errand.way_out,
        waits_for_user=errand.waits_for_user,
        is_quiet=errand.is_quiet,
        countdown=countdown.of_suspension(end, at=at) if end else None,
        **_due(errand.promised),
    )


def _due(promised):
    """What an `Errand` says of the `PromisedDay` by which others act, or of None."""
    if promised is None:
        return {}
    if promised.is_over:
        late = {"overdue_date": promised.day, "expected_date": promised.expected_date}
        return {"due_date": promised.day} | late
    by_when = REVIEWED.ahead.format(day=REVIEWED.of(promised.day))
    return {"due_date": promised.day, "by_when": by_when}


def _undecided(registrations, *, at):
    """The registrations of children that wait, and the refused ones not registered anew since.

    Of a child who acts alone by now none is of any use.
    """
    standing = {bond.ward_id for bond in registrations if not bond.is_refused}
    return [
        bond
        for bond in registrations
        if bond.ends_at > at
        and (
            bond.is_waiting
            or (
                bond.is_refused
                and bond.ward_id not in standing
                and bond.status_since > at - REFUSAL_SHOWN
            )
        )
    ]


def _waiting_registration(guardianship, promised):
    return Errand(
        holder=guardianship.ward,
        name=guardianship.ward_name,
        title="子女登记等人事处确认",
        text=f"{day(day_of(guardianship.created_at))}登记，不用您做什么",
        go="查看",
        url=page_url("children:list"),
        waits_for_user=False,
        **_due(promised),
    )


def _refused_registration(guardianship):
    return Errand(
        holder=guardianship.ward,
        name=guardianship.ward_name,
        title="子女登记没有通过",
        text="请看原因，补好以后重新登记",
        go="看原因",
        url=page_url("children:list"),
    )
