"""The pages of the money desk. The admin site lets only members of the staff in."""

from django.contrib import admin
from django.shortcuts import render


def show(request, template, **context):
    """The page `template` with what every page of the admin has."""
    return render(request, template, {**admin.site.each_context(request), **context})
