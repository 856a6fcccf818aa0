"""Two at once, with real threads on PostgreSQL."""

from datetime import timedelta

import pytest

from apps.invitations import services as invitations
from apps.roster import inviting
from apps.roster.models import Invitation
from tests.contests import at_once
from tests.factories.people import make_holder, make_user
from tests.factories.rosters import AT, make_upload

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_an_invitation_is_accepted_once_and_sent_once(monkeypatch):
    holder = make_holder(user=make_user(password=None))
    inviting.invite(user=holder.user, upload=make_upload(by=make_user(), at=AT), at=AT)
    sent = []
    monkeypatch.setattr(invitations, "send_sms", lambda **message: sent.append(message))

    def send():
        invitations.send_due(at=AT, limit=10)

    at_once(send, send)
    assert len(sent) == 1
    invitation = Invitation.objects.select_related("user__holder").get()
    later = AT + timedelta(minutes=1)

    def accept():
        invitations.accept(
            invitation=invitation,
            last_four=invitation.user.holder.id_number[-4:],
            password="a-first-good-password",
            at=later,
        )

    assert len(at_once(accept, accept)) == 1
