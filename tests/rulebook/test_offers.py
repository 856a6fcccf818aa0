"""What the page of a city offers: every link leads to a form, and readers see none."""

import re

import pytest

from apps.desk import roles
from apps.regions.enums import Service
from apps.rulebook import offers
from tests.factories.people import make_colleague
from tests.rulebook.steps import NOTE, confirm, url

pytestmark = pytest.mark.django_db


def links(html):
    return set(
        re.findall(r'href="(/admin/regions/city/[^"]*(?:rule/\?|services|banks|rules)[^"]*)"', html)
    )


def test_every_offered_change_leads_to_its_form(boss, city, later):
    opening = {"what": Service.APPLY, "open_until": f"{later:%Y-%m-%d}", "note": NOTE}
    confirm(boss, url("close_service"), opening)
    found = links(boss.get(url("change")).content.decode())
    assert len(found) > len(Service)
    for link in found:
        assert boss.get(link.replace("&amp;", "&")).status_code == 200, link


def test_whoever_only_reads_is_offered_nothing(client, city):
    client.force_login(make_colleague(roles.AUDITOR))
    assert links(client.get(url("change")).content.decode()) == set()


def test_a_service_is_closed_while_it_is_open_and_opened_while_it_ends(boss, city, later):
    by = make_colleague(roles.SUPERVISOR)
    running = city.openings.get(service=Service.APPLY)

    def words(running, following=None):
        found = offers.of_standing(
            city, "service", Service.APPLY, running=running, following=following, by=by
        )
        return [offer.words for offer in found.open]

    assert words(running) == ["停办"]
    running.open_until = later
    assert words(running) == ["开通", "停办"]
    assert words(None, running) == ["开通", "停办"]
    assert words(None) == ["开通"]
