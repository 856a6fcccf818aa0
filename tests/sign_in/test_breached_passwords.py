"""A password that is known from a breach is refused, where the unit has the list."""

from io import BytesIO

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from apps.sign_in.breached import hash_of, holds

KNOWN = [f"known-garden-gate-{number}" for number in range(200)]


def listed(passwords, *, counts=True):
    hashes = sorted(hash_of(each).decode() for each in passwords)
    count = ":37" if counts else ""
    return "".join(f"{each}{count}\r\n" for each in hashes).encode()


@pytest.mark.parametrize("counts", [True, False])
@pytest.mark.parametrize("number", [0, 1, 2, 3, 200])
def test_every_line_is_found_and_no_other(number, counts):
    file = BytesIO(listed(KNOWN[:number], counts=counts))
    assert all(holds(file, hash_of(each)) for each in KNOWN[:number])
    assert not any(holds(file, hash_of(f"unknown-{each}")) for each in KNOWN)


def test_a_hash_is_that_of_the_lists():
    assert hash_of("password") == b"5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8"


def refusals(password):
    try:
        validate_password(password)
    except ValidationError as error:
        return [found.code for found in error.error_list]
    return []


def test_a_new_password_is_looked_up(settings, tmp_path):
    assert refusals(KNOWN[7]) == []
    path = tmp_path / "hashes"
    path.write_bytes(listed(KNOWN))
    settings.BREACHED_PASSWORDS = str(path)
    assert refusals(KNOWN[7]) == ["breached"]
    assert refusals("garden gate by the river") == []


def test_a_list_that_is_gone_keeps_nobody_out(settings, caplog):
    settings.BREACHED_PASSWORDS = "/nowhere/hashes"
    assert refusals(KNOWN[7]) == []
    assert "cannot be read" in caplog.text
    assert KNOWN[7] not in caplog.text
