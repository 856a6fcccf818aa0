"""The keys and certificates that are in use. A key itself never leaves this file."""

import contextlib
import ctypes
import hashlib
import socket
import ssl
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from cryptography import x509
from django.conf import settings

PATIENCE = 2.0  # seconds that the portal's own address may take
NAMES = (
    "SECRET_KEY",
    "FIELD_KEYS",
    "INDEX_KEYS",
    "SEAL_KEY",
    "PORTAL_PAYMENT_KEY",
    "ALIPAY_PUBLIC_KEY",
    "SMS_GATEWAY_KEY",
    "ALIBABA_KEY_SECRET",
    "WECOM_SECRET",
    "OIDC_CLIENT_SECRET",
    "METRICS_TOKEN",
)
_BEGIN = b"-----BEGIN CERTIFICATE-----"


def digests():
    """{name of a key in use: its digest}. Of several keys under one name each has a number."""
    found = {}
    for name in NAMES:
        value = getattr(settings, name, "")
        for number, key in enumerate([value] if isinstance(value, str) else value, start=1):
            if key:
                found[name if isinstance(value, str) else f"{name} {number}"] = _digest(key)
    for name, word in _passwords().items():
        if word:
            found[name] = _digest(word)
    _give_memory_back()
    return found


def _give_memory_back():
    """A digest takes 16 MB, and glibc would keep the memory of two of them for good."""
    with contextlib.suppress(OSError, AttributeError):  # another C library
        ctypes.CDLL(None).malloc_trim(0)


def _passwords():
    """With which the portal signs in to the database, to Redis and to the mail server."""
    return {
        "DATABASE_URL": str(settings.DATABASES["default"].get("PASSWORD") or ""),
        "REDIS_URL": unquote(urlsplit(settings.REDIS_URL).password or ""),
        "EMAIL_HOST_PASSWORD": settings.EMAIL_HOST_PASSWORD,
    }


@cache
def _digest(key):
    """Slow on purpose, once a process: a short key must not be found by trying."""
    return hashlib.scrypt(key.encode(), salt=b"sbk-portal keys", n=2**14, r=8, p=1, dklen=32).hex()


def certificates():
    """(name, when it ends) of each certificate; None for one that cannot be read."""
    for name in dir(settings):
        if "CERT" in name and isinstance(value := getattr(settings, name), str) and value:
            yield name, _ends_at(_bytes_of(value))
    address = urlsplit(settings.PORTAL_URL)
    if address.scheme == "https" and address.hostname:
        yield address.hostname, _ends_at(_shown_by(address.hostname, address.port or 443))


def _bytes_of(value):
    if _BEGIN.decode() in value:
        return value.encode()
    try:
        return Path(value).read_bytes()
    except OSError:
        return None


def _shown_by(host, port):
    """The certificate that the server shows, also one that has expired."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with (
            socket.create_connection((host, port), timeout=PATIENCE) as plain,
            context.wrap_socket(plain, server_hostname=host) as secured,
        ):
            return secured.getpeercert(binary_form=True)
    except OSError:
        return None


def _ends_at(data):
    """The first end of the certificates in `data` (PEM or DER); None if it holds none."""
    if data is None:
        return None
    try:
        if _BEGIN in data:
            found = x509.load_pem_x509_certificates(data)
        else:
            found = [x509.load_der_x509_certificate(data)]
    except ValueError:
        return None
    return min(certificate.not_valid_after_utc for certificate in found)
