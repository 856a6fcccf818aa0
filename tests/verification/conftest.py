import pytest
from django.core.files.base import ContentFile

from apps.common import messaging
from apps.verification import services
from apps.verification.enums import Likeness, Purpose
from apps.verification.faces import Comparison
from tests.factories.cards import AT
from tests.factories.people import make_holder
from tests.verification.samples import PERSON, encoded, person
from tests.verification.tries import Scripted


class DeadLine:
    def send(self, *, phone, text, **template):
        raise messaging.SendFailed


class WrongNumber:
    def send(self, *, phone, text, **template):
        raise messaging.WrongPhone


@pytest.fixture
def wrong_number(settings):
    settings.SMS_SENDER = "tests.verification.conftest.WrongNumber"


@pytest.fixture
def dead_line(settings):
    settings.SMS_SENDER = "tests.verification.conftest.DeadLine"


@pytest.fixture
def photo():
    """What HR has on file of the person."""
    return ContentFile(encoded(person(PERSON, size=(480, 600))), name="roster.jpg")


@pytest.fixture
def holder(db, photo):
    return make_holder(reference_photo=photo)


@pytest.fixture
def begin(holder):
    def make(**options):
        values = {
            "holder": holder,
            "by": holder.user,
            "purpose": Purpose.APPLY,
            "card_request": None,
            "next_url": "/apply/",
            "at": AT,
        }
        return services.begin(**values | options)

    return make


@pytest.fixture
def check(begin):
    return begin()


@pytest.fixture
def scripted(settings):
    """The provider of faces is `Scripted`, which finds the person similar."""
    settings.FACE_PROVIDER = "tests.verification.tries.Scripted"
    Scripted.answer = Comparison(Likeness.SIMILAR, 0.2)
    return Scripted
