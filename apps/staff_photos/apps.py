from django.apps import AppConfig


class StaffPhotosConfig(AppConfig):
    name = "apps.staff_photos"
    verbose_name = "人事照片"
