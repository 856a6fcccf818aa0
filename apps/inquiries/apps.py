from django.apps import AppConfig


class InquiriesConfig(AppConfig):
    name = "apps.inquiries"
    verbose_name = "修改请求"
