import pytest
from django.urls import reverse

from tests.factories.cards import AT
from tests.factories.loss_reports import make_loss_report
from tests.factories.people import grant, make_reviewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(client):
    user = make_reviewer()
    grant(user, "view_lossreport")
    client.force_login(user)
    return user


def test_an_auditor_reads_reports_and_changes_nothing(client, auditor):
    loss_report = make_loss_report(at=AT.replace(hour=6))
    change = reverse("admin:loss_report_lossreport_change", args=[loss_report.pk])
    assert client.get(change).status_code == 200
    assert client.post(change, {"status": "LIFTED"}).status_code == 403
    assert client.get(reverse("admin:loss_report_lossreport_add")).status_code == 403
    delete = reverse("admin:loss_report_lossreport_delete", args=[loss_report.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403


def test_the_list_leads_to_the_proof_and_shows_no_personal_data(client, auditor):
    loss_report = make_loss_report(at=AT.replace(hour=6))
    page = client.get(reverse("admin:loss_report_lossreport_changelist")).content.decode()
    assert reverse("loss_report:usable", args=[loss_report.card.reference]) in page
    assert loss_report.card.card_number not in page
    assert loss_report.card.holder.name not in page
