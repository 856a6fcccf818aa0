"""How a test tries to pass a check, and a provider of faces that answers as it is told."""

from datetime import timedelta

import pytest
from django.db import transaction
from PIL import Image

from apps.verification import code_check, face_check, services
from apps.verification.enums import Likeness
from apps.verification.faces import Comparison
from apps.verification.refusals import CheckRefused
from tests.factories.cards import AT
from tests.factories.people import PASSWORD

SOON = AT + timedelta(minutes=2)


class Scripted:
    """A provider that answers as it was told, and says whether a transaction was open."""

    needs_reference = True
    proves_liveness = False
    answer = Comparison(Likeness.SIMILAR, 0.2)
    was_in_transaction = None

    def is_available(self):
        return True

    def compare(self, *, holder, picture, reference, held):
        type(self).was_in_transaction = transaction.get_connection().in_atomic_block
        return self.answer


def show_face(check, *, picture=None, at=SOON):
    face_check.submit_face(
        check=check, picture=picture or Image.new("RGB", (9, 9)), by=check.by, at=at
    )


def send(check, *, at=AT):
    return code_check.send_code(check=check, by=check.by, at=at)


def type_in(check, code, *, password=PASSWORD, at=SOON):
    code_check.submit_code(check=check, code=code, password=password, by=check.by, at=at)


def use(check, *, at=SOON, **options):
    values = {
        "holder": check.holder,
        "purpose": check.purpose,
        "card_request": check.card_request,
        "by": check.by,
        "at": at,
    }
    return services.use(**values | options)


def refused(call, *args, **options):
    with pytest.raises(CheckRefused) as caught:
        call(*args, **options)
    return caught.value


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"
