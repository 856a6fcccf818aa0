import time
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from apps.common import held_uploads
from apps.people.enums import ConsentKind
from apps.people.models import Consent
from apps.verification import services
from apps.verification.enums import CheckOutcome, Likeness
from apps.verification.faces import Comparison
from tests.factories.people import PASSWORD, make_holder
from tests.factories.storage import held, stored
from tests.verification.conftest import code_in
from tests.verification.samples import OTHER, PERSON, selfie, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def check(begin):
    return begin(at=timezone.now())


@pytest.fixture(autouse=True)
def signed_in(client, holder):
    client.force_login(holder.user)


def url(name, check):
    if name in ("face", "code"):
        return reverse("verification:way", args=[check.reference, name])
    return reverse(f"verification:{name}", args=[check.reference])


def show_face(client, check, picture=None, *, consent=True):
    data = {"picture": upload(picture or Image.new("RGB", (300, 300)))}
    return client.post(url("face", check), data | ({"consent": "on"} if consent else {}))


def text(response):
    return response.content.decode()


def test_both_ways_are_offered(client, check, scripted):
    page = text(client.get(url("start", check)))
    assert url("face", check) in page
    assert url("code", check) in page
    assert "138****" in page


def test_without_the_wheels_the_code_remains(client, check, settings):
    settings.FACES_ENABLED = False
    page = text(client.get(url("start", check)))
    assert "人脸核验不可用" in page
    assert url("face", check) not in page
    assert url("code", check) in page
    response = client.get(url("face", check))
    assert response["Location"] == url("start", check)


@pytest.mark.parametrize("name", ["start", "face", "code"])
def test_nobody_else_finds_the_check(client, check, name):
    client.force_login(make_holder().user)
    assert client.get(url(name, check)).status_code == 404
    assert client.post(url("send_code", check)).status_code == 404


def test_the_pages_are_kept_in_no_cache(client, check, scripted):
    for name in ("start", "face", "code"):
        assert "no-store" in client.get(url(name, check))["Cache-Control"]


@pytest.mark.faces
def test_the_person_on_file_goes_on_to_where_the_check_leads(client, check):
    response = show_face(client, check, selfie(PERSON))
    assert (response.status_code, response["Location"]) == (302, "/apply/")
    check.refresh_from_db()
    assert check.outcome == CheckOutcome.PASSED


@pytest.mark.faces
def test_another_person_is_told_why_and_what_to_do(client, check):
    page = text(show_face(client, check, selfie(OTHER)))
    assert "不够相似" in page
    assert url("code", check) in page


def test_without_consent_nothing_is_compared(client, check, scripted):
    page = text(show_face(client, check, consent=False))
    assert "不同意的话，请使用短信验证码核验" in page
    assert not check.face_tries.exists()
    assert not Consent.objects.exists()


def test_the_box_is_not_ticked_beforehand(client, check, scripted):
    assert "checked" not in text(client.get(url("face", check)))


def test_the_consent_is_on_record_before_the_comparison(client, check, scripted, holder):
    show_face(client, check)
    consent = Consent.objects.get()
    assert (consent.kind, consent.user, consent.holder) == (ConsentKind.FACE, holder.user, holder)


def test_the_page_says_what_it_is_and_what_happens_to_the_picture(client, check, scripted):
    page = text(client.get(url("face", check)))
    assert "不检测是否真人到场" in page
    assert "立即删除" in page
    assert 'capture="user"' in page


def test_a_broken_picture_gets_its_sentence_and_takes_no_try(client, check, scripted):
    data = {"picture": upload(b"\xff\xd8\xff broken"), "consent": "on"}
    assert "已损坏" in text(client.post(url("face", check), data))
    assert not check.face_tries.exists()


def test_an_empty_picture_gets_its_sentence(client, check, scripted):
    data = {"picture": upload(b""), "consent": "on"}
    assert "文件是空的" in text(client.post(url("face", check), data))


def test_a_code_and_the_password_go_on_to_where_the_check_leads(client, check, phones):
    page = text(client.post(url("send_code", check), follow=True))
    assert "重新获取验证码" in page
    assert "秒后可以再获取" in page
    data = {"code": code_in(phones[0][1]), "password": PASSWORD}
    response = client.post(url("code", check), data)
    assert (response.status_code, response["Location"]) == (302, "/apply/")


def test_a_wrong_code_says_how_many_tries_are_left(client, check, phones):
    client.post(url("send_code", check))
    data = {"code": "000000", "password": "wrong"}
    page = text(client.post(url("code", check), data))
    assert "还可以再试 4 次" in page
    assert "wrong" not in page


def test_a_code_of_other_than_six_digits_takes_no_try(client, check, phones):
    client.post(url("send_code", check))
    page = text(client.post(url("code", check), {"code": "12345", "password": PASSWORD}))
    assert "验证码是 6 位数字" in page
    assert check.codes.get().tries == 0


def test_a_passed_check_goes_straight_on(client, check, scripted):
    show_face(client, check)
    assert client.get(url("start", check))["Location"] == "/apply/"
    assert client.get(url("code", check))["Location"] == url("start", check)


def test_an_expired_check_says_so_and_leads_back(client, begin):
    old = begin(at=timezone.now() - timedelta(minutes=31))
    page = text(client.get(url("start", old)))
    assert "已过期" in page
    assert 'href="/apply/"' in page
    assert client.get(url("face", old))["Location"] == url("start", old)


def test_a_used_check_says_so(client, check, scripted, holder):
    show_face(client, check)
    services.use(
        holder=holder, purpose=check.purpose, card_request=None, by=holder.user, at=timezone.now()
    )
    assert "已使用" in text(client.get(url("start", check)))


@pytest.mark.parametrize(
    "spelling",
    [
        lambda code: f"{code[:3]} {code[3:]}",
        lambda code: code.translate({digit: digit + 0xFEE0 for digit in range(0x30, 0x3A)}),
        lambda code: f"\u200e {code[:3]}\u00a0-\u00a0{code[3:]}\u200f",
        lambda code: code.translate({digit: digit - 0x30 + 0x1D7CE for digit in range(0x30, 0x3A)}),
    ],
    ids=["in groups", "full width", "with marks", "mathematical"],
)
def test_the_code_may_be_typed_as_it_reads(client, check, phones, spelling):
    client.post(reverse("verification:send_code", args=[check.reference]))
    typed = {"code": spelling(code_in(phones[-1][1])), "password": PASSWORD}
    client.post(url("code", check), typed)
    check.refresh_from_db()
    assert check.outcome == CheckOutcome.PASSED


@pytest.mark.parametrize(
    "code", ["19074", "1907455", "19O745", "１９０７４", "\u0661\u0662\u06634x"]
)
def test_what_is_no_code_is_told_so(client, check, phones, code):
    page = text(client.post(url("code", check), {"code": code, "password": PASSWORD}))
    assert "验证码是 6 位数字" in page


@pytest.mark.parametrize("code", ["\u200b\u3164", "\x00", "　"])
def test_a_code_of_invisible_characters_is_missing(client, check, phones, code):
    page = text(client.post(url("code", check), {"code": code, "password": PASSWORD}))
    assert "请填写短信里的 6 位验证码" in page


def test_the_picture_stays_when_only_the_consent_is_missing(client, check, scripted):
    page = text(show_face(client, check, consent=False))
    assert "不用重选" in page
    kept = held(page, "picture")
    response = client.post(url("face", check), {"picture-held": kept, "consent": "on"})
    assert response["Location"] == "/apply/"
    check.refresh_from_db()
    assert check.outcome == CheckOutcome.PASSED


def test_a_picture_that_stays_is_nowhere_but_in_the_page(client, check, scripted, settings):
    before = stored()
    page = text(show_face(client, check, consent=False))
    assert "JFIF" not in page
    assert stored() == before
    changed = held(page, "picture")[0][:-8] + "AAAAAAAA"
    response = client.post(url("face", check), {"picture-held": changed, "consent": "on"})
    assert "请先拍一张照片" in text(response)


def test_a_picture_stays_for_half_an_hour(client, check, scripted, monkeypatch):
    page = text(show_face(client, check, consent=False))
    later = time.time() + 1801
    monkeypatch.setattr(time, "time", lambda: later)
    token = held(page, "picture")[0]
    assert held_uploads._unsealed(token, "picture") is None


def test_a_new_picture_replaces_the_one_that_stayed(client, check, scripted):
    page = text(show_face(client, check, consent=False))
    data = {
        "picture": upload(b"\xff\xd8\xff broken"),
        "picture-held": held(page, "picture"),
        "consent": "on",
    }
    page = text(client.post(url("face", check), data))
    assert "已损坏" in page
    assert held(page, "picture") == []


def test_a_picture_that_was_compared_is_not_sent_again(client, check, scripted):
    scripted.answer = Comparison(Likeness.DIFFERENT, 0.9)
    page = text(show_face(client, check))
    assert "没有通过" in page
    assert held(page, "picture") == []


def test_a_picture_that_cannot_be_read_is_told_beside_its_field(client, check, scripted):
    data = {"picture": upload(b"\xff\xd8\xff broken"), "consent": "on"}
    page = text(client.post(url("face", check), data))
    assert 'id="id_picture_error"' in page
    assert "checked" in page
