"""Files for a bureau that gave us its public key: it opens them, nobody else does."""

import csv
import io
import json
import shutil
import subprocess
import sys

import pytest
from django.conf import settings as portal
from django.core.exceptions import ImproperlyConfigured

from apps.bureau import order_lines
from apps.bureau.adapters import order_file, report_file
from apps.bureau.models import ProductionBatch
from apps.bureau.port import public_key_of
from apps.encryption import sealed_boxes
from sbk_portal.parties import check_bureau_keys
from tests.bureau.conftest import PORTRAIT
from tests.factories.bureau import LATER, make_orders

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau(settings, tmp_path):
    """The bureau's own machine: a folder with its pair of keys and the one file that opens."""
    folder = tmp_path / "bureau"
    folder.mkdir()
    shutil.copy(portal.BASE_DIR / "apps/encryption/sealed_boxes.py", folder)
    sealed_boxes.new_key(folder / "bureau")
    settings.BUREAU_PUBLIC_KEY = (folder / "bureau.public").read_text()
    return folder


def bureau_opens(bureau, batch_folder):
    """What the bureau finds, by the command of docs/bureau-files.md and nothing of the portal."""
    command = "sealed_boxes.py open-folder BATCH --key bureau.private --into opened"
    words = command.replace("BATCH", str(batch_folder)).split()
    done = subprocess.run(
        [sys.executable, "-I", *words], cwd=bureau, capture_output=True, text=True, check=False
    )
    return done, bureau / "opened"


def everything_below(folder):
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_the_bureau_opens_its_batch_and_nothing_personal_lies_in_the_folder(folders, bureau):
    [order] = make_orders(1)
    holder = order.card_request.holder
    batch_folder = folders[0] / order.batch.reference
    written = everything_below(batch_folder)
    for personal in (holder.name.encode(), holder.id_number.encode(), PORTRAIT):
        assert personal not in written

    done, opened = bureau_opens(bureau, batch_folder)
    assert (done.returncode, done.stdout) == (0, "2 files opened\n")
    [row] = csv.DictReader(io.StringIO((opened / "orders.csv").read_text("utf-8")))
    assert (row["name"], row["id_number"]) == (holder.name, holder.id_number)
    assert (opened / row["portrait"]).read_bytes() == PORTRAIT


def test_the_manifest_names_the_sealed_files_as_they_lie_there(folders, bureau):
    [order] = make_orders(1)
    folder = folders[0] / order.batch.reference
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert (manifest["format"], manifest["sealed"]) == ("sbk-orders/1", "sbk-sealed-1")
    for file in manifest["files"]:
        data = (folder / file["name"]).read_bytes()
        assert file["name"].endswith(".sealed")
        assert (len(data), report_file.checksum(data)) == (file["size"], file["sha256"])
    stored = {file.name: file.sha256 for file in ProductionBatch.objects.get().files.all()}
    assert stored[f"{order.batch.reference}/orders.csv.sealed"] == manifest["files"][0]["sha256"]


def test_a_file_that_was_changed_on_the_way_leaves_nothing(folders, bureau):
    [order] = make_orders(1)
    path = folders[0] / order.batch.reference / "orders.csv.sealed"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    done, opened = bureau_opens(bureau, path.parent)
    assert done.returncode == 1
    assert "changed or cut off" in done.stderr
    assert not (opened / "orders.csv").exists()


def test_a_new_address_is_sealed_too(folders, bureau, settings):
    [order] = make_orders(1)
    [line], _ = order_lines.of_batch(order.batch, with_particulars=True)
    folder = folders[0] / "change"
    [address, _] = order_file.write_address(
        folder, "change", line, created_at=LATER, key=public_key_of("main")
    )
    assert address.name == "change/address.csv.sealed"
    private = sealed_boxes.read_private((bureau / "bureau.private").read_bytes())
    sealed_boxes.open_folder(folder, private, bureau / "opened")
    text = (bureau / "opened" / "address.csv").read_text("utf-8")
    assert order.reference in text
    assert line.particulars["recipient_address"] in text


def test_each_bureau_has_a_key_of_its_own(settings):
    settings.BUREAU_PUBLIC_KEY = ""
    settings.FURTHER_BUREAU_KEYS = {"青岛": line_of_a_key()}
    assert public_key_of("main") is None
    assert public_key_of("青岛") is not None


def line_of_a_key():
    """A public key as one line, which is the middle of its PEM."""
    private = sealed_boxes.X25519PrivateKey.generate()
    pem = private.public_key().public_bytes(
        sealed_boxes.serialization.Encoding.PEM,
        sealed_boxes.serialization.PublicFormat.SubjectPublicKeyInfo,
    )
    return pem.decode().splitlines()[1]


RSA = """-----BEGIN PUBLIC KEY-----
MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALqbHeRLCyOdykC5SDLqI49ArYGYG1mq
aH9/GnWjGavZM02fos4lc2w6tCchcUBNtJvGqKwhC5JEnx3RYoSX2ucCAwEAAQ==
-----END PUBLIC KEY-----"""


@pytest.mark.parametrize(
    "key",
    ["", "no key", "AAAA", line_of_a_key()[:-8], RSA],
    ids=["empty", "text", "short", "cut", "rsa"],
)
def test_the_start_is_refused_with_a_key_that_cannot_be_read(key):
    with pytest.raises(ImproperlyConfigured, match="公钥读不出来"):
        check_bureau_keys({"main": key}, ["main"])


def test_the_start_is_refused_with_a_key_of_a_bureau_that_nobody_named():
    check_bureau_keys({"青岛": line_of_a_key()}, ["青岛"])
    with pytest.raises(ImproperlyConfigured, match="淄博"):
        check_bureau_keys({"淄博": line_of_a_key()}, ["青岛"])
