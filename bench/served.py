"""The application that bench.pages has gunicorn serve: the portal, and an empty page beside it."""

from django.conf import settings
from django.http import HttpResponse
from django.urls import path

from sbk_portal.wsgi import application as application

settings.ROOT_URLCONF = __name__


def empty(request):
    """The floor: nothing but the middleware, the session and the account."""
    return HttpResponse(f"<!doctype html><title>{request.user.is_authenticated}</title>")


from sbk_portal.urls import *  # noqa: E402, F403
from sbk_portal.urls import urlpatterns as of_the_portal  # noqa: E402

urlpatterns = [path("bench/empty/", empty), *of_the_portal]
