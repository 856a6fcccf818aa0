"""Addresses of the pages, and the way through a preview."""

from django.urls import reverse
from pytest_django.asserts import assertContains

LIST = reverse("admin:regions_city_changelist")
RULE = reverse("admin:regions_city_rule")
NOTE = "省厅〔2026〕12号"


def url(name, *args):
    return reverse(f"admin:regions_city_{name}", args=["370100", *args])


def typed(day, **values):
    return {"cities": ["370100"], "valid_from": f"{day:%Y-%m-%d}", "note": NOTE} | values


def confirm(client, address, data):
    """Look at the preview, then save what it carries along."""
    preview = client.post(address, data)
    assertContains(preview, "还没有保存")
    assert [str(message) for message in preview.context["messages"]] == []
    return client.post(address, data | {"basis": basis_of(preview), "confirmed": "1"})


def basis_of(response):
    return response.context["preview"].basis


def reached(response):
    """{title: count} of the groups of a preview."""
    return {group.title: group.count for group in response.context["preview"].groups}
