"""A batch as files (送制文件), as docs/bureau-files.md describes them to the bureau.

The manifest is written last: a folder with a manifest is a complete batch.
"""

import csv
import io
import json
import os
from pathlib import Path

from django.utils import timezone

from apps.bureau import order_lines
from apps.bureau.adapters.report_file import checksum
from apps.bureau.port import SentFile

ORDERS = "orders.csv"
MANIFEST = "manifest.json"
PORTRAITS = "portraits"
FORMAT = "sbk-orders/1"


def write(folder, batch_reference, lines, *, created_at):
    """Write the batch into `folder`, unless it is complete already. Returns its `SentFile`s.

    The same orders give the same bytes, also after an interruption. Raises OSError.
    """
    manifest = folder / MANIFEST
    if not manifest.exists():
        _write_all(folder, batch_reference, lines, created_at=created_at)
    return [
        SentFile(f"{batch_reference}/{name}", checksum((folder / name).read_bytes()))
        for name in (ORDERS, MANIFEST)
    ]


def _write_all(folder, batch_reference, lines, *, created_at):
    (folder / PORTRAITS).mkdir(mode=0o750, parents=True, exist_ok=True)
    files = []
    for name, data in _contents(lines):
        _put(folder / name, data)
        files.append({"name": name, "size": len(data), "sha256": checksum(data)})
    manifest = {
        "format": FORMAT,
        "batch": batch_reference,
        "created_at": timezone.localtime(created_at).isoformat(),
        "orders": len(lines),
        "files": files,
    }
    _put(folder / MANIFEST, (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode())


def _contents(lines):
    """(name, bytes) of each file but the manifest; one portrait at a time is in memory."""
    yield ORDERS, orders_csv(lines)
    for line in lines:
        if line.portrait:
            with line.portrait.open("rb") as portrait:
                yield _portrait_name(line), portrait.read()


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
