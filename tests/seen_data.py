"""Which page is which place of apps.common.visibility, and whose full values stand on a page."""

from datetime import date
from fnmatch import fnmatchcase

from apps.cards.models import Card
from apps.common.templatetags.formats import full_date
from apps.common.visibility import Rule, rule_of
from apps.delivery.models import Shipment
from apps.people.models import Guardianship, Holder
from apps.requests.models import Particulars

# (names of URLs, the place). The first line that fits counts.
PLACES_OF_URLS = [
    ("admin:handout_*_sign_list", "sign_list"),
    ("admin:handout_*", "table"),
    ("handout:*", "department"),
    ("admin:bulk_bulkrun_*sheet*", "case"),
    ("admin:*_changelist", "list"),
    ("admin:cards_cardrequest_*", "case"),
    ("admin:replacement_formalloss_*", "case"),
    ("admin:people_guardianship_*", "case"),
    ("admin:people_holder_*", "roster"),
    ("admin:roster_rosterupload_*", "roster"),
    ("admin:people_user_*", "accounts"),
    ("admin:payments_*", "finance"),
    ("admin:operations_*", "operations"),
    ("admin:*", "list"),
    ("/admin*", "list"),
    ("my_data:index", "my_data"),
    ("my_data:copy", "copy"),
    ("progress:receipt", "receipt"),
    ("seals:proof", "proof_page"),
    *(
        (name, "own_form")
        for name in (
            "application:form",
            "application:precheck",
            "application:confirm",
            "application:shipping",
            "application:amend",
            "application:portrait",
            "application:child_precheck",
            "children:register",
        )
    ),
    ("*", "page"),
]


def place_of(name):
    return next(place for pattern, place in PLACES_OF_URLS if fnmatchcase(name, pattern))


def values():
    """Datum → all values of it that the database holds, as a page would write them."""
    people, particulars = [*Holder.objects.all()], [*Particulars.objects.all()]
    shipments = [*Shipment.objects.all()]
    bonds = Guardianship.objects.values_list("ward_name", flat=True)
    found = {
        "name": {row.name for row in (*people, *particulars)} | {*bonds},
        "id_number": {row.id_number for row in (*people, *particulars)},
        "birth_date": {
            written
            for row in (*people, *particulars)
            if row.birth_date
            for written in dates(row.birth_date)
        },
        "phone": {row.phone for row in (*people, *particulars, *shipments)},
        "address": {row.address for row in (*people, *particulars)},
        "recipient": {row.recipient for row in shipments},
        "street": {row.address for row in shipments},
        "card_number": {card.card_number for card in Card.objects.all()},
    }
    found["recipient"] -= found["name"]  # where a name may stand
    return {datum: {text for text in texts if text} for datum, texts in found.items()}


def dates(day: date):
    return {day.isoformat(), str(full_date(day)), f"{day:%Y%m%d}"}


def leaks(name, html, held):
    """The full values of `held` that stand on the page `html` and are not shown there in full."""
    place = place_of(name)
    return [
        f"{name} ({place}) shows {datum} {value}"
        for datum, texts in held.items()
        if rule_of(f"{place}.{datum}") != Rule.FULL
        for value in texts
        if value in html
    ]
