"""The pages of a roster, one module a step.

The admin site wraps each view: only members of the staff may open it, and no cache stores it.
"""

from django.contrib import admin
from django.shortcuts import get_object_or_404

from apps.desk import roles
from apps.desk.gates import requires
from apps.roster.models import RosterUpload

PAGE = "admin:roster_rosterupload_change"
PER_PAGE = 50

roster_readers = requires(roles.READ_ROSTER)
roster_managers = requires(roles.MANAGE_ROSTER)


def get_upload(reference):
    uploads = RosterUpload.objects.select_related("by__holder")
    return get_object_or_404(uploads.defer("content"), reference=reference)


def page_context(request, title, **more):
    return {
        **admin.site.each_context(request),
        "title": title,
        "may_manage": request.user.has_perm(roles.MANAGE_ROSTER),
        **more,
    }
