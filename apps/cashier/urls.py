from django.urls import path

from apps.cashier import views

app_name = "cashier"

urlpatterns = [
    path("cashier/gateway.do", views.gateway, name="gateway"),
    path("cashier/bill/<str:signed_day>/", views.bill, name="bill"),
    path("cashier/<str:token>/", views.trade, name="trade"),
]
