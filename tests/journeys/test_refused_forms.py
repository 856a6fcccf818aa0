"""What 社会保障卡申领 does not take into its form, and what the person reads then."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from apps.cards.enums import RequestStatus
from tests.journeys.steps import FORM, card_request_of, photo
from tests.verification.samples import encoded

pytestmark = pytest.mark.django_db


def animated():
    frames = [Image.new("RGB", (400, 500), colour) for colour in ("red", "blue")]
    return encoded(frames[0], "PNG", save_all=True, append_images=frames[1:])


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("me.jpg", lambda: b"", "文件是空的"),
        ("me.jpg", lambda: b"MZ" + bytes(500), "内容却是图片以外的东西"),
        ("me.png", lambda: encoded(Image.new("P", (400, 500)), "GIF"), "内容却是 GIF 文件"),
        ("me.pdf", lambda: b"%PDF-1.7", "不接受 PDF 文件"),
        ("me.jpg", lambda: photo()[:3000], "已损坏"),
        ("me.png", animated, "动态图片"),
        ("me.png", lambda: encoded(Image.new("1", (9000, 9000)), "PNG"), "像素"),
        ("me.jpg", lambda: encoded(Image.new("RGB", (90, 90))), "像素"),
        ("me.jpg", lambda: bytes(11 * 1024 * 1024), "超过了 10 MB"),
    ],
    ids=["empty", "program", "gif", "pdf", "damaged", "animated", "huge", "tiny", "heavy"],
)
def test_a_bad_upload_gets_a_sentence_and_leaves_everything_as_it_was(
    at_form, holder, name, content, words
):
    upload = SimpleUploadedFile(name, content())
    at_form.follow("上传照片").fill(picture=upload).press("上传").see(words)
    assert not card_request_of(holder).particulars.portrait_source


def test_a_portrait_before_a_dark_wall_is_refused_with_the_rule(at_form, holder):
    dark = encoded(Image.new("RGB", (700, 900), (40, 60, 90)), quality=95)
    at_form.follow("上传照片")
    at_form.fill(picture=SimpleUploadedFile("me.jpg", dark)).press("上传").press("使用这张照片")
    at_form.see("这张照片还不能用", "背景不够白")
    assert not card_request_of(holder).particulars.portrait


def test_an_unfinished_form_names_all_that_is_missing_and_is_not_submitted(at_form, holder):
    at_form.fill(**FORM | {"phone": "139", "occupation": ""})
    at_form.press("下一步：核对信息").see("您填了 3 位", "请选择职业。", "请上传电子照片")
    at_form.open(reverse("application:confirm", args=[card_request_of(holder).reference]))
    at_form.at("application:form", card_request_of(holder).reference)
    assert card_request_of(holder).status == RequestStatus.DRAFT
