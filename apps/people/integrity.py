"""Of consents: they are what the book of events says, which is sealed, in the words agreed to.

So whoever takes the guards off and changes one is found.
"""

from collections import defaultdict
from datetime import timedelta

from django.conf import settings

from apps.common.integrity import Invariant
from apps.events.models import Event
from apps.people import consents
from apps.people.enums import ConsentKind
from apps.people.event_kinds import CONSENT, ConsentAction
from apps.people.models import Consent, ConsentText


def _consents_unlike_the_book(at):
    """Consents that no event explains, and those of which an event tells and that are gone.

    What may have been deleted after its time is left out.
    """
    told = _told()
    for consent in Consent.objects.order_by("pk").iterator():
        key = consent.user_id, consent.holder_id, consent.kind
        given = told[ConsentAction.GIVE, *key][consent.given_at]
        is_told = consent.text_version in given
        if is_told:
            given.remove(consent.text_version)
        taken_back = told[ConsentAction.WITHDRAW, *key]
        if consent.withdrawn_at is None:
            is_told &= not any(moment > consent.given_at for moment in taken_back)
        else:
            is_told &= consent.withdrawn_at in taken_back
        if not is_told:
            yield consent
    since = at - timedelta(days=365 * settings.CONSENT_KEPT_YEARS)
    for (action, _, holder_id, kind), moments in told.items():
        left = [
            given_at for given_at, versions in moments.items() if versions and given_at >= since
        ]
        if action == ConsentAction.GIVE and left:
            yield f"没有了的同意记录：持卡人 #{holder_id} 的{ConsentKind(kind).label}"


def _told():
    """{(action, account, person, text): {moment: [versions]}} of all events of consents."""
    found: dict = defaultdict(lambda: defaultdict(list))
    for event in Event.objects.of_kind(CONSENT).order_by("pk").iterator():
        for kind, version in event.facts["texts"].items():
            found[event.action, event.by_id, event.holder_id, kind][event.at].append(version)
    return found


def _other_words(at):
    """The digest in the version is that of the words."""
    for text in ConsentText.objects.iterator():
        if not text.version.endswith(consents.digest(text.words)):
            yield text


INVARIANTS = [
    Invariant("同意记录和办理记录里写的一样，一条不少", _consents_unlike_the_book),
    Invariant("保存的协议原文就是同意过的那一版", _other_words),
]
