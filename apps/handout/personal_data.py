"""What is kept of cards that the unit hands out."""

from apps.common.kept_data import Category, DataSource, LegalGround, PersonalData, Term
from apps.common.templatetags.formats import moment
from apps.handout import looks


def _day(row):
    return f"{moment(row.day.starts_at)}，{row.day.place}" if row.day else ""


KEPT = (
    PersonalData(
        category=Category.DELIVERY,
        model="handout.BoxCard",
        fields=(
            "reference",
            "status",
            "status_since",
            "department",
            "day",
            "invited_at",
            "reminded_at",
            "kept_until",
            "proxy",
            "proxy_until",
            "proxy_name",
            "handed_way",
        ),
        title="单位领卡",
        purpose="把卡交到您本人手里",
        source=DataSource.DESK,
        ground=LegalGround.EMPLOYMENT,
        term=Term("长期保存：它是卡交给谁的凭据"),
        of="holder",
        data={"proxy_name": "name"},
        texts={"day": _day},
        stays="卡交给了谁，要查得到",
    ),
)

WITHOUT = {
    "handout.BoxCard": (
        "box",
        "card",
        "card_request",
        "holder",
        "unknown_number",
        "next_reminder_at",
    ),
    "handout.Box": (
        "reference",
        "number",
        "bureau",
        "carrier",
        "sent_date",
        "status",
        "status_since",
    ),
    "handout.HandOutDay": (
        "reference",
        "department",
        "place",
        "starts_at",
        "ends_at",
        "changed_at",
        "status",
        "status_since",
    ),
    "handout.Department": ("reference", "name", "contact"),
}


def looks_in_files(holder, *, limit):
    """(event, what was shown) of the lists of names in which `holder` stood."""
    return [(event, looks.SHOWN) for event in looks.looks_at(holder, limit=limit)]
