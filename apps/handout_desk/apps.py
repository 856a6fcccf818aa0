from django.apps import AppConfig


class HandoutDeskConfig(AppConfig):
    name = "apps.handout_desk"
    verbose_name = "单位领卡（审核后台）"
