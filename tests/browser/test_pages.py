"""Every page that people meet on the way: axe, no sideways scrolling, and the keyboard."""

from datetime import timedelta
from typing import NamedTuple

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from apps.application import portraits
from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.notices.tasks import send_notices
from apps.people.enums import ConsentKind
from apps.people.services import record_consent
from apps.verification import services as verification
from tests.application.checks import verify
from tests.chromium import DESKTOP, PHONE
from tests.factories.cards import make_draft, make_request
from tests.factories.payments import make_paid, make_payable, make_payment
from tests.factories.people import make_holder
from tests.journeys.steps import photo

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("filed_portrait"),
]

WIDTHS = (320, 390, 1280)


def url(name, row):
    return reverse(name, args=[row.reference])


def an_hour_ago():
    return timezone.now() - timedelta(hours=1)


def anybody():
    texts = [reverse("people:consent_text", args=[kind.lower()]) for kind in ConsentKind]
    names = ("application:guide_for_child", "activation:guide", "loss_report:guide")
    town = reverse("regions:areas", query={"province": "370000", "city": "370100"})
    return None, [*texts, *map(reverse, names), town]


def who_fills_in_the_form():
    at = an_hour_ago()
    draft = make_draft(at=at, complete=False)
    by = draft.applicant
    upload = SimpleUploadedFile("me.jpg", photo())
    portraits.keep_upload(card_request=draft, upload=upload, by=by, at=at)
    check = verification.begin(
        holder=draft.holder,
        by=by,
        purpose="APPLY",
        card_request=draft,
        next_url="/",
        at=timezone.now(),
    )
    before_the_form = [url("verification:start", check)]
    before_the_form.append(f"{url('verification:start', check)}?way=face")
    verify(draft)
    names = ("form", "portrait")
    return draft.holder, [
        reverse("application:guide"),
        *before_the_form,
        *(url(f"application:{name}", draft) for name in names),
        url("application:form", draft) + "?check=1",
        reverse("account_change_password"),
        reverse("account_logout"),
    ]


def who_checks_what_was_filled_in():
    draft = make_draft(at=an_hour_ago())
    verify(draft)
    return draft.holder, [url("application:confirm", draft), url("progress:detail", draft)]


def who_has_to_pay():
    card_request = make_payable(at=an_hour_ago())
    payment = make_payment(card_request=card_request, at=timezone.now())
    names = ("application:shipping", "application:withdraw")
    return card_request.holder, [
        *(url(name, card_request) for name in (*names, "payments:pay", "progress:detail")),
        url("payments:detail", payment),
        url("payments:return", payment),
    ]


def who_has_paid():
    payment = make_paid(card_request=make_payable(at=an_hour_ago()), at=an_hour_ago())
    return payment.card_request.holder, [
        url("payments:detail", payment),
        url("payments:return", payment),
        url("progress:detail", payment.card_request),
        url("application:detail", payment.card_request),
    ]


def who_has_to_amend():
    card_request = make_request(RequestStatus.NEEDS_AMENDMENT, at=an_hour_ago())
    send_notices()
    return card_request.holder, [
        url("application:amend", card_request),
        url("progress:detail", card_request),
        reverse("home:messages"),
        reverse("application:guide"),
        reverse("home:home"),
    ]


def who_has_seen_much():
    holder = make_holder()
    ends = (RequestStatus.WITHDRAWN, RequestStatus.REJECTED, RequestStatus.LAPSED)
    for status in (*ends, RequestStatus.DISPATCHED):
        make_request(status, holder=holder, at=an_hour_ago())
    record_consent(user=holder.user, holder=holder, kinds=ConsentKind, ip=None, at=an_hour_ago())
    requests = CardRequest.objects.filter(holder=holder)
    return holder, [
        *(url("progress:detail", one) for one in requests),
        reverse("progress:list"),
        reverse("account:agreements"),
    ]


SOMEBODY = [
    anybody,
    who_fills_in_the_form,
    who_checks_what_was_filled_in,
    who_has_to_pay,
    who_has_paid,
    who_has_to_amend,
    who_has_seen_much,
]


def overflow(page):
    """By how many pixels the page is wider than the screen."""
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


# The filled buttons of a page, and which of them are in view as the page opens.
MAIN_ACTIONS = """() => {
  const plain = ".tonal, .line, .text, .danger, .small, .call";
  const all = [...document.querySelectorAll("main .btn")].filter(
    (one) => !one.matches(plain) && one.offsetParent && !one.closest("dialog"),
  );
  const inView = all.filter((one) => {
    const box = one.getBoundingClientRect();
    return box.top >= 0 && box.bottom <= window.innerHeight;
  });
  return [all.map((one) => one.textContent.trim()), inView.map((one) => one.textContent.trim())];
}"""


class State(NamedTuple):
    """How a page is looked at: its colours, the width of the screen, the size of its text."""

    theme: str
    width: int
    text: str = "100%"


# Each theme with each size of text, and each width in one theme or both.
STATES = [
    State("light", 390),
    State("dark", 1280),
    State("light", 320),
    State("dark", 390, "200%"),
]


def faults(page, assert_accessible, states=tuple(STATES)):
    """What is wrong with the page: axe in each of `states`, its main action, its width in all."""
    found = []
    page.mouse.move(0, 0)  # what is under the pointer changes its colour
    for state in states:
        page.emulate_media(color_scheme=state.theme, reduced_motion="reduce")
        page.set_viewport_size({"width": state.width, "height": 800})
        page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", state.text)
        try:
            assert_accessible(page)
        except AssertionError as error:
            found.append(f"{state}: {str(error)[:600]}")
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size(DESKTOP)
    actions, in_view = page.evaluate(MAIN_ACTIONS)
    if actions and not in_view:
        found.append(f"the main action is not in view: {actions}")
    if len(in_view) > 1:
        found.append(f"more than one main action: {in_view}")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if overflow(page) > 0:
            found.append(f"scrolls sideways at {width} px")
    page.set_viewport_size(PHONE)
    for change in ("classList.add('elder')", "style.fontSize = '200%'"):
        page.evaluate(f"document.documentElement.{change}")
        if overflow(page) > 0:
            found.append(f"scrolls sideways with {change}")
    return found


@pytest.mark.slow
@pytest.mark.parametrize("somebody", SOMEBODY)
def test_every_page_is_accessible_and_fits(town, signed_in, open_page, assert_accessible, somebody):
    holder, paths = somebody()
    page = signed_in(holder, viewport=PHONE) if holder else open_page(viewport=PHONE)
    found = {}
    for path in paths:
        response = page.goto(path)
        assert response.status == 200, path
        assert page.url.endswith(path), f"{path} led to {page.url}"
        found[path] = faults(page, assert_accessible)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


# The whole product, for a few pages on which everything else is built.
EVERY_STATE = [
    State(theme, width, text)
    for theme in ("light", "dark")
    for width in WIDTHS
    for text in ("100%", "200%")
]


@pytest.mark.slow
def test_the_key_pages_are_accessible_in_every_state(town, signed_in, open_page, assert_accessible):
    holder, _ = who_has_to_amend()
    form = make_draft(at=an_hour_ago())
    verify(form)
    looks = [
        (None, reverse("account_login")),
        (None, reverse("application:guide")),
        (holder, reverse("home:home")),
        (holder, reverse("progress:list")),
        (form.holder, url("application:form", form)),
    ]
    found = {}
    for who, path in looks:
        page = signed_in(who, viewport=PHONE) if who else open_page(viewport=PHONE)
        page.goto(path)
        found[path] = faults(page, assert_accessible, EVERY_STATE)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


FOCUSED = """() => {
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement);
  const visible = (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none";
  const box = document.activeElement.getBoundingClientRect();
  const within = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return {
    name: document.activeElement.name || document.activeElement.textContent.trim(),
    visible,
    covered: !!within?.closest(".foot") && !document.activeElement.closest(".foot"),
  };
}"""


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize(
    ("name", "fields", "action"),
    [
        ("application:form", ["phone", "address", "occupation"], "下一步：核对信息"),
        ("application:guide", [], "继续填写"),
    ],
)
def test_the_keyboard_reaches_everything_in_order_and_is_seen_where_it_is(
    signed_in, viewport, name, fields, action
):
    draft = make_draft(at=an_hour_ago())
    verify(draft)
    page = signed_in(draft.holder, viewport=viewport)
    page.goto(reverse(name, args=[draft.reference] if fields else []))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到主要内容")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    seen = []
    while not seen or seen[-1]["name"] != action:
        page.keyboard.press("Tab")
        seen.append(page.evaluate(FOCUSED))
        assert len(seen) < 60, f"never at {action}: {seen}"
    # The calendar button in a date field is a stop of its own with a ring of the browser's.
    assert {one["name"] for one in seen} == {one["name"] for one in seen if one["visible"]}
    assert [one["name"] for one in seen if one["covered"]] == []
    assert [one["name"] for one in seen if one["name"] in fields] == fields
