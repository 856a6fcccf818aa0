"""The pages of the bureau's desk, one module a list.

The admin site wraps each view: only members of the staff may open it, and no cache stores it.
"""

from django.contrib import admin
from django.shortcuts import render

from apps.bureau.models import ProductionOrder, QuarantinedLine


def show(request, template, **context):
    """A page of the desk, with its tabs."""
    desk = {
        **admin.site.each_context(request),
        "open_lines": QuarantinedLine.objects.open().count(),
        "held_orders": ProductionOrder.objects.held().count(),
    }
    return render(request, template, desk | context)
