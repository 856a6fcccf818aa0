from django.apps import AppConfig


class NoticesDeskConfig(AppConfig):
    name = "apps.notices_desk"
    verbose_name = "消息用语（审核后台）"
