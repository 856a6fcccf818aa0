from django.urls import path

from apps.payments import views

app_name = "payments"

urlpatterns = [
    path("pay/<str:reference>/", views.pay, name="pay"),
    path("orders/<str:reference>/", views.detail, name="detail"),
    path("orders/<str:reference>/result/", views.result, name="return"),
    path("payments/notify/<str:gateway>/", views.notify, name="notify"),
]
