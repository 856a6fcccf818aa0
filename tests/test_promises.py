"""What is promised about deletion is the same in the agreements, the documents and the code."""

import re
from datetime import timedelta

import pytest
from django.conf import settings

from apps.people import consents

DOCUMENT = settings.BASE_DIR / "docs" / "security.md"
UNITS = {"小时": timedelta(hours=1), "天": timedelta(days=1), "年": timedelta(days=365)}


def periods_in_code():
    names = [name for name in dir(settings) if name.endswith("_RETENTION")]
    return {name: getattr(settings, name) for name in names}


def periods_in_document():
    rows = re.findall(r"`(\w+_RETENTION)` \| (\d+) 天 \|", DOCUMENT.read_text(encoding="utf-8"))
    return {name: timedelta(days=int(days)) for name, days in rows}


def sentences(kind):
    text = re.sub(r"<[^>]+>", "", consents.text(kind.upper()))
    return [sentence for sentence in re.split(r"[。；\n]", text) if sentence.strip()]


def test_the_document_lists_every_period_as_it_is():
    assert periods_in_document() == periods_in_code()
    assert "DATA_RETENTION" in periods_in_code()


def test_the_document_names_the_life_of_a_session():
    hours = settings.SESSION_COOKIE_AGE // 3600
    assert f"`SESSION_COOKIE_AGE` | {hours} 小时 |" in DOCUMENT.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("kind", "about", "setting"),
    [
        ("privacy", "证件照片：", "PORTRAIT_RETENTION"),
        ("privacy", "监护关系证明的影像：", "PROOF_RETENTION"),
        ("privacy", "草稿：", "DRAFT_RETENTION"),
        ("privacy", "申请信息和收件信息：", "DATA_RETENTION"),
        ("privacy", "短信验证码：", "CODE_RETENTION"),
        ("privacy", "每次人脸比对的结果", "FACE_TRY_RETENTION"),
        ("face", "每次比对的结果", "FACE_TRY_RETENTION"),
        ("sensitive", "照片在卡领取", "PORTRAIT_RETENTION"),
        ("sensitive", "证明材料的影像在人事处作出决定", "PROOF_RETENTION"),
        ("children", "照片在卡领取", "PORTRAIT_RETENTION"),
        ("children", "证明影像在人事处作出决定", "PROOF_RETENTION"),
        ("children", "填写的内容办结", "DATA_RETENTION"),
    ],
)
def test_an_agreement_names_the_period_that_is_kept(kind, about, setting):
    [promise] = [sentence for sentence in sentences(kind) if about in sentence]
    period = getattr(settings, setting)
    promised = re.search(r"(\d+) (小时|天|年)", promise[promise.index(about) :])
    assert int(promised[1]) * UNITS[promised[2]] == period


def test_no_agreement_names_a_period_for_pictures_that_nobody_keeps_to():
    for kind in ("privacy", "sensitive", "children"):
        for sentence in sentences(kind):
            if "照片" in sentence and "删除" in sentence and "草稿" not in sentence:
                days = {int(number) for number in re.findall(r"(\d+) 天", sentence)}
                assert days <= {settings.PORTRAIT_RETENTION.days, settings.PROOF_RETENTION.days}
