from django.contrib import admin
from django.urls import include, path

from apps.account.views import admin_sign_in
from apps.common import rooms
from apps.common.health import livez, readyz
from apps.common.offline import offline_page, service_worker
from sbk_portal.by_segment import BySegment

admin.autodiscover()  # the pages of the desk

_pages = [
    path("livez", livez),
    path("readyz", readyz),
    path("healthz", readyz),  # its former name
    path("offline/", offline_page, name="offline"),
    path("sw.js", service_worker),
    # Before those of the rooms, none of which begins so: an address is looked for along the list.
    path("admin/login/", admin_sign_in),
    path("admin/", admin.site.urls),
    *(path("", include(urls)) for urls in rooms.having("urls")),
    path("accounts/", include("apps.account.sign_in_urls")),
]
urlpatterns = [BySegment(_pages)]

handler500 = "apps.account.views.failed"
handler400 = "apps.account.views.not_understood"
handler403 = "apps.account.views.forbidden"
handler404 = "apps.account.views.not_found"
handler429 = "apps.account.views.too_many_requests"
