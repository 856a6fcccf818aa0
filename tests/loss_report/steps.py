"""What the tests of the pages of a temporary loss share."""

from django.urls import reverse

GUIDE = reverse("loss_report:guide")
HTMX = {"HTTP_HX_REQUEST": "true"}


def url(name, card):
    return reverse(f"loss_report:{name}", args=[card.reference])


def text(response):
    return response.content.decode()
