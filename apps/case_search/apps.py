from django.apps import AppConfig


class CaseSearchConfig(AppConfig):
    name = "apps.case_search"
    verbose_name = "查找申请"
