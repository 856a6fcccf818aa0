from django.urls import path

from apps.children import views

app_name = "children"

urlpatterns = [
    path("children/", views.index, name="list"),
    path("children/register/", views.register, name="register"),
    path("children/declined/", views.declined, name="declined"),
    path("children/<str:reference>/proofs/<int:number>.jpg", views.proof, name="proof"),
]
