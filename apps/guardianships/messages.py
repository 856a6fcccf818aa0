"""Who is told what becomes of a guardianship.

Only the guardian who registered it hears: never the other one. Of its end the young person hears
too, once.
"""

from django.db.models import Min

from apps.events.messages import Condition, Message, Placeholder
from apps.events.models import Event
from apps.guardianships.event_kinds import LATE, LateRegistration
from apps.lateness.promises import words_of
from apps.people.enums import GuardianshipAction
from apps.people.family import name_of, read_together
from apps.people.lifecycle import GUARDIANSHIP
from apps.people.models import Guardianship

_WHO_REGISTERED = "登记子女的那位监护人"


def _rows():
    return Guardianship.objects.select_related("guardian__user", "ward")


def _guardian(event):
    user = event.subject and event.subject.guardian.user_id
    return [user] if user else []


def _both(event):
    """The guardian, and the person whose guardianship ended; of two ends only by the first."""
    user = event.facts_told["is_first"] and event.subject.ward.user_id
    return _guardian(event) + ([user] if user else [])


def _first_ends(events):
    """Whether each of `events` is the first end among the guardianships of its child.

    Another birth date, which makes them go on, has another first end.
    """
    ends = Event.objects.of_kind(GUARDIANSHIP).filter(action=GuardianshipAction.END)
    firsts = set(
        ends.filter(holder_id__in={event.holder_id for event in events})
        .values("holder_id", "due_at")
        .annotate(first=Min("pk"))
        .values_list("first", flat=True)
    )
    return {event.pk: {"is_first": event.pk in firsts} for event in events}


def _of_guardianship(action, name, only_to=_guardian, audience=_WHO_REGISTERED, facts=None):
    return Message(
        GUARDIANSHIP.name,
        action,
        f"guardianships/messages/{name}.txt",
        rows=_rows,
        only_to=only_to,
        audience=audience,
        facts=facts,
    )


def _which_child(events):
    """How each guardian reads the name of the child, as registered, and whether it is of age.

    Reads the families at once.
    """
    found = {event.pk: event.subject for event in events if event.subject}
    at = {event.pk: event.at for event in events}
    read_together([row.guardian.user for row in found.values() if row.guardian.user])
    return {
        pk: {
            "child": name_of(
                row.ward, reader=row.guardian.user, name=row.ward_name, place="message"
            ),
            "is_grown_up": row.ward.is_of_age(at[pk]),
        }
        for pk, row in found.items()
    }


def _late_facts(events):
    children = _which_child(events)
    return {event.pk: children.get(event.pk, {}) | words_of(event) for event in events}


PLACEHOLDERS = (
    Placeholder("child", "哪个孩子", "*乐", is_needed=True),
    Condition("is_grown_up", "孩子已由本人办理", is_needed=True),
)

MESSAGES = (
    Message(
        LATE.name,
        LateRegistration.DECISION,
        "guardianships/messages/late.txt",
        rows=_rows,
        facts=_late_facts,
        only_to=_guardian,
        audience=_WHO_REGISTERED,
    ),
    _of_guardianship(GuardianshipAction.CONFIRM, "confirmed", facts=_which_child),
    _of_guardianship(GuardianshipAction.REFUSE, "refused", facts=_which_child),
    _of_guardianship(
        GuardianshipAction.END,
        "ended",
        only_to=_both,
        audience="监护人，和以后自己办理的本人",
        facts=_first_ends,
    ),
    _of_guardianship(GuardianshipAction.RESUME, "resumed"),
)
