"""An authority of one day, and the certificate that it gives the portal."""

import subprocess


def make(folder, authority):
    """Write portal.crt and portal.key for localhost into `folder`, and what signed them to the file
    `authority`.
    """
    ca_key, request = folder / "ca.key", folder / "portal.csr"

    def openssl(*arguments):
        subprocess.run(
            ["openssl", *map(str, arguments)], check=True, capture_output=True, timeout=60
        )

    ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl(
        *["req", "-x509", *ec, "-days", 1, "-subj", "/CN=Check CA", "-keyout", ca_key],
        *["-addext", "keyUsage=critical,keyCertSign", "-out", authority],
    )
    openssl(
        *["req", *ec, "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
        *["-keyout", folder / "portal.key", "-out", request],
    )
    openssl(
        *["x509", "-req", "-in", request, "-CA", authority, "-CAkey", ca_key, "-days", 1],
        *["-copy_extensions", "copy", "-out", folder / "portal.crt"],
    )
    ca_key.unlink()
    authority.chmod(0o644)
