"""The texts that people agree to, and the version of each that is shown now."""

from apps.people.enums import ConsentKind

VERSIONS = dict.fromkeys(ConsentKind, "2026-11-23") | dict.fromkeys(
    (ConsentKind.PRIVACY, ConsentKind.SENSITIVE, ConsentKind.FACE, ConsentKind.CHILDREN),
    "2026-11-24",
)

# What is agreed to before a card is applied for or replaced.
CARD_KINDS = (
    ConsentKind.SERVICE,
    ConsentKind.PRIVACY,
    ConsentKind.SENSITIVE,
    ConsentKind.THIRD_PARTY,
)
