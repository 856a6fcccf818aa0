"""Short helpers for the tests of the bureau's desk."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.cards.models import CardRequest


def url(name, *args):
    return reverse(f"admin:bureau_{name}", args=args)


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def status_of(order):
    return CardRequest.objects.get(pk=order.card_request_id).status


def upload(client, data, name="回盘.csv"):
    return client.post(
        url("bureaufile_upload"), {"file": SimpleUploadedFile(name, data, "text/csv")}
    )
