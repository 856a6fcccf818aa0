"""What the tests of the pages of a temporary loss share."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

GUIDE = reverse("loss_report:guide")
HTMX = {"HTTP_HX_REQUEST": "true"}


def ago(**time):
    return timezone.now() - timedelta(**time)


def url(name, card):
    return reverse(f"loss_report:{name}", args=[card.reference])


def text(response):
    return response.content.decode()
