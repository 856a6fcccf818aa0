"""A receipt: that something was done, for whom, when, and under which number.

components/_receipt.html shows it on the page and, by print.css, as one sheet of paper.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.common.templatetags.formats import moment
from apps.common.visibility import shown


@dataclass(frozen=True)
class Receipt:
    """`result` says what was done, `below` what that means now; `rows` are labels and values.

    `number` is a public reference, named by `number_label`. `seen_at` is when the page was made.
    `proof` has the address (`url`) of the open page that proves the step, an apps.seals one.
    """

    matter: str
    result: str
    holder: str
    rows: tuple[tuple[str, str], ...]
    number: str
    seen_at: datetime
    number_label: str = "业务受理编号"
    below: str = ""
    icon: str = "check"
    tone: str = "ok"
    proof: Any = None

    @property
    def lines(self):
        """All rows, with the matter and the person."""
        return [("办理事项", self.matter), ("持卡人", self.holder), *self.rows]


def person(holder):
    """The holder as a receipt names them: *超 370***********1234. `holder` has both in full."""
    return f"{shown(holder.name, 'receipt.name')} {shown(holder.id_number, 'receipt.id_number')}"


def rows_of(*pairs):
    """The pairs (label, value) that have a value; a moment in words, to the second."""
    return tuple(
        (label, moment(value) if isinstance(value, datetime) else str(value))
        for label, value in pairs
        if value
    )
