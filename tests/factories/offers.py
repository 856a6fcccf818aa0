"""Portraits that the unit offers."""

from apps.desk import roles
from apps.staff_photos.models import OfferedPortrait
from apps.staff_photos.services import offer_portrait
from tests.factories.people import make_colleague
from tests.verification.samples import PERSON, encoded, person


def make_offer(holder, *, at, by=None, picture=None):
    """The `OfferedPortrait` of `holder`; `picture` is an image, else one that meets the rules."""
    jpeg = encoded(picture or person(PERSON), quality=90)
    offer_portrait(holder=holder, jpeg=jpeg, by=by or make_colleague(roles.SUPERVISOR), at=at)
    return OfferedPortrait.objects.newest_of(holder)
