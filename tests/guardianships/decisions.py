"""Decisions of HR on a registration, and what refuses one."""

import pytest

from apps.guardianships import services as guardianships
from apps.guardianships.refusals import RegistrationRefused
from tests.factories.people import MOMENT, make_reviewer


def refusal(call, *args, **values):
    with pytest.raises(RegistrationRefused) as caught:
        call(*args, **values)
    return caught.value


def confirm(guardianship, *, by=None, at=MOMENT):
    guardianships.confirm(guardianship=guardianship, by=by or make_reviewer(), at=at)


def refuse(guardianship, *, by=None, reason="证明看不清"):
    guardianships.refuse(
        guardianship=guardianship, reason=reason, by=by or make_reviewer(), at=MOMENT
    )
