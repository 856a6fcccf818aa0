"""What the university's server says of somebody who has signed in there."""

import hashlib
from dataclasses import dataclass, field

from django.conf import settings


@dataclass(frozen=True)
class Identity:
    """`name` is what they sign in with there, `attributes` name → values, all text."""

    name: str
    attributes: dict[str, list[str]] = field(default_factory=dict)

    def values(self, attribute):
        """The values of `attribute`; the name itself where no attribute is named."""
        found = self.attributes.get(attribute, []) if attribute else [self.name]
        return [value.strip() for value in found if value.strip()]

    @property
    def used_second_factor(self):
        """Whether the server says so, by settings.SINGLE_SIGN_ON_FACTOR (amr=mfa|otp)."""
        attribute, _, accepted = settings.SINGLE_SIGN_ON_FACTOR.partition("=")
        return bool(accepted) and not set(accepted.split("|")).isdisjoint(self.values(attribute))


def as_values(claim):
    """The values of one claim, as text."""
    values = claim if isinstance(claim, list) else [claim]
    return [str(value) for value in values if isinstance(value, str | int | float)]


def ticket_of(way, *names):
    """What a session remembers of `names`, by which the server ends it: a digest.

    `way` keeps what one protocol may name apart from what another has to sign.
    """
    digest = hashlib.sha256("\n".join(names).encode()).hexdigest()
    return f"{way}:{digest}"
