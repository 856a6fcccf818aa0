import time
from datetime import timedelta

import pytest
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from apps.people.enums import ConsentKind
from apps.people.models import Consent
from apps.unsent import held_uploads
from apps.verification import services
from apps.verification.enums import CheckOutcome, Likeness, Purpose
from apps.verification.faces import Comparison
from tests.factories.people import PASSWORD, make_holder
from tests.factories.storage import held, stored
from tests.phones import code_in
from tests.verification.samples import OTHER, PERSON, selfie, upload

pytestmark = pytest.mark.django_db

BOUNDARY_LINE = len(BOUNDARY) + 6  # two dashes before and after it, and the end of the line


@pytest.fixture
def check(begin):
    return begin(at=timezone.now())


@pytest.fixture(autouse=True)
def signed_in(client, holder):
    client.force_login(holder.user)


def url(check, way=None):
    page = reverse("verification:start", args=[check.reference])
    return f"{page}?way={way}" if way else page


def send_code(client, check):
    return client.post(url(check), {"way": "code", "send": "1"})


def type_in(client, check, code, password=PASSWORD):
    return client.post(url(check), {"way": "code", "code": code, "password": password})


def show_face(client, check, picture=None, *, consent=True):
    data = {"way": "face", "picture": upload(picture or Image.new("RGB", (300, 300)))}
    return client.post(url(check), data | ({"consent": "on"} if consent else {}))


def text(response):
    return response.content.decode()


def test_both_ways_are_offered_and_the_code_first(client, check, scripted):
    page = text(client.get(url(check)))
    assert 'href="?way=face"' in page
    assert '<a href="?way=code" aria-current="true">' in page
    assert "138****" in page


def test_the_way_gone_last_is_opened_first(client, check, begin, scripted):
    show_face(client, begin(purpose=Purpose.REPLACE, at=timezone.now()))
    page = text(client.get(url(check)))
    assert '<a href="?way=face" aria-current="true">' in page
    assert "短信里的" not in page


def test_without_the_wheels_the_code_remains(client, check, settings):
    settings.FACES_ENABLED = False
    page = text(client.get(url(check, "face")))
    assert "人脸核验不可用" in page
    assert 'href="?way=face"' not in page
    assert "短信验证码" in page


def test_nobody_else_finds_the_check(client, check):
    client.force_login(make_holder().user)
    assert client.get(url(check)).status_code == 404
    assert send_code(client, check).status_code == 404


@pytest.mark.parametrize("way", [None, "face", "code"])
def test_the_pages_are_kept_in_no_cache(client, check, scripted, way):
    assert "no-store" in client.get(url(check, way))["Cache-Control"]


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
    assert "?way=code" in page


def test_without_consent_nothing_is_compared(client, check, scripted):
    page = text(show_face(client, check, consent=False))
    assert "不同意的话，请使用短信验证码核验" in page
    assert not check.face_tries.exists()
    assert not Consent.objects.exists()


def test_the_box_is_not_ticked_beforehand(client, check, scripted):
    assert "checked" not in text(client.get(url(check, "face")))


def test_the_consent_is_on_record_before_the_comparison(client, check, scripted, holder):
    show_face(client, check)
    consent = Consent.objects.get()
    assert (consent.kind, consent.user, consent.holder) == (ConsentKind.FACE, holder.user, holder)


def test_the_page_says_what_it_is_and_what_happens_to_the_picture(client, check, scripted):
    page = text(client.get(url(check, "face")))
    assert "不检测是否真人到场" in page
    assert "立即删除" in page
    assert 'capture="user"' in page


def test_a_broken_picture_gets_its_sentence_and_takes_no_try(client, check, scripted):
    data = {"way": "face", "picture": upload(b"\xff\xd8\xff broken"), "consent": "on"}
    assert "已损坏" in text(client.post(url(check), data))
    assert not check.face_tries.exists()


def test_an_empty_picture_gets_its_sentence(client, check, scripted):
    data = {"way": "face", "picture": upload(b""), "consent": "on"}
    assert "文件是空的" in text(client.post(url(check), data))


def test_a_picture_that_was_cut_on_its_way_gets_its_sentence(client, check, scripted):
    data = {"way": "face", "consent": "on", "picture": upload(Image.new("RGB", (300, 300)))}
    body = encode_multipart(BOUNDARY, data)[:-BOUNDARY_LINE]
    page = text(client.generic("POST", url(check), body, MULTIPART_CONTENT))
    assert "文件没有传完整，可能是网络中途断了" in page
    assert not check.face_tries.exists()


def test_a_code_and_the_password_go_on_to_where_the_check_leads(client, check, phones):
    page = text(send_code(client, check))
    assert "重新获取验证码" in page
    assert "秒后可以再获取" in page
    response = type_in(client, check, code_in(phones[0][1]))
    assert (response.status_code, response["Location"]) == (302, "/apply/")


def test_a_wrong_code_says_how_many_tries_are_left(client, check, phones):
    send_code(client, check)
    page = text(type_in(client, check, "000000", "wrong"))
    assert "还可以再试 4 次" in page
    assert 'id="id_code_error"' in page
    assert "wrong" not in page


def test_a_code_of_other_than_six_digits_takes_no_try(client, check, phones):
    send_code(client, check)
    assert "验证码是 6 位数字" in text(type_in(client, check, "12345"))
    assert check.codes.get().tries == 0


def test_a_passed_check_goes_straight_on(client, check, scripted):
    show_face(client, check)
    assert client.get(url(check))["Location"] == "/apply/"


def test_an_expired_check_says_so_and_leads_back(client, begin):
    old = begin(at=timezone.now() - timedelta(minutes=31))
    page = text(client.get(url(old)))
    assert "已过期" in page
    assert 'href="/apply/"' in page
    assert "已过期" in text(type_in(client, old, "123456"))


def test_a_used_check_says_so(client, check, scripted, holder):
    show_face(client, check)
    services.use(
        holder=holder, purpose=check.purpose, card_request=None, by=holder.user, at=timezone.now()
    )
    assert "已使用" in text(client.get(url(check)))


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
    send_code(client, check)
    type_in(client, check, spelling(code_in(phones[-1][1])))
    check.refresh_from_db()
    assert check.outcome == CheckOutcome.PASSED


@pytest.mark.parametrize(
    "code", ["19074", "1907455", "19O745", "１９０７４", "\u0661\u0662\u06634x"]
)
def test_what_is_no_code_is_told_so(client, check, phones, code):
    page = text(type_in(client, check, code))
    assert "验证码是 6 位数字" in page


@pytest.mark.parametrize("code", ["\u200b\u3164", "\x00", "　"])
def test_a_code_of_invisible_characters_is_missing(client, check, phones, code):
    page = text(type_in(client, check, code))
    assert "请填写短信里的 6 位验证码" in page


def test_the_picture_stays_when_only_the_consent_is_missing(client, check, scripted):
    page = text(show_face(client, check, consent=False))
    assert "不用重选" in page
    kept = held(page, "picture")
    response = client.post(url(check), {"way": "face", "picture-held": kept, "consent": "on"})
    assert response["Location"] == "/apply/"
    check.refresh_from_db()
    assert check.outcome == CheckOutcome.PASSED


def test_a_picture_that_stays_is_nowhere_but_in_the_page(client, check, scripted, settings):
    before = stored()
    page = text(show_face(client, check, consent=False))
    assert "JFIF" not in page
    assert stored() == before
    changed = held(page, "picture")[0][:-8] + "AAAAAAAA"
    response = client.post(url(check), {"way": "face", "picture-held": changed, "consent": "on"})
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
        "way": "face",
        "picture": upload(b"\xff\xd8\xff broken"),
        "picture-held": held(page, "picture"),
        "consent": "on",
    }
    page = text(client.post(url(check), data))
    assert "已损坏" in page
    assert held(page, "picture") == []


def test_a_picture_that_was_compared_is_not_sent_again(client, check, scripted):
    scripted.answer = Comparison(Likeness.DIFFERENT, 0.9)
    page = text(show_face(client, check))
    assert "不够相似" in page
    assert held(page, "picture") == []


def test_a_picture_that_cannot_be_read_is_told_beside_its_field(client, check, scripted):
    data = {"way": "face", "picture": upload(b"\xff\xd8\xff broken"), "consent": "on"}
    page = text(client.post(url(check), data))
    assert 'id="id_picture_error"' in page
    assert "checked" in page
