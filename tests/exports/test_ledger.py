"""The ledger of minors for the yearly audit: figures by kind of data, nobody's data."""

from datetime import date

import pytest
from django.urls import reverse

from apps.cards.enums import RequestStatus
from apps.common.refusals import Refused
from apps.desk import roles
from apps.desk.looking import services as looking
from apps.exports import services
from apps.exports.enums import ExportAction, ExportFormat, ExportStatus
from apps.people.enums import ConsentKind
from apps.people.services import record_consent
from tests.exports.steps import LATER, csv_rows, run
from tests.factories.cards import AT, make_request
from tests.factories.people import make_colleague, make_holder, make_reviewer, make_ward

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:exports_export_ledger")


def ordered(by):
    return services.order_ledger(year=2026, format=ExportFormat.CSV, by=by, at=LATER)


def test_it_counts_minors_records_consents_and_looks():
    father = make_holder()
    child = make_ward(father, birth_date=date(2018, 6, 1))
    make_ward(father, birth_date=date(2011, 6, 1))
    make_request(RequestStatus.ACCEPTED, at=AT)  # of somebody of age
    record_consent(user=father.user, holder=child, kinds=[ConsentKind.CHILDREN], ip=None, at=AT)
    looking.disclose_holder(holder=child, what="姓名", reason="核对", by=make_reviewer(), at=AT)
    ordered(make_colleague(roles.AUDITOR))
    rows = csv_rows(run())
    total = rows[0]
    assert (total["不满十四周岁人数"], total["十四至十七周岁人数"]) == ("1", "1")
    assert (total["有监护人同意的人数"], total["当年查看完整信息次数"]) == ("1", "1")
    (identity,) = [row for row in rows if row["内容"].startswith("身份：")]
    assert identity["记录数"] == "2"
    assert identity["用途"]
    assert identity["保存期限"]
    text = str(rows)
    for value in (child.name, child.id_number, father.phone):
        assert value not in text


def test_it_is_an_export_like_others(client):
    auditor = make_colleague(roles.AUDITOR)
    client.force_login(auditor)
    response = client.post(PAGE, {"year": "2026", "format": "CSV"})
    assert response.status_code == 302
    export = run(at=auditor.exports.get().created_at)
    assert (export.status, export.by) == (ExportStatus.READY, auditor)
    actions = list(export.events.values_list("action", flat=True))
    assert actions == [ExportAction.ORDER, ExportAction.START, ExportAction.FINISH]
    file = client.post(reverse("admin:exports_export_file", args=[export.reference]))
    assert "类别" in b"".join(file.streaming_content).decode("utf-8-sig")


def test_a_reviewer_orders_none(client):
    with pytest.raises(Refused):
        ordered(make_reviewer())
    client.force_login(make_reviewer())
    assert client.get(PAGE).status_code == 403
