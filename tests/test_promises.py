"""What is promised about deletion is the same in the agreements, the documents and the code."""

import re
from datetime import timedelta

import pytest
from django.conf import settings

from apps.common.rules import rule_text
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
        ("privacy", "一直没有用的，存入", "OFFERED_PORTRAIT_RETENTION"),
        ("privacy", "草稿：", "DRAFT_RETENTION"),
        ("privacy", "申请信息和收件信息：", "DATA_RETENTION"),
        ("privacy", "短信验证码：", "CODE_RETENTION"),
        ("privacy", "每次人脸比对的结果", "FACE_TRY_RETENTION"),
        ("privacy", "另记照片文件的摘要", "PICTURE_MARK_RETENTION"),
        ("privacy", "另记您的照片的明暗走向", "PICTURE_MARK_RETENTION"),
        ("face", "每次比对的结果", "FACE_TRY_RETENTION"),
        ("face", "照片的明暗走向", "PICTURE_MARK_RETENTION"),
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


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ("security", "最多试 {CODE_TRIES}"),
        ("security", "{INVITATION_LIFETIME}、一次有效"),
        ("security", "答错 {INVITATION_TRIES}作废"),
        ("security", "只走 HTTPS，{SESSION_LIFETIME}"),
        ("security", "这样一次查看之后的 {PROOF_LOOK_LIFETIME}内"),
        ("security", "同一账户 {PASSWORD_WAIT}内错 {PASSWORD_TRIES}就要等"),
        ("security", "最多 {FAILED_SIGN_INS_PER_MINUTE}失败、{SIGN_INS_PER_MINUTE}登录"),
        ("security", "未满 {GUARDIAN_UNTIL_AGE}的孩子"),
        ("security", "不满 {CHILD_UNTIL_AGE}的不比对"),
        ("security", "{CHECK_LIFETIME}内有效，只用一次"),
        ("security", "磁盘拒绝时 {FILE_RETRY_AFTER}后再试"),
        ("security", "再保存 {CONSENT_KEPT_YEARS}"),
        ("security", "每天 {COPIES_PER_DAY}"),
        ("security", "{ANSWER_WORKING_DAYS}内答复"),
        ("security", "服务器日志的 {SERVER_LOG_MIN_MONTHS}至 {SERVER_LOG_MAX_YEARS}"),
        ("deployment", "办结满 {PORTRAIT_RETENTION}时"),
        ("desk", "领办后 {REVIEW_CLAIM_LIFETIME}"),
        ("desk", "{EXPORT_LIFETIME}后删除"),
        ("bureau-files", "不满 {PORTRAIT_FROM_AGE}可空"),
        ("bureau-files", "{PORTRAIT_SIZE} 的 JPEG"),
    ],
)
def test_a_document_names_the_rule_as_it_is(document, sentence):
    text = (settings.BASE_DIR / "docs" / f"{document}.md").read_text(encoding="utf-8")
    names = re.findall(r"{(\w+)}", sentence)
    assert sentence.format(**{name: rule_text(name, gap=" ") for name in names}) in text


def test_a_test_that_the_document_names_exists():
    named = re.findall(r"`(tests/[\w/.]+)`", DOCUMENT.read_text(encoding="utf-8"))
    assert len(named) > 20
    assert [name for name in named if not (settings.BASE_DIR / name).exists()] == []


def test_the_document_names_the_least_length_of_a_password():
    assert f"密码至少 {settings.PASSWORD_MIN_LENGTH} 位" in DOCUMENT.read_text(encoding="utf-8")
