"""The pages of the bureau's desk, one module a list.

The admin site wraps each view: it asks for a signed-in member of the staff and keeps the answer
out of every cache.
"""

from django.contrib import admin
from django.shortcuts import render

from apps.bureau.models import QuarantinedLine


def show(request, template, **context):
    """A page of the desk, with its tabs."""
    desk = {
        **admin.site.each_context(request),
        "open_lines": QuarantinedLine.objects.open().count(),
    }
    return render(request, template, desk | context)
