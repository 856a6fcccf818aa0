"""The adapter for files: what leaves, what is taken, and what a killed worker leaves behind."""

import csv
import io
import json
import logging
import os
from datetime import timedelta

import pytest
from django.db import OperationalError, connection

from apps.bureau import applying, order_lines, production
from apps.bureau.adapters import files, order_file, report_file
from apps.bureau.models import BureauFile, BureauReport, ProductionBatch, ProductionOrder
from apps.cards.enums import RequestStatus
from tests.bureau.conftest import PORTRAIT
from tests.factories.bureau import HEARD, LATER, made, make_orders, put_report, sent
from tests.factories.cards import make_request
from tests.factories.people import make_holder, make_ward

pytestmark = pytest.mark.django_db


def contents(folder):
    """Name → bytes of every file below `folder`."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def rows_of(folder):
    return list(csv.DictReader(io.StringIO((folder / order_file.ORDERS).read_text("utf-8"))))


# --- What leaves --------------------------------------------------------------------------------


def test_a_batch_leaves_as_a_folder_with_its_manifest(folders):
    [order] = make_orders(1)
    batch = ProductionBatch.objects.get()
    folder = folders[0] / batch.reference
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    names = ["orders.csv", f"portraits/{order.reference}.jpg"]
    assert (manifest["batch"], manifest["orders"]) == (batch.reference, 1)
    assert [file["name"] for file in manifest["files"]] == names
    for file in manifest["files"]:
        data = (folder / file["name"]).read_bytes()
        assert (len(data), report_file.checksum(data)) == (file["size"], file["sha256"])
    assert (folder / names[1]).read_bytes() == PORTRAIT
    assert batch.submitted_at == LATER
    assert {file.sha256 for file in batch.files.all()} == {
        report_file.checksum((folder / name).read_bytes())
        for name in ("orders.csv", "manifest.json")
    }


def test_a_row_holds_what_a_card_maker_needs(folders):
    [order] = make_orders(1)
    [row] = rows_of(folders[0] / order.batch.reference)
    holder = order.card_request.holder
    assert (row["order_reference"], row["city_code"]) == (
        order.reference,
        order.card_request.city.code,
    )
    assert (row["name"], row["id_number"]) == (holder.name, holder.id_number)
    assert (row["birth_date"], row["id_valid_until"]) == ("19850615", "20400101")
    assert (row["kind"], row["delivery"]) == ("FIRST", "1")
    assert row["portrait"] == f"portraits/{order.reference}.jpg"


def test_a_child_s_row_names_the_guardian(folders):
    guardian = make_holder()
    ward = make_ward(guardian)
    make_request(RequestStatus.APPROVED, holder=ward, by=guardian.user)
    production.make_batch(at=LATER, limit=10)
    production.submit_batches(at=LATER, limit=10)
    order = ProductionOrder.objects.get()
    [row] = rows_of(folders[0] / order.batch.reference)
    assert (row["name"], row["guardian_name"]) == (ward.name, guardian.name)
    assert row["guardian_id_number"] == guardian.id_number
    assert row["guardian_relation"]


class Killed(BaseException):
    """Stands for a kill at this point."""


@pytest.mark.sampled
@pytest.mark.parametrize("survives", range(8))
def test_a_worker_killed_anywhere_leaves_the_same_bytes_and_one_batch(
    folders, monkeypatch, survives
):
    """Writing two orders takes four files, each put in place by one rename after one fsync."""
    steps = iter(range(survives))
    real = {name: getattr(os, name) for name in ("replace", "fsync")}

    def dying(name):
        def step(*arguments):
            if next(steps, None) is None:
                raise Killed
            return real[name](*arguments)

        return step

    for _ in range(2):
        make_request(RequestStatus.APPROVED)
    batch = production.make_batch(at=LATER, limit=10)
    for name in real:
        monkeypatch.setattr(os, name, dying(name))
    with pytest.raises(Killed):
        production.submit_batches(at=LATER, limit=10)
    folder = folders[0] / batch.reference
    assert not (folder / "manifest.json").exists()
    monkeypatch.undo()

    assert production.submit_batches(at=LATER, limit=10) == 0, "not before the next try"
    later = LATER + production.RETRY_AFTER
    assert production.submit_batches(at=later, limit=10) == 1
    assert [path.name for path in folders[0].iterdir()] == [batch.reference]
    after = contents(folder)

    files.FilesBureau().submit(batch.reference, [], created_at=LATER, at=later)
    assert contents(folder) == after, "a whole batch is never written again"
    assert len(after) == 4
    assert json.loads(after["manifest.json"])["created_at"] == "2026-11-23T11:00:00+08:00"


def test_a_folder_that_cannot_be_written_is_a_bureau_that_is_away(folders):
    folders[0].write_text("no folder")
    make_orders(1)
    batch = ProductionBatch.objects.get()
    assert batch.submitted_at is None
    assert (batch.tries, batch.last_error) == (1, "送制目录写不进去（路径中间有一个不是目录）。")


def test_nothing_personal_is_logged(folders, caplog):
    caplog.set_level(logging.DEBUG)
    [order] = make_orders(1)
    holder = order.card_request.holder
    folder = folders[0] / order.batch.reference
    assert holder.id_number in (folder / "orders.csv").read_text("utf-8")
    for personal in (holder.id_number, holder.name, holder.phone):
        assert personal not in caplog.text


def test_the_simulated_bureau_is_told_nothing_personal(monkeypatch):
    [order] = make_orders(1)
    monkeypatch.setattr("apps.encryption.fields.decrypt", lambda token: pytest.fail("decrypted"))
    [line], _ = order_lines.of_batch(order.batch, with_particulars=False)
    assert line.particulars == {}


def test_a_row_that_is_read_says_what_loaded_rows_say(folders):
    guardian = make_holder()
    ward = make_ward(guardian)
    requests = [
        make_request(RequestStatus.APPROVED),
        make_request(RequestStatus.APPROVED, holder=ward, by=guardian.user),
    ]
    batch = production.make_batch(at=LATER, limit=2)
    lines, faults = order_lines.of_batch(batch, with_particulars=True)
    assert (len(lines), faults) == (2, {})
    columns = order_lines.columns()
    for card_request, line in zip(requests, lines, strict=True):
        particulars = card_request.particulars
        shipment = getattr(card_request, "shipment", None)
        assert line.particulars == {
            name: column.of_rows(particulars, card_request, shipment)
            for name, column in columns.items()
        }
        assert line.particulars["id_number"] == card_request.holder.id_number
        assert line.portrait.read() == particulars.portrait.read() == PORTRAIT
    assert lines[1].particulars["guardian_id_number"] == guardian.id_number


def test_6_orders_cost_as_many_queries_as_2(folders, django_assert_num_queries):
    two, six = make_orders(2)[0].batch, make_orders(6)[0].batch
    for batch in (two, six):
        with django_assert_num_queries(1):
            order_lines.of_batch(batch, with_particulars=True)


# --- What comes in ------------------------------------------------------------------------------


def fetch():
    production.fetch_reports(at=HEARD)
    applying.apply_due(at=HEARD, limit=100)


def status_of(order):
    order.card_request.refresh_from_db()
    return order.card_request.status


def test_a_report_file_is_taken_and_moved_out_of_the_way(folders):
    [order] = make_orders(1)
    data = report_file.write([made(order), sent(order)])
    put_report(folders[1], "a.csv", data, at=HEARD)
    fetch()
    assert status_of(order) == RequestStatus.DISPATCHED
    prefix = report_file.checksum(data)[:12]
    assert list(contents(folders[1])) == [
        f"done/{prefix}-a.csv",
        f"done/{prefix}-a.csv.sha256",
    ]


def test_a_file_without_its_checksum_is_left_for_the_next_round(folders):
    [order] = make_orders(1)
    put_report(folders[1], "a.csv", report_file.write([made(order)]), at=HEARD)
    (folders[1] / "a.csv.sha256").unlink()
    fetch()
    assert (folders[1] / "a.csv").exists()
    assert not BureauFile.objects.filter(direction="IN").exists()


def test_a_file_that_still_grows_is_left_for_the_next_round(folders):
    [order] = make_orders(1)
    data = report_file.write([made(order)])
    put_report(
        folders[1], "a.csv", data[:80], checksum=report_file.checksum(data),
        age=timedelta(seconds=10), at=HEARD,
    )  # fmt: skip
    fetch()
    assert not BureauFile.objects.filter(direction="IN").exists()
    put_report(folders[1], "a.csv", data, age=timedelta(seconds=10), at=HEARD)
    fetch()
    assert status_of(order) == RequestStatus.PRODUCED


def test_a_wrong_checksum_sends_the_file_to_quarantine_until_it_comes_right(folders):
    [order] = make_orders(1)
    data = report_file.write([made(order)])
    put_report(folders[1], "a.csv", data, checksum="0" * 64, at=HEARD)
    for _ in range(2):
        fetch()
    row = BureauFile.objects.get(direction="IN")
    assert row.refusal == files.WRONG_CHECKSUM
    assert all(name.startswith("quarantine/") for name in contents(folders[1]))
    assert status_of(order) == RequestStatus.APPROVED
    put_report(folders[1], "a.csv", data, at=HEARD)
    fetch()
    assert status_of(order) == RequestStatus.PRODUCED


def test_a_worker_killed_before_the_move_takes_the_file_once(folders, monkeypatch):
    [order] = make_orders(1)
    put_report(folders[1], "a.csv", report_file.write([made(order)]), at=HEARD)
    monkeypatch.setattr(os, "replace", lambda *paths: (_ for _ in ()).throw(Killed))
    with pytest.raises(Killed):
        production.fetch_reports(at=HEARD)
    monkeypatch.undo()
    fetch()
    assert BureauReport.objects.count() == 1
    assert BureauFile.objects.filter(direction="IN").count() == 1
    assert not (folders[1] / "a.csv").exists()


def test_what_is_not_stored_is_not_moved(folders, monkeypatch):
    [order] = make_orders(1)
    put_report(folders[1], "a.csv", report_file.write([made(order)]), at=HEARD)
    with monkeypatch.context() as patch, connection.execute_wrapper(_refuse_reports):
        patch.setattr(production.logger, "error", lambda *words: None)
        production.fetch_reports(at=HEARD)
    assert (folders[1] / "a.csv").exists()
    fetch()
    assert status_of(order) == RequestStatus.PRODUCED


def _refuse_reports(execute, sql, params, many, context):
    if sql.startswith("INSERT") and "bureau_bureaureport" in sql:
        raise OperationalError
    return execute(sql, params, many, context)


def test_a_file_replaced_after_it_was_read_is_a_new_file(folders):
    first, second = make_orders(2)
    put_report(folders[1], "a.csv", report_file.write([made(first)]), at=HEARD)
    bureau = files.FilesBureau()
    [file] = bureau.fetch(at=HEARD)
    put_report(
        folders[1], "a.csv", report_file.write([made(second, card_number="A00000002")]), at=HEARD
    )
    bureau.acknowledge(file)
    fetch()
    assert status_of(second) == RequestStatus.PRODUCED


def test_links_and_odd_names_do_no_harm(folders, tmp_path):
    [order] = make_orders(1)
    (tmp_path / "secret.csv").write_text("secret")
    (folders[1] / "link.csv").symlink_to(tmp_path / "secret.csv")
    (folders[1] / "link.csv.sha256").write_text("0" * 64)
    odd = os.fsdecode(b"\xff" + b"x" * 150 + b".csv")
    put_report(folders[1], odd, report_file.write([made(order)]), at=HEARD)
    fetch()
    assert status_of(order) == RequestStatus.PRODUCED
    assert (tmp_path / "secret.csv").read_text() == "secret"
    assert len(BureauFile.objects.get(direction="IN").name) == 100


def test_what_was_exchanged_long_ago_is_deleted(folders, settings):
    [order] = make_orders(1)
    put_report(folders[1], "a.csv", report_file.write([made(order)]), at=HEARD)
    fetch()
    production.forget_files(at=HEARD)
    assert contents(folders[0])
    for path in (*folders[0].iterdir(), *(folders[1] / "done").iterdir()):
        os.utime(path, (0, 0))
    production.forget_files(at=HEARD)
    assert contents(folders[0]) == contents(folders[1]) == {}
