"""A batch as files (送制文件), as docs/bureau-files.md describes them to the bureau.

The manifest is written last: a folder with a manifest is a complete batch. For a bureau that gave
us its public key every file but the manifest is sealed; the manifest shows no personal data.
"""

import csv
import io
import json
import os
import shutil
from operator import itemgetter
from pathlib import Path

from django.utils import timezone

from apps.bureau import order_lines
from apps.bureau.adapters.report_file import checksum
from apps.bureau.port import LinesUnusable, SentFile
from apps.encryption import sealed_boxes

ORDERS = "orders.csv"
MANIFEST = "manifest.json"
PORTRAITS = "portraits"
FORMAT = "sbk-orders/1"
ADDRESS = "address.csv"
ADDRESS_FORMAT = "sbk-address/1"
SEALED = sealed_boxes.MAGIC.decode().strip()  # how the files are sealed, as the manifest says it


def write_address(folder, name, line, *, created_at, key=None):
    """Write the new address of one order into `folder`. Returns its `SentFile`s. Raises OSError.

    With the public `key` of the bureau it is sealed.
    """
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    manifest = {
        "format": ADDRESS_FORMAT,
        "order": line.reference,
        "created_at": timezone.localtime(created_at).isoformat(),
        "files": [_written(folder, ADDRESS, address_csv(line), key)],
    }
    _put_manifest(folder, manifest, key)
    return _sent(folder, name)


def _sent(folder, name):
    """The first file that the manifest names, and the manifest."""
    manifest = (folder / MANIFEST).read_bytes()
    first = json.loads(manifest)["files"][0]
    return [
        SentFile(f"{name}/{first['name']}", first["sha256"]),
        SentFile(f"{name}/{MANIFEST}", checksum(manifest)),
    ]


def address_csv(line):
    names = order_lines.address_columns()
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["order_reference", *names])
    writer.writerow([line.reference, *(line.particulars[name] for name in names)])
    return out.getvalue().encode()


def _put_manifest(folder, manifest, key):
    """Write the manifest, once the names of all other files are safely on the disk."""
    if key:
        manifest["sealed"] = SEALED
    for place in (folder / PORTRAITS, folder):
        if place.is_dir():
            _sync_folder(place)
    _put(folder / MANIFEST, (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode())
    _sync_folder(folder)


class PortraitsUnavailable(Exception):
    """The storage of the portraits can't be read at all: no line is to blame."""


def write(folder, batch_reference, lines, *, created_at, key=None):
    """Write the batch into `folder`, unless it is complete already. Returns its `SentFile`s.

    With the public `key` of the bureau its files are sealed. Without, the same orders give the same
    bytes, also after an interruption. Raises OSError where the folder
    can't be written, `PortraitsUnavailable`, and `LinesUnusable` for the lines that can't be
    written.
    """
    manifest = folder / MANIFEST
    if not manifest.exists():
        _write_all(folder, batch_reference, lines, created_at=created_at, key=key)
    return _sent(folder, batch_reference)


def _write_all(folder, batch_reference, lines, *, created_at, key):
    if folder.exists():  # An earlier try was interrupted; it may have had lines that are on hold.
        shutil.rmtree(folder)
    (folder / PORTRAITS).mkdir(mode=0o750, parents=True, exist_ok=True)
    faults = {line.reference: order_lines.WRONG_CHARACTER for line in lines if not _is_text(line)}
    files = []
    for line in lines:  # One portrait at a time is in memory.
        portrait = _portrait(line, faults) if line.portrait else None
        if portrait:
            files.append(_written(folder, _portrait_name(line), portrait, key))
    if faults:
        raise LinesUnusable(faults)
    manifest = {
        "format": FORMAT,
        "batch": batch_reference,
        "created_at": timezone.localtime(created_at).isoformat(),
        "orders": len(lines),
        "files": [_written(folder, ORDERS, orders_csv(lines), key), *files],
    }
    _put_manifest(folder, manifest, key)


def _written(folder, name, data, key):
    """Write the file, sealed where there is a `key`. Returns what the manifest says of it."""
    if key:
        name, data = name + sealed_boxes.SUFFIX, sealed_boxes.seal(data, key)
    _put(folder / name, data)
    return {"name": name, "size": len(data), "sha256": checksum(data)}


def _portrait(line, faults):
    """The bytes of the portrait of `line`; without them its reason is put into `faults`."""
    try:
        with line.portrait.open("rb") as portrait:
            data = portrait.read()
    except FileNotFoundError as error:
        if not Path(line.portrait.storage.location).is_dir():
            raise PortraitsUnavailable from error
        faults[line.reference] = order_lines.LOST_PORTRAIT
    except OSError as error:
        faults[line.reference] = order_lines.unreadable_portrait(error)
    else:
        if data:
            return data
        faults[line.reference] = order_lines.EMPTY_PORTRAIT
    return None


def _is_text(line):
    """Whether every value can be written as UTF-8."""
    try:
        "".join(line.particulars.values()).encode()
    except UnicodeEncodeError:
        return False
    return True


def header():
    """The names of the columns."""
    return ("order_reference", "city_code", "bank_code", *order_lines.columns(), "portrait")


def orders_csv(lines):
    of_person = itemgetter(*order_lines.columns())
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header())
    for line in lines:
        writer.writerow(
            [
                line.reference,
                line.city_code,
                line.bank_code,
                *of_person(line.particulars),
                _portrait_name(line) if line.portrait else "",
            ]
        )
    return out.getvalue().encode()


def _portrait_name(line):
    return f"{PORTRAITS}/{line.reference}.jpg"


def _put(path, data):
    """Write `data` to `path` completely or not at all, also if the power fails.

    Its name is safe only after `_sync_folder`, which is called once for all files of a folder.
    """
    part = path.with_name(f".{path.name}.part")
    with open(part, "wb", opener=_open_private) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)


def _open_private(path, flags):
    """Open with rights for the owner (the portal) to write and the group (the transfer) to read."""
    return os.open(path, flags, mode=0o640)


def _sync_folder(folder: Path):
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
