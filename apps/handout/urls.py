from django.urls import path

from apps.handout import views

app_name = "handout"

urlpatterns = [
    path("collect/", views.index, name="index"),
    path("collect/<str:reference>/", views.code, name="code"),
    path("collect/<str:reference>/proxy/", views.authorise, name="authorise"),
    path("collect/<str:reference>/proxy/withdraw/", views.withdraw, name="withdraw"),
    path("department/<str:reference>/", views.department, name="department"),
    path(
        "department/<str:reference>/progress/",
        views.department_progress,
        name="department_progress",
    ),
    path("department/<str:reference>/list/", views.department_list, name="department_list"),
]
