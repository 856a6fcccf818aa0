"""RSA2: SHA256withRSA (PKCS #1 v1.5) over sorted `key=value` pairs, as Alipay's gateway wants it.

Keys are PEM, or the bare Base64 of the DER that Alipay's key tool shows.
"""

import base64
from functools import cache

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa


def canonical(fields, *, without=("sign",)):
    """The text that is signed: no empty values, sorted by key, values as they are, joined by &.

    Requests leave out `sign`; notifications leave out `sign` and `sign_type`.
    """
    pairs = sorted((key, value) for key, value in fields.items() if value and key not in without)
    return "&".join(f"{key}={value}" for key, value in pairs)


def sign(text, private_key):
    """The signature of `text` in Base64. Raises ValueError for an unusable key."""
    signature = _private(private_key).sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    return base64.b64encode(signature).decode()


def is_signed(text, signature, public_key):
    """Whether `signature` (Base64) is the one of `text`. False for unusable keys and signatures."""
    try:
        raw = base64.b64decode(signature, validate=True)
        _public(public_key).verify(raw, text.encode(), padding.PKCS1v15(), hashes.SHA256())
    except Exception:
        # A broken key, a signature of another kind, or a value of another type.
        return False
    return True


def public_part(private_key):
    """The public key of `private_key`, as PEM."""
    return (
        _private(private_key)
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


@cache
def _private(text):
    if "-----BEGIN" in text:
        key = serialization.load_pem_private_key(text.encode(), password=None)
    else:
        key = serialization.load_der_private_key(base64.b64decode(text), password=None)
    return _only_rsa(key, rsa.RSAPrivateKey)


@cache
def _public(text):
    if "-----BEGIN" in text:
        key = serialization.load_pem_public_key(text.encode())
    else:
        key = serialization.load_der_public_key(base64.b64decode(text))
    return _only_rsa(key, rsa.RSAPublicKey)


def _only_rsa(key, kind):
    if not isinstance(key, kind):
        raise ValueError("not an RSA key")
    return key
