from django.apps import AppConfig


class CaseListConfig(AppConfig):
    name = "apps.case_list"
    verbose_name = "申请审核的列表"
