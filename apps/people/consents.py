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
    ConsentKind.SERVICE: "2026-11-29",
    ConsentKind.PRIVACY: "2026-11-30",
    ConsentKind.SENSITIVE: "2026-11-24",
    ConsentKind.FACE: "2026-11-30",
    ConsentKind.THIRD_PARTY: "2026-11-29",
    ConsentKind.CHILDREN: "2026-11-29",
}

# The agreements that are needed before a card is applied for or replaced.
CARD_KINDS = (
    ConsentKind.SERVICE,
    ConsentKind.PRIVACY,
    ConsentKind.SENSITIVE,
    ConsentKind.THIRD_PARTY,
)


# What ends when somebody takes back what was agreed to the text; said before it is done.
ENDS = {
    ConsentKind.SERVICE: "撤回后，不能再提交申请，正在填的先放着；办好的卡照常使用。",
    ConsentKind.PRIVACY: "撤回后，不能再提交申请；已经提交的照常办完，填写的内容到期清空。",
    ConsentKind.SENSITIVE: "撤回后，不能再提交申请；没付款的可以撤销，已经送制卡的收不回来。",
    ConsentKind.FACE: "撤回后，核验身份改用短信验证码，不用再做别的；人脸图像本来就不保存。",
    ConsentKind.THIRD_PARTY: "撤回后，新的申请不再交给制卡中心、银行和快递；已经交出的收不回来。",
    ConsentKind.CHILDREN: "撤回后，不能再替孩子提交申请；孩子办好的卡照常使用。",
}


def text(kind):
    """The agreement as HTML, with the operator's name and the figures of the rules in force."""
    name = f"people/consents/{ConsentKind(kind).lower()}.html"
    return render_to_string(name, {"operator": settings.PORTAL_OPERATOR})


def version(kind):
    """The day the text was issued and a digest of its words: 2026-11-24-3f9a1c20."""
    return f"{ISSUED[kind]}-{digest(text(kind))}"


def digest(html):
    """What a version says of the words of a text."""
    words = re.sub(r"<[^>]*>|\s+", "", html)
    return hashlib.sha256(words.encode()).hexdigest()[:8]
