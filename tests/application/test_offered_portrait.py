"""用单位给您拍的照片: taken by one tap, declined, and whose it is."""

from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse

from apps.application import portraits
from apps.application.making import NotUsable
from apps.common.moments import day_of
from apps.events.models import Event
from apps.lifecycle.refusals import NotAllowed
from apps.requests.models import DiscardedFile, Particulars
from apps.staff_photos.event_kinds import OFFERED_PORTRAIT, OfferAction
from apps.staff_photos.models import OfferedPortrait
from apps.unsent.shown import NotAsShown
from apps.verification.refusals import PortraitRefused
from tests.application.pictures import portrait_picture, upload
from tests.factories.cards import make_draft
from tests.factories.moments import ago
from tests.factories.offers import make_offer
from tests.factories.people import make_holder, make_user, make_ward
from tests.shown import Window, words_of
from tests.verification.samples import OTHER, person

pytestmark = [pytest.mark.django_db, pytest.mark.faces]
TAKE = "用单位给您拍的照片"


@pytest.fixture
def draft(client):
    draft = make_draft(complete=False)
    client.force_login(draft.holder.user)
    return draft


def url(name, card_request, *more):
    return reverse(f"application:{name}", args=[card_request.reference, *more])


def saved(draft):
    return Particulars.objects.get(card_request=draft)


def actions():
    events = Event.objects.filter(subject_kind=OFFERED_PORTRAIT.name).order_by("pk")
    return list(events.values_list("action", flat=True))


def test_one_tap_takes_it_and_the_page_says_where_it_is_from(client, draft):
    offer = make_offer(draft.holder, at=ago(days=3))
    page = Window(client, url("portrait", draft))
    assert TAKE in words_of(client.get(url("portrait", draft)))
    answer = page.send("offered", to=url("portrait_offered", draft))
    assert answer.url == url("form", draft) + "#portrait"
    particulars = saved(draft)
    assert particulars.portrait
    assert particulars.portrait_offered_at == offer.offered_at
    assert all(finding["is_ok"] is not False for finding in particulars.portrait_findings)
    form = words_of(client.get(url("form", draft)))
    assert "用的是单位" in form
    assert TAKE not in form
    assert actions() == [OfferAction.OFFER, OfferAction.TAKE]


def test_it_is_taken_in_the_page_of_the_form_too(client, draft):
    make_offer(draft.holder, at=ago(days=3))
    page = Window(client, url("form", draft))
    data = page.data("offered")
    fragment = client.post(url("portrait_offered", draft), data, headers={"HX-Request": "true"})
    html = fragment.content.decode()
    assert "<html" not in html
    assert "已选用的证件照片" in html
    assert saved(draft).portrait_offered_at


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"spoilt")])
def test_what_cannot_be_read_any_more_is_said_and_another_picture_can_be_chosen(
    client, draft, settings, tmp_path, damage
):
    settings.MEDIA_ROOT = tmp_path
    offer = make_offer(draft.holder, at=ago(days=3))
    page = Window(client, url("portrait", draft))
    damage(Path(offer.picture.path))
    data = page.data("offered")
    answer = client.post(url("portrait_offered", draft), data, follow=True)
    assert "单位拍的这张照片打不开了，不是您的问题" in words_of(answer)
    assert not saved(draft).portrait


def test_without_a_script_the_button_of_the_form_does_it_too(client, draft):
    make_offer(draft.holder, at=ago(days=3))
    page = client.get(url("form", draft)).content.decode()
    form = page[page.index('id="offered"') :].split(">")[0]
    assert "hidden" not in form
    answer = Window(client, url("form", draft)).send("offered", to=url("portrait_offered", draft))
    assert answer.url == url("form", draft) + "#portrait"


def test_another_picture_can_still_be_chosen_and_is_the_persons_own(client, draft):
    make_offer(draft.holder, at=ago(days=3))
    Window(client, url("portrait", draft)).send("offered", to=url("portrait_offered", draft))
    by = draft.holder.user
    own = person(OTHER)
    portraits.keep_upload(card_request=draft, upload=upload(own), by=by, at=ago())
    particulars = saved(draft)
    assert particulars.portrait_offered_at  # the portrait in use is the unit's until it is replaced
    draft.refresh_from_db()
    portraits.use(card_request=draft, **particulars.portrait_crop, by=by, at=ago())
    assert saved(draft).portrait_offered_at is None
    assert TAKE in words_of(client.get(url("form", draft)))


@pytest.mark.slow
def test_what_breaks_a_rule_is_refused_as_an_upload_is(client, draft):
    make_offer(draft.holder, at=ago(days=3), picture=portrait_picture(background=(90, 140, 200)))
    answer = Window(client, url("portrait", draft)).send(
        "offered", to=url("portrait_offered", draft)
    )
    assert "没有找到正面人脸" in words_of(answer)
    assert "这张照片还不能用" in words_of(answer)
    particulars = saved(draft)
    assert not particulars.portrait
    with pytest.raises(NotUsable):
        portraits.use(
            card_request=particulars.card_request,
            **particulars.portrait_crop,
            by=draft.holder.user,
            at=ago(),
        )


def test_a_newer_picture_is_not_taken_unseen(client, draft):
    make_offer(draft.holder, at=ago(days=3))
    page = Window(client, url("portrait", draft))
    newer = make_offer(draft.holder, at=ago(days=1), picture=person(OTHER))
    answer = page.send("offered", to=url("portrait_offered", draft))
    assert TAKE in words_of(answer)
    assert not saved(draft).portrait_source
    assert [*OfferedPortrait.objects.all()] == [newer]
    with pytest.raises(NotAsShown):
        portraits.take_offered(card_request=draft, shown="", by=draft.holder.user, at=ago())


def test_what_is_not_offered_any_more_is_not_taken(client, draft):
    make_offer(draft.holder, at=ago(days=3))
    page = Window(client, url("portrait", draft))
    OfferedPortrait.objects.all().delete()
    answer = page.send("offered", to=url("portrait_offered", draft))
    assert "单位拍的这张照片已经删除了" in words_of(answer)
    with pytest.raises(PortraitRefused):
        portraits.take_offered(card_request=draft, shown="", by=draft.holder.user, at=ago())


def test_it_is_declined_and_deleted(client, draft):
    offer = make_offer(draft.holder, at=ago(days=3))
    page = Window(client, url("portrait", draft))
    answer = client.post(url("portrait_decline", draft), page.data("decline"), follow=True)
    assert "已删除" in words_of(answer)
    assert TAKE not in words_of(answer)
    assert not OfferedPortrait.objects.exists()
    assert DiscardedFile.objects.filter(name=offer.picture.name).exists()
    assert actions() == [OfferAction.OFFER, OfferAction.DECLINE]
    again = client.post(url("portrait_decline", draft), page.data("decline"))
    assert "已经删除了" in words_of(again)


def test_only_the_picture_that_was_shown_is_declined(client, draft):
    make_offer(draft.holder, at=ago(days=3))
    page = Window(client, url("portrait", draft))
    newer = make_offer(draft.holder, at=ago(days=1), picture=person(OTHER))
    answer = client.post(url("portrait_decline", draft), page.data("decline"))
    assert TAKE in words_of(answer)
    assert [*OfferedPortrait.objects.all()] == [newer]


def test_only_whoever_acts_for_the_person_sees_takes_and_declines_it(client, draft):
    make_offer(draft.holder, at=ago(days=3))
    picture = url("portrait_image", draft, "offered")
    assert client.get(picture).status_code == 200
    client.force_login(make_holder().user)
    for name in ("portrait_offered", "portrait_decline"):
        assert client.post(url(name, draft)).status_code == 404
    assert client.get(picture).status_code == 404
    assert OfferedPortrait.objects.count() == 1


def test_a_request_that_is_handed_in_takes_none(draft):
    make_offer(draft.holder, at=ago(days=3))
    draft.status = "ACCEPTED"
    with pytest.raises(NotAllowed):
        portraits.take_offered(card_request=draft, shown="", by=draft.holder.user, at=ago())


@pytest.mark.parametrize("is_on_the_roster", [True, False])
def test_of_a_child_only_what_was_imported_for_the_childs_own_row(client, is_on_the_roster):
    parent = make_holder()
    born = day_of(ago(days=365 * 10))
    ward = make_ward(parent, birth_date=date(born.year, born.month, 1))
    if is_on_the_roster:
        ward.user = make_user()
        ward.save(update_fields=["user"])
    draft = make_draft(holder=ward, by=parent.user, complete=False)
    make_offer(ward, at=ago(days=3))
    client.force_login(parent.user)
    page = client.get(url("form", draft))
    assert ("用单位给孩子拍的照片" in words_of(page)) == is_on_the_roster
    picture = client.get(url("portrait_image", draft, "offered"))
    assert picture.status_code == (200 if is_on_the_roster else 404)
    if is_on_the_roster:
        Window(client, url("portrait", draft)).send("offered", to=url("portrait_offered", draft))
    assert bool(saved(draft).portrait) == is_on_the_roster
