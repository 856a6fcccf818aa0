"""A third way to prove who one is: one module and its registration, here in a test's own app."""

import pytest
from django import forms
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.common.refusals import Refused
from apps.verification import registry, services
from apps.verification.enums import CheckOutcome
from apps.verification.policies import check_open
from apps.verification.registry import Way
from apps.verification.tasks import forget
from tests.factories.cards import make_request
from tests.factories.people import make_reviewer
from tests.verification.tries import use

pytestmark = pytest.mark.django_db


class WindowForm(forms.Form):
    number = forms.CharField(label="窗口给您的编号")


def at_the_window(*, check, form, by, ip, at):
    """The clerk looked at the person, and gave out a number."""
    check_open(check=check, by=by, at=at)
    if form.cleaned_data["number"] != "A7":
        raise Refused("编号不对，请对照窗口给您的纸条。", code="wrong_number")
    services.decide(check=check, outcome=CheckOutcome.PASSED, method="WINDOW", score=None, at=at)


forgotten = []
WINDOW = Way(
    name="WINDOW",
    label="窗口核验",
    short="窗口编号",
    phrase="窗口当面核验",
    about=lambda check: "到人事处窗口当面核验，拿到一个编号。",
    form=WindowForm,
    submit=at_the_window,
    forget=lambda *, at, limit: forgotten.append(limit),
)


@pytest.fixture(autouse=True)
def _registered(monkeypatch):
    monkeypatch.setattr(registry, "_WAYS", dict(registry._WAYS))
    registry.register(WINDOW)


@pytest.fixture
def check(begin, client, holder):
    client.force_login(holder.user)
    return begin(at=timezone.now())


def url(check):
    return reverse("verification:start", args=[check.reference])


def test_it_is_offered_beside_the_others_and_said_in_words(client, check):
    html = client.get(f"{url(check)}?way=window").content.decode()
    assert "窗口编号" in html
    assert "任选一种" in html
    assert "到人事处窗口当面核验" in html
    words = "三种方式任选：手机验证码加登录密码，刷脸比对，或窗口当面核验"
    assert registry.in_words(check) == words
    # Where nobody looks afterwards, a face is not offered.
    words = "两种方式任选：手机验证码加登录密码，或窗口当面核验"
    assert words in client.get(reverse("activation:guide")).content.decode()


def test_its_page_asks_refuses_and_passes(client, check):
    assert "窗口给您的编号" in client.get(f"{url(check)}?way=window").content.decode()
    wrong = client.post(url(check), {"way": "window", "number": "B1"})
    assert "编号不对" in wrong.content.decode()
    right = client.post(url(check), {"way": "window", "number": "A7"})
    assert right["Location"] == "/apply/"
    check.refresh_from_db()
    assert (check.outcome, check.method) == (CheckOutcome.PASSED, "WINDOW")
    assert use(check, at=timezone.now()).is_used


def test_the_desk_names_it(client, begin, holder):
    card_request = make_request(RequestStatus.ACCEPTED, holder=holder)
    check = begin(card_request=card_request, at=timezone.now())
    decided = {"method": "WINDOW", "score": None, "at": timezone.now()}
    services.decide(check=check, outcome=CheckOutcome.PASSED, **decided)
    client.force_login(make_reviewer())
    page = client.get(reverse("admin:cards_cardrequest_change", args=[card_request.reference]))
    assert "窗口核验" in page.content.decode()


def test_what_it_kept_is_forgotten_by_the_task_of_all_ways(check):
    forget()
    assert forgotten


def test_two_ways_of_one_name_are_refused_and_an_unknown_one_is_the_first(client, check):
    with pytest.raises(ValueError, match="WINDOW"):
        registry.register(WINDOW)
    page = client.get(f"{url(check)}?way=palm").content.decode()
    assert '<a href="?way=code" aria-current="true">' in page
