"""Alipay's certificate mode: what names a certificate, and for whom that of the platform vouches.

The serial number that Alipay compares is the MD5 of the issuer's name and the number of the
certificate; that of the root file joins those of its certificates with RSA signatures.
"""

import hashlib
from functools import cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import NameOID, SignatureAlgorithmOID

_PARTS = (
    ("CN", NameOID.COMMON_NAME),
    ("OU", NameOID.ORGANIZATIONAL_UNIT_NAME),
    ("O", NameOID.ORGANIZATION_NAME),
    ("C", NameOID.COUNTRY_NAME),
)
_WITH_RSA = {SignatureAlgorithmOID.RSA_WITH_SHA1, SignatureAlgorithmOID.RSA_WITH_SHA256}


@cache
def serial(pem):
    """The serial number of the first certificate in `pem`. Raises ValueError for what is none."""
    return _serial(_all(pem)[0])


@cache
def root_serial(pem):
    """The serial numbers of the root certificates with RSA in `pem`, joined by underscores."""
    return "_".join(_serial(one) for one in _all(pem) if one.signature_algorithm_oid in _WITH_RSA)


@cache
def vouched_key(pem, *, roots):
    """The public key of the first certificate in `pem`, as PEM.

    The further ones lead to one of `roots`. Raises ValueError when they do not.
    """
    chain, trusted = _all(pem), _all(roots)
    for lower, upper in zip(chain, chain[1:], strict=False):
        if not _is_issued_by(lower, upper):
            raise ValueError("the chain of the platform's certificate is broken")
    if not any(_is_issued_by(chain[-1], root) or chain[-1] == root for root in trusted):
        raise ValueError("the platform's certificate does not lead to a root certificate")
    return (
        chain[0]
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def _all(pem):
    return x509.load_pem_x509_certificates(pem.encode())


def _serial(certificate):
    found = {name: certificate.issuer.get_attributes_for_oid(oid) for name, oid in _PARTS}
    # What the issuer's name lacks is written as Alipay's own libraries write it.
    name = ",".join(f"{key}={part[0].value if part else None}" for key, part in found.items())
    return hashlib.md5(
        f"{name}{certificate.serial_number}".encode(), usedforsecurity=False
    ).hexdigest()


def _is_issued_by(certificate, issuer):
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
