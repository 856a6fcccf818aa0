"""The pages are called as the manual calls them, on the page, in the browser and read aloud."""

import re

import pytest
from django.urls import reverse

from apps.cards.enums import RequestStatus
from tests.factories.cards import make_request
from tests.factories.people import make_holder

pytestmark = pytest.mark.django_db

TITLES = {
    "application:guide": "社会保障卡申领",
    "application:guide_for_child": "代未成年子女办理",
    "activation:guide": "社会保障卡启用",
    "activation:records": "启用记录",
    "replacement:guide": "社会保障卡补换",
    "loss_report:guide": "社会保障卡临时挂失",
    "progress:list": "社会保障卡制卡进度查询",
    "regions:areas": "社保卡跨省通办开通地区",
}
MATTERS = [title for title in TITLES.values() if title.startswith("社会保障卡")]


def titles(html):
    """The words of the title, and of the heading."""
    title = re.search("<title>(.*?)</title>", html, re.S)[1]
    return title, re.search("<h1[^>]*>(.*?)</h1>", html, re.S)[1].strip()


def test_each_page_has_the_title_of_the_manual(client):
    client.force_login(make_holder().user)
    for name, words in TITLES.items():
        title, heading = titles(client.get(reverse(name)).content.decode())
        assert title.startswith(words), name
        assert heading == words, name


def test_the_progress_of_one_request_is_a_page_of_its_matter(client):
    card_request = make_request(RequestStatus.DISPATCHED)
    client.force_login(card_request.holder.user)
    title, heading = titles(client.get(card_request.get_absolute_url()).content.decode())
    assert title.startswith("济南市制卡进度 - 社会保障卡制卡进度查询")
    assert heading == "社会保障卡制卡进度查询"


def test_tiles_say_the_whole_title(client):
    client.force_login(make_holder().user)
    for path in (reverse("home:home"), reverse("home:matters")):
        html = client.get(path).content.decode()
        for words in MATTERS:
            assert f'<span class="name">{words}</span>' in html


def test_the_open_areas_are_reached_from_the_step_of_the_precheck(client):
    html = client.get(reverse("application:guide")).content.decode()
    step = re.search("<li><b>资格校验</b>(.*?)</li>", html, re.S)[1]
    assert reverse("regions:areas") in step
