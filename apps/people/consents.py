"""The texts that people agree to, and the version of each that is shown now.

The figures in a text are read from the portal's rules, so a changed rule changes the text. The
version therefore ends in a digest of the text as people read it: people who agreed to another text
are asked again.
"""

import hashlib
import re

from django.conf import settings
from django.template.loader import render_to_string

from apps.people.enums import ConsentKind

# The day on which a text was last changed. Whoever changes a text writes the new day here.
ISSUED = dict.fromkeys(ConsentKind, "2026-11-23") | {
    ConsentKind.PRIVACY: "2026-11-28",
    ConsentKind.SENSITIVE: "2026-11-24",
    ConsentKind.FACE: "2026-11-24",
    ConsentKind.CHILDREN: "2026-11-28",
}

# The agreements that are needed before a card is applied for or replaced.
CARD_KINDS = (
    ConsentKind.SERVICE,
    ConsentKind.PRIVACY,
    ConsentKind.SENSITIVE,
    ConsentKind.THIRD_PARTY,
)


def text(kind):
    """The agreement as HTML, with the operator's name and the figures of the rules in force."""
    name = f"people/consents/{ConsentKind(kind).lower()}.html"
    return render_to_string(name, {"operator": settings.PORTAL_OPERATOR})


def version(kind):
    """The day the text was issued and a digest of its words: 2026-11-24-3f9a1c20."""
    words = re.sub(r"<[^>]*>|\s+", "", text(kind))
    return f"{ISSUED[kind]}-{hashlib.sha256(words.encode()).hexdigest()[:8]}"
