"""The pages of the bureau's desk, one module a list.

The admin site wraps each view: it asks for a signed-in member of the staff and keeps the answer
out of every cache.
"""

from django.contrib import admin
from django.shortcuts import render

from apps.bureau.models import QuarantinedLine
from apps.desk import roles


def show(request, template, **context):
    """A page of the desk, with its tabs."""
    desk = {
        **admin.site.each_context(request),
        "open_lines": QuarantinedLine.objects.open().count(),
        "may_operate": request.user.has_perm(roles.OPERATE_BUREAU),
    }
    return render(request, template, desk | context)
