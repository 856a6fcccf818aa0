"""企业微信, against a server of our own that answers as the real one does."""

import pytest

from apps.common.messaging import SendFailed
from apps.notices import wecom
from tests.notices.wecom_server import MEMBER

TEXT = "审核通过：您的社保卡开始制作。"


def test_one_token_serves_many_messages(wecom_server):
    wecom.send(number=MEMBER, text=TEXT)
    wecom.send(number=MEMBER, text=TEXT)
    assert (wecom_server.tokens, wecom_server.told) == (1, [(MEMBER, TEXT)] * 2)


def test_a_token_that_ended_early_is_asked_for_anew_at_the_next_try(wecom_server):
    wecom.send(number=MEMBER, text=TEXT)
    wecom_server.answers = [{"errcode": 42001}]
    with pytest.raises(SendFailed, match="42001"):
        wecom.send(number=MEMBER, text=TEXT)
    wecom.send(number=MEMBER, text=TEXT)
    assert wecom_server.tokens == 2


def test_who_is_no_member_is_not_tried_again(wecom_server):
    with pytest.raises(wecom.NoSuchMember):
        wecom.send(number="D8", text=TEXT)


def test_a_number_may_be_spelled_otherwise_there(wecom_server, settings):
    settings.WECOM_USER_ID = "D{number}"
    wecom.send(number="7", text=TEXT)
    assert wecom_server.told == [(MEMBER, TEXT)]


@pytest.mark.parametrize("answer", [{"errcode": 45009}, {}, b"", b"[1]", b"{half"])
def test_any_other_answer_is_a_failure_that_is_tried_again(wecom_server, answer):
    wecom_server.answers = [answer]
    with pytest.raises(SendFailed):
        wecom.send(number=MEMBER, text=TEXT)


def test_half_an_answer_is_none(wecom_server):
    wecom_server.missing = 10
    with pytest.raises(SendFailed):
        wecom.send(number=MEMBER, text=TEXT)


def test_a_wrong_secret_is_said_without_it(wecom_server, settings):
    settings.WECOM_SECRET = "another"
    with pytest.raises(SendFailed, match="errcode 40001") as failure:
        wecom.send(number=MEMBER, text=TEXT)
    assert "another" not in str(failure.value)
