"""Sealed values: the standards' own vectors, and what an attacker may try."""

import base64

import pytest

from apps.encryption import ciphers
from apps.encryption.ciphers import InvalidToken, Sm4Gcm
from tests.keys import new_field_key


def test_sm4_gcm_agrees_with_rfc_8998():
    """Appendix A.1."""
    sealed = Sm4Gcm(bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")).encrypt(
        bytes.fromhex("00001234567800000000ABCD"),
        bytes.fromhex(
            "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD"
            "EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA"
        ),
        bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2"),
    )
    assert sealed.hex().upper() == (
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
        "83DE3541E4C2B58177E065A9BF7B62EC"
    )


@pytest.mark.parametrize("name", [*ciphers.CIPHERS])
def test_a_value_says_its_cipher_and_stays_readable_after_another_was_chosen(settings, name):
    settings.FIELD_CIPHER = name
    token = ciphers.encrypt("张超".encode())
    assert token.startswith(name.encode() + b".")
    assert token != ciphers.encrypt("张超".encode())
    settings.FIELD_CIPHER = next(other for other in ciphers.CIPHERS if other != name)
    settings.FIELD_KEYS = [new_field_key(), *settings.FIELD_KEYS]
    assert ciphers.decrypt(token).decode() == "张超"
    assert not ciphers.is_newest(token.decode())
    assert ciphers.is_newest(ciphers.encrypt(b"x").decode())


def test_the_cipher_cannot_be_exchanged_and_no_bit_changed():
    token = ciphers.encrypt(b"a value")
    head, text = token.rsplit(b".", 1)
    raw = bytearray(base64.urlsafe_b64decode(text))
    raw[-1] ^= 1
    for spoilt in (
        token.replace(b"AES-256-GCM", b"SM4-GCM"),
        head + b"." + base64.urlsafe_b64encode(raw),
        head + b".AAAA",
        token[:-9],
        b"",
        b"..",
        b"a.b.c.d",
        "张超".encode(),
    ):
        with pytest.raises(InvalidToken):
            ciphers.decrypt(spoilt)
