from django.apps import AppConfig


class PhotoImportConfig(AppConfig):
    name = "apps.photo_import"
    verbose_name = "照片导入"
