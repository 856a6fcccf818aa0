"""Words that somebody typed, before they leave the portal in a message."""

import re

from apps.common.visibility import shown

_ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
LINK = re.compile(r"(?:https?://|www\.)[^\s，。；、）]+", re.IGNORECASE)


def harmless(words):
    """`words` without ID numbers and links, which no message may contain."""
    hidden = _ID_NUMBER.sub(lambda found: shown(found.group(), "log.id_number"), words)
    return LINK.sub("（链接已隐去）", hidden)
