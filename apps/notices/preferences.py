"""By which way somebody is told, besides the page of messages: each person chooses one.

What protects an account is told by SMS whatever the choice, and so is what another way did not
deliver.
"""

from django.conf import settings

from apps.events.messages import MAIL, SMS, WECOM
from apps.notices.enums import MessageWay
from apps.notices.models import MessagePreference
from apps.queries.arrays import among

CHANNEL = {MessageWay.SMS: SMS, MessageWay.WECOM: WECOM, MessageWay.MAIL: MAIL}
# The channels whose messages go by SMS in the end, if they were not delivered.
REPLACEABLE = (WECOM, MAIL)


def offered():
    """The ways that this installation has."""
    ways = [MessageWay.SMS]
    if settings.WECOM_CORP_ID:
        ways.append(MessageWay.WECOM)
    if settings.MAIL_ADDRESS:
        ways.append(MessageWay.MAIL)
    return [*ways, MessageWay.NONE]


def chosen(users):
    """{key of a user: its way}, for those of the keys `users` who chose one that is offered."""
    found = MessagePreference.objects.filter(among("user", users), way__in=offered())
    return dict(found.values_list("user_id", "way"))


def way_of(user):
    return chosen([user.pk]).get(user.pk, MessageWay.SMS)


def without_reminders(users):
    """Those of the keys `users` whose owners have switched reminders off."""
    refusing = MessagePreference.objects.filter(among("user", users), wants_reminders=False)
    return set(refusing.values_list("user_id", flat=True))


def channels_for(channels, *, is_urgent, way):
    """The names of `channels` by which somebody with this `way` is told."""
    if is_urgent or SMS not in channels or way == MessageWay.SMS:
        return tuple(channels)
    others = tuple(name for name in channels if name != SMS)
    return others if way == MessageWay.NONE else (*others, CHANNEL[way])
