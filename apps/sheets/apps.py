from django.apps import AppConfig


class SheetsConfig(AppConfig):
    name = "apps.sheets"
    verbose_name = "表格文件"
