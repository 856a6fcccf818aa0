"""The demo town: people who do not exist, in every state that a request can be in.

Everything is done through the services, in the past, so that timelines look like real ones. The
administrator's account is made last: if it is missing, the build was interrupted, and `build`
continues with the people who have nothing yet.
"""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from apps.cards.models import CardRequest
from apps.demo import (
    actions,
    ahead,
    bureau,
    children,
    handout,
    intake,
    money,
    people_desk,
    photos,
    rules,
    sheets,
    wordings,
)
from apps.demo.accounts import (
    ADMINISTRATOR,
    AUDITORS,
    FINANCE,
    HANDERS,
    OPERATORS,
    PASSWORD,
    REVIEWERS,
    SUPERVISORS,
)
from apps.demo.stories import action
from apps.desk import roles
from apps.notices import services as notices
from apps.people.models import Holder, User
from apps.reporting import counting
from apps.roster import loading
from apps.seals import services as seals
from apps.staff_photos.services import offer_portrait, set_reference_photo

ROSTER = settings.BASE_DIR / "fixtures" / "demo" / "roster.csv"
EMPLOYED = {
    roles.REVIEWER: REVIEWERS,
    roles.SUPERVISOR: SUPERVISORS,
    roles.AUDITOR: AUDITORS,
    roles.OPERATOR: OPERATORS,
    roles.FINANCE: FINANCE,
    roles.HANDER: HANDERS,
}
LIMIT = 1000

_SUBMITTED = (("fill_in", 0.01), ("submit", 0.02))
_PAID = (*_SUBMITTED, ("ship", 0.03), ("pay", 0.04))
_ACCEPTED = (*_PAID, ("accept", 0.0401))
_APPROVED = (*_ACCEPTED, ("approve", 2.1), ("order", 2.11))
_SENT = (*_APPROVED, ("fetch_reports", 6.3), ("fetch_reports", 11.5))
_SENT_TO_THE_UNIT = (
    *_SUBMITTED,
    ("let_the_unit_collect", 0.03),
    ("accept", 0.0401),
    ("approve", 2.1),
    ("order", 2.11),
    ("fetch_reports", 6.3),
    ("fetch_reports", 11.5),
)
_ACTIVE = (*_SENT, ("collect", 15), ("activate", 15.1))


def _later(story, days):
    """`story` begun `days` later."""
    return tuple((action, since + days) for action, since in story)


# Employee number → how many days ago the story began, city, bank, and the actions with the days
# since the beginning at which they were done. D1001 and D1018 have not begun anything.
STORIES = {
    "D1002": (3, "370100", "95533", ()),
    "D1003": (2, "370100", "95588", _SUBMITTED),
    "D1004": (1, "370100", "95533", (*_SUBMITTED, ("ship", 0.03))),
    "D1005": (1, "370200", "95533", _ACCEPTED),
    "D1006": (5, "370300", "95533", (*_ACCEPTED, ("ask_for_amendment", 2.6))),
    "D1007": (6, "370100", "95588", (*_ACCEPTED, ("ask_for_amendment", 2.6), ("amend", 3.6))),
    "D1008": (5, "370700", "95533", _APPROVED),
    "D1009": (8, "370600", "95533", (*_APPROVED, ("fetch_reports", 6.3))),
    "D1010": (13, "370400", "95533", _SENT),
    "D1011": (20, "370800", "95533", (*_SENT, ("collect", 15))),
    "D1012": (60, "370100", "95588", (*_ACTIVE, ("report_loss", 30), ("lift", 31))),
    "D1013": (90, "370100", "95533", (*_ACTIVE, ("report_loss", 40), ("report_loss", 88))),
    "D1019": (
        45,
        "370100",
        "95533",
        (*_ACTIVE, ("declare_loss", 30), ("refuse_loss", 31)),
    ),
    "D1014": (9, "370900", "95533", (*_ACCEPTED, ("reject", 3.2))),
    "D1024": (
        4,
        "370100",
        "95533",
        (
            *_SUBMITTED,
            ("ship", 0.03),
            ("pay_without_a_way_back", 0.04),
            ("accept", 0.0401),
            ("reject", 2.2),
            ("refuse_refund", 2.21),
        ),
    ),
    "D1025": (2, "370200", "95588", (*_ACCEPTED, ("take_back_to_amend", 0.9))),
    "D1026": (13, "370100", "95533", _SENT_TO_THE_UNIT),
    "D1027": (13, "370100", "95588", _SENT_TO_THE_UNIT),
    "D1015": (
        30,
        "371300",
        "95533",
        (("start_over", 0.1), *_later(_SUBMITTED, 0.2), ("withdraw", 0.5)),
    ),
    "D1016": (40, "371400", "95533", (*_SUBMITTED, ("lapse", 8.1))),
    "D1017": (40, "370100", "95533", (*_ACTIVE, ("declare_loss", 39.5))),
    "D1021": (50, "370100", "95588", (*_ACTIVE, ("declare_loss", 47), ("confirm_loss", 48.2))),
    "D1022": (
        65,
        "370200",
        "95533",
        (
            *_ACTIVE,
            ("declare_loss", 58),
            ("confirm_loss", 59),
            ("replace", 60),
            *_later(_APPROVED, 60),
        ),
    ),
    "D1023": (
        120,
        "370300",
        "95533",
        (
            *_ACTIVE,
            ("report_loss", 80),
            ("declare_loss", 81),
            ("confirm_loss", 82),
            ("replace", 84),
            *_later(_ACTIVE, 84),
        ),
    ),
}

# The new people of apps.demo.intake who have begun; as STORIES.
NEWCOMERS = {
    "D1107": (5, "370100", "95533", ()),
    "D1108": (2, "370200", "95588", _SUBMITTED),
    "D1109": (2, "370300", "95533", (*_SUBMITTED, ("ship", 0.03))),
    "D1110": (2, "370100", "95533", _ACCEPTED),
    "D1111": (6, "370200", "95533", (*_ACCEPTED, ("ask_for_amendment", 2.6))),
    "D1112": (5, "370100", "95588", _APPROVED),
    "D1113": (16, "370300", "95533", _SENT),
    "D1114": (20, "370200", "95533", (*_SENT, ("collect", 15))),
    "D1115": (22, "370300", "95533", _ACTIVE),
    "D1116": (9, "370100", "95533", (*_ACCEPTED, ("reject", 3.2))),
    "D1118": (6, "370100", "95533", ()),
}


# Whom the unit had photographed, and who has brought the pictures. D1001 and two of the intake have
# not begun, D1002 and D1107 are filling in, D1110 has taken the picture.
PHOTOGRAPHED = ("D1001", "D1002", "D1101", "D1106", "D1107", "D1110")
BRINGS_PHOTOS = "S3001"


def exists():
    """Whether the town was built to its end."""
    return User.objects.filter(employee_number=ADMINISTRATOR.employee_number).exists()


def build(*, at, tell):
    """Build the town as of the moment `at`; `tell` is called with a line about each step."""
    with ahead.second_process():
        _build(at, tell)


def _build(at, tell):
    tell("人事名册")
    loading.load(
        content=ROSTER.read_bytes(), photo_folder=None, is_all_or_nothing=True, by=None, at=at
    )
    # One hash for all accounts, because hashing takes longer than all the rest.
    password = make_password(PASSWORD)
    # Invited people choose their own password.
    User.objects.filter(holder__isnull=False, invitations=None).update(password=password)
    for role, accounts in EMPLOYED.items():
        for account in accounts:
            _employ(account, role, password)
    rules.let_the_unit_collect(at=at, tell=tell)
    children.register(at=at)
    here = Holder.objects.filter(user__isnull=False, user__invitations=None)
    without_photo = list(here.filter(reference_photo=""))
    for holder in without_photo:
        photos.begin_photo(holder)
    intake.build(at=at, tell=tell)
    # The oldest first: lists of what came last are in the order of the rows.
    stories = sorted((STORIES | NEWCOMERS).items(), key=lambda told: -told[1][0])
    _begin_uploads(stories)
    tell("人事照片")
    for holder in without_photo:
        set_reference_photo(holder=holder, jpeg=photos.photo_of(holder), by=None, at=at)
    _offer_portraits(at - timedelta(days=20))
    children.build(at=at, tell=tell)
    for number, (days, city, bank, story) in stories:
        _live(number, at - timedelta(days=days), city, bank, story, tell)
    intake.end(at=at)
    bureau.build(at=at, tell=tell)
    handout.build(at=at, tell=tell)
    rules.build(at=at, tell=tell)
    sheets.build(at=at, tell=tell)
    wordings.build(at=at, tell=tell)
    people_desk.build(at=at, tell=tell)
    tell("日账单")
    money.bring_bills(at=at)
    _tell_everybody(at)
    seals.seal(at=at)
    counting.count_events()
    _employ(ADMINISTRATOR, roles.ADMINISTRATOR, password)


def _begin_uploads(stories):
    """Make the pictures ahead with which the people of the `stories` fill in their forms."""
    people = {
        holder.user.employee_number: holder
        for holder in Holder.objects.filter(user__isnull=False).select_related("user")
    }
    for number, (*_, story) in stories:
        if "fill_in" in dict(story):
            holder = people[number]
            begin = photos.begin_offered if number in PHOTOGRAPHED else photos.begin_upload
            begin(holder)
            if actions.goes_by_face(holder.user):
                photos.begin_selfie(holder)


def _offer_portraits(at):
    """Pictures by a photographer, brought once by HR at the moment `at`."""
    by = User.objects.get(employee_number=BRINGS_PHOTOS)
    people = Holder.objects.filter(user__employee_number__in=PHOTOGRAPHED)
    for holder in people.filter(offered_portraits=None):
        offer_portrait(holder=holder, jpeg=photos.photo_of(holder), by=by, at=at)


def _tell_everybody(at):
    """Send the notices now: the workers, and their alarms, should not begin with old work."""
    notices.collect(at=at, limit=LIMIT)
    while notices.send_due(at=at, limit=LIMIT):
        pass


def _employ(account, role, password):
    user, _ = User.objects.update_or_create(
        employee_number=account.employee_number,
        defaults={"password": password, "is_staff": True},
    )
    user.groups.add(Group.objects.get(name=role))


def _live(number, beginning, city, bank, story, tell):
    user = User.objects.select_related("holder").get(employee_number=number)
    if CardRequest.objects.filter(holder=user.holder).exists():
        return
    card_request = actions.agree_and_start(user, city=city, bank=bank, at=beginning)
    for name, days in story:
        act = action(name)
        card_request = act(card_request, beginning + timedelta(days=days)) or card_request
    card_request.read_again()
    tell(f"{user.holder.name}：{card_request.get_status_display()}")
