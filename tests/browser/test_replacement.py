"""补换 as people see it, on a phone and on a desktop, and the way through to the form."""

import pytest
from playwright.sync_api import expect

from apps.cards.enums import CardStatus, ReplacementReason
from apps.cards.models import Card
from apps.replacement import services
from tests.chromium import DESKTOP, PHONE, assert_fits
from tests.factories.cards import make_card
from tests.factories.formal_losses import declare, make_lost_card, make_replacement_draft
from tests.factories.moments import ago
from tests.factories.people import make_holder, make_reviewer, make_ward
from tests.factories.regions import make_bank, make_city

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.slow
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_every_page_is_accessible_and_fits(signed_in, holder, assert_accessible, viewport):
    lost = make_lost_card(holder=holder, at=ago(days=9))
    children = [make_ward(holder) for _ in range(5)]
    sealed, fresh, waiting, refused, young = (
        make_card(status, holder=child, by=holder.user, at=ago(days=60))
        for child, status in zip(
            children,
            [
                CardStatus.SEALED,
                CardStatus.ACTIVE,
                CardStatus.ACTIVE,
                CardStatus.ACTIVE,
                CardStatus.LOST,
            ],
            strict=True,
        )
    )
    declare(waiting, at=ago(hours=4), by=holder.user)
    loss = declare(refused, at=ago(hours=4), by=holder.user)
    services.refuse(loss=loss, reason="回执号查不到，请核对", by=make_reviewer(), at=ago(hours=1))
    page = signed_in(holder, viewport=viewport)
    for path in [
        "/replace/",
        f"/replace/{fresh.reference}/loss/declare/",
        f"/replace/{sealed.reference}/loss/declare/",
        f"/replace/{waiting.reference}/loss/",
        f"/replace/{refused.reference}/loss/",
        f"/replace/{lost.reference}/loss/",
        f"/replace/{young.reference}/",
        f"/replace/{lost.reference}/",
        *(
            f"/replace/{lost.reference}/?reason={reason}"
            for reason in ("LOST", "BANK_CHANGED", "AREA_CHANGED", "KEY_DATA_CHANGED")
        ),
    ]:
        page.goto(path)
        assert_accessible(page)
        assert_fits(page)


@pytest.mark.slow
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_pages_of_a_replacement_request_fit(
    signed_in, holder, assert_accessible, console_errors, viewport
):
    card = make_lost_card(holder=holder, at=ago(days=9))
    draft = make_replacement_draft(
        card=card, at=ago(days=1), reason=ReplacementReason.CHIP_UNREADABLE
    )
    page = signed_in(holder, viewport=viewport)
    for name in ("form", "confirm"):
        page.goto(f"/apply/{draft.reference}/{name}/")
        expect(page.get_by_text("芯片不能读写").first).to_be_visible()
        assert_accessible(page)
        assert_fits(page)
    # The factories name a portrait file that does not exist.
    assert all("/portrait/final.jpg" in error for error in console_errors)
    console_errors.clear()


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.slow
def test_the_reviewer_s_page_of_a_loss_fits(signed_in, holder, viewport):
    loss = declare(make_card(holder=holder, at=ago(days=9)), at=ago(hours=2))
    reviewer = make_holder(name="李审", user=make_reviewer())
    page = signed_in(reviewer, viewport=viewport)
    page.goto(f"/admin/replacement/formalloss/{loss.reference}/change/")
    page.get_by_role("button", name="领办这件").click()
    page.get_by_role("button", name="确认正式挂失").click()
    expect(page.get_by_text("这张卡已停用")).to_be_visible()
    assert Card.objects.get(pk=loss.card_id).status == CardStatus.LOST


def test_the_chosen_reason_brings_what_it_asks_for(signed_in, holder, settings):
    settings.SMS_SENDER = "apps.notices.senders.outbox.OutboxSms"
    make_city("370600", "烟台市", banks=[make_bank("95599", "中国农业银行")])
    card = make_lost_card(holder=holder, at=ago(days=9), city=make_city())
    page = signed_in(holder, viewport=PHONE)
    page.goto(f"/replace/{card.reference}/")
    page.get_by_text("其他原因").click()
    page.get_by_label("姓名、社会保障号码等关键信息变化").check()
    expect(page.get_by_text("不能直接换卡")).to_be_visible()
    page.get_by_label("服务银行变化").check()
    expect(page.get_by_label("新的发卡银行")).to_contain_text("中国工商银行")
    page.get_by_label("跨省流动参保地变化").check()
    expect(page.get_by_label("新的参保地")).to_be_visible()
    expect(page.locator(".htmx-added")).to_have_count(0)  # htmx listens to the new fields now
    page.get_by_label("新的参保地").select_option("370600")
    page.get_by_label("新的发卡银行").select_option(label="中国农业银行")
    page.get_by_role("button", name="下一步：填写资料").click()
    for box in page.get_by_role("dialog").get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="同意并开始办理").click()
    expect(page.get_by_role("heading", name="电子照片")).to_be_visible()
    card_request = holder.requests.get(old_card=card)
    assert (card_request.city_id, card_request.bank_id) == ("370600", "95599")
