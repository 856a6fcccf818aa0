"""A batch as files (送制文件), as docs/bureau-files.md describes them to the bureau.

The manifest is written last: a folder with a manifest is a complete batch.
"""

import csv
import io
import json
import os
import shutil
from pathlib import Path

from django.utils import timezone

from apps.bureau import order_lines
from apps.bureau.adapters.report_file import checksum
from apps.bureau.port import LinesUnusable, SentFile

ORDERS = "orders.csv"
MANIFEST = "manifest.json"
PORTRAITS = "portraits"
FORMAT = "sbk-orders/1"
ADDRESS = "address.csv"
ADDRESS_FORMAT = "sbk-address/1"


def write_address(folder, name, line, *, created_at):
    """Write the new address of one order into `folder`. Returns its `SentFile`s. Raises OSError."""
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    manifest = {
        "format": ADDRESS_FORMAT,
        "order": line.reference,
        "created_at": timezone.localtime(created_at).isoformat(),
        "files": [_written(folder, ADDRESS, address_csv(line))],
    }
    _put_manifest(folder, manifest)
    return [
        SentFile(f"{name}/{part}", checksum((folder / part).read_bytes()))
        for part in (ADDRESS, MANIFEST)
    ]


def address_csv(line):
    names = order_lines.address_columns()
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["order_reference", *names])
    writer.writerow([line.reference, *(line.particulars[name] for name in names)])
    return out.getvalue().encode()


def _put_manifest(folder, manifest):
    _put(folder / MANIFEST, (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode())


class PortraitsUnavailable(Exception):
    """The storage of the portraits can't be read at all: no line is to blame."""


def write(folder, batch_reference, lines, *, created_at):
    """Write the batch into `folder`, unless it is complete already. Returns its `SentFile`s.

    The same orders give the same bytes, also after an interruption. Raises OSError where the folder
    can't be written, `PortraitsUnavailable`, and `LinesUnusable` for the lines that can't be
    written.
    """
    manifest = folder / MANIFEST
    if not manifest.exists():
        _write_all(folder, batch_reference, lines, created_at=created_at)
    return [
        SentFile(f"{batch_reference}/{name}", checksum((folder / name).read_bytes()))
        for name in (ORDERS, MANIFEST)
    ]


def _write_all(folder, batch_reference, lines, *, created_at):
    if folder.exists():  # An earlier try was interrupted; it may have had lines that are on hold.
        shutil.rmtree(folder)
    (folder / PORTRAITS).mkdir(mode=0o750, parents=True, exist_ok=True)
    faults = {line.reference: _WRONG_CHARACTER for line in lines if not _is_text(line)}
    files = []
    for line in lines:  # One portrait at a time is in memory.
        portrait = _portrait(line, faults) if line.portrait else None
        if portrait:
            files.append(_written(folder, _portrait_name(line), portrait))
    if faults:
        raise LinesUnusable(faults)
    manifest = {
        "format": FORMAT,
        "batch": batch_reference,
        "created_at": timezone.localtime(created_at).isoformat(),
        "orders": len(lines),
        "files": [_written(folder, ORDERS, orders_csv(lines)), *files],
    }
    _put_manifest(folder, manifest)


def _written(folder, name, data):
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
        faults[line.reference] = f"证件照片的文件不见了。{_MEND}"
    except OSError as error:
        faults[line.reference] = f"证件照片的文件打不开（{error.strerror}）。请系统运维检查。"
    else:
        if data:
            return data
        faults[line.reference] = f"证件照片的文件是空的。{_MEND}"
    return None


_MEND = "请系统运维从备份找回，或退回审核，请申请人重新上传。"
_WRONG_CHARACTER = "个人信息里有写不进文件的字符。请退回审核，请申请人改正。"


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
    names = list(order_lines.columns())
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header())
    for line in lines:
        writer.writerow(
            [
                line.reference,
                line.city_code,
                line.bank_code,
                *(line.particulars[name] for name in names),
                _portrait_name(line) if line.portrait else "",
            ]
        )
    return out.getvalue().encode()


def _portrait_name(line):
    return f"{PORTRAITS}/{line.reference}.jpg"


def _put(path, data):
    """Write `data` to `path` completely or not at all, also if the power fails."""
    part = path.with_name(f".{path.name}.part")
    with open(part, "wb", opener=_open_private) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
    _sync_folder(path.parent)


def _open_private(path, flags):
    """Open with rights for the owner (the portal) to write and the group (the transfer) to read."""
    return os.open(path, flags, mode=0o640)


def _sync_folder(folder: Path):
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
