"""What is written about people and their accounts."""

from apps.people.consents import VERSIONS
from apps.people.models import Consent


def record_consent(*, user, holder, kinds, ip, at):
    """Store that `user` agreed for `holder` to the present texts of `kinds`, at the moment `at`."""
    return Consent.objects.bulk_create(
        [
            Consent(
                user=user,
                holder=holder,
                kind=kind,
                text_version=VERSIONS[kind],
                given_at=at,
                ip=ip,
            )
            for kind in kinds
        ]
    )
