"""A fragment cannot drift from its page, and Back never shows a fragment as a page."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.test.signals import template_rendered
from django.urls import reverse
from django.utils import timezone

from apps.activation import views as activation
from apps.application import services as application
from apps.application import wards
from apps.cards.enums import CardStatus
from apps.desk import roles
from apps.desk.claims import services as claims
from apps.home import records
from apps.loss_report import services as loss_reports
from apps.loss_report.views import listing as loss_report
from apps.verification import services as verification
from apps.verification.enums import Purpose
from tests.factories.boxes import make_waiting
from tests.factories.cards import accept, make_card, pay
from tests.factories.checks import pass_check
from tests.factories.formal_losses import make_lost_card
from tests.factories.loss_reports import report
from tests.factories.payments import make_payable, make_payment
from tests.factories.people import make_holder, make_reviewer, make_ward
from tests.factories.regions import let_the_unit_collect, make_bank, make_city, make_county
from tests.test_strangers import named_urls
from tests.walk import Walk
from tests.world import make_world

pytestmark = pytest.mark.django_db


def ago(**time):
    return timezone.now() - timedelta(**time)


@pytest.fixture
def clock(monkeypatch):
    """The clock stands still: two looks at a page show the same moments."""
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)


@pytest.fixture
def short_lists(monkeypatch):
    """Lists that go on after two."""
    for module in (activation, loss_report, records):
        monkeypatch.setattr(module, "PER_PAGE", 2)


@pytest.fixture
def country():
    make_city()
    make_county()
    qingdao = make_city("370200", "青岛市", banks=[make_bank(), make_bank("95588", "工商银行")])
    make_county("370202", "市南区", city=qingdao)
    make_county("320102", "玄武区", city=make_city("320100", "南京市", province_name="江苏省"))


def lose_and_find(card, *, at):
    report(card, at=at)
    by = card.holder.user
    pass_check(holder=card.holder, by=by, purpose=Purpose.LOSS_REPORT, at=at)
    loss_reports.lift(card=card, by=by, at=at + timedelta(minutes=10))


def make_guardian():
    """A guardian with a card that was lost and found, and with children at every stage.

    Returns the guardian and the addresses of pages that a walk along links may miss.
    """
    guardian = make_holder()
    card = make_card(holder=guardian, at=ago(days=60))
    for days in (30, 20, 10):
        lose_and_find(card, at=ago(days=days))
    children = [make_ward(guardian) for _ in range(5)]
    for child in children[:2]:
        make_card(holder=child, by=guardian.user, at=ago(days=50))
    accepted = make_payable(holder=children[2], by=guardian.user, at=ago(days=1))
    for step in (pay, accept):
        step(accepted, at=ago(hours=1))
    payable = make_payable(holder=children[3], by=guardian.user, at=ago(days=1))
    payment = make_payment(card_request=payable, at=ago(minutes=1))
    wards.agree(ward=children[4], ip="10.0.0.1", by=guardian.user, at=timezone.now())
    sealed, lost = (
        make_card(status, holder=make_ward(guardian), by=guardian.user, at=ago(days=2))
        for status in (CardStatus.SEALED, CardStatus.SUSPENDED)
    )
    check = verification.begin(
        holder=guardian,
        by=guardian.user,
        purpose=Purpose.APPLY,
        card_request=None,
        next_url="/",
        at=timezone.now(),
    )
    return guardian, [
        accepted.get_absolute_url(),
        reverse("application:shipping", args=[payable.reference]),
        reverse("payments:return", args=[payment.reference]),
        reverse("application:child_precheck", args=[children[4].reference]),
        reverse("loss_report:usable", args=[card.reference]),
        reverse("activation:start", args=[sealed.reference]),
        reverse("loss_report:lift", args=[lost.reference]),
        reverse("verification:start", args=[check.reference]),
    ]


def make_newcomer():
    """Somebody without a card who has agreed to the terms, as the guide asks."""
    newcomer = make_holder()
    application.agree(ip="10.0.0.1", by=newcomer.user, at=timezone.now())
    return newcomer


def pages_of_the_desk(world):
    """The addresses of the lists of the desk, and of one row of each."""
    return [
        reverse(name, kwargs=values)
        for name, arguments in named_urls()
        if re.match(r"admin:\w+_(change|changelist|add)$", name)
        and (values := world.arguments(name, arguments)) is not None
    ]


def sources_of_htmx():
    """The templates that make htmx ask."""
    folder = Path(settings.BASE_DIR) / "templates"
    return {
        path.relative_to(folder).as_posix()
        for path in folder.glob("**/*.html")
        if re.search(r"\bhx-(get|post)=", path.read_text())
    }


# Who asks whom. A new element belongs here, and a person who meets it into the walk.
CASE = "admin:cards_cardrequest"
ASKED = {
    ("regions:areas", "regions:areas"),
    ("admin:notices_messagewording_change", "admin:notices_messagewording_change"),
    ("application:precheck", "application:banks"),
    ("application:child_precheck", "application:banks"),
    ("application:shipping", "regions:options"),
    ("application:shipping", "delivery:postage"),
    ("payments:return", "payments:return"),
    ("progress:detail", "progress:detail"),
    ("home:records", "home:records"),
    ("activation:start", "activation:start"),
    ("loss_report:lift", "loss_report:lift"),
    ("verification:start", "verification:start"),
    ("activation:records", "activation:records"),
    ("loss_report:records", "loss_report:records"),
    ("loss_report:usable", "loss_report:usable"),
    ("handout:code", "handout:code"),
    ("replacement:start", "replacement:start"),
    ("replacement:start", "replacement:banks"),
    (f"{CASE}_change", f"{CASE}_preview_approval"),
    (f"{CASE}_change", f"{CASE}_preview_amendment"),
    (f"{CASE}_change", f"{CASE}_preview_rejection"),
    (f"{CASE}_change", f"{CASE}_refer"),
    ("admin:replacement_formalloss_change", "admin:replacement_formalloss_refer"),
    ("admin:people_guardianship_change", "admin:people_guardianship_refer"),
    ("admin:bulk_bulkrun_change", "admin:bulk_bulkrun_change"),
    ("admin:onboarding_reminderrun_change", "admin:onboarding_reminderrun_change"),
    ("admin:exports_export_change", "admin:exports_export_change"),
    ("admin:roster_rosterupload_change", "admin:roster_rosterupload_change"),
    ("admin:roster_rosterupload_photos_change", "admin:roster_rosterupload_photos_change"),
}


@pytest.mark.slow
def test_every_fragment_is_what_its_page_shows_and_back_shows_a_page(country, short_lists, clock):
    let_the_unit_collect()
    world = make_world()
    guardian, further = make_guardian()
    lost = make_lost_card()
    terms = reverse("replacement:start", args=[lost.reference])
    reviewer = world.export.by
    reviewer.groups.add(Group.objects.get(name=roles.SUPERVISOR))
    claims.claim(subject=world.card_request, by=reviewer, at=timezone.now())
    asked, drawn = set(), set()

    def note(template, **_):
        drawn.add(template.name)

    template_rendered.connect(note)
    try:
        Walk(guardian.user, asked=asked).look_at("/", *further, follows_links=True)
        Walk(make_newcomer().user, asked=asked).look_at(reverse("application:precheck"))
        Walk(lost.holder.user, asked=asked).look_at(terms)
        collected = make_waiting(make_reviewer())
        code = reverse("handout:code", args=[collected.reference])
        Walk(collected.holder.user, asked=asked).look_at(code)
        Walk(reviewer, asked=asked).look_at(*pages_of_the_desk(world))
    finally:
        template_rendered.disconnect(note)
    assert sources_of_htmx() - drawn == set()
    assert {(page, answer) for page, answer, *_ in asked} == ASKED
