"""A channel is added by whoever registers it; a name that nobody registered is an error."""

from datetime import timedelta

import pytest

from apps.cards.enums import RequestStatus
from apps.notices import channels, services, table
from apps.notices.models import Notice
from tests.factories.cards import AT, make_request

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=1)


@pytest.fixture
def through(monkeypatch):
    """Have the acceptance of a request told through these channels only."""

    def set_channels(*names):
        key = ("request", "ACCEPT")
        message = table._TABLE[key]
        changed = type(message)(**vars(message) | {"channels": names})
        monkeypatch.setitem(table._TABLE, key, changed)

    return set_channels


def run():
    services.collect(at=LATER, limit=100)
    return services.send_due(at=LATER, limit=100)


def test_a_channel_of_another_app_is_registered_and_used(through, monkeypatch):
    told = []
    monkeypatch.setattr(channels, "_CHANNELS", dict(channels._CHANNELS))
    channels.register(
        channels.MessageChannel(
            "PAGER", "寻呼机", lambda user, text: told.append((user, text)), sign="!"
        )
    )
    through("PAGER")
    card_request = make_request(RequestStatus.ACCEPTED)
    assert run() == 1
    assert [(user, text[:5]) for user, text in told] == [(card_request.applicant, "!缴费成功")]
    assert Notice.objects.get().get_channel_display() == "寻呼机"


def test_an_unknown_channel_is_never_sent(through):
    through("FAX")
    make_request(RequestStatus.ACCEPTED)
    assert run() == 0
    notice = Notice.objects.get()
    assert (notice.sent_at, notice.last_error) == (None, "LookupError")


def test_two_channels_of_one_name_are_refused():
    with pytest.raises(ValueError, match="SMS"):
        channels.register(channels.get("SMS"))
