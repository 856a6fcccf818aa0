from django.contrib import admin
from django.urls import include, path

from apps.account.views import admin_sign_in
from apps.common.health import healthz

urlpatterns = [
    path("healthz", healthz),
    path("", include("apps.home.urls")),
    path("", include("apps.regions.urls")),
    path("", include("apps.people.urls")),
    path("", include("apps.verification.urls")),
    path("", include("apps.children.urls")),
    path("", include("apps.application.urls")),
    path("", include("apps.progress.urls")),
    path("", include("apps.activation.urls")),
    path("", include("apps.replacement.urls")),
    path("", include("apps.loss_report.urls")),
    path("", include("apps.notices.urls")),
    path("", include("apps.delivery.urls")),
    path("", include("apps.payments.urls")),
    path("", include("apps.cashier.urls")),
    path("accounts/", include("apps.account.sign_in_urls")),
    path("admin/login/", admin_sign_in),
    path("admin/", admin.site.urls),
]

handler429 = "apps.account.views.too_many_requests"
